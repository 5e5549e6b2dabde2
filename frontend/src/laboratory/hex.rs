//! Bytes in rows: what a row says, which rows are in sight, and where a key leads.

/// Bytes a row: two floats, which fit the narrowest screen.
pub(crate) const ROW: usize = 8;
/// Rows in sight.
pub(crate) const VISIBLE: usize = 12;

/// Rows of so many bytes.
pub(crate) fn rows(bytes: usize) -> usize {
    bytes.div_ceil(ROW)
}

/// Bytes as hexadecimal digits, two each, with spaces between them.
pub(crate) fn digits(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(3 * bytes.len());
    for byte in bytes {
        if !text.is_empty() {
            text.push(' ');
        }
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(half)]));
        }
    }
    text
}

/// An offset that somebody typed: decimal, or hexadecimal after `0x`.
pub(crate) fn offset(text: &str) -> Option<usize> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        // As the page itself writes large numbers.
        None => text.replace(',', "").parse().ok(),
    }
}

/// The first row in sight, once `row` is: no further than it must.
pub(crate) fn showing(row: usize, first: usize) -> usize {
    first.clamp((row + 1).saturating_sub(VISIBLE), row)
}

/// The first row in sight where the scroll bar stands at `scroll` of `way` pixels.
pub(crate) fn first_row(scroll: f64, way: f64, rows: usize) -> usize {
    let last = rows.saturating_sub(VISIBLE);
    match way > 0.0 {
        true => ((scroll / way * last as f64).round() as usize).min(last),
        false => 0,
    }
}

/// The other way round: where the scroll bar stands for a first row.
pub(crate) fn scroll(first: usize, way: f64, rows: usize) -> f64 {
    let last = rows.saturating_sub(VISIBLE).max(1);
    way * first as f64 / last as f64
}

/// Where a key leads from value `index` of `count`, each of `size` bytes; `None` for other keys.
pub(crate) fn step(key: &str, index: usize, size: usize, count: usize) -> Option<usize> {
    let row = (ROW / size).max(1);
    let to = match key {
        "ArrowLeft" => index.saturating_sub(1),
        "ArrowRight" => index + 1,
        "ArrowUp" => index.checked_sub(row).unwrap_or(index),
        "ArrowDown" if index + row < count => index + row,
        "ArrowDown" => index,
        "PageUp" => index.checked_sub(row * VISIBLE).unwrap_or(index % row),
        "PageDown" => index + row * VISIBLE,
        "Home" => 0,
        "End" => count,
        _ => return None,
    };
    Some(to.min(count.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_two_digits() {
        assert_eq!(digits(&[0x1b, 0x4f, 0x06, 0xc0]), "1b 4f 06 c0");
        assert_eq!(digits(&[]), "");
    }

    #[test]
    fn offsets_are_read_in_either_base() {
        assert_eq!(offset(" 0x1F4 "), Some(500));
        assert_eq!(offset("602,108"), Some(602_108));
        assert_eq!(offset("-1"), None);
        assert_eq!(offset("red"), None);
    }

    #[test]
    fn the_view_moves_no_further_than_it_must() {
        assert_eq!(showing(5, 0), 0);
        assert_eq!(showing(12, 0), 1);
        assert_eq!(showing(3, 10), 3);
    }

    #[test]
    fn every_row_can_be_scrolled_to() {
        let rows = rows(602_112);
        assert_eq!(rows, 75_264);
        let way = 24.0 * (rows - VISIBLE) as f64;
        for first in [0, 1, 40_000, rows - VISIBLE] {
            assert_eq!(first_row(scroll(first, way, rows), way, rows), first);
        }
        assert_eq!(first_row(0.0, 0.0, 3), 0);
    }

    #[test]
    fn keys_move_by_value_row_and_page_and_stay_inside() {
        let key = |key, index| step(key, index, 4, 100);
        assert_eq!(key("ArrowRight", 0), Some(1));
        assert_eq!(key("ArrowDown", 1), Some(3));
        assert_eq!(key("ArrowDown", 99), Some(99));
        assert_eq!(key("ArrowUp", 1), Some(1));
        assert_eq!(key("PageDown", 1), Some(25));
        assert_eq!(key("PageUp", 3), Some(1));
        assert_eq!(key("End", 3), Some(99));
        assert_eq!(key("Home", 3), Some(0));
        assert_eq!(key("a", 3), None);
    }
}
