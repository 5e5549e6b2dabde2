//! The server's models.

use conch_shared::api::ModelInfo;
use conch_shared::model::{Channels, Layout, ModelSpec};

use super::{MODEL, grouped, sentence};
use crate::catalogue::Lost;

pub(crate) const TITLE: &str = "Models";
pub(crate) const ALL: &str = "All models";
pub(crate) const CHOOSE: &str = "Use this model";
pub(crate) const CHOSEN: &str = "Answers now";
pub(crate) const UNAVAILABLE: &str = "Not ready";
pub(crate) const MORE: &str = "A model of your own is one more folder in the server's model_repo: its weights as ONNX, its labels, its config.pbtxt. CONTRIBUTING.md says how.";

/// The button that opens the list: which model answers.
pub(crate) fn button(chosen: Option<&str>) -> String {
    format!("{MODEL}: {}", chosen.unwrap_or("none is ready"))
}

/// The button that chooses a model.
pub(crate) fn choose(title: &str) -> String {
    format!("{CHOOSE}: {title}")
}

/// The button that agrees to the model that stands in.
pub(crate) fn keep(title: &str) -> String {
    format!("Keep {title}")
}

/// Why there is no list.
pub(crate) fn none(server_here: bool) -> &'static str {
    match server_here {
        true => {
            "The server has no model. Put one into its model_repo folder: scripts/setup/models.sh fetches those that come with Conch, and CONTRIBUTING.md says how to add your own. Then start the server anew."
        }
        false => "The server does not answer, so its models are not known.",
    }
}

/// Another model answers than should.
pub(crate) fn lost(lost: &Lost) -> String {
    let Lost { title, instead, .. } = lost;
    match &lost.reason {
        None => format!("The server does not have {title}. {instead} answers now."),
        Some(reason) if reason.is_empty() => {
            format!("{title} cannot answer. {instead} answers now.")
        }
        Some(reason) => format!(
            "{title} is not ready: {} {instead} answers meanwhile.",
            sentence(reason)
        ),
    }
}

/// Why a model is not ready.
pub(crate) fn reason(reason: &str) -> String {
    match reason.trim() {
        "" => "The server does not say why.".to_owned(),
        reason => sentence(reason),
    }
}

/// What is known of a model, each with its name.
pub(crate) fn facts(model: &ModelInfo) -> Vec<(&'static str, String)> {
    let versions = model.versions.join(", ");
    let mut facts = vec![("Name", model.name.clone())];
    if let Some(spec) = &model.spec {
        let display = &spec.display;
        facts.push(("Input", input(spec)));
        facts.push(("Classes", grouped(spec.classes)));
        facts.push(("Largest batch", batch(spec.max_photos())));
        if !versions.is_empty() {
            facts.push(("Versions", versions));
        }
        facts.extend(display.source.clone().map(|source| ("Source", source)));
        facts.extend(display.license.clone().map(|license| ("Licence", license)));
    } else if !versions.is_empty() {
        facts.push(("Versions", versions));
    }
    facts
}

/// A model's input in words: its size, its order, its datatype, its name.
fn input(spec: &ModelSpec) -> String {
    let side = spec.recipe.crop;
    let channels = match spec.recipe.channels {
        Channels::Rgb => "RGB",
        Channels::Bgr => "BGR",
    };
    let layout = match spec.recipe.layout {
        Layout::Nchw => "NCHW",
        Layout::Nhwc => "NHWC",
    };
    let (name, datatype) = (&spec.input.name, spec.input.datatype);
    format!("“{name}”: {side} × {side} pixels, {channels}, {layout} {datatype}")
}

fn batch(photos: usize) -> String {
    match photos {
        1 => "1 photo".to_owned(),
        photos => format!("{} photos", grouped(photos)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [0, 999, 1000, 150_528, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "150,528", "1,234,567"]);
    }

    #[test]
    fn an_input_is_told_in_words() {
        assert_eq!(
            input(&example::model()),
            "“i”: 2 × 2 pixels, RGB, NCHW FP32"
        );
    }

    #[test]
    fn a_lost_model_is_named_with_the_one_that_answers() {
        let mut gone = Lost {
            title: "A".into(),
            reason: None,
            instead: "B".into(),
            instead_name: "b".into(),
        };
        assert_eq!(lost(&gone), "The server does not have A. B answers now.");
        gone.reason = Some("no file".into());
        assert_eq!(lost(&gone), "A is not ready: No file. B answers meanwhile.");
    }
}
