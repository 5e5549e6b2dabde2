//! Every sentence of the page, in one place, so that it can be translated: here what is said in
//! several places, and one module each for the parts of the page. Elsewhere stand what `index.html`
//! says before any of this runs, what `bin/worker.rs` says of a file that it cannot read, and what
//! `conch_shared` says is wrong with a photo, which the command line says as well.

pub(crate) mod answer;
pub(crate) mod app;
pub(crate) mod camera;
pub(crate) mod compare;
pub(crate) mod config;
pub(crate) mod help;
pub(crate) mod inside;
pub(crate) mod intake;
pub(crate) mod models;
pub(crate) mod phone;
pub(crate) mod pixels;
pub(crate) mod stage;
pub(crate) mod tensor;
pub(crate) mod title;
pub(crate) mod why;
pub(crate) mod wire;

use conch_shared::api::Problem;
use conch_shared::model::ModelSpec;
use conch_shared::tensor::DataType;

use crate::place::Panel;
use crate::settings::sent_as;
use crate::state::{Phase, Progress};

pub(crate) const NAME: &str = "Conch";
pub(crate) const LEAD: [&str; 2] = ["Show it a photo.", "It says what it sees."];
pub(crate) const CHOOSE: &str = "Choose photos";
pub(crate) const CHOOSE_MORE: &str = "Add photos";
pub(crate) const OTHER_WAYS: &str = "Or drop them anywhere on this page, or paste one.";
pub(crate) const NO_PHOTO_AT_HAND: &str = "No photo at hand? Try one of these.";
pub(crate) const DROP_HERE: &str = "Let go to add the photos";
pub(crate) const PHOTOS: &str = "Photos";
pub(crate) const MODEL: &str = "Model";
pub(crate) const PANELS: &str = "Views of this photo";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const HELP: &str = "Help";
pub(crate) const RETRY: &str = "Try again";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const CLEAR: &str = "Clear all";
pub(crate) const STOP: &str = "Stop";
pub(crate) const STOPPED: &str = "You stopped this one before it was done.";
pub(crate) const FIVE_BEST: &str = "The five best labels";
pub(crate) const AWAY: &str =
    "The server does not answer. Your photos wait here and go on by themselves when it is back.";
pub(crate) const TRITON_AWAY: &str = "Triton, which runs the models, does not answer. Your photos wait here and go on by themselves when it is back.";
pub(crate) const SLOW: &str = "The server takes longer than usual";
pub(crate) const CODE: &str = "Preprocessing in WebAssembly, in your browser.";
pub(crate) const BY_BROWSER: &str = "approximate: decoded by the browser";

pub(crate) const TIME_PREPARE: &str = "Prepare";
pub(crate) const TIME_QUEUE: &str = "Queue";
pub(crate) const TIME_MODEL: &str = "Model";
pub(crate) const TIME_UPSTREAM: &str = "Triton";
pub(crate) const TIME_WHOLE: &str = "Total";

pub(crate) const WORKER_DIED: &str = "The decoder gave up on this file: it is damaged, or too large for this browser's memory. The other photos go on.";
pub(crate) const WORKER_SLOW: &str =
    "This photo took longer than 60 seconds to prepare and was stopped. A smaller one may do.";
pub(crate) const WORKER_ABSENT: &str = "The part of the page that prepares photos could not be started. Reload the page to try once more.";
pub(crate) const FILE_TOO_LARGE: &str =
    "The file is larger than 256 MB, which is the most that is read here.";
pub(crate) const NO_ANSWER_IN_TIME: &str = "The server did not answer within 30 seconds.";
pub(crate) const CONNECTION_BREAKS: &str =
    "The connection broke off each time this photo was sent, though the server is there.";
pub(crate) const ANSWER_UNREADABLE: &str = "The server gave an answer that this page does not understand. Reload the page; it may be older than the server.";
pub(crate) const SAMPLE_ABSENT: &str = "The server does not have this sample photo.";

/// The name of a panel beside a photo.
pub(crate) fn panel(panel: Panel) -> &'static str {
    match panel {
        Panel::Answer => "Answer",
        Panel::Compare => "Compare",
        Panel::Why => "Why?",
        Panel::Inside => "Inside",
    }
}

/// What leaves the browser, in a sentence.
pub(crate) fn privacy(spec: Option<&ModelSpec>, sent: DataType) -> String {
    let side = spec.map_or(224, |spec| spec.recipe.crop);
    let value = match spec.map_or(sent, |spec| sent_as(spec, sent)) {
        DataType::Fp32 => 4,
        _ => 1,
    };
    let kilobytes = side * side * 3 * value / 1000;
    format!(
        "Each photo is opened here, in your browser, and stays here: only the {side} × {side} pixels that the model looks at, {kilobytes} kB, are sent to the server."
    )
}

/// A probability as the command line prints it: one decimal.
pub(crate) fn percent(score: f32) -> String {
    format!("{:.1} %", 100.0 * score)
}

/// A whole number with a comma before each three digits.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration: whole milliseconds from 10 on, one decimal below, seconds from 10 s on.
pub(crate) fn duration(ms: f64) -> String {
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 9_999.5 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

/// What a card says while its photo is on the way; `None` once it is settled.
pub(crate) fn under_way(phase: &Phase, server_here: bool) -> Option<&'static str> {
    match phase {
        Phase::Waiting if server_here => Some("Waiting its turn"),
        Phase::Waiting => Some("Waiting for the server"),
        Phase::Preparing => Some("Preparing the pixels"),
        Phase::Asking => Some("Asking the model"),
        Phase::Done(_) | Phase::Failed(_) => None,
    }
}

