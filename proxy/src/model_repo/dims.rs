//! What a config's `dims` say: the side of the photo, the number of classes, the graph's shape.

use std::collections::BTreeMap;

use conch_shared::model::{Layout, MAX_SIDE};

use super::config_pbtxt::TensorConfig;

/// The dimensions of one item: without the batch, which `max_batch_size` 0 leaves in `dims`.
fn item(dims: &[i64], max_batch_size: usize, item_len: usize) -> &[i64] {
    match dims {
        [1 | -1, item @ ..] if max_batch_size == 0 && dims.len() > item_len => item,
        all => all,
    }
}

/// Side of the square that the input takes, pixels.
pub(super) fn side(
    input: &TensorConfig,
    max_batch_size: usize,
    layout: Layout,
    parameters: &BTreeMap<String, String>,
) -> Result<u32, String> {
    let (height, width) = match (item(&input.dims, max_batch_size, 3), layout) {
        ([3, height, width], Layout::Nchw) | ([height, width, 3], Layout::Nhwc) => {
            (*height, *width)
        }
        _ => {
            let expected = match layout {
                Layout::Nchw => "[3, side, side]",
                Layout::Nhwc => "[side, side, 3]",
            };
            let found = &input.dims;
            return Err(format!(
                "it takes no image: expected the input's dims to be {expected}, found {found:?}"
            ));
        }
    };
    match (height, width) {
        // Any size will do: the recipe chooses.
        (-1, -1) => parameters
            .get("preprocess.crop")
            .and_then(|crop| crop.trim().parse().ok())
            .ok_or_else(|| {
                "its input takes any size: expected the parameter \"preprocess.crop\" to choose one"
                    .to_owned()
            }),
        (height, width) if height == width && height > 0 => u32::try_from(height)
            .ok()
            .filter(|side| *side <= MAX_SIDE)
            .ok_or_else(|| format!("expected a side of 1 to {MAX_SIDE} pixels, found {height}")),
        _ => Err(format!(
            "expected a square input, found {height} rows of {width} pixels"
        )),
    }
}

/// How many classes the output has: all its values but the batch.
pub(super) fn classes(output: &TensorConfig, max_batch_size: usize) -> Result<usize, String> {
    item(&output.dims, max_batch_size, 1)
        .iter()
        .try_fold(1usize, |product, dim| {
            product.checked_mul(usize::try_from(*dim).ok().filter(|dim| *dim > 0)?)
        })
        .ok_or_else(|| {
            let found = &output.dims;
            format!("expected an output of one value a class, found dims {found:?}")
        })
}

/// What the graph sees: the reshape's dimensions where there is one, the batch in front.
pub(super) fn of_graph(tensor: &TensorConfig, max_batch_size: i32) -> Vec<i64> {
    let dims = match &tensor.reshape {
        Some(reshape) => &reshape.shape,
        None => &tensor.dims,
    };
    let batch = (max_batch_size > 0).then_some(-1);
    batch.into_iter().chain(dims.iter().copied()).collect()
}
