//! `conch serve --lan`: phones of the network find this machine, and can trust it.
//!
//! | module | subject |
//! | --- | --- |
//! | [`addresses`] | where others reach this machine |
//! | `announcement` | its name, by multicast DNS |
//! | [`qr`] | an address as a QR code |
//! | `watch` | what changes while the server runs |

pub mod addresses;
mod announcement;
pub mod qr;
mod watch;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use anyhow::Context;

use crate::config::LanArgs;
use crate::tls::files::{self, Files};
use crate::tls::leaf::{self, Names};
use crate::tls::{Authority, Identity};
use announcement::Announcement;

/// Where `/trust` is.
pub const TRUST_PAGE: &str = "/trust";

/// What HTTPS shows, and who is behind it.
pub enum Trust {
    /// A certificate that the operator gave.
    Given(Files),
    /// One by this machine's own authority, which devices must be told to trust.
    Own(Box<Authority>),
}

/// This server on the network.
pub struct Lan {
    host: String,
    plain: Option<SocketAddr>,
    secure: SocketAddr,
    addresses: RwLock<Vec<IpAddr>>,
    trust: Trust,
    /// The names of a certificate that the operator gave, as it was at the start.
    given: Vec<String>,
    identity: Arc<Identity>,
}

impl Lan {
    /// Finds this machine's addresses and gets the certificate for them.
    ///
    /// # Errors
    /// When the given certificate cannot be used, or the authority's file is broken.
    pub fn new(
        args: &LanArgs,
        plain: Option<SocketAddr>,
        secure: SocketAddr,
    ) -> anyhow::Result<Self> {
        let now = SystemTime::now();
        let host = format!("{}.local", args.lan_name);
        let addresses = addresses::look();
        let (trust, given, first) = match (&args.tls_cert, &args.tls_key) {
            (Some(cert), Some(key)) => {
                let (cert, key) = (cert.clone(), key.clone());
                let files = Files { cert, key };
                let first = files.read()?;
                (Trust::Given(files), files::names(&first), first)
            }
            _ => {
                let authority = Authority::of(&data_folder(args)?, now)?;
                let first = leaf::make(&authority, &names(&host, &addresses), now)?;
                (Trust::Own(Box::new(authority)), Vec::new(), first)
            }
        };
        Ok(Self {
            host,
            plain,
            secure,
            addresses: RwLock::new(addresses),
            trust,
            given,
            identity: Arc::new(Identity::new(first)),
        })
    }

    /// Who is behind the certificate.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The names that browsers reach it by: that on the network, and those of a certificate that the
    /// operator gave, where `*` stands for one part.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.host.clone()];
        names.extend(self.given.iter().cloned());
        names
    }

    /// Where a device is told how to trust this machine's authority, as a path; nowhere where the
    /// operator's own certificate is trusted already.
    pub fn trust_page(&self) -> Option<String> {
        match self.trust {
            Trust::Own(_) => Some(TRUST_PAGE.to_owned()),
            Trust::Given(_) => None,
        }
    }

    /// What handshakes get.
    pub fn identity(&self) -> Arc<Identity> {
        self.identity.clone()
    }

    /// Announces the name for as long as what comes back lives; nothing where it cannot be announced,
    /// which the log tells.
    pub fn announce(&self) -> Option<impl Drop + use<>> {
        let announced = Announcement::start(&self.host, self.secure.port());
        announced
            .inspect_err(|error| tracing::warn!(%error, "{} is not announced", self.host))
            .ok()
    }

    /// Where the page is without HTTPS, the best address first, the name last.
    pub fn plain_urls(&self) -> Vec<String> {
        self.plain.map_or_else(Vec::new, |at| self.urls("http", at))
    }

    /// Where it is with HTTPS.
    pub fn secure_urls(&self) -> Vec<String> {
        self.urls("https", self.secure)
    }

    /// Where a phone begins: where it is told how to trust this machine, or at once with HTTPS where
    /// the certificate is trusted already. Nowhere without a network.
    pub fn entrance(&self) -> Option<String> {
        let urls = match (&self.trust, self.plain) {
            (Trust::Own(_), Some(plain)) => self.address_urls("http", plain),
            _ => self.address_urls("https", self.secure),
        };
        urls.into_iter().next()
    }

    /// The page with HTTPS on the host that somebody has reached it by, if that is one of ours.
    pub fn secure_url(&self, host: Option<&str>) -> String {
        let all = self.secure_urls();
        let asked = host.map(|host| url("https", host, self.secure.port()));
        let ours = asked.filter(|asked| all.contains(asked));
        ours.or_else(|| all.into_iter().next())
            .unwrap_or_else(|| url("https", "localhost", self.secure.port()))
    }

    fn urls(&self, scheme: &str, at: SocketAddr) -> Vec<String> {
        let mut urls = self.address_urls(scheme, at);
        urls.push(url(scheme, &self.host, at.port()));
        urls
    }

    fn address_urls(&self, scheme: &str, at: SocketAddr) -> Vec<String> {
        let all = self
            .addresses
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let reachable = addresses::reachable(&all, at.ip()).into_iter();
        reachable
            .map(|ip| url(scheme, &in_url(ip), at.port()))
            .collect()
    }
}

