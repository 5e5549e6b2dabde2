//! `X-Forwarded-For`, as anybody may write it: who is not trusted says nothing of whom he asks for, and a
//! trusted proxy names the last address that is not one of its own kind, or is itself taken.
#![no_main]

use std::net::IpAddr;

use conch_proxy::clients::{Client, address};
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

const NAME: HeaderName = HeaderName::from_static("x-forwarded-for");

fuzz_target!(|bytes: &[u8]| {
    let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"]
        .map(|network| network.parse().expect("a network"))
        .to_vec();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(NAME, value);
        }
    }
    for peer in ["192.0.2.1", "2001:db8::1"] {
        let peer: IpAddr = peer.parse().expect("an address");
        assert_eq!(address(peer, &headers, &trusted), peer, "a stranger is believed");
        assert_eq!(address(peer, &headers, &[]), peer);
    }
    let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
    let found = address(proxy, &headers, &trusted);
    // The plain rule: from the right, the first that is no proxy of ours; nonsense ends the chain.
    let values = headers.get_all(NAME).iter();
    let texts = values.flat_map(|value| match value.to_str() {
        Ok(text) => text.split(',').map(str::trim).collect(),
        Err(_) => vec!["?"],
    });
    let texts: Vec<&str> = texts.collect();
    let stands_there = texts.iter().any(|text| text.contains(':') || text.parse() == Ok(found));
    assert!(found == proxy || stands_there, "an address out of nowhere: {found}");
    if let Some(last) = texts.last().and_then(|text| text.parse::<IpAddr>().ok())
        && !is_trusted(&last.to_canonical())
    {
        assert_eq!(found, last.to_canonical(), "not the last");
    }
    assert_eq!(Client::of(found), Client::of(found.to_canonical()));
});
