//! A `config.pbtxt`, protobuf's text format, into coloured lines that know which fields begin on
//! them. It does not judge: the server has read the file already.

use super::code::{Field, Kind, Line, quoted, run};

/// The lines of a config, blank ones included.
pub(crate) fn lines(config: &str) -> Vec<Line> {
    let mut reader = Reader::default();
    for line in config.lines() {
        reader.lines.push(Line::default());
        reader.read(line);
    }
    reader.lines
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expect {
    /// A field.
    #[default]
    Field,
    /// A value: a colon came, or a list is open.
    Value,
}

/// A bracket that is open.
struct Open {
    is: Bracket,
    /// The name of the field that it belongs to.
    name: String,
    /// Where that field is.
    field: Option<Place>,
}

#[derive(PartialEq, Eq)]
enum Bracket {
    /// `{` or `<`: the fields of a message, and whether there were none yet.
    Message { is_empty: bool },
    /// `[`: values or messages of one field.
    List,
}

/// The number of a line, and of a field on it.
type Place = (usize, usize);

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    open: Vec<Open>,
    expect: Expect,
    /// The last field's name.
    name: String,
    /// The field whose value is being read.
    field: Option<Place>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let (kind, length) = match first {
                '#' => (Kind::Comment, rest.len()),
                '"' | '\'' => (Kind::Text, quoted(rest)),
                '{' | '}' | '<' | '>' | '[' | ']' | ':' | ',' | ';' => (Kind::Mark, 1),
                letter if letter.is_whitespace() => (Kind::Plain, run(rest, char::is_whitespace)),
                '-' | '+' | '.' | '0'..='9' => (Kind::Number, run(rest, is_part_of_number)),
                letter if is_part_of_name(letter) => (Kind::Name, run(rest, is_part_of_name)),
                letter => (Kind::Plain, letter.len_utf8()),
            };
            let (token, after) = rest.split_at(length);
            let kind = self.take(kind, token);
            if let Some(line) = self.lines.last_mut() {
                line.push(kind, token);
            }
            rest = after;
        }
    }

    /// Follows a token; gives its kind, which for a name depends on where it stands.
    fn take(&mut self, kind: Kind, token: &str) -> Kind {
        match (kind, token) {
            (Kind::Mark, ":") => self.expect = Expect::Value,
            (Kind::Mark, "{" | "<") => {
                self.open(Bracket::Message { is_empty: true });
                self.expect = Expect::Field;
            }
            (Kind::Mark, "[") => {
                self.open(Bracket::List);
                self.expect = Expect::Value;
            }
            (Kind::Mark, "}" | ">" | "]") => {
                if let Some(Open { is, name, field }) = self.open.pop() {
                    (self.name, self.field) = (name, field);
                    if is == (Bracket::Message { is_empty: true }) {
                        self.value("{}");
                    }
                }
                self.after_value();
            }
            (Kind::Name, name) if self.expect == Expect::Field => {
                self.begin(name);
                return Kind::Name;
            }
            (Kind::Name | Kind::Text | Kind::Number, value) => {
                self.value(value);
                self.after_value();
                return if kind == Kind::Name { Kind::Word } else { kind };
            }
            _ => {}
        }
        kind
    }

    fn open(&mut self, is: Bracket) {
        let name = self.name.clone();
        let field = self.field;
        self.open.push(Open { is, name, field });
    }

    fn after_value(&mut self) {
        self.expect = match self.open.last() {
            Some(open) if open.is == Bracket::List => Expect::Value,
            _ => Expect::Field,
        };
    }

    fn begin(&mut self, name: &str) {
        if let Some(Open { is, .. }) = self.open.last_mut()
            && *is != Bracket::List
        {
            *is = Bracket::Message { is_empty: false };
        }
        name.clone_into(&mut self.name);
        let around = self.open.iter().filter(|open| open.is != Bracket::List);
        let around = around.map(|open| open.name.as_str());
        let path: Vec<&str> = around.chain([name]).collect();
        let path = path.join(".");
        let at = self.lines.len().saturating_sub(1);
        if let Some(line) = self.lines.last_mut() {
            let value = String::new();
            line.fields.push(Field { path, value });
            self.field = Some((at, line.fields.len() - 1));
        }
    }

    /// Adds a value to the field that began last, on whichever line.
    fn value(&mut self, value: &str) {
        let Some((line, field)) = self.field else {
            return;
        };
        let field = self
            .lines
            .get_mut(line)
            .and_then(|l| l.fields.get_mut(field));
        if let Some(field) = field {
            let comma = if field.value.is_empty() { "" } else { ", " };
            field.value += comma;
            field.value += value.trim_matches(['"', '\'']);
        }
    }
}

