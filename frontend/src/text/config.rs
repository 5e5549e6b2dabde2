//! What each line of a `config.pbtxt` means, in the terms of Triton's model configuration.

mod fields;
mod optimization;
mod parameters;

use crate::laboratory::code::Field;

pub(crate) const LEAD: &str = "The file config.pbtxt in the model's folder tells the model server what it cannot guess. It is protobuf's text format; each line comes with its meaning.";
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
        let mut known = 0;
        for (_, name) in own_fields(message("ModelConfig").unwrap()) {
            let notes = notes(&format!("{name}: 1"));
            assert!(!notes[0].1.contains(fields::UNKNOWN), "{name}");
            known += 1;
        }
        assert!(known > 20, "{known}");
    }

    const SCHEMA: &str = include_str!("../../../proxy/proto/model_config.proto");

    /// What stands between a message's braces in the schema.
    fn message(name: &str) -> Option<&'static str> {
        SCHEMA.split(&format!("message {name} {{")).nth(1)
    }

    /// The fields of a message, each by its type and its name, without those of messages in it.
    fn own_fields(message: &'static str) -> Vec<(&'static str, &'static str)> {
        // Whether the fields of each open block are the message's: a `oneof`'s are.
        let mut blocks = vec![true];
        let mut fields = Vec::new();
        for line in message.lines().map(str::trim) {
            if line == "}" {
                blocks.pop();
            } else if line.ends_with('{') {
                blocks.push(line.starts_with("oneof"));
            } else if blocks.iter().all(|is_own| *is_own) {
                let field = line.split_once(" = ");
                fields.extend(field.and_then(|(field, _)| field.rsplit_once(' ')));
            }
            if blocks.is_empty() {
                break;
            }
        }
        fields
    }

    /// The paths of a field, of this type, and of all fields in it.
    fn paths(path: &str, kind: &str) -> Vec<String> {
        let value = kind.trim_end_matches('>').rsplit(' ').next();
        let inner = value.and_then(message).map_or_else(Vec::new, own_fields);
        let (mut all, path) = match kind.starts_with("map<") {
            true => (
                vec![path.to_owned(), format!("{path}.key")],
                format!("{path}.value"),
            ),
            false => (Vec::new(), path.to_owned()),
        };
        for (kind, name) in inner {
            all.extend(paths(&format!("{path}.{name}"), kind));
        }
        all.push(path);
        all
    }

    #[test]
    fn every_field_that_a_classifier_has_use_for_is_known() {
        let mut known = 0;
        for (kind, name) in own_fields(message("ModelConfig").unwrap()) {
            let of_use = [
                "version_policy",
                "input",
                "output",
                "optimization",
                "dynamic_batching",
                "instance_group",
                "parameters",
                "model_warmup",
                "model_transaction_policy",
                "response_cache",
            ];
            for path in paths(name, kind).iter().filter(|_| of_use.contains(&name)) {
                let note = note(&[Field {
                    path: path.clone(),
                    value: "x".to_owned(),
                }]);
                assert!(!note.is_some_and(|n| n.contains(fields::UNKNOWN)), "{path}");
                known += 1;
            }
        }
        assert!(known > 90, "{known}");
    }

    #[test]
    fn only_empty_braces_are_said_to_be_empty() {
        let one = |config: &str| notes(config).remove(0).1;
        let said = "Nothing in the braces";
        assert!(one("dynamic_batching { }").contains(said));
        let with = "dynamic_batching {\n max_queue_delay_microseconds: 100\n}";
        assert!(!one(with).contains(said));
    }

    #[test]
    fn an_accelerator_and_its_settings_are_told() {
        let notes = notes(
            "optimization { execution_accelerators {\n gpu_execution_accelerator : [ {\n \
             name : \"tensorrt\"\n parameters { key: \"precision_mode\" value: \"FP16\" } } ]\n} }",
        );
        assert_eq!(notes.len(), 4);
        assert!(notes[2].1.starts_with("TensorRT"));
        assert!(notes[3].1.contains("How exactly the engine computes"));
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
