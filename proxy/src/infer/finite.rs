//! Numbers that are none: NaN and infinity.

use std::ops::BitOr;

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
    // A number that is none has an exponent of ones alone: without its sign, one more in the exponent
    // carries into the sign's bit, which no other number's does.
    match tensor.datatype() {
        DataType::Fp16 => {
            let carry = |bits: u16| ((bits & 0x7fff) + 0x0400) & 0x8000;
            let (at, bits) = first(data, u16::from_le_bytes, carry)?;
            Some((at, of_half(bits, 0x03ff)))
        }
        DataType::Bf16 => {
            let carry = |bits: u16| ((bits & 0x7fff) + 0x0080) & 0x8000;
            let (at, bits) = first(data, u16::from_le_bytes, carry)?;
            Some((at, of_half(bits, 0x007f)))
        }
        DataType::Fp32 => {
            let carry = |bits: u32| ((bits & (!0 >> 1)) + (1 << 23)) & (1 << 31);
            let (at, bits) = first(data, u32::from_le_bytes, carry)?;
            Some((at, f32::from_bits(bits).into()))
        }
        DataType::Fp64 => {
            let carry = |bits: u64| ((bits & (!0 >> 1)) + (1 << 52)) & (1 << 63);
            let (at, bits) = first(data, u64::from_le_bytes, carry)?;
            Some((at, f64::from_bits(bits)))
        }
        _ => None,
    }
}

/// Bytes that are looked at without a way out in their middle, so that the compiler looks at many
/// values at once.
const BLOCK: usize = 4096;

/// The first value of which `odd` gives any bit, and where it is.
fn first<T: Copy + Default + PartialEq + BitOr<Output = T>, const N: usize>(
    data: &[u8],
    bits: impl Fn([u8; N]) -> T,
    odd: impl Fn(T) -> T,
) -> Option<(usize, T)> {
    let none = T::default();
    let (values, _) = data.as_chunks::<N>();
    let of_any = |block: &[[u8; N]]| {
        let odd = block.iter().map(|value| odd(bits(*value)));
        odd.fold(none, BitOr::bitor)
    };
    let mut blocks = values.chunks(BLOCK / N);
    let from = blocks.position(|block| of_any(block) != none)? * (BLOCK / N);
    let mut rest = values[from..].iter().map(|value| bits(*value)).enumerate();
    let (at, value) = rest.find(|(_, value)| odd(*value) != none)?;
    Some((from + at, value))
}

/// A sixteen-bit float whose exponent is ones alone.
fn of_half(bits: u16, mantissa: u16) -> f64 {
    match (bits & mantissa, bits >> 15) {
        (0, 0) => f64::INFINITY,
        (0, _) => f64::NEG_INFINITY,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use conch_shared::tensor::Shape;

    fn found(datatype: DataType, data: &[u8]) -> Option<(usize, String)> {
        let shape = Shape::new([data.len() / datatype.size()]);
        let tensor = Tensor::new(datatype, shape, data.to_vec()).unwrap();
        first_not_finite(&tensor).map(|(position, value)| (position, value.to_string()))
    }

    #[test]
    fn every_width_knows_its_own_nan_and_infinity() {
        let at = |position, text: &str| Some((position, text.to_owned()));
        let one_and = |bits: u16, one: u16| [one.to_le_bytes(), bits.to_le_bytes()].concat();
        assert_eq!(
            found(DataType::Fp16, &one_and(0x7c00, 0x3c00)),
            at(1, "inf")
        );
        assert_eq!(
            found(DataType::Fp16, &one_and(0xfc00, 0x3c00)),
            at(1, "-inf")
        );
        assert_eq!(
            found(DataType::Fp16, &one_and(0x7e00, 0x7bff)),
            at(1, "NaN")
        );
        assert_eq!(
            found(DataType::Bf16, &one_and(0x7fc0, 0x7c00)),
            at(1, "NaN")
        );
        assert_eq!(found(DataType::Fp64, &f64::NAN.to_le_bytes()), at(0, "NaN"));
        assert_eq!(found(DataType::Fp32, &f32::MAX.to_le_bytes()), None);
        assert_eq!(found(DataType::Fp64, &f64::MIN.to_le_bytes()), None);
        assert_eq!(found(DataType::Int32, &[0xff; 8]), None);
    }

    #[test]
    fn the_first_one_is_found_wherever_it_is() {
        for at in [0, 1, 1023, 1024, 2047, 2048, 2499] {
            let mut values = [1.0_f32; 2500];
            values[at] = f32::NEG_INFINITY;
            values[2499] = f32::NAN;
            let data: Vec<u8> = values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            let word = if at == 2499 { "NaN" } else { "-inf" };
            assert_eq!(found(DataType::Fp32, &data), Some((at, word.to_owned())));
        }
    }
}
