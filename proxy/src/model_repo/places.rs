//! The lines of a config's fields, so that a message about a field can say where it stands. The
//! parser of the text format keeps no places; this scanner keeps nothing else. It runs on texts
//! that the parser has accepted, and so need not find faults.

use std::iter::Peekable;
use std::vec::IntoIter;

/// Where the fields of one config stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// `NAME/config.pbtxt`, as messages call the file; empty where the config came from elsewhere.
    file: String,
    fields: Vec<Field>,
}

/// One field or one element of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Field {
    name: String,
    line: usize,
    /// What stands there, for scalars.
    value: String,
    fields: Vec<Field>,
}

impl Places {
    /// Finds the fields of a text.
    pub(super) fn scan(file: String, text: &str) -> Self {
        let mut tokens = tokens(text).into_iter().peekable();
        let mut fields = Vec::new();
        // A closing bracket too many ends a message; the rest still counts.
        while tokens.peek().is_some() {
            message(&mut tokens, &mut fields);
        }
        Self { file, fields }
    }

    /// The line of a field, counted from 1: `platform`, `input[0].dims`, `parameters["key"]`.
    /// Where the field is absent, the line of what it would stand in; none at the top.
    pub fn line(&self, path: &str) -> Option<usize> {
        let mut line = None;
        let mut fields = &self.fields;
        for step in steps(path) {
            let (name, index) = step.split_once('[').unwrap_or((step, "0]"));
            let index = index.trim_end_matches(']');
            let mut named = fields.iter().filter(|field| field.name == name);
            let found = match index.strip_prefix('"') {
                Some(key) => named.find(|entry| entry.has_key(key.trim_end_matches('"'))),
                None => named.nth(index.parse().unwrap_or_default()),
            };
            let Some(found) = found else { break };
            line = Some(found.line);
            fields = &found.fields;
        }
        line
    }

    /// `reason` with file and line in front, as far as they are known.
    pub fn say(&self, path: &str, reason: &str) -> String {
        match (self.file.as_str(), self.line(path)) {
            ("", _) => reason.to_owned(),
            (file, None) => format!("{file}: {reason}"),
            (file, Some(line)) => format!("{file}:{line}: {reason}"),
        }
    }
}

impl Field {
    /// Whether this is a map's entry with that key.
    fn has_key(&self, key: &str) -> bool {
        let is = |field: &Field| field.name == "key" && field.value == key;
        self.fields.iter().any(is)
    }
}

/// The parts of a path, which stand between dots; those in quotes do not count.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    path.split(move |character| {
        quoted ^= character == '"';
        character == '.' && !quoted
    })
}

enum Token {
    /// A name, a number, or an enum's value.
    Word(String),
    /// What stands between quotes, escapes as they are.
    Quoted(String),
    /// A bracket or a colon.
    Mark(char),
}

/// The text's tokens, each with its line.
fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let begun = line;
        let token = match character {
            '\n' => {
                line += 1;
                continue;
            }
            '#' => {
                while characters.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            '"' | '\'' => {
                let mut inside = String::new();
                while let Some(next) = characters.next_if(|c| *c != character) {
                    inside.push(next);
                    if next == '\\' {
                        inside.extend(characters.next());
                    }
                }
                characters.next();
                Token::Quoted(inside)
            }
            '{' | '}' | '<' | '>' | '[' | ']' | ':' => Token::Mark(character),
            c if is_word(c) => {
                let mut word = String::from(c);
                while let Some(next) = characters.next_if(|c| is_word(*c)) {
                    word.push(next);
                }
                Token::Word(word)
            }
            // Spaces, and the commas and semicolons that may stand between fields.
            _ => continue,
        };
        tokens.push((token, begun));
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '-' | '+')
}

type Tokens = Peekable<IntoIter<(Token, usize)>>;

/// Reads fields up to the bracket that ends the message, or the end. Recurses as deep as the text
/// is nested, which `text_format` has limited.
fn message(tokens: &mut Tokens, fields: &mut Vec<Field>) {
    while let Some((token, line)) = tokens.next() {
        match token {
            Token::Word(name) => value(tokens, &name, line, fields),
            Token::Mark('}' | '>') => return,
            Token::Mark(_) | Token::Quoted(_) => {}
        }
    }
}

