//! Who knows a token.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderValue;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// Fewest letters of a token: 16 of base64 are 96 bits.
const SHORTEST: usize = 16;

/// Tokens, of which only digests are kept.
pub struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    /// Reads a file with one a line; empty lines and those that begin with # do not count.
    ///
    /// # Errors
    /// When it cannot be read, holds none, or one that is too short.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).context("it cannot be read")?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut digests = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let token = line.trim();
            if token.is_empty() || token.starts_with('#') {
                continue;
            }
            ensure!(
                token.len() >= SHORTEST,
                "line {number}: a token must have {SHORTEST} letters or more; \
                 `openssl rand -base64 24` makes one"
            );
            digests.push(digest(token));
        }
        ensure!(!digests.is_empty(), "there is no token in it");
        Ok(Self(digests))
    }

    /// Whether the header `Authorization` holds one: as a bearer token (RFC 6750), or as the password of
    /// whatever user name (RFC 7617), which browsers ask for by themselves. Takes as long for a token
    /// that is nearly right as for one that is not.
    pub(super) fn knows(&self, header: Option<&HeaderValue>) -> bool {
        let Some(token) = header.and_then(token) else {
            return false;
        };
        let found = digest(&token);
        let hits = self.0.iter().map(|digest| digest[..].ct_eq(&found[..]));
        hits.fold(Choice::from(0), |any, hit| any | hit).into()
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// What the header holds as a token.
fn token(header: &HeaderValue) -> Option<String> {
    let (scheme, rest) = header.to_str().ok()?.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().to_owned()),
        "basic" => {
            let bytes = BASE64_STANDARD.decode(rest.trim()).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (_user, password) = text.split_once(':')?;
            Some(password.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# the class of 2026\n\n0123456789abcdef\n  correct-horse-battery  \n";

    fn knows(header: &str) -> bool {
        let header = HeaderValue::from_str(header).unwrap();
        Tokens::parse(FILE).unwrap().knows(Some(&header))
    }

    #[test]
    fn a_token_is_known_as_bearer_and_as_password() {
        assert!(knows("Bearer 0123456789abcdef"));
        assert!(knows("bearer correct-horse-battery"));
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        assert!(knows(&basic("anybody:0123456789abcdef")));
        for wrong in [
            "Bearer 0123456789abcde",
            "Bearer 0123456789abcdef0",
            "Bearer # the class of 2026",
            "Bearer",
            "Digest 0123456789abcdef",
            "0123456789abcdef",
            "Basic 0123456789abcdef",
            &basic("0123456789abcdef"),
            &basic("0123456789abcdef:"),
        ] {
            assert!(!knows(wrong), "{wrong}");
        }
        assert!(!Tokens::parse(FILE).unwrap().knows(None));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let said = |text| Tokens::parse(text).err().unwrap().to_string();
        assert!(said("# nothing\n").contains("no token"));
        assert!(said("\nshort\n").contains("line 2"));
    }
}
