//! The page's content security policy: no script, style or picture but its own.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// The policy for a page. Inline scripts, trunk's loader for one, are allowed by the hash of
/// their text (CSP Level 3, section 2.3.1); all others must be files of this server.
pub(super) fn policy(html: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| {
            let digest = BASE64_STANDARD.encode(Sha256::digest(script));
            format!(" 'sha256-{digest}'")
        })
        .collect();
    [
        "default-src 'none'",
        &format!("script-src 'self' 'wasm-unsafe-eval'{hashes}"),
        "worker-src 'self'",
        // Somebody may give the page the address of a picture, anywhere, and the browser fetches
        // it, never this server: so the page may read from everywhere that lets it (CORS). What
        // comes back is bytes for the decoder and never runs: scripts are the page's own alone.
        "connect-src 'self' https: http:",
        // Thumbnails are blobs of the photos that were chosen.
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        // Widths of bars are set through the CSSOM, which needs no hole here.
        "style-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// The texts of `<script>` elements without `src`. The page is our own build: HTML's odd corners
/// (scripts in comments, upper-case tags) cost a hash that nobody needs, or a blocked script that
/// the end-to-end tests would see.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        let has_source = attributes.contains(" src=");
        (!has_source && !script.is_empty()).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_alone() {
        let html = r#"<script type="module">alert(1)</script><script src="/a.js"></script>"#;
        let scripts: Vec<&str> = inline_scripts(html).collect();
        assert_eq!(scripts, ["alert(1)"]);
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let hash = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        assert!(policy(html).contains(&format!("script-src 'self' 'wasm-unsafe-eval' {hash};")));
    }
}
