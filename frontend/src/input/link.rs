//! Links to pictures, typed, pasted or dropped. The browser fetches them when their turn comes.

use super::{Content, ImageSource};

/// The links of a text that holds nothing else, one a line; lines that begin with `#` are comments
/// (`text/uri-list`, RFC 2483, section 5).
pub(crate) fn links(text: &str) -> Vec<ImageSource> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    // All, or none: a text that mentions a link is a text.
    let links: Option<Vec<_>> = lines.map(link).collect();
    links.unwrap_or_default()
}

/// A link as people type it: the scheme may be missing.
pub(crate) fn typed(text: &str) -> Option<ImageSource> {
    let text = text.trim();
    link(text).or_else(|| {
        let host = text.split(['/', '?', '#']).next()?;
        let is_host = host.contains('.') && !host.contains([':', '@']);
        link(&format!("https://{text}")).filter(|_| is_host)
    })
}

/// An `http` or `https` address.
fn link(address: &str) -> Option<ImageSource> {
    let (scheme, rest) = address.split_once("://")?;
    let is_web = ["http", "https"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s));
    let has_host = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    let is_whole = !address.contains(char::is_whitespace);
    (is_web && has_host && is_whole).then(|| ImageSource {
        name: name(rest),
        content: Content::Link(address.to_owned()),
    })
}

/// The path's last part, or the host where there is none.
fn name(rest: &str) -> String {
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').find(|part| !part.is_empty());
    decoded(last.unwrap_or(rest))
}

/// Percent-encoding undone (RFC 3986, section 2.1); as it is where that gives no text.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match hex {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        links(text).into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn a_text_of_links_alone_gives_them_in_order() {
        let text =
            "# from a page\r\nhttps://a.example/x/cat.jpg?w=2#top\r\n\r\nHTTP://[::1]:8/d.png";
        assert_eq!(names(text), ["cat.jpg", "d.png"]);
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "",
            "hello",
            "see https://a.example/cat.jpg",
            "https://a.example/cat.jpg\nhello",
            "https:// a.example",
            "ftp://a.example/cat.jpg",
            "javascript://alert(1)",
            "https://",
            "https:///cat.jpg",
        ] {
            assert!(names(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_link_is_called_by_its_files_name() {
        assert_eq!(
            names("https://a.example/sch%C3%B6n%20da.jpg"),
            ["schön da.jpg"]
        );
        assert_eq!(names("https://a.example/100%.jpg"), ["100%.jpg"]);
        assert_eq!(names("https://a.example/%ff"), ["%ff"]);
        assert_eq!(names("https://a.example/?id=3"), ["a.example"]);
    }

    #[test]
    fn the_scheme_need_not_be_typed() {
        let address = |text| match typed(text).map(|source| source.content) {
            Some(Content::Link(address)) => Some(address),
            _ => None,
        };
        assert_eq!(
            address(" a.example/cat.jpg ").as_deref(),
            Some("https://a.example/cat.jpg")
        );
        assert_eq!(
            address("http://localhost/x").as_deref(),
            Some("http://localhost/x")
        );
        assert_eq!(address("cat"), None);
        assert_eq!(address("mailto:somebody@a.example"), None);
        assert_eq!(address("a cat.jpg"), None);
    }
}