/// Reads what stands behind a field's name: a scalar, a message, or a list of either, which makes
/// as many fields of the same name. The first element stands where the name does.
fn value(tokens: &mut Tokens, name: &str, line: usize, fields: &mut Vec<Field>) {
    let field = |line| Field {
        name: name.to_owned(),
        line,
        ..Field::default()
    };
    tokens.next_if(|(token, _)| matches!(token, Token::Mark(':')));
    let list = tokens
        .next_if(|(token, _)| matches!(token, Token::Mark('[')))
        .is_some();
    let mut first = true;
    while let Some((token, here)) = tokens.next() {
        let mut field = field(if first { line } else { here });
        first = false;
        match token {
            Token::Mark('{' | '<') => message(tokens, &mut field.fields),
            Token::Mark(_) => return,
            Token::Word(word) => field.value = word,
            Token::Quoted(text) => {
                field.value = text;
                // Texts behind one another are one.
                while let Some((Token::Quoted(more), _)) =
                    tokens.next_if(|(token, _)| matches!(token, Token::Quoted(_)))
                {
                    field.value.push_str(&more);
                }
            }
        }
        fields.push(field);
        if !list {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, paths: &[&str]) -> Vec<Option<usize>> {
        let places = Places::scan("cats/config.pbtxt".to_owned(), text);
        paths.iter().map(|path| places.line(path)).collect()
    }

    #[test]
    fn fields_of_messages_in_a_list_have_their_lines() {
        let text = "platform: \"x\"\ninput [\n  {\n    name: \"a\"\n    dims: [ 3,\n 8 ]\n  },\n  {\n    name: \"b\"\n  }\n]\n";
        assert_eq!(
            lines(
                text,
                &[
                    "platform",
                    "input",
                    "input[0].name",
                    "input[0].dims",
                    "input[0].dims[1]",
                    "input[1].name"
                ]
            ),
            [Some(1), Some(2), Some(4), Some(5), Some(6), Some(9)]
        );
    }

    #[test]
    fn a_field_may_come_again_in_place_of_a_list() {
        let text =
            "input { name: \"a\" }\ninput <\n name: \"b\"; dims: 3\n dims: -1\n>\noutput: {}";
        assert_eq!(
            lines(
                text,
                &["input[1]", "input[1].name", "input[1].dims[1]", "output"]
            ),
            [Some(2), Some(3), Some(4), Some(6)]
        );
    }

    #[test]
    fn an_entry_of_a_map_is_found_by_its_key() {
        let text = "parameters { key: \"a.b\" value { string_value: \"1\" } }\n\
            parameters: [\n { key: 'c' value: { string_value: \"}\" } },\n { value {} key: \"d\" 'e' } ]";
        assert_eq!(
            lines(
                text,
                &[
                    "parameters[\"a.b\"]",
                    "parameters[\"c\"].value",
                    "parameters[\"de\"]"
                ]
            ),
            [Some(1), Some(3), Some(4)]
        );
    }

    #[test]
    fn comments_and_texts_are_no_fields() {
        let text = "# name: {\nname: \"a # \\\" { [\" # }\nplatform: \"p\"";
        assert_eq!(lines(text, &["name", "platform"]), [Some(2), Some(3)]);
    }

    #[test]
    fn an_absent_field_stands_where_it_would() {
        let text = "name: \"a\"\noutput {\n name: \"b\"\n}";
        assert_eq!(
            lines(text, &["platform", "output[0].dims", "output[1].dims"]),
            [None, Some(2), None]
        );
    }

    #[test]
    fn a_text_that_makes_no_sense_ends() {
        assert_eq!(lines("} ] : name \"a", &["name"]), [Some(1)]);
        assert_eq!(lines("a: [ [ 1", &["a"]), [None]);
    }

    #[test]
    fn a_message_has_file_and_line_in_front() {
        let places = Places::scan("cats/config.pbtxt".to_owned(), "\nname: \"a\"");
        assert_eq!(places.say("name", "no"), "cats/config.pbtxt:2: no");
        assert_eq!(places.say("platform", "no"), "cats/config.pbtxt: no");
        assert_eq!(Places::default().say("name", "no"), "no");
    }
}
