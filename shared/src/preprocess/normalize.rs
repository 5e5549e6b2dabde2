//! Bytes to the floats that the model was trained on.

use std::array;

use crate::model::{Layout, Recipe};
use crate::tensor::{DataType, Tensor, TensorError};

/// Maps each byte `x` of channel `c` to `(x / 255 - mean[c]) / std[c]`, in f32 throughout, as numpy
/// does with float32 arrays.
///
/// Takes UINT8 of any number of photos in the recipe's layout and gives FP32 of the same shape.
/// The page and the server both call this, so both make the same floats.
///
/// # Errors
/// When the tensor is not UINT8.
pub fn normalize(tensor: &Tensor, recipe: &Recipe) -> Result<Tensor, TensorError> {
    if tensor.datatype() != DataType::Uint8 {
        return Err(TensorError::WrongDataType {
            expected: DataType::Uint8,
            actual: tensor.datatype(),
        });
    }
    let tables = tables(recipe);
    let bytes = tensor.data();
    let floats = match recipe.layout {
        Layout::Nchw => {
            let mut values = Vec::with_capacity(bytes.len());
            let planes = bytes.chunks((recipe.crop * recipe.crop) as usize);
            for (plane, table) in planes.zip(tables.iter().cycle()) {
                values.extend(plane.iter().map(|byte| table[usize::from(*byte)]));
            }
            values
        }
        Layout::Nhwc => {
            let (pixels, _) = bytes.as_chunks::<3>();
            let mut values = Vec::with_capacity(pixels.len());
            values.extend(pixels.iter().map(|pixel| {
                array::from_fn(|channel| tables[channel][usize::from(pixel[channel])])
            }));
            <Vec<[[u8; 4]; 3]>>::into_flattened(values)
        }
    };
    Tensor::new(
        DataType::Fp32,
        tensor.shape().clone(),
        floats.into_flattened(),
    )
}

/// The little-endian float of each of the 256 bytes, one table a channel.
fn tables(recipe: &Recipe) -> [[[u8; 4]; 256]; 3] {
    array::from_fn(|channel| {
        let (mean, std) = (recipe.mean[channel], recipe.std[channel]);
        array::from_fn(|byte| ((byte as f32 / 255.0 - mean) / std).to_le_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;
    use std::collections::BTreeMap;

    fn recipe(layout: Layout) -> Recipe {
        let resize = ("preprocess.resize".to_owned(), "1".to_owned());
        Recipe::from_parameters(&BTreeMap::from([resize]), 1, layout).unwrap()
    }

    #[test]
    fn each_channel_has_its_own_mean_and_std_in_either_layout() {
        for layout in [Layout::Nchw, Layout::Nhwc] {
            let recipe = recipe(layout);
            let shape = recipe.batch_shape(2);
            let bytes = Tensor::new(DataType::Uint8, shape, vec![0, 128, 255, 255, 0, 0]).unwrap();
            let values = normalize(&bytes, &recipe).unwrap().to_f32().unwrap();
            let expected = |byte: f32, c: usize| (byte / 255.0 - recipe.mean[c]) / recipe.std[c];
            assert_eq!(
                values[..3],
                [expected(0.0, 0), expected(128.0, 1), expected(255.0, 2)]
            );
            assert_eq!(values[3], expected(255.0, 0));
        }
    }

    #[test]
    fn only_bytes_are_normalised() {
        let floats = Tensor::from_f32(Shape::new([1]), &[0.5]).unwrap();
        let error = normalize(&floats, &recipe(Layout::Nchw)).unwrap_err();
        assert_eq!(error.to_string(), "expected UINT8, got FP32");
    }
}