fn is_part_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Signs and exponents included: `-1`, `1e-3`, `0x1F`.
fn is_part_of_number(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '+' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(config: &str) -> Vec<(usize, String, String)> {
        let lines = lines(config);
        let numbered = lines.into_iter().zip(1..);
        numbered
            .flat_map(|(line, number)| {
                let fields = line.fields.into_iter();
                fields.map(move |field| (number, field.path, field.value))
            })
            .collect()
    }

    fn field(line: usize, path: &str, value: &str) -> (usize, String, String) {
        (line, path.to_owned(), value.to_owned())
    }

    fn text(config: &str) -> String {
        let line = |line: Line| line.tokens.into_iter().map(|t| t.text).collect::<String>();
        lines(config).into_iter().map(|l| line(l) + "\n").collect()
    }

    #[test]
    fn fields_have_their_line_their_path_and_their_value() {
        let config = "name: \"a # { \\\" [\" # a comment with { and name: \"b\"\n\
            input [\n  { name: 'in', dims: [ 3,\n 224, -1 ] }, { name: \"two\" }\n]\n\
            max_batch_size: 8; dynamic_batching { }\n\
            instance_group < kind: KIND_CPU >\nplatform: \"x\"";
        assert_eq!(
            fields(config),
            [
                field(1, "name", "a # { \\\" ["),
                field(2, "input", ""),
                field(3, "input.name", "in"),
                field(3, "input.dims", "3, 224, -1"),
                field(4, "input.name", "two"),
                field(6, "max_batch_size", "8"),
                field(6, "dynamic_batching", "{}"),
                field(7, "instance_group", ""),
                field(7, "instance_group.kind", "KIND_CPU"),
                field(8, "platform", "x"),
            ]
        );
        assert_eq!(text(config), format!("{config}\n"));
    }

    #[test]
    fn braces_with_nothing_in_them_are_told_from_others() {
        let value = |config: &str| fields(config).swap_remove(0).2;
        for empty in ["a { }", "a: {}", "a {\n # nothing\n}", "a <>"] {
            assert_eq!(value(empty), "{}", "{empty}");
        }
        for other in ["a { b: 1 }", "a {\n b { }\n}", "a: [ { b: 1 } ]"] {
            assert_eq!(value(other), "", "{other}");
        }
        let list = fields("a [ { b: 1 }, { } ]");
        assert_eq!(list, [field(1, "a", "{}"), field(1, "a.b", "1")]);
    }

    #[test]
    fn a_parameter_has_key_and_value_on_one_line_or_several() {
        let one = "parameters { key: \"a.b\" value { string_value: \"1\" } }";
        let several = "parameters: {\n key: \"a.b\"\n value: {\n string_value: \"1\"\n }\n}";
        for config in [one, several] {
            let fields: Vec<_> = fields(config).into_iter().map(|f| (f.1, f.2)).collect();
            let expected = [
                ("parameters", ""),
                ("parameters.key", "a.b"),
                ("parameters.value", ""),
                ("parameters.value.string_value", "1"),
            ];
            assert_eq!(fields, expected.map(|(p, v)| (p.to_owned(), v.to_owned())));
        }
    }

    #[test]
    fn the_configs_of_the_repository_and_of_the_laboratory_are_read() {
        let laboratory = include_str!("../../../docs/lab.md");
        let config = laboratory
            .split("config.pbtxt\n```\n\n```\n")
            .nth(1)
            .unwrap();
        let config = config.split("```").next().unwrap();
        for config in [
            include_str!("../../../model_repo/efficientnet_lite0/config.pbtxt"),
            include_str!("../../../model_repo/mobilenet/config.pbtxt"),
            config,
        ] {
            assert_eq!(text(config), config);
            let fields = fields(config);
            let value = |path: &str| fields.iter().find(|f| f.1 == path).map(|f| f.2.as_str());
            assert_eq!(value("max_batch_size"), Some("32"));
            assert_eq!(value("input.dims"), Some("3, 224, 224"));
            assert_eq!(value("output.label_filename"), Some("labels.txt"));
            assert_eq!(value("input.format"), Some("FORMAT_NCHW"));
        }
    }

    #[test]
    fn what_is_no_config_loses_no_byte_either() {
        for odd in ["}}}]", "\"open", "a: [ b { c", "\u{1f41a} ü: 1", "{ { x"] {
            assert_eq!(text(odd), format!("{odd}\n"));
        }
    }
}
