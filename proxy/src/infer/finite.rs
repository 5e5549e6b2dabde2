//! Numbers that are none: NaN and infinity.

use conch_shared::tensor::{DataType, Tensor};

use super::InferError;

/// Refuses an input with NaN or infinity: what comes out of a model then is no answer.
///
/// # Errors
/// When there is one, with the first one's place.
pub(crate) fn check_finite(model: &str, input: &str, tensor: &Tensor) -> Result<(), InferError> {
    match first_not_finite(tensor) {
        None => Ok(()),
        Some((position, found)) => Err(InferError::NotFinite {
            model: model.to_owned(),
            input: input.to_owned(),
            position,
            found,
        }),
    }
}

/// The first float that is NaN or infinite, and where it is; integers have none.
pub(crate) fn first_not_finite(tensor: &Tensor) -> Option<(usize, f64)> {
    let data = tensor.data();
    // The sixteen-bit forms: all ones in the exponent mean infinity, or NaN with a mantissa.
    let halves = |exponent: u16, mantissa: u16| {
        let halves = data.as_chunks::<2>().0;
        let mut bits = halves.iter().map(|bytes| u16::from_le_bytes(*bytes));
        let position = bits.position(|bits| bits & exponent == exponent)?;
        let bits = u16::from_le_bytes(halves[position]);
        let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
        let is_nan = bits & mantissa != 0;
        Some((
            position,
            if is_nan {
                f64::NAN
            } else {
                sign * f64::INFINITY
            },
        ))
    };
    match tensor.datatype() {
        DataType::Fp16 => halves(0x7c00, 0x03ff),
        DataType::Bf16 => halves(0x7f80, 0x007f),
        DataType::Fp32 => {
            let values = data.as_chunks::<4>().0.iter();
            let mut values = values.map(|bytes| f32::from_le_bytes(*bytes)).enumerate();
            let (position, value) = values.find(|(_, value)| !value.is_finite())?;
            Some((position, value.into()))
        }
        DataType::Fp64 => {
            let values = data.as_chunks::<8>().0.iter();
            let mut values = values.map(|bytes| f64::from_le_bytes(*bytes)).enumerate();
            values.find(|(_, value)| !value.is_finite())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use conch_shared::tensor::Shape;

    fn first(datatype: DataType, data: &[u8]) -> Option<(usize, String)> {
        let shape = Shape::new([data.len() / datatype.size()]);
        let tensor = Tensor::new(datatype, shape, data.to_vec()).unwrap();
        first_not_finite(&tensor).map(|(position, value)| (position, value.to_string()))
    }

    #[test]
    fn every_width_knows_its_own_nan_and_infinity() {
        let found = |position, text: &str| Some((position, text.to_owned()));
        let one_and = |bits: u16, one: u16| [one.to_le_bytes(), bits.to_le_bytes()].concat();
        assert_eq!(
            first(DataType::Fp16, &one_and(0x7c00, 0x3c00)),
            found(1, "inf")
        );
        assert_eq!(
            first(DataType::Fp16, &one_and(0xfc00, 0x3c00)),
            found(1, "-inf")
        );
        assert_eq!(
            first(DataType::Fp16, &one_and(0x7e00, 0x7bff)),
            found(1, "NaN")
        );
        assert_eq!(
            first(DataType::Bf16, &one_and(0x7fc0, 0x7c00)),
            found(1, "NaN")
        );
        assert_eq!(
            first(DataType::Fp64, &f64::NAN.to_le_bytes()),
            found(0, "NaN")
        );
        assert_eq!(first(DataType::Fp32, &f32::MAX.to_le_bytes()), None);
        assert_eq!(first(DataType::Int32, &[0xff; 8]), None);
    }
}
