//! Inference: the same photos, the same numbers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::message::{Message, PHOTOS, Parts, assert_close, pixels, top_5};
use super::subject::{MODEL_PATH, Subject};

async fn ask(subject: &Subject, message: &Message) -> Parts {
    Parts::of(&subject.infer(message).await)
}

fn binary_output(message: Message) -> Message {
    message.with("/parameters", json!({ "binary_data_output": true }))
}

pub(super) async fn binary(subject: Arc<Subject>, triton: Arc<Subject>) {
    for name in PHOTOS {
        let message = binary_output(Message::photo(name));
        let (ours, theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
        assert_eq!(ours.header, theirs.header);
        assert_close(&ours.floats(), &theirs.floats());
        assert_eq!(top_5(&ours.floats()), top_5(&theirs.floats()), "{name}");
    }
}

/// Tensors as numbers in JSON, in one list or nested as the shape says.
pub(super) async fn json(subject: Arc<Subject>, triton: Arc<Subject>) {
    let bytes = pixels("chelsea.png");
    let floats = bytes
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()));
    let flat: Vec<f32> = floats.collect();
    let rows: Vec<&[f32]> = flat.chunks(224).collect();
    let nested = vec![rows.chunks(224).collect::<Vec<_>>()];
    for data in [json!(flat), json!(nested)] {
        let mut message = Message::new(&[1, 3, 224, 224], vec![]).with("/inputs/0/data", data);
        let input = message.header["inputs"][0].as_object_mut().unwrap();
        input.remove("parameters");
        let mut ours = Parts::of(&subject.post(&message.path, message.body()).await);
        let mut theirs = Parts::of(&triton.post(&message.path, message.body()).await);
        assert_close(&numbers(&ours.take_data()), &numbers(&theirs.take_data()));
        assert_eq!(ours.header, theirs.header);
        assert!(ours.tail.is_empty());
    }
}

/// In JSON unless binary is asked for: of all outputs, or of this one, which counts for more.
pub(super) async fn each_kind_of_output(subject: Arc<Subject>, triton: Arc<Subject>) {
    for wanted in [
        json!({}),
        json!({ "binary_data": false }),
        json!({ "binary_data": true }),
        json!({ "classification": 0 }),
    ] {
        for message in [
            Message::photo("rocket.jpg").wanting(wanted.clone()),
            binary_output(Message::photo("rocket.jpg").wanting(wanted.clone())),
        ] {
            let (mut ours, mut theirs) =
                (ask(&subject, &message).await, ask(&triton, &message).await);
            assert_eq!(ours.tail.is_empty(), theirs.tail.is_empty(), "{wanted}");
            if ours.tail.is_empty() {
                assert_close(&numbers(&ours.take_data()), &numbers(&theirs.take_data()));
            } else {
                assert_close(&ours.floats(), &theirs.floats());
            }
            assert_eq!(ours.header, theirs.header);
        }
    }
}

/// The best classes as texts, `score:index:label`.
pub(super) async fn classification(subject: Arc<Subject>, triton: Arc<Subject>) {
    for count in [1, 5, 5000] {
        let message = Message::photo("chelsea.png").wanting(json!({ "classification": count }));
        let (mut ours, mut theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
        assert_same_classes(&texts(&ours.take_data()), &texts(&theirs.take_data()));
        assert_eq!(ours.header, theirs.header);

        let wanted = json!({ "classification": count, "binary_data": true });
        let message = Message::photo("chelsea.png").wanting(wanted);
        let (ours, theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
        assert_same_classes(&texts_of_bytes(&ours.tail), &texts_of_bytes(&theirs.tail));
        assert_eq!(
            ours.header["outputs"][0]["shape"],
            theirs.header["outputs"][0]["shape"]
        );
    }
}

pub(super) async fn a_batch_of_three(subject: Arc<Subject>, triton: Arc<Subject>) {
    let batch: Vec<u8> = PHOTOS.iter().flat_map(|name| pixels(name)).collect();
    let batch = Message::new(&[3, 3, 224, 224], batch);
    let message = binary_output(batch.clone());
    let (ours, theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
    assert_eq!(ours.header, theirs.header);
    assert_close(&ours.floats(), &theirs.floats());
    for (name, row) in PHOTOS.iter().zip(ours.floats().chunks(1000)) {
        let alone = ask(&triton, &binary_output(Message::photo(name)))
            .await
            .floats();
        assert_close(row, &alone);
        assert_eq!(top_5(row), top_5(&alone));
    }
    let message = batch.wanting(json!({ "classification": 5 }));
    let (mut ours, mut theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
    assert_same_classes(&texts(&ours.take_data()), &texts(&theirs.take_data()));
    assert_eq!(ours.header, theirs.header);
    assert_eq!(ours.header["outputs"][0]["shape"], json!([3, 5]));
}

pub(super) async fn id_and_version(subject: Arc<Subject>, triton: Arc<Subject>) {
    let mut message = binary_output(Message::photo("coffee.png")).with("/id", json!("seven"));
    message.path = format!("{MODEL_PATH}/versions/1/infer");
    let (ours, theirs) = (ask(&subject, &message).await, ask(&triton, &message).await);
    assert_eq!(ours.header, theirs.header);
    assert_eq!(
        (&ours.header["id"], &ours.header["model_version"]),
        (&json!("seven"), &json!("1"))
    );
}

fn numbers(data: &[Value]) -> Vec<f32> {
    data.iter()
        .map(|value| value.as_f64().unwrap() as f32)
        .collect()
}

fn texts(data: &[Value]) -> Vec<String> {
    data.iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

/// The elements of a `BYTES` tensor: four bytes of length, little-endian, then the text.
fn texts_of_bytes(mut bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        texts.push(String::from_utf8(text.to_vec()).unwrap());
        bytes = rest;
    }
    texts
}

/// Index and label are equal, scores as good as equal. Where two scores are, their order may differ;
/// of the first five they are not.
#[track_caller]
fn assert_same_classes(ours: &[String], theirs: &[String]) {
    assert_eq!(ours.len(), theirs.len());
    let split = |text: &str| -> (f32, String) {
        let (score, class) = text.split_once(':').unwrap();
        (score.parse().unwrap(), class.to_owned())
    };
    for (rank, (one, other)) in ours.iter().zip(theirs).enumerate() {
        let ((score, class), (other_score, other_class)) = (split(one), split(other));
        assert!((score - other_score).abs() <= 1e-4, "{one} {other}");
        assert!(class == other_class || rank >= 5, "{one} {other}");
    }
    let classes = |texts: &[String]| -> std::collections::BTreeSet<String> {
        texts.iter().map(|text| split(text).1).collect()
    };
    assert_eq!(classes(ours), classes(theirs));
}
