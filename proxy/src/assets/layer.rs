//! Headers of the page's files.

use std::ops::RangeInclusive;

use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use super::Index;

/// Hex digits of the content's hash in the names that trunk gives: 64 bits without leading zeros.
const HASH_LEN: RangeInclusive<usize> = 12..=16;

/// Sets caching and the content security policy.
#[derive(Clone)]
pub(super) struct Headers(pub(super) Index);

impl Headers {
    pub(super) fn set(&self, path: &str, mut response: Response) -> Response {
        let found = response.status().is_success() || response.status().is_redirection();
        let caching = match found && is_hashed(path) {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        // Scripts too: a worker lives under the policy of its own script.
        if kind.is_some_and(|kind| kind.starts_with("text/html") || kind.contains("javascript"))
            && let Some(policy) = self.0.policy()
        {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// Whether a name holds its content's hash: `app-0123456789abcdef.js`, `app-…_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.match_indices('-').any(|(dash, _)| {
        let rest = &name.as_bytes()[dash + 1..];
        let digits = rest
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        HASH_LEN.contains(&digits) && matches!(rest.get(digits), Some(b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_with_a_whole_hash_are_kept_for_ever() {
        assert!(is_hashed("/conch-frontend-0123456789abcdef.js"));
        assert!(is_hashed("/conch-frontend-0123456789abcdef_bg.wasm"));
        assert!(is_hashed("/base-bc2640534dd2410.css"), "no leading zero");
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/chelsea-0123.png"));
        assert!(!is_hashed("/some-0123456789abcdef0.js"));
        assert!(!is_hashed("/dir-0123456789abcdef.d/plain.js"));
    }
}
