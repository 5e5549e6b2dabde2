//! What the model says, the time, the receipt.

use conch_shared::label::Prediction;

use super::{TIME_MODEL, TIME_QUEUE, TIME_UPSTREAM, grouped, percent};
use crate::protocol::Prepared;
use crate::state::{Exchange, Outcome, Sent};
use crate::timing::{Part, Site};

pub(crate) const NONE: &str = "There is no answer for this photo.";
pub(crate) const COPY: &str = "Copy as text";
pub(crate) const NUMBERS: &str = "Class, logit and probability";
pub(crate) const COLUMNS: [&str; 4] = ["Label", "Class", "Logit", "Probability"];
pub(crate) const NUMBERS_MEAN: &str = "The class is the label's place in the model's output, counted from 0. The logit is what the model gives for it; softmax over all classes makes probabilities of the logits. They say how one label stands against the others, not how often the model is right.";

pub(crate) const TIME: &str = "Time from file to answer";
pub(crate) const LEGEND: &str = "Where the time goes";
pub(crate) const PARTS: &str = "What each part is";

pub(crate) const RECEIPT: &str = "What left this device";
pub(crate) const SENT: &str = "Sent";
pub(crate) const SENT_PICTURE: &str = "The picture that was sent";
pub(crate) const IN_ALL: &str = "In all";
pub(crate) const ASKED_ANEW: &str = "Another square or model, Compare, Why? and Inside send requests of their own: the pixels that a model looks at, for Why? with a grey patch on them.";
pub(crate) const RECEIVED: &str = "Came back";
pub(crate) const STAYED: &str = "Stayed here";
pub(crate) const STAYED_TOO: &str =
    "So did all that the file holds beside these pixels, such as place, date and camera.";
pub(crate) const HEADERS: &str = "Around it are the HTTP headers of any request, with the browser's name and languages for example.";

/// Whose answer it is.
pub(crate) fn heading(title: &str, version: &str) -> String {
    format!("{title}, version {version}")
}

/// How the best label stands against the others. A softmax is no measure of how often a model is
/// right, so nothing is said of that.
pub(crate) fn certainty(predictions: &[Prediction]) -> String {
    let Some(best) = predictions.first() else {
        return String::new();
    };
    let close: Vec<&Prediction> = predictions
        .iter()
        .take_while(|other| other.score >= best.score / 2.0)
        .collect();
    match close.as_slice() {
        _ if best.score < 0.1 => {
            "Nothing stands out: the photo may show what this model does not know.".to_owned()
        }
        [_] if best.score >= 0.5 => "One label stands out.".to_owned(),
        [_] => "A guess: its best label has less than half of the probability.".to_owned(),
        [a, b] => format!("Not sure: between {} and {}.", a.label, b.label),
        [a, b, c] => format!(
            "Not sure: between {}, {} and {}.",
            a.label, b.label, c.label
        ),
        close => format!("Not sure: {} labels are close together.", close.len()),
    }
}

/// A logit, as exact as the table has room for.
pub(crate) fn logit(logit: f32) -> String {
    format!("{logit:.3}").replace('-', "−")
}

/// A probability as the model server's numbers give it.
pub(crate) fn probability(score: f32) -> String {
    format!("{score:.6}")
}

/// What a part of the time is called.
pub(crate) fn part(part: Part) -> &'static str {
    match part {
        Part::Decode => "Decode",
        Part::Resize => "Resize",
        Part::Wait => "Wait",
        Part::Send => "Send",
        Part::Queue => TIME_QUEUE,
        Part::Infer => TIME_MODEL,
        Part::Upstream => TIME_UPSTREAM,
        Part::Back => "Back",
        Part::OnTheWay => "On the way",
    }
}

/// What happens in a part of the time.
pub(crate) fn part_means(part: Part) -> &'static str {
    match part {
        Part::Decode => {
            "The file is read and its pixels unpacked, in a worker of this page. 0 where they were there already."
        }
        Part::Resize => {
            "The photo is made smaller and cut to the square that the model takes, in the same worker; for most photos row by row while they are decoded, and then it counts there."
        }
        Part::Wait => "The browser has the request and sends others first, or opens a connection.",
        Part::Send => {
            "The tensor goes to the server, which reads, checks and normalises it; with it the way of the answer's first byte. It is what the browser waited, less what the server says of the rest."
        }
        Part::Queue => {
            "The request waits on the server until the model is free; others may join it and share a run."
        }
        Part::Infer => "The model runs.",
        Part::Upstream => {
            "From the server to Triton and back: Triton's queue, its model, and the way between them."
        }
        Part::Back => "The rest of the answer comes in and is read.",
        Part::OnTheWay => {
            "To the server and back. This browser does not tell the two apart, or its clock and the server's contradict each other."
        }
    }
}

