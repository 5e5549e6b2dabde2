//! By which names this server may be reached. A page of somebody else's name that suddenly resolves to
//! this machine's address (DNS rebinding) has the browser's permission to read every answer; its
//! requests still carry that name.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Uri};

use crate::error::ApiError;
use crate::lan::Lan;

/// What a proxy was asked for (de facto).
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The names.
#[derive(Debug)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Those that somebody gave, and those that this machine has on its network.
    pub fn new(given: &[String], lan: Option<&Arc<Lan>>) -> Self {
        let own = lan.map(|lan| lan.names()).unwrap_or_default();
        Self(given.iter().cloned().chain(own).collect())
    }

    /// # Errors
    /// 421 for a name that is not this server's, 400 for none.
    pub(super) fn check(&self, authority: Option<&str>) -> Result<(), ApiError> {
        let parsed = authority.map(str::parse::<Authority>);
        let Some(Ok(authority)) = parsed else {
            return Err(ApiError::no_host(authority));
        };
        // A name with the root's dot is the same name.
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        // Rebinding takes a name: an address cannot be made to mean another machine.
        let is_address = host.parse::<Ipv4Addr>().is_ok()
            || host
                .strip_prefix('[')
                .and_then(|host| host.strip_suffix(']'))
                .is_some_and(|host| host.parse::<Ipv6Addr>().is_ok());
        let is_here = host == "localhost" || host.ends_with(".localhost");
        match is_address || is_here || self.0.iter().any(|name| covers(name, &host)) {
            true => Ok(()),
            false => Err(ApiError::misdirected(&host)),
        }
    }
}

/// Whether a name is that host's; a star stands for one part (RFC 6125, 6.4.3).
fn covers(name: &str, host: &str) -> bool {
    let part = name
        .strip_prefix('*')
        .and_then(|rest| host.strip_suffix(rest));
    name == host || part.is_some_and(|part| !part.is_empty() && !part.contains('.'))
}

/// Host and port that a request is for: of HTTP/2 in its address, of HTTP/1.1 in its header; the one that
/// a proxy was asked for, where it is trusted.
pub(crate) fn authority<'a>(
    uri: &'a Uri,
    headers: &'a HeaderMap,
    is_trusted: bool,
) -> Option<&'a str> {
    let header = |name| {
        let value = headers.get::<HeaderName>(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let forwarded = is_trusted.then(|| header(X_FORWARDED_HOST)).flatten();
    let last = forwarded.and_then(|hosts| hosts.rsplit(',').next());
    let own = uri.authority().map(Authority::as_str);
    last.map(str::trim).or(own).or_else(|| header(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(host: &str) -> u16 {
        let hosts = Hosts(
            ["lab.example.org", "conch.local", "*.class.example"]
                .map(str::to_owned)
                .to_vec(),
        );
        match hosts.check(Some(host)) {
            Ok(()) => 200,
            Err(error) => error.problem.status,
        }
    }

    #[test]
    fn a_name_is_ours_or_an_address_or_refused() {
        for ours in [
            "localhost:8080",
            "LOCALHOST",
            "conch.localhost",
            "127.0.0.1:8080",
            "192.0.2.7",
            "[::1]:8080",
            "[2001:db8::1]",
            "lab.example.org",
            "Lab.Example.Org.:443",
            "conch.local",
            "room-7.class.example",
        ] {
            assert_eq!(status(ours), 200, "{ours}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "xlab.example.org",
            "class.example",
            ".class.example",
            "a.b.class.example",
            "evilclass.example",
            "2130706433",
            "0x7f.1",
        ] {
            assert_eq!(status(foreign), 421, "{foreign}");
        }
        for none in ["", "a b", "[::1", "a:b:c"] {
            assert_eq!(status(none), 400, "{none}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_what_it_was_asked_for() {
        let uri = Uri::from_static("/");
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "127.0.0.1:8080".parse().unwrap());
        headers.insert(
            X_FORWARDED_HOST,
            "evil.example, lab.example.org".parse().unwrap(),
        );
        assert_eq!(authority(&uri, &headers, false), Some("127.0.0.1:8080"));
        assert_eq!(authority(&uri, &headers, true), Some("lab.example.org"));
        let http2 = Uri::from_static("https://conch.local/");
        assert_eq!(
            authority(&http2, &HeaderMap::new(), false),
            Some("conch.local")
        );
    }
}
