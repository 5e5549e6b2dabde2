//! A JSON header in lines to read. The wire has neither line breaks nor spaces; lines and depth are
//! ours, the letters are the wire's.

use super::code::{Field, Kind, Line, quoted, run};

/// The lines of a JSON text: one a field; lists of plain values stay on theirs. What is no JSON
/// comes back as plain text.
pub(crate) fn lines(json: &str) -> Vec<Line> {
    let mut writer = Writer::default();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            letter if letter.is_whitespace() => run(rest, char::is_whitespace),
            _ => run(rest, |l| !l.is_whitespace() && !"{}[],:\"".contains(l)),
        };
        let (token, after) = rest.split_at(length);
        writer.take(token, after);
        rest = after;
    }
    writer.end_line();
    writer.lines
}

#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    line: Line,
    /// The brackets that are open: whether each breaks its content into lines, and the name in front.
    open: Vec<(bool, Option<String>)>,
    /// The name of the field whose value comes next.
    name: Option<String>,
}

impl Writer {
    fn take(&mut self, token: &str, after: &str) {
        match token {
            "{" | "[" => {
                let breaks = token == "{" || has_brackets(after);
                self.line.push(Kind::Mark, token);
                self.open.push((breaks, self.name.take()));
                if breaks {
                    self.end_line();
                }
            }
            "}" | "]" => {
                let (breaks, _) = self.open.pop().unwrap_or_default();
                if breaks {
                    self.end_line();
                }
                self.line.depth = self.depth();
                self.line.push(Kind::Mark, token);
                self.name = None;
            }
            "," => {
                self.line.push(Kind::Mark, token);
                if self.open.last().is_none_or(|(breaks, _)| *breaks) {
                    self.end_line();
                }
            }
            ":" => self.line.push(Kind::Mark, token),
            text if text.starts_with('"') && after.trim_start().starts_with(':') => {
                let name = text.trim_matches('"').to_owned();
                let around = self.open.iter().filter_map(|(_, name)| name.as_deref());
                let path: Vec<&str> = around.chain([name.as_str()]).collect();
                self.line.fields.push(Field {
                    path: path.join("."),
                    value: String::new(),
                });
                self.name = Some(name);
                self.line.push(Kind::Name, text);
            }
            value => {
                let kind = match value.chars().next() {
                    Some('"') => Kind::Text,
                    Some('-' | '0'..='9') => Kind::Number,
                    Some(letter) if letter.is_whitespace() => Kind::Plain,
                    _ => Kind::Word,
                };
                if let (Some(field), false) = (self.line.fields.last_mut(), kind == Kind::Plain) {
                    let comma = if field.value.is_empty() { "" } else { ", " };
                    field.value += comma;
                    field.value += value.trim_matches('"');
                }
                self.line.push(kind, value);
            }
        }
    }

    fn end_line(&mut self) {
        if !self.line.tokens.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.line.depth = self.depth();
    }

    fn depth(&self) -> usize {
        self.open.iter().filter(|(breaks, _)| *breaks).count()
    }
}

/// Whether a list whose content begins here holds lists or objects.
fn has_brackets(content: &str) -> bool {
    let mut rest = content;
    while let Some(first) = rest.chars().next() {
        match first {
            '{' | '[' => return true,
            ']' | '}' => return false,
            '"' => rest = &rest[quoted(rest)..],
            letter => rest = &rest[letter.len_utf8()..],
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"inputs":[{"name":"a]{","shape":[1,3,8,8],"datatype":"FP32","parameters":{"binary_data_size":768}}],"outputs":[]}"#;

    fn text(lines: &[Line]) -> String {
        let tokens = lines.iter().flat_map(|line| &line.tokens);
        tokens.map(|token| token.text.as_str()).collect()
    }

    fn shown(json: &str) -> Vec<String> {
        let line = |line: &Line| {
            format!(
                "{}{}",
                " ".repeat(line.depth),
                text(std::slice::from_ref(line))
            )
        };
        lines(json).iter().map(line).collect()
    }

    #[test]
    fn a_header_gets_a_line_a_field_and_loses_no_byte() {
        let expected = [
            "{",
            r#" "inputs":["#,
            "  {",
            r#"   "name":"a]{","#,
            r#"   "shape":[1,3,8,8],"#,
            r#"   "datatype":"FP32","#,
            r#"   "parameters":{"#,
            r#"    "binary_data_size":768"#,
            "   }",
            "  }",
            " ],",
            r#" "outputs":[]"#,
            "}",
        ];
        assert_eq!(shown(HEADER), expected);
        assert_eq!(text(&lines(HEADER)), HEADER);
    }

    #[test]
    fn a_field_knows_the_names_around_it_and_its_value() {
        let lines = lines(HEADER);
        let fields: Vec<(&str, &str)> = lines
            .iter()
            .flat_map(|line| &line.fields)
            .map(|field| (field.path.as_str(), field.value.as_str()))
            .collect();
        assert_eq!(
            fields,
            [
                ("inputs", ""),
                ("inputs.name", "a]{"),
                ("inputs.shape", "1, 3, 8, 8"),
                ("inputs.datatype", "FP32"),
                ("inputs.parameters", ""),
                ("inputs.parameters.binary_data_size", "768"),
                ("outputs", ""),
            ]
        );
    }

    #[test]
    fn whatever_comes_no_byte_is_lost() {
        for odd in [
            "",
            "no json",
            "{\"a\" : [ 1 , {} ] }\n",
            "]}\"open",
            "{\"ü\\\"\":\"\u{1f41a}\"}",
            "[[[",
            "}}}",
        ] {
            assert_eq!(text(&lines(odd)), odd);
        }
    }

    #[test]
    fn each_value_has_its_colour() {
        let lines = lines(r#"{"a":"x","b":-1.5e3,"c":true}"#);
        let kind = |line: usize| lines[line].tokens[2].kind;
        assert_eq!(
            [kind(1), kind(2), kind(3)],
            [Kind::Text, Kind::Number, Kind::Word]
        );
        assert_eq!(lines[1].tokens[0].kind, Kind::Name);
    }
}