/// Where a part of the time goes.
pub(crate) fn site(site: Site) -> &'static str {
    match site {
        Site::Device => "in this browser",
        Site::Network => "on the way",
        Site::Server => "on the server",
    }
}

/// Bytes, to the last.
pub(crate) fn bytes(number: usize) -> String {
    match number {
        1 => "1 byte".to_owned(),
        number => format!("{} bytes", grouped(number)),
    }
}

/// All that was sent.
pub(crate) fn sent(exchange: &Exchange) -> String {
    bytes(exchange.header_bytes + exchange.tensor_bytes)
}

/// What the tensor holds.
pub(crate) fn sent_pixels(outcome: &Outcome) -> String {
    let side = outcome.model.recipe.crop;
    let sent = outcome.exchange.tensor_bytes;
    let each = match sent == (3 * side * side) as usize {
        true => "a byte each (UINT8)",
        false => "normalised here, four bytes each (FP32)",
    };
    let sent = bytes(sent);
    format!("{sent} are this picture: {side} × {side} pixels of red, green and blue, {each}.")
}

/// What goes before the tensor.
pub(crate) fn sent_header(exchange: &Exchange) -> String {
    format!("{} are JSON that says so.", bytes(exchange.header_bytes))
}

/// Where it went.
pub(crate) fn sent_to(exchange: &Exchange) -> String {
    format!("To {}", exchange.address)
}

/// All that was sent of the photo so far.
pub(crate) fn sent_in_all(all: Sent) -> String {
    let requests = match all.requests {
        1 => "1 request".to_owned(),
        number => format!("{} requests", grouped(number)),
    };
    format!("{requests} about this photo so far, {}.", bytes(all.bytes))
}

/// What came back.
pub(crate) fn received(exchange: &Exchange) -> String {
    format!("{} of JSON: the labels.", bytes(exchange.answer_bytes))
}

/// The file that stayed.
pub(crate) fn stayed(name: &str, prepared: &Prepared) -> String {
    let Prepared { width, height, .. } = prepared;
    let size = bytes(prepared.file_bytes as usize);
    format!("The file {name}: {width} × {height} pixels, {size}.")
}

/// A label with its share, for a sentence.
pub(crate) fn with_share(prediction: &Prediction) -> String {
    format!("{} ({})", prediction.label, percent(prediction.score))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn said(scores: &[f32]) -> String {
        let labels = ["a", "b", "c", "d", "e"];
        let one = |(score, label): (&f32, &str)| Prediction {
            index: 0,
            label: label.to_owned(),
            score: *score,
            logit: 0.0,
        };
        certainty(&scores.iter().zip(labels).map(one).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_said_of_certainty_follows_from_the_numbers() {
        assert_eq!(said(&[0.96, 0.01]), "One label stands out.");
        assert_eq!(said(&[0.38, 0.37, 0.16]), "Not sure: between a and b.");
        assert_eq!(said(&[0.3, 0.2, 0.15]), "Not sure: between a, b and c.");
        assert!(said(&[0.4, 0.1]).starts_with("A guess"));
        assert!(said(&[0.2, 0.2, 0.2, 0.2]).contains("4 labels"));
        assert!(said(&[0.05, 0.04]).starts_with("Nothing stands out"));
        assert_eq!(said(&[]), "");
    }

    #[test]
    fn the_receipt_counts_every_byte() {
        let outcome = example::outcome("cup", 1.0);
        let exchange = Exchange {
            header_bytes: 172,
            tensor_bytes: 150_528,
            ..Exchange::default()
        };
        assert_eq!(sent(&exchange), "150,700 bytes");
        let as_bytes = |tensor_bytes| {
            let mut outcome = (*outcome).clone();
            outcome.exchange.tensor_bytes = tensor_bytes;
            sent_pixels(&outcome)
        };
        assert!(as_bytes(12).contains("UINT8"));
        assert!(as_bytes(48).contains("FP32"));
    }

    #[test]
    fn the_receipt_counts_every_request() {
        let all = |requests, bytes| sent_in_all(Sent { requests, bytes });
        assert_eq!(
            all(1, 150_700),
            "1 request about this photo so far, 150,700 bytes."
        );
        assert_eq!(
            all(28, 7_500_000),
            "28 requests about this photo so far, 7,500,000 bytes."
        );
    }

    #[test]
    fn a_negative_logit_has_a_minus_sign() {
        assert_eq!(logit(-1.25), "−1.250");
    }
}
