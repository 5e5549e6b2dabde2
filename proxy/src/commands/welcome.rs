//! What `conch serve` says when it is ready.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::lan::{Lan, Trust, qr};

/// Where to open the page: on this machine, and on phones.
pub(super) fn words(plain: Option<SocketAddr>, lan: Option<&Lan>) -> String {
    let mut words = String::new();
    let here = plain.map(|at| format!("http://{}", SocketAddr::new(here(at.ip()), at.port())));
    let first = here.or_else(|| lan?.secure_urls().into_iter().next());
    let first = first.unwrap_or_default();
    write!(words, "Conch is ready: open {first}").ok();
    let Some(lan) = lan else { return words };
    let list = |urls: Vec<String>| urls.join("\n    ");
    if plain.is_some_and(|at| !at.ip().is_loopback()) {
        write!(
            words,
            "\n\nOn a phone of this network:\n    {}",
            list(lan.plain_urls())
        )
        .ok();
    }
    write!(
        words,
        "\nWith HTTPS, which the live camera needs:\n    {}",
        list(lan.secure_urls())
    )
    .ok();
    if let Trust::Own(authority) = lan.trust() {
        let (name, print) = (authority.name(), authority.fingerprint());
        write!(
            words,
            "\nEach phone has to trust \"{name}\" once; the first address says how."
        )
        .ok();
        write!(words, "\nIts SHA-256 is {print}").ok();
    }
    match lan.entrance() {
        Some(url) => {
            let code = qr::text(&url).unwrap_or_default();
            write!(words, "\n\n{}\n{url}\n", on_black(&code)).ok();
        }
        None => {
            words.push_str(
                "\n\nThis machine is on no network now; Conch looks for one every few seconds.",
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
