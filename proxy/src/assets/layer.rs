//! Headers of the page's files.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use super::csp;

/// Hex digits of the content's hash in the names that trunk gives: 64 bits without leading zeros.
const HASH_LEN: RangeInclusive<usize> = 12..=16;

/// Sets caching and the content security policy.
#[derive(Clone)]
pub(super) struct Headers {
    index: PathBuf,
    /// The policy of `index.html` as it was at that time: building the page anew changes it.
    policy: Arc<Mutex<Option<(SystemTime, HeaderValue)>>>,
}

impl Headers {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            index: folder.join("index.html"),
            policy: Arc::default(),
        }
    }

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
            && let Some(policy) = self.policy()
        {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn policy(&self) -> Option<HeaderValue> {
        let changed = fs::metadata(&self.index).and_then(|m| m.modified()).ok()?;
        let mut kept = self
            .policy
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        match &*kept {
            Some((at, policy)) if *at == changed => Some(policy.clone()),
            _ => {
                let html = fs::read_to_string(&self.index).ok()?;
                let policy = HeaderValue::from_str(&csp::policy(&html)).ok()?;
                *kept = Some((changed, policy.clone()));
                Some(policy)
            }
        }
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
