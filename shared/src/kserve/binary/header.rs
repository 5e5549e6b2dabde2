//! The JSON in front of the tensors, as it is read. It borrows from the body, and what could grow
//! without end is counted while it is read: a body may be megabytes of JSON.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Most tensors of a message, and most dimensions of a tensor.
const MAX_ENTRIES: usize = 256;

#[derive(Deserialize)]
pub(super) struct Request<'a> {
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) parameters: RequestParameters,
    #[serde(borrow, deserialize_with = "few")]
    pub(super) inputs: Vec<Tensor<'a>>,
    #[serde(default, deserialize_with = "few")]
    pub(super) outputs: Vec<RequestedOutput>,
}

#[derive(Deserialize)]
pub(super) struct Response<'a> {
    pub(super) model_name: String,
    #[serde(default)]
    pub(super) model_version: String,
    pub(super) id: Option<String>,
    #[serde(borrow, deserialize_with = "few")]
    pub(super) outputs: Vec<Tensor<'a>>,
}

/// A tensor of either direction; its values are in `data`, or behind the JSON.
#[derive(Deserialize)]
pub(super) struct Tensor<'a> {
    pub(super) name: String,
    #[serde(deserialize_with = "few")]
    pub(super) shape: Vec<i64>,
    pub(super) datatype: String,
    #[serde(default)]
    pub(super) parameters: TensorParameters,
    /// Kept as text: what it means stands in `shape` and `datatype`, which may come later.
    #[serde(borrow)]
    pub(super) data: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
pub(super) struct TensorParameters {
    pub(super) binary_data_size: Option<usize>,
    pub(super) shared_memory_region: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestParameters {
    pub(super) binary_data_output: bool,
    pub(super) timeout: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct RequestedOutput {
    pub(super) name: String,
    #[serde(default)]
    pub(super) parameters: OutputParameters,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OutputParameters {
    pub(super) binary_data: Option<bool>,
    pub(super) classification: usize,
    pub(super) shared_memory_region: Option<String>,
}

/// A list of at most [`MAX_ENTRIES`].
fn few<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Few<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Few<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of at most {MAX_ENTRIES} entries")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = seq.next_element()? {
                if entries.len() == MAX_ENTRIES {
                    return Err(A::Error::invalid_length(MAX_ENTRIES + 1, &self));
                }
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_seq(Few(PhantomData))
}
