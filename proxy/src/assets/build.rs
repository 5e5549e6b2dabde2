//! What tells one build of the page from another: a hash of all that it is made of, which
//! `scripts/name-assets.sh` writes into it.

/// What stands before it in the page.
const BEFORE: &str = r#"<meta name="conch-build" content=""#;
/// Longest that is believed to be one.
const MAX_LEN: usize = 64;

/// The build of a page.
pub(super) fn of(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once(BEFORE)?;
    let (build, _) = rest.split_once('"')?;
    let is_hash = build.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && (1..=MAX_LEN).contains(&build.len())).then_some(build)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_page_says_its_build_or_nothing() {
        let page = |build: &str| format!(r#"<meta name="conch-build" content="{build}">"#);
        assert_eq!(of(&page("0123abcd")), Some("0123abcd"));
        // As it is before the build has written it.
        assert_eq!(of(&page("build-id")), None);
        assert_eq!(of(&page("")), None);
        assert_eq!(of(&page(&"0".repeat(65))), None);
        assert_eq!(of("<!doctype html>"), None);
    }
}
