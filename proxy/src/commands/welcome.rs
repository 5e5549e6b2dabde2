//! What `conch serve` says when it is ready.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::lan::{Lan, Trust, in_url, qr, url};

/// Where to open the page: on this machine, and on phones.
pub(super) fn words(plain: Option<SocketAddr>, lan: Option<&Lan>) -> String {
    let mut words = String::new();
    let here = plain.map(|at| url("http", &in_url(here(at.ip())), at.port()));
    let first = here.or_else(|| lan?.secure_urls().into_iter().next());
    let first = first.unwrap_or_default();
    write!(words, "Conch is ready: open {first}").ok();
    let Some(lan) = lan else { return words };
    let list = |urls: Vec<String>| urls.join("\n    ");
    let entrance = lan.entrance();
    let is_reached = entrance.is_some();
    if is_reached && plain.is_some_and(|at| !at.ip().is_loopback()) {
        write!(
            words,
            "\n\nOn a phone of this network:\n    {}",
            list(lan.plain_urls())
        )
        .ok();
    }
    if is_reached {
        write!(
            words,
            "\nWith HTTPS, which the live camera needs:\n    {}",
            list(lan.secure_urls())
        )
        .ok();
    }
    if let Trust::Own(authority) = lan.trust() {
        let (name, print) = (authority.name(), authority.fingerprint());
        write!(
            words,
            "\nEach phone has to trust \"{name}\" once; its address without HTTPS says how."
        )
        .ok();
        write!(words, "\nIts SHA-256 is {print}").ok();
    }
    match entrance {
        Some(url) => {
            let code = qr::text(&url).unwrap_or_default();
            write!(words, "\n\n{}\n{url}\n", on_black(&code)).ok();
        }
        None => {
            words.push_str(
                "\n\nThis machine is on no network now. Conch looks for one every few seconds; \
                 the log says where phones find it then.",
            );
        }
    }
    words
}

/// An address to open on this machine.
fn here(ip: IpAddr) -> IpAddr {
    match ip.is_unspecified() {
        true => Ipv4Addr::LOCALHOST.into(),
        false => ip,
    }
}

/// A code's blocks are its light modules: white on black in every terminal, where there is one.
fn on_black(code: &str) -> String {
    match io::stdout().is_terminal() {
        true => code
            .lines()
            .map(|line| format!("\x1b[97;40m  {line}  \x1b[0m\n"))
            .collect(),
        false => format!("{code}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lan::tests::{alone, lan};

    const PLAIN: &str = "0.0.0.0:8080";

    #[test]
    fn a_phone_is_told_where_to_go_and_whom_to_trust() {
        let lan = lan(PLAIN, "0.0.0.0:8443");
        let said = words(PLAIN.parse().ok(), Some(&lan));
        assert!(
            said.starts_with("Conch is ready: open http://127.0.0.1:8080\n"),
            "{said}"
        );
        assert!(said.contains("https://192.168.1.7:8443"), "{said}");
        let low = words("[::]:80".parse().ok(), None);
        assert_eq!(low, "Conch is ready: open http://127.0.0.1");
        assert!(said.ends_with("http://192.168.1.7:8080\n"), "{said}");
        assert!(said.contains("Its SHA-256 is "), "{said}");
    }

    #[test]
    fn without_a_network_this_machine_is_served_all_the_same_and_the_rest_is_said() {
        let said = words(PLAIN.parse().ok(), Some(&alone()));
        assert!(
            said.starts_with("Conch is ready: open http://127.0.0.1:8080\n"),
            "{said}"
        );
        assert!(
            said.ends_with("the log says where phones find it then."),
            "{said}"
        );
        assert!(
            !said.contains("conch.local"),
            "nobody finds it there now: {said}"
        );
    }
}