/// How far the photos are.
pub(crate) fn progress(progress: Progress) -> String {
    let Progress { all, settled } = progress;
    match all {
        1 if settled == 1 => "1 photo".to_owned(),
        all if settled == all => format!("{all} photos"),
        all => format!("{settled} of {all} done"),
    }
}

/// What a screen reader says when all photos are settled: the one outcome, or how many there are.
pub(crate) fn settled(photos: &[(String, Phase)]) -> String {
    match photos {
        [] => String::new(),
        [(name, phase)] => format!("{name}: {}", outcome(phase)),
        photos => {
            let failed = photos.iter().filter(|(_, p)| matches!(p, Phase::Failed(_)));
            let failed = failed.count();
            let done = photos.len() - failed;
            match failed {
                0 => format!("{done} photos are done."),
                _ => format!("{done} done, {failed} failed."),
            }
        }
    }
}

fn outcome(phase: &Phase) -> String {
    match phase {
        Phase::Done(outcome) => match outcome.predictions.first() {
            Some(best) => format!("{}, {}.", best.label, percent(best.score)),
            None => "no label.".to_owned(),
        },
        Phase::Failed(error) => error.0.clone(),
        Phase::Waiting | Phase::Preparing | Phase::Asking => "under way.".to_owned(),
    }
}

/// A problem document as a sentence.
pub(crate) fn problem(problem: &Problem) -> String {
    let detail = match problem.detail.trim() {
        "" => problem.title.trim(),
        detail => detail,
    };
    sentence(detail)
}

/// A refusal that came without a problem document.
pub(crate) fn status(status: u16) -> String {
    format!("The server refused the photo (HTTP status {status}).")
}

/// The picture's text alternative.
pub(crate) fn alternative(name: &str) -> String {
    format!("Your photo {name}")
}

/// What a button says of the photo it is about.
pub(crate) fn about(action: &str, name: &str) -> String {
    format!("{action}: {name}")
}

/// The footer's line on what answers.
pub(crate) fn engine(engine: &str, version: &str) -> String {
    format!("Answered by {engine}, through {NAME} {version}.")
}

/// A sample photo's credit.
pub(crate) fn credit(author: &str) -> String {
    format!("Photo: {author}, CC0")
}

/// Why no photo can be classified: each model's title, and why it is not ready.
pub(crate) fn no_model<'a>(models: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let reasons: Vec<String> = models
        .map(|(title, reason)| format!("{title}: {}", sentence(reason)))
        .collect();
    format!(
        "The server has no model that is ready, so no photo can be classified yet. {}",
        reasons.join(" ")
    )
}

/// First letter large, full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut sentence: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::state::UserError;

    fn done(label: &str, score: f32) -> Phase {
        Phase::Done(example::outcome(label, score))
    }

    #[test]
    fn percentages_have_one_decimal() {
        assert_eq!(percent(0.964_12), "96.4 %");
        assert_eq!(percent(1.0), "100.0 %");
        assert_eq!(percent(0.000_04), "0.0 %");
    }

    #[test]
    fn durations_are_as_exact_as_they_are_useful() {
        assert_eq!(duration(0.34), "0.3 ms");
        assert_eq!(duration(9.96), "10 ms");
        assert_eq!(duration(1234.5), "1234 ms");
        assert_eq!(duration(12_345.0), "12.3 s");
    }

    #[test]
    fn one_photo_is_spoken_with_its_label_and_many_with_their_number() {
        let failed = Phase::Failed(UserError("The file is empty.".into()));
        let one = [("cup.png".to_owned(), done("espresso", 0.96))];
        assert_eq!(settled(&one), "cup.png: espresso, 96.0 %.");
        let two = [one[0].clone(), ("x".to_owned(), failed.clone())];
        assert_eq!(settled(&two), "1 done, 1 failed.");
        assert_eq!(
            settled(&[("x".to_owned(), failed)]),
            "x: The file is empty."
        );
    }

    #[test]
    fn a_problem_document_becomes_a_sentence() {
        let mut document = Problem {
            kind: "about:blank".into(),
            title: "Unknown model".into(),
            status: 404,
            detail: "there is no model \"x\"; there are: mobilenet".into(),
            code: "unknown_model".into(),
            expected: None,
            found: None,
            request_id: None,
        };
        assert_eq!(
            problem(&document),
            "There is no model \"x\"; there are: mobilenet."
        );
        document.detail.clear();
        assert_eq!(problem(&document), "Unknown model.");
    }

    #[test]
    fn progress_counts_what_is_settled() {
        let says = |settled, all| progress(Progress { all, settled });
        assert_eq!(says(1, 3), "1 of 3 done");
        assert_eq!(says(3, 3), "3 photos");
        assert_eq!(says(1, 1), "1 photo");
    }

    #[test]
    fn what_leaves_the_browser_is_said_in_numbers() {
        let says = privacy(None, DataType::Uint8);
        assert!(says.contains("224 × 224 pixels that the model looks at, 150 kB"));
        assert!(privacy(None, DataType::Fp32).contains("602 kB"));
    }
}
