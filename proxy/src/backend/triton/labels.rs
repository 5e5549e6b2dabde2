//! A model's class names: from the model repository where one is at hand, else from Triton's
//! classification extension, which names every class of one answer.

use std::path::Path;

use bytes::Bytes;
use conch_shared::kserve::binary::{decode_response, encode_parts};
use conch_shared::kserve::{InferRequest, NamedTensor, RequestedOutput, Values};
use conch_shared::label::LabelSet;
use conch_shared::model::ModelSpec;
use conch_shared::tensor::{Tensor, TensorError};
use serde_json::Value;

use super::client::{Client, MAX_DOCUMENT};
use super::fault::Fault;
use crate::model_repo;

/// The class names, or none where the config names no file of them.
///
/// # Errors
/// When Triton does not name every class once.
pub(super) async fn read(
    repository: Option<&Path>,
    client: &Client,
    version: &str,
    config: &Value,
    spec: &ModelSpec,
) -> Result<LabelSet, Fault> {
    let file = config["output"][0]["label_filename"].as_str();
    let Some(file) = file.filter(|file| !file.is_empty()) else {
        return Ok(LabelSet::default());
    };
    let at_hand = |root| model_repo::labels_at(root, &spec.name, file, spec.classes);
    match repository.and_then(at_hand) {
        Some(labels) => Ok(labels),
        None => from_triton(client, version, spec).await,
    }
}

/// Asks for all classes of a black photo by name.
async fn from_triton(client: &Client, version: &str, spec: &ModelSpec) -> Result<LabelSet, Fault> {
    let wrong =
        |what: String| Fault::Nonsense(format!("the answer that names the classes: {what}"));
    let photo = black_photo(spec).map_err(|error| wrong(error.to_string()))?;
    let path = ["v2", "models", &spec.name, "versions", version, "infer"];
    let answer = client
        .infer(&path, encode_parts(&photo), MAX_DOCUMENT)
        .await?;
    answer.is_ok()?;
    // A file of labels may be of another encoding than UTF-8; what cannot be read is marked.
    let body = Bytes::from(String::from_utf8_lossy(&answer.body).into_owned());
    let answer = decode_response(&body, body.len()).map_err(|error| wrong(error.to_string()))?;
    let mut outputs = answer.outputs.into_iter();
    match outputs
        .find(|output| output.name == spec.output.name)
        .map(|output| output.values)
    {
        Some(Values::Strings(texts)) => in_order(&texts.values, spec.classes).map_err(wrong),
        _ => Err(wrong(format!("no texts of output {:?}", spec.output.name))),
    }
}

/// A request for all classes of a black photo, in JSON, since texts have no size of their own.
fn black_photo(spec: &ModelSpec) -> Result<InferRequest, TensorError> {
    Ok(InferRequest {
        inputs: vec![NamedTensor {
            name: spec.input.name.clone(),
            tensor: Tensor::zeros(spec.input.datatype, spec.recipe.batch_shape(1))?,
        }],
        outputs: vec![RequestedOutput {
            name: spec.output.name.clone(),
            binary: false,
            classification: spec.classes,
        }],
        ..InferRequest::default()
    })
}

/// Names by class, from `score:index:label` in the order of scores. A label may hold colons; where
/// a class has none, its entry ends before the second colon.
fn in_order(entries: &[impl AsRef<str>], classes: usize) -> Result<LabelSet, String> {
    if entries.len() < classes {
        let found = entries.len();
        return Err(format!("names {found} of {classes} classes"));
    }
    let mut names: Vec<Option<&str>> = vec![None; classes];
    for entry in entries.iter().map(AsRef::as_ref) {
        let mut parts = entry.splitn(3, ':').skip(1);
        let index = parts.next().and_then(|index| index.parse::<usize>().ok());
        let slot = index.and_then(|index| names.get_mut(index));
        let slot = slot.ok_or_else(|| format!("has {entry:?}, of {classes} classes"))?;
        let name = parts.next().unwrap_or("");
        if name.contains('\n') || slot.is_some() {
            return Err(format!("has {entry:?}, which is twice there or no label"));
        }
        *slot = Some(name);
    }
    // As many entries as classes, and no class twice: none is missing.
    let names: Vec<&str> = names.into_iter().flatten().collect();
    Ok(LabelSet::parse(&names.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_colons_and_commas() {
        let labels = in_order(&["0.9:1:a: b, c", "-1e-3:0:tabby, tabby cat"], 2).unwrap();
        assert_eq!(labels.get(0), Some("tabby, tabby cat"));
        assert_eq!(labels.get(1), Some("a: b, c"));
    }

    #[test]
    fn a_class_without_a_label_keeps_its_place() {
        let labels = in_order(&["0.9:2:sea", "0.5:0:shell", "0.1:1"], 3).unwrap();
        assert_eq!(labels.get(0), Some("shell"));
        assert_eq!(labels.get(1), Some(""));
        assert_eq!(labels.get(2), Some("sea"));
    }

    #[test]
    fn labels_of_a_file_with_windows_line_ends_are_those_of_the_file() {
        let labels = in_order(&["0.9:0:tabby\r", "0.8:1:a\tb\r"], 2).unwrap();
        assert_eq!(labels, LabelSet::parse("tabby\r\na\tb\r\n"));
    }

    #[test]
    fn a_config_that_promises_a_trillion_classes_takes_no_memory() {
        assert!(in_order(&["0.9:0:a"], 1_000_000_000_000).is_err());
    }

    #[test]
    fn what_does_not_name_every_class_once_is_refused() {
        let refused = |entries: &[&str], part: &str| {
            let said = in_order(entries, 2).unwrap_err();
            assert!(said.contains(part), "{said}");
        };
        refused(&["0.9:0:a"], "names 1 of 2 classes");
        refused(&["0.9:0:a", "0.8:0:b"], "twice");
        refused(&["0.9:0:a", "0.8:2:b"], "of 2 classes");
        refused(&["0.9:0:a", "0.8"], "of 2 classes");
        refused(&["0.9:0:a", "0.8:-1:b"], "of 2 classes");
        refused(&["0.9:0:a\nb", "0.8:1:c"], "no label");
    }
}
