//! What each line of a `config.pbtxt` means, in the terms of Triton's model configuration.

mod fields;
mod parameters;

use crate::laboratory::code::Field;

pub(crate) const LEAD: &str = "The file config.pbtxt in the model's folder tells the model server what it cannot guess. It is protobuf's text format; each line has its meaning beside it.";
pub(crate) const LINES: &str = "Lines of config.pbtxt";

/// What a line means that these fields begin on; `None` for a line without any.
pub(crate) fn note(fields: &[Field]) -> Option<String> {
    let value = |path: &str| {
        let mut fields = fields.iter();
        fields.find(|f| f.path == path).map(|f| f.value.as_str())
    };
    if let Some(key) = value("parameters.key") {
        return Some(parameters::meaning(key).to_owned());
    }
    let notes: Vec<String> = fields.iter().filter_map(fields::meaning).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laboratory::pbtxt;

    /// The notes of a config's lines that have fields.
    fn notes(config: &str) -> Vec<(String, String)> {
        let lines = pbtxt::lines(config);
        let with_fields = lines.iter().filter(|line| !line.fields.is_empty());
        with_fields
            .map(|line| {
                let text = line.tokens.iter().map(|t| t.text.as_str()).collect();
                (text, note(&line.fields).expect("every field has a note"))
            })
            .collect()
    }

    #[test]
    fn every_line_of_the_repositorys_configs_is_known() {
        for config in [
            include_str!("../../../model_repo/efficientnet_lite0/config.pbtxt"),
            include_str!("../../../model_repo/mobilenet/config.pbtxt"),
        ] {
            let notes = notes(config);
            assert!(notes.len() > 20);
            for (line, note) in notes {
                assert!(!note.contains(fields::UNKNOWN), "{line}");
                assert!(note != parameters::meaning("nobody's"), "{line}");
                assert!(note.ends_with('.'), "{note}");
            }
        }
    }

    #[test]
    fn every_field_of_the_schemas_top_is_known() {
        let schema = include_str!("../../../proxy/proto/model_config.proto");
        let top = schema.split("message ModelConfig {").nth(1).unwrap();
        let mut known = 0;
        for line in top.lines().filter(|line| line.contains(" = ")) {
            let name = line
                .split(" = ")
                .next()
                .unwrap()
                .split_whitespace()
                .last()
                .unwrap();
            let notes = notes(&format!("{name}: 1"));
            assert!(!notes[0].1.contains(fields::UNKNOWN), "{name}");
            known += 1;
        }
        assert!(known > 20, "{known}");
    }

    #[test]
    fn values_change_what_a_line_means() {
        let one = |config: &str| notes(config).remove(0).1;
        assert!(one("max_batch_size: 0").contains("no batch dimension"));
        assert!(one("max_batch_size: 8").contains("Up to 8"));
        assert!(one("input { dims: [ -1, 3 ] }").contains("any size"));
        assert_ne!(
            one("instance_group { kind: KIND_GPU }"),
            one("instance_group { kind: KIND_CPU }")
        );
    }

    #[test]
    fn what_is_not_known_is_said_not_to_be() {
        let one = |config: &str| notes(config).remove(0).1;
        assert!(one("of_a_newer_triton: 1").contains(fields::UNKNOWN));
        assert!(one("optimization { of_a_newer_triton: 1 }").contains(fields::UNKNOWN));
        assert!(
            one("parameters { key: \"x\" value { string_value: \"y\" } }").contains("not Conch's")
        );
    }
}
