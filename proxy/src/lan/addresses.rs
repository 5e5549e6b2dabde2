//! This machine's addresses, as others of the network see them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use if_addrs::Interface;

/// Interfaces that only programs of this machine are on.
const OF_THIS_MACHINE: [&str; 6] = ["br-", "docker", "podman", "vboxnet", "veth", "virbr"];

/// All of them, the one that others reach most likely first; none without a network.
pub fn look() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot list this machine's addresses");
        Vec::new()
    });
    order(
        interfaces
            .iter()
            .filter(|it| is_outward(it))
            .map(Interface::ip),
        on_the_way_out(),
    )
}

fn is_outward(interface: &Interface) -> bool {
    !interface.is_loopback()
        && !interface.is_link_local()
        && interface.is_oper_up()
        && !OF_THIS_MACHINE
            .iter()
            .any(|prefix| interface.name.starts_with(prefix))
}

/// The preferred one first, then IPv4, which can be typed, then the others.
fn order(all: impl Iterator<Item = IpAddr>, preferred: Option<IpAddr>) -> Vec<IpAddr> {
    let mut all: Vec<IpAddr> = all.collect();
    all.sort_by_key(|it| (Some(*it) != preferred, it.is_ipv6(), *it));
    all.dedup();
    all
}

/// The address that the system would send from to a place outside. Nothing is sent: a UDP socket
/// that is connected has only been given its route. 192.0.2.0/24 is for documentation (RFC 5737).
fn on_the_way_out() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Which of `all` a listener on `ip` can be reached at.
pub fn reachable(all: &[IpAddr], ip: IpAddr) -> Vec<IpAddr> {
    match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => all.iter().copied().filter(IpAddr::is_ipv4).collect(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => all.to_vec(),
        one => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_comes_first_then_what_can_be_typed() {
        let parse = |text: &str| text.parse::<IpAddr>().unwrap();
        let all = ["fd00::5", "192.168.1.7", "10.0.0.2", "192.168.1.7"].map(parse);
        let first = Some(parse("192.168.1.7"));
        assert_eq!(
            order(all.into_iter(), first),
            ["192.168.1.7", "10.0.0.2", "fd00::5"].map(parse)
        );
        assert_eq!(order(all.into_iter(), None)[0], parse("10.0.0.2"));
    }

    #[test]
    fn a_listener_on_one_address_is_reached_there_alone() {
        let all = ["192.168.1.7", "fd00::5"].map(|text| text.parse::<IpAddr>().unwrap());
        assert_eq!(
            reachable(&all, Ipv4Addr::LOCALHOST.into()),
            [IpAddr::from(Ipv4Addr::LOCALHOST)]
        );
        assert_eq!(reachable(&all, Ipv4Addr::UNSPECIFIED.into()), all[..1]);
        assert_eq!(reachable(&all, Ipv6Addr::UNSPECIFIED.into()), all);
    }
}
