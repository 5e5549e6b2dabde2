//! Who asks: the other end of the connection, or whom a proxy that is trusted says it asks for.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

/// Where a proxy puts the address of whom it asks for, each behind the last (de facto, from Squid).
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A client, for limits: an address, or, of IPv6, where one household has 2^64 of them, the first half
/// of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl Client {
    /// Of an address.
    pub fn of(address: IpAddr) -> Self {
        /// What one customer is given (RFC 6177, BCP 157), in bits of the address.
        const NETWORK: u32 = 64;
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> NETWORK << NETWORK).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// Whose request it is. A header counts only where the connection comes from a proxy that is trusted;
/// of the addresses in it the last counts that is not such a proxy's own: what stands before it may have
/// been written by anybody.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut last = peer.to_canonical();
    let values = headers.get_all(X_FORWARDED_FOR).iter();
    let names: Vec<&str> = values
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .collect();
    for name in names.iter().rev() {
        if !is_trusted(&last) {
            break;
        }
        // What is no address ends the chain: the proxy that passed it on is all that is known.
        let Some(address) = parse(name.trim()) else {
            break;
        };
        last = address;
    }
    last
}

/// An address, of IPv6 in brackets or without; some proxies write its port, too.
fn parse(text: &str) -> Option<IpAddr> {
    let in_brackets = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address = match in_brackets {
        Some(text) => text.parse().map(IpAddr::V6).ok(),
        None => text.parse().ok(),
    };
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    Some(address.or_else(with_port)?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: &str, headers: &[&str]) -> String {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(X_FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        address(peer.parse().unwrap(), &map, &trusted).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_trusted_proxy() {
        assert_eq!(asked("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(asked("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(asked("::1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(
            asked("::ffff:10.0.0.1", &["[2001:db8::7]:80"]),
            "2001:db8::7"
        );
        assert_eq!(asked("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_that_is_no_proxy_of_ours_counts() {
        for chain in [
            &["1.1.1.1, 198.51.100.7, 10.9.9.9"][..],
            &["1.1.1.1", "198.51.100.7 ,10.9.9.9"],
            &["garbage, 198.51.100.7"],
        ] {
            assert_eq!(asked("10.0.0.1", chain), "198.51.100.7", "{chain:?}");
        }
        // Not a word of what was forged behind nonsense.
        assert_eq!(asked("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
        assert_eq!(
            asked("10.0.0.1", &["198.51.100.7, 10.3.3.3, _hidden, 10.2.2.2"]),
            "10.2.2.2"
        );
        assert_eq!(asked("10.0.0.1", &["10.3.3.3"]), "10.3.3.3");
        assert_eq!(asked("10.0.0.1", &["198.51.100.7, 10.2.2.2]"]), "10.0.0.1");
    }

    #[test]
    fn a_household_is_one_client() {
        let of = |text: &str| Client::of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
