//! What stands between protobuf's text format and its parser: a limit on nesting, a notation that
//! the parser does not know, and places as people count them.

/// Deepest nesting that is read. The parser recurses without a limit of its own, and real configs
/// stay below 8.
const MAX_NESTING: usize = 64;

/// What is wrong, and at which byte of the text.
#[derive(Debug)]
pub(super) struct SyntaxFault {
    pub(super) offset: usize,
    pub(super) reason: String,
}

/// A text that the parser reads.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) text: String,
    /// Bytes of `text` that are not in the original, in order.
    inserted: Vec<usize>,
}

impl Prepared {
    /// Where a byte of the prepared text stands in the original.
    pub(super) fn original(&self, offset: usize) -> usize {
        offset - self.inserted.partition_point(|at| *at < offset)
    }
}

/// Refuses a byte order mark and what is nested too deep, and puts the colon into `input [ … ]`. The language lets a
/// list of messages go without it, Triton's own examples do, and prost-reflect wants it.
pub(super) fn prepare(text: &str) -> Result<Prepared, SyntaxFault> {
    if text.starts_with('\u{feff}') {
        let reason = "expected no byte order mark (U+FEFF), which Triton does not read either; \
             save the file as UTF-8 without it";
        return Err(SyntaxFault {
            offset: 0,
            reason: reason.to_owned(),
        });
    }
    let mut inserted = Vec::new();
    let mut depth = 0usize;
    let mut quote = None;
    let mut comment = false;
    let mut escaped = false;
    // The last byte outside strings, comments and spaces.
    let mut last = b'\n';
    for (offset, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if comment => comment = byte != b'\n',
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'#') => comment = true,
            (None, b'{' | b'[' | b'<') => {
                depth += 1;
                if depth > MAX_NESTING {
                    let reason = format!("expected at most {MAX_NESTING} levels of nesting");
                    return Err(SyntaxFault { offset, reason });
                }
                if byte == b'[' && (last.is_ascii_alphanumeric() || last == b'_') {
                    inserted.push(offset + inserted.len());
                }
            }
            (None, b'}' | b']' | b'>') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        if !comment && !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    let mut prepared = String::with_capacity(text.len() + inserted.len());
    let mut rest = text;
    for at in &inserted {
        let (before, after) = rest.split_at(at - prepared.len());
        prepared.push_str(before);
        prepared.push(':');
        rest = after;
    }
    prepared.push_str(rest);
    Ok(Prepared {
        text: prepared,
        inserted,
    })
}

/// Line and column of a byte, both counted from 1, the column in characters.
pub(super) fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let newline = before.iter().rposition(|byte| *byte == b'\n');
    let line_start = newline.map_or(0, |at| at + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let in_line = String::from_utf8_lossy(&before[line_start..]);
    (line, in_line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_its_colon_gets_one_and_keeps_its_places() {
        let prepared = prepare("input [{}]\n# a [\nname: \"x [\"\noutput[ {} ]").unwrap();
        assert_eq!(
            prepared.text,
            "input :[{}]\n# a [\nname: \"x [\"\noutput:[ {} ]"
        );
        let brace = prepared.text.rfind('{').unwrap();
        assert_eq!(prepared.original(brace), brace - 2);
        assert_eq!(prepared.original(0), 0);
    }

    #[test]
    fn a_list_with_its_colon_stays() {
        assert_eq!(prepare("dims: [ 3 ]").unwrap().text, "dims: [ 3 ]");
    }

    #[test]
    fn brackets_in_strings_and_comments_are_no_nesting() {
        let quoted = format!("name: \"{}\" # {}", "[\\\"".repeat(100), "{".repeat(100));
        assert!(prepare(&quoted).is_ok());
        let fault = prepare(&"a {".repeat(10_000)).unwrap_err();
        assert_eq!(fault.offset, 3 * MAX_NESTING + 2);
        assert_eq!(fault.reason, "expected at most 64 levels of nesting");
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let fault = prepare("\u{feff}name: \"x\"").unwrap_err();
        assert!(fault.reason.contains("byte order mark"), "{}", fault.reason);
    }

    #[test]
    fn a_column_counts_characters() {
        assert_eq!(position("a\n\u{e9}x".as_bytes(), 4), (2, 2));
        assert_eq!(position(b"", 0), (1, 1));
    }
}
