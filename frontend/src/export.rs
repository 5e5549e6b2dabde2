//! Results as text, JSON and CSV: pure, so that it can be tested without a browser.

use std::sync::Arc;

use conch_shared::label::Prediction;
use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;
use serde::Serialize;

use crate::state::{Facts, Outcome, Phase, Photo};
use crate::text;
use crate::timing::Times;

/// What is known of one photo.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The file's name.
    pub(crate) name: Arc<str>,
    /// Since it was first opened.
    pub(crate) facts: Option<Facts>,
    /// The last answer.
    pub(crate) outcome: Option<Arc<Outcome>>,
    /// Why there is none.
    pub(crate) error: Option<String>,
}

impl Entry {
    /// What is known of a photo now; not tracked.
    pub(crate) fn of(photo: &Photo) -> Self {
        Self {
            name: Arc::clone(&photo.name),
            facts: photo.facts.get_untracked(),
            outcome: photo.answer.get_untracked(),
            error: photo.phase.with_untracked(|phase| match phase {
                Phase::Failed(error) => Some(error.0.clone()),
                _ => None,
            }),
        }
    }
}

/// A paragraph for each photo: its name, its labels, the model.
pub(crate) fn as_text(entries: &[Entry]) -> String {
    let mut lines = Vec::new();
    for entry in entries {
        lines.push(entry.name.to_string());
        if let Some(outcome) = &entry.outcome {
            for Prediction { label, score, .. } in &outcome.predictions {
                lines.push(format!("{:>8}  {label}", text::percent(*score)));
            }
            let title = &outcome.model.display.title;
            lines.push(format!("  {title}, version {}", outcome.version));
            if !outcome.prepared.exact {
                lines.push(format!("  {}", text::BY_BROWSER));
            }
        }
        lines.extend(entry.error.iter().map(|error| format!("  {error}")));
        lines.push(String::new());
    }
    lines.pop();
    lines.join("\n")
}

/// An array with an object for each photo, in one line. What is not known is `null`.
pub(crate) fn as_json(entries: &[Entry]) -> String {
    let photos: Vec<Record> = entries.iter().map(Record::of).collect();
    serde_json::to_string(&photos).unwrap_or_default()
}

#[derive(Default, Serialize)]
struct Record<'a> {
    file: &'a str,
    width: Option<u32>,
    height: Option<u32>,
    file_bytes: Option<f64>,
    digest: Option<&'a str>,
    model: Option<&'a str>,
    version: Option<&'a str>,
    /// The square that somebody chose; else it was the recipe's centre crop.
    square: Option<Square>,
    /// Whether the pixels are those that `conch classify` sees; else the browser's approximate ones.
    exact: Option<bool>,
    /// As the server gives them, and `conch classify --json`.
    predictions: &'a [Prediction],
    milliseconds: Option<Milliseconds>,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Milliseconds {
    decode: f64,
    resize: f64,
    answer: f64,
    queue: Option<f64>,
    infer: Option<f64>,
    upstream: Option<f64>,
    total: f64,
}

impl<'a> Record<'a> {
    fn of(entry: &'a Entry) -> Self {
        let mut record = Self {
            file: &entry.name,
            error: entry.error.as_deref(),
            ..Self::default()
        };
        if let Some(facts) = &entry.facts {
            record.width = Some(facts.width);
            record.height = Some(facts.height);
            record.file_bytes = Some(facts.file_bytes);
            record.digest = Some(&facts.digest);
        }
        if let Some(outcome) = &entry.outcome {
            record.model = Some(&outcome.model.name);
            record.version = Some(&outcome.version);
            record.square = outcome.square;
            record.exact = Some(outcome.prepared.exact);
            record.predictions = &outcome.predictions;
            record.milliseconds = Some(Milliseconds::of(&outcome.times));
        }
        record
    }
}

impl Milliseconds {
    fn of(times: &Times) -> Self {
        Self {
            decode: times.decode,
            resize: times.resize,
            answer: times.answer,
            queue: times.server.queue,
            infer: times.server.infer,
            upstream: times.server.upstream,
            total: times.whole(),
        }
    }
}

/// A line for each label of each photo (RFC 4180); photos without an answer have none.
pub(crate) fn as_csv(entries: &[Entry]) -> String {
    let head = [
        "file",
        "model",
        "version",
        "rank",
        "index",
        "label",
        "probability",
        "logit",
        "milliseconds",
        "exact",
    ];
    let mut csv = record(&head.map(str::to_owned));
    for entry in entries {
        let Some(outcome) = &entry.outcome else {
            continue;
        };
        for (at, prediction) in outcome.predictions.iter().enumerate() {
            csv += &record(&[
                harmless(&entry.name),
                harmless(&outcome.model.name),
                harmless(&outcome.version),
                (at + 1).to_string(),
                prediction.index.to_string(),
                harmless(&prediction.label),
                prediction.score.to_string(),
                prediction.logit.to_string(),
                format!("{:.1}", outcome.times.whole()),
                outcome.prepared.exact.to_string(),
            ]);
        }
    }
    csv
}

/// A line of CSV.
fn record(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\r\n"
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe: names come from
/// anywhere (OWASP, "CSV Injection").
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A field, in quotes where it needs them (RFC 4180, section 2, rules 5 to 7).
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn done(name: &str) -> Entry {
        let outcome = example::outcome("espresso, \"short\"", 0.964);
        Entry {
            name: name.into(),
            facts: Some(Facts::of(&outcome.prepared)),
            outcome: Some(outcome),
            error: None,
        }
    }

    fn failed() -> Entry {
        Entry {
            name: "text.jpg".into(),
            facts: None,
            outcome: None,
            error: Some("This is not a photo.".into()),
        }
    }

    #[test]
    fn text_has_a_paragraph_for_each_photo() {
        let text = as_text(&[done("cup.png"), failed()]);
        let expected = "cup.png\n  96.4 %  espresso, \"short\"\n  M, version 1\n\n\
            text.jpg\n  This is not a photo.";
        assert_eq!(text, expected);
        assert_eq!(as_text(&[]), "");
    }

    #[test]
    fn csv_has_a_line_for_each_label_and_quotes_what_needs_it() {
        let csv = as_csv(&[done("a,b.png"), failed()]);
        let expected = "file,model,version,rank,index,label,probability,logit,milliseconds,exact\r\n\
            \"a,b.png\",m,1,1,0,\"espresso, \"\"short\"\"\",0.964,1,0.0,true\r\n";
        assert_eq!(csv, expected);
    }

    #[test]
    fn json_says_all_that_is_known() {
        let json: serde_json::Value =
            serde_json::from_str(&as_json(&[done("cup.png"), failed()])).unwrap();
        let [cup, text] = &json.as_array().unwrap()[..] else {
            panic!("two photos are two objects");
        };
        assert_eq!(cup["file"], "cup.png");
        assert_eq!((&cup["width"], &cup["height"]), (&4.into(), &3.into()));
        assert_eq!((&cup["model"], &cup["version"]), (&"m".into(), &"1".into()));
        assert_eq!(cup["predictions"][0]["label"], "espresso, \"short\"");
        assert_eq!(cup["predictions"][0]["logit"], 1.0);
        assert_eq!(cup["milliseconds"]["total"], 0.0);
        assert_eq!(cup["exact"], true);
        assert!(text["exact"].is_null());
        assert!(cup["error"].is_null());
        assert_eq!(text["error"], "This is not a photo.");
        assert_eq!(text["predictions"], serde_json::json!([]));
    }
}