/// All that the certificate is for: the name, this machine to itself, its addresses.
fn names(host: &str, addresses: &[IpAddr]) -> Names {
    let own = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    Names {
        hosts: vec![host.to_owned(), "localhost".to_owned()],
        addresses: addresses.iter().copied().chain(own).collect(),
    }
}

pub(crate) fn in_url(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

pub(crate) fn url(scheme: &str, host: &str, port: u16) -> String {
    match (scheme, port) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}

/// Where the system keeps what programs keep for a user (XDG Base Directory Specification 0.8).
fn data_folder(args: &LanArgs) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &args.data_dir {
        return Ok(folder.clone());
    }
    let given = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let folder = given.filter(|it| it.is_absolute()).or_else(|| {
        let home = std::env::home_dir()?;
        Some(home.join(".local/share"))
    });
    let folder = folder.context(
        "there is no home folder to keep the certificate authority in; name one with --data-dir",
    )?;
    Ok(folder.join("conch"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The certificate that a handshake gets now, in DER.
    pub(crate) fn leaf_of(lan: &Lan) -> Vec<u8> {
        lan.identity.now().cert[0].to_vec()
    }

    /// One at two addresses, with an authority that is kept nowhere.
    pub(crate) fn lan(plain: &str, secure: &str) -> Lan {
        let folder = tempfile::tempdir().unwrap();
        let args = LanArgs {
            lan: true,
            https_bind: None,
            lan_name: "conch".to_owned(),
            no_mdns: true,
            tls_cert: None,
            tls_key: None,
            data_dir: Some(folder.path().to_owned()),
        };
        let (plain, secure) = (plain.parse().unwrap(), secure.parse().unwrap());
        let lan = Lan::new(&args, Some(plain), secure).unwrap();
        *lan.addresses.write().unwrap() =
            vec!["192.168.1.7".parse().unwrap(), "fd00::5".parse().unwrap()];
        lan
    }

    #[test]
    fn ports_are_named_where_they_are_not_the_schemes_own() {
        let low = lan("[::]:80", "[::]:443");
        assert_eq!(
            low.plain_urls(),
            [
                "http://192.168.1.7",
                "http://[fd00::5]",
                "http://conch.local"
            ]
        );
        let high = lan("0.0.0.0:8080", "0.0.0.0:8443");
        assert_eq!(
            high.secure_urls(),
            ["https://192.168.1.7:8443", "https://conch.local:8443"]
        );
        assert_eq!(high.entrance().as_deref(), Some("http://192.168.1.7:8080"));
    }

    #[test]
    fn who_came_by_one_of_our_names_stays_on_it_and_nobody_is_sent_elsewhere() {
        let lan = lan("0.0.0.0:8080", "0.0.0.0:8443");
        assert_eq!(
            lan.secure_url(Some("conch.local")),
            "https://conch.local:8443"
        );
        assert_eq!(
            lan.secure_url(Some("evil.example")),
            "https://192.168.1.7:8443"
        );
        assert_eq!(lan.secure_url(None), "https://192.168.1.7:8443");
    }

    /// The same without a network.
    pub(crate) fn alone() -> Lan {
        let lan = lan("0.0.0.0:8080", "0.0.0.0:8443");
        lan.addresses.write().unwrap().clear();
        lan
    }

    #[test]
    fn without_a_network_there_is_no_entrance() {
        let lan = alone();
        assert_eq!(lan.entrance(), None);
        assert_eq!(lan.secure_urls(), ["https://conch.local:8443"]);
    }
}
