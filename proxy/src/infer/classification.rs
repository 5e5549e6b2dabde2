//! Triton's classification extension: the best classes of an output as texts.

use std::cmp::Ordering;
use std::fmt::Display;

use conch_shared::kserve::{Output, RequestedOutput, Strings, Values};
use conch_shared::label::LabelSet;
use conch_shared::tensor::{DataType, Shape, Tensor};

use crate::backend::Model;

/// Whether an output of this datatype can be asked for its best classes.
pub(super) fn has_classes(datatype: &str) -> bool {
    !matches!(datatype, "BOOL" | "FP16" | "BF16" | "BYTES")
}

/// The output as it was asked for: its values, or its best classes. Where the model has a `batch`,
/// each item of it has classes of its own; else all values are one row.
pub(super) fn output(
    model: &Model,
    asked: &RequestedOutput,
    batch: Option<usize>,
    tensor: Tensor,
) -> Output {
    let values = match asked.classification {
        0 => Values::Tensor(tensor),
        k => {
            let rows = Rows {
                classes: tensor.shape().len().unwrap_or(0) / batch.unwrap_or(1).max(1),
                k,
                labels: labels(model, &asked.name),
            };
            let k = k.min(rows.classes);
            let shape = batch.map_or_else(|| vec![k], |batch| vec![batch, k]);
            Values::Strings(Strings {
                shape: Shape::new(shape),
                values: rows.texts(&tensor),
            })
        }
    };
    Output {
        name: asked.name.clone(),
        values,
        binary: asked.binary,
    }
}

/// The class names, which belong to the model's first output.
fn labels<'a>(model: &'a Model, output: &str) -> Option<&'a LabelSet> {
    let first = model.metadata.as_ref()?.outputs.first()?;
    (first.name == output).then_some(&model.labels)
}

struct Rows<'a> {
    classes: usize,
    k: usize,
    labels: Option<&'a LabelSet>,
}

impl Rows<'_> {
    fn texts(&self, tensor: &Tensor) -> Vec<String> {
        let data = tensor.data();
        macro_rules! texts {
            ($type:ty, $print:expr) => {{
                let values = data.as_chunks::<{ size_of::<$type>() }>().0.iter();
                let values = values.map(|bytes| <$type>::from_le_bytes(*bytes));
                self.best(&values.collect::<Vec<_>>(), $print)
            }};
        }
        match tensor.datatype() {
            DataType::Uint8 => texts!(u8, integer),
            DataType::Uint16 => texts!(u16, integer),
            DataType::Uint32 => texts!(u32, integer),
            DataType::Uint64 => texts!(u64, integer),
            DataType::Int8 => texts!(i8, integer),
            DataType::Int16 => texts!(i16, integer),
            DataType::Int32 => texts!(i32, integer),
            DataType::Int64 => texts!(i64, integer),
            DataType::Fp32 => texts!(f32, float),
            DataType::Fp64 => texts!(f64, float),
            DataType::Bool | DataType::Fp16 | DataType::Bf16 => Vec::new(),
        }
    }

    /// `score:index:label`, or `score:index` where the class has no name; of equals the lower
    /// index first. (Triton's order of equals is its sort's own: the same up to 16 classes.)
    fn best<T: Copy + PartialOrd>(&self, values: &[T], print: fn(T) -> String) -> Vec<String> {
        let mut texts = Vec::new();
        for row in values.chunks(self.classes.max(1)) {
            let mut order: Vec<usize> = (0..row.len()).collect();
            let larger_first = |a: &usize, b: &usize| row[*b].partial_cmp(&row[*a]);
            order.sort_by(|a, b| larger_first(a, b).unwrap_or(Ordering::Equal));
            texts.extend(order.iter().take(self.k).map(|class| {
                let score = print(row[*class]);
                let label = self.labels.and_then(|labels| labels.get(*class));
                match label.filter(|label| !label.is_empty()) {
                    Some(label) => format!("{score}:{class}:{label}"),
                    None => format!("{score}:{class}"),
                }
            }));
        }
        texts
    }
}

fn integer(value: impl Display) -> String {
    value.to_string()
}

/// As C's `%f` prints it.
fn float(value: impl Display) -> String {
    format!("{value:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of one row of `y`, as the real Triton printed them for the same numbers.
    #[test]
    fn scores_are_printed_as_triton_prints_them() {
        let rows = Rows {
            classes: 12,
            k: 20,
            labels: None,
        };
        let values = [
            1.0,
            3.0,
            2.0,
            3.0,
            3.0,
            -0.0,
            0.007_812_5,
            0.023_437_5,
            1e30,
            2.5e-7,
            1.5e-6,
            123_456.79,
        ];
        let tensor = Tensor::from_f32(Shape::new([1, 12]), &values).unwrap();
        assert_eq!(
            rows.texts(&tensor),
            [
                "1000000015047466219876688855040.000000:8",
                "123456.789062:11",
                "3.000000:1",
                "3.000000:3",
                "3.000000:4",
                "2.000000:2",
                "1.000000:0",
                "0.023438:7",
                "0.007812:6",
                "0.000002:10",
                "0.000000:9",
                "-0.000000:5"
            ]
        );
    }

    #[test]
    fn integers_have_no_decimals_and_empty_names_no_colon() {
        let labels = LabelSet::parse("shell\n\nsea");
        let rows = Rows {
            classes: 3,
            k: 2,
            labels: Some(&labels),
        };
        let tensor = Tensor::new(DataType::Int8, Shape::new([2, 3]), vec![1, 3, 2, 9, 9, 0]);
        assert_eq!(
            rows.texts(&tensor.unwrap()),
            ["3:1", "2:2:sea", "9:0:shell", "9:1"]
        );
    }
}
