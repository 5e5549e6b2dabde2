//! The first and the last numbers of a tensor behind a JSON header, each with its bytes, where they
//! stand, and which element it is.

use conch_shared::tensor::DataType;

use super::hex::digits;

/// A number of the tensor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its first byte's place in the body.
    pub(crate) at: usize,
    /// Its bytes in hex, the lowest first, as they come.
    pub(crate) hex: String,
    /// The number that they are.
    pub(crate) value: f32,
    /// Its place in the tensor, a number a dimension.
    pub(crate) element: Vec<usize>,
}

/// The first `head` and the last `tail` numbers, FP32 or UINT8, of a body whose tensor begins at byte
/// `from`, and how many lie between. `shape` is row-major, as on the wire.
pub(crate) fn rows(
    body: &[u8],
    from: usize,
    (datatype, shape): (DataType, &[usize]),
    head: usize,
    tail: usize,
) -> (Vec<Row>, usize, Vec<Row>) {
    let size = datatype.size();
    let numbers = body.get(from..).unwrap_or_default().chunks_exact(size);
    let row = |(index, bytes): (usize, &[u8])| Row {
        at: from + size * index,
        hex: digits(bytes),
        value: match *bytes {
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            _ => bytes.first().copied().map_or(0.0, f32::from),
        },
        element: element(index, shape),
    };
    let all = numbers.len();
    let head = head.min(all);
    let tail = tail.min(all - head);
    let between = all - head - tail;
    let numbered = || numbers.clone().enumerate();
    let first = numbered().take(head).map(row).collect();
    let last = numbered().skip(head + between).map(row).collect();
    (first, between, last)
}

/// The place of the element with this number: the last dimension runs fastest.
fn element(index: usize, shape: &[usize]) -> Vec<usize> {
    let mut rest = index;
    let mut place: Vec<usize> = Vec::with_capacity(shape.len());
    for size in shape.iter().rev() {
        let size = (*size).max(1);
        place.push(rest % size);
        rest /= size;
    }
    place.reverse();
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(numbers: &[f32]) -> Vec<u8> {
        let bytes = numbers.iter().flat_map(|n| n.to_le_bytes());
        [b'{', b'}'].into_iter().chain(bytes).collect()
    }

    #[test]
    fn a_number_has_its_bytes_its_place_and_its_element() {
        let body = body(&[0.0, 1.0, -2.5, 3.0, 4.0, 5.0]);
        let (first, between, last) = rows(&body, 2, (DataType::Fp32, &[1, 2, 3]), 3, 1);
        assert_eq!((first.len(), between, last.len()), (3, 2, 1));
        let expected = Row {
            at: 10,
            hex: "00 00 20 c0".into(),
            value: -2.5,
            element: vec![0, 0, 2],
        };
        assert_eq!(first[2], expected);
        assert_eq!((last[0].at, last[0].value), (22, 5.0));
        assert_eq!(last[0].element, [0, 1, 2]);
    }

    #[test]
    fn bytes_are_numbers_of_one_byte() {
        let (first, between, last) = rows(b"{}\x07\xff\x00", 2, (DataType::Uint8, &[1, 3]), 2, 1);
        assert_eq!((between, last.len()), (0, 1));
        let expected = Row {
            at: 3,
            hex: "ff".into(),
            value: 255.0,
            element: vec![0, 1],
        };
        assert_eq!(first[1], expected);
    }

    #[test]
    fn a_short_tensor_is_shown_once() {
        let (first, between, last) = rows(&body(&[7.0]), 2, (DataType::Fp32, &[1]), 8, 4);
        assert_eq!((first.len(), between, last.len()), (1, 0, 0));
        let none = rows(b"{}", 5, (DataType::Fp32, &[1]), 8, 4);
        assert_eq!((none.0.len(), none.1), (0, 0));
    }
}
