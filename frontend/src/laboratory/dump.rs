//! The first and the last numbers of an FP32 tensor behind a JSON header, each with its bytes, where
//! they stand, and which element it is.

/// A number of the tensor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its first byte's place in the body.
    pub(crate) at: usize,
    /// Its four bytes in hex, the lowest first, as they come.
    pub(crate) hex: String,
    /// The number that they are.
    pub(crate) value: f32,
    /// Its place in the tensor, a number a dimension.
    pub(crate) element: Vec<usize>,
}

/// The first `head` and the last `tail` numbers of a body whose tensor begins at byte `from`, and how
/// many lie between. `shape` is row-major, as on the wire.
pub(crate) fn rows(
    body: &[u8],
    from: usize,
    shape: &[usize],
    head: usize,
    tail: usize,
) -> (Vec<Row>, usize, Vec<Row>) {
    let (numbers, _) = body.get(from..).unwrap_or_default().as_chunks::<4>();
    let row = |(index, bytes): (usize, &[u8; 4])| Row {
        at: from + 4 * index,
        hex: hex(bytes),
        value: f32::from_le_bytes(*bytes),
        element: element(index, shape),
    };
    let all = numbers.len();
    let head = head.min(all);
    let tail = tail.min(all - head);
    let between = all - head - tail;
    let numbered = || numbers.iter().enumerate();
    let first = numbered().take(head).map(row).collect();
    let last = numbered().skip(head + between).map(row).collect();
    (first, between, last)
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().join(" ")
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
        let (first, between, last) = rows(&body, 2, &[1, 2, 3], 3, 1);
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
    fn a_short_tensor_is_shown_once() {
        let (first, between, last) = rows(&body(&[7.0]), 2, &[1], 8, 4);
        assert_eq!((first.len(), between, last.len()), (1, 0, 0));
        let none = rows(b"{}", 5, &[1], 8, 4);
        assert_eq!((none.0.len(), none.1), (0, 0));
    }
}
