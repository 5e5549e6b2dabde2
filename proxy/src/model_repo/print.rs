//! A config that Triton reports in JSON, as a `config.pbtxt`: protobuf's text format, a field a line.

use std::fmt::Write;

use prost_reflect::{DeserializeOptions, DynamicMessage, Kind, ReflectMessage, Value};
use serde_json::Value as Json;

use super::config_pbtxt::schema;

/// What a printed config begins with.
const PRINTED: &str = "\
# Printed by Conch from the config that Triton reports: Triton's own additions are among the
# fields, the comments of the file are not.
";

/// The text of a config in JSON as Triton returns it (`GET /v2/models/{name}/config`). Fields with
/// protobuf's defaults are left out, those that the schema does not have are named in a comment.
///
/// # Errors
/// When it is no model config.
pub fn print(config: &Json) -> Result<String, serde_json::Error> {
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    let message = DynamicMessage::deserialize_with_options(schema(), config, &options)?;
    let mut text = PRINTED.to_owned();
    for name in config.as_object().into_iter().flat_map(|c| c.keys()) {
        if schema().get_field_by_name(name).is_none() {
            _ = writeln!(text, "# Reported, too, and unknown to Conch: {name:?}");
        }
    }
    fields(&mut text, &message, 0);
    Ok(text)
}

/// A message's fields in the schema's order.
fn fields(text: &mut String, message: &DynamicMessage, depth: usize) {
    for field in message.descriptor().fields() {
        if !message.has_field(&field) {
            continue;
        }
        let (name, kind) = (field.name(), field.kind());
        match &*message.get_field(&field) {
            Value::List(items) if matches!(kind, Kind::Message(_)) => {
                for item in items {
                    one(text, name, item, &kind, depth);
                }
            }
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| scalar(item, &kind)).collect();
                line(text, depth, &format!("{name}: [ {} ]", items.join(", ")));
            }
            Value::Map(entries) => {
                let kind = kind.as_message().map(|entry| entry.map_entry_value_field());
                let Some(kind) = kind.map(|value| value.kind()) else {
                    continue;
                };
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                for (key, value) in entries {
                    let key = scalar(&key.clone().into(), &Kind::String);
                    line(text, depth, &format!("{name} {{"));
                    line(text, depth + 1, &format!("key: {key}"));
                    one(text, "value", value, &kind, depth + 1);
                    line(text, depth, "}");
                }
            }
            value => one(text, name, value, &kind, depth),
        }
    }
}

/// A field that holds one value.
fn one(text: &mut String, name: &str, value: &Value, kind: &Kind, depth: usize) {
    let Value::Message(message) = value else {
        return line(text, depth, &format!("{name}: {}", scalar(value, kind)));
    };
    if message.fields().next().is_none() {
        return line(text, depth, &format!("{name} {{ }}"));
    }
    line(text, depth, &format!("{name} {{"));
    fields(text, message, depth + 1);
    line(text, depth, "}");
}

fn line(text: &mut String, depth: usize, content: &str) {
    _ = writeln!(text, "{:1$}{content}", "", 2 * depth);
}

/// A value that is no message. Texts stay readable in every language: only what would end them, or
/// the line, is escaped.
fn scalar(value: &Value, kind: &Kind) -> String {
    match (value, kind) {
        (Value::String(value), _) => {
            let mut quoted = String::from('"');
            for letter in value.chars() {
                match letter {
                    '"' | '\\' => quoted.extend(['\\', letter]),
                    '\n' => quoted.push_str("\\n"),
                    // Three octal digits; of the two ranges of control characters, U+0080 and up
                    // would be two bytes, and may stay.
                    '\0'..='\x1f' | '\x7f' => _ = write!(quoted, "\\{:03o}", u32::from(letter)),
                    letter => quoted.push(letter),
                }
            }
            quoted.push('"');
            quoted
        }
        (Value::EnumNumber(number), Kind::Enum(names)) => match names.get_value(*number) {
            Some(value) => value.name().to_owned(),
            None => number.to_string(),
        },
        (value, _) => value.to_string(),
    }
}
