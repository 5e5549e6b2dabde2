//! Lines of an HTTP message in coloured tokens.

use super::code::{Kind, Line};

/// A request's first line, without the version, which a page cannot know.
pub(crate) fn request_line(method: &str, path: &str) -> Line {
    let mut line = Line::default();
    line.push(Kind::Word, method);
    line.push(Kind::Plain, " ");
    line.push(Kind::Text, path);
    line
}

/// An answer's first line, without the version.
pub(crate) fn status_line(status: u16) -> Line {
    let mut line = Line::default();
    line.push(Kind::Number, &status.to_string());
    if status == 200 {
        line.push(Kind::Word, " OK");
    }
    line
}

/// A header.
pub(crate) fn header(name: &str, value: &str) -> Line {
    let mut line = Line::default();
    line.push(Kind::Name, name);
    line.push(Kind::Mark, ": ");
    line.push(Kind::Text, value);
    line
}
