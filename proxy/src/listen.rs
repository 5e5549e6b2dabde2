//! The ports that are taken, before anything else is done: one that cannot be had is known at once.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{anyhow, bail};
use tokio::net::TcpListener;

use crate::config::ServeArgs;

/// Where nobody gave an address: this machine alone.
const HERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Every address; the first also takes IPv4, where the system has both.
const EVERYWHERE: [IpAddr; 2] = [
    IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
];
/// The scheme's own port, which nobody has to type, and the usual one where that takes rights or
/// another program has it.
const HTTP: [u16; 2] = [80, 8080];
const HTTPS: [u16; 2] = [443, 8443];

/// What listens.
pub struct Doors {
    /// For HTTP.
    pub plain: Option<TcpListener>,
    /// For HTTPS.
    pub secure: Option<TcpListener>,
}

impl Doors {
    /// Takes the ports that the options ask for.
    ///
    /// # Errors
    /// When one cannot be had, and when HTTPS is asked for without a certificate.
    pub async fn open(args: &ServeArgs) -> anyhow::Result<Self> {
        let (bind, lan) = (args.listen.bind, &args.lan);
        let https = lan.https_bind;
        if lan.lan {
            let hosts = bind.map_or(EVERYWHERE.to_vec(), |bind| vec![bind.ip()]);
            let plain = match bind {
                Some(bind) => exactly("--bind", bind).await?,
                None => first(&hosts, &HTTP).await?,
            };
            let secure = match https {
                Some(https) => exactly("--https-bind", https).await?,
                None => first(&hosts, &HTTPS).await?,
            };
            return Ok(Self {
                plain: Some(plain),
                secure: Some(secure),
            });
        }
        match (lan.tls_cert.is_some(), https) {
            (true, Some(https)) => Ok(Self {
                plain: Some(exactly("--bind", bind.unwrap_or(HERE)).await?),
                secure: Some(exactly("--https-bind", https).await?),
            }),
            (true, None) => Ok(Self {
                plain: None,
                secure: Some(exactly("--bind", bind.unwrap_or(HERE)).await?),
            }),
            (false, Some(_)) => bail!(
                "--https-bind needs a certificate: give yours with --tls-cert and --tls-key, \
                 or have one made with --lan"
            ),
            (false, None) => Ok(Self {
                plain: Some(exactly("--bind", bind.unwrap_or(HERE)).await?),
                secure: None,
            }),
        }
    }

    /// The addresses that they have got, with HTTP and with HTTPS.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn addresses(&self) -> io::Result<(Option<SocketAddr>, Option<SocketAddr>)> {
        let of =
            |door: &Option<TcpListener>| door.as_ref().map(TcpListener::local_addr).transpose();
        Ok((of(&self.plain)?, of(&self.secure)?))
    }
}

async fn exactly(option: &str, bind: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(bind).await;
    listener.map_err(|error| {
        let (way_out, ip) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                "Another program listens there: end it, or take another port",
                bind.ip(),
            ),
            io::ErrorKind::PermissionDenied => (
                "Ports below 1024 take rights that this program does not have",
                bind.ip(),
            ),
            _ => ("Take another address", Ipv4Addr::LOCALHOST.into()),
        };
        let free = SocketAddr::new(ip, 0);
        anyhow!("cannot listen on {bind}: {error}\n{way_out}; {option} {free} picks a free one")
    })
}

/// The first of `ports` that can be had on the first of `hosts`.
async fn first(hosts: &[IpAddr], ports: &[u16]) -> anyhow::Result<TcpListener> {
    let mut refused = None;
    for &port in ports {
        for &host in hosts {
            match TcpListener::bind((host, port)).await {
                Ok(listener) => {
                    if let Some((at, error)) = refused {
                        tracing::info!("{at} cannot be had ({error}); listening on port {port}");
                    }
                    return Ok(listener);
                }
                Err(error) => refused = Some((SocketAddr::new(host, port), error)),
            }
        }
    }
    match refused {
        Some((at, error)) => bail!(
            "cannot listen on {at}: {error}\n\
             End the program that does, or name another port with --bind and --https-bind"
        ),
        None => bail!("there is no port to listen on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn where_the_first_port_is_taken_the_next_one_does() {
        let taken = TcpListener::bind((ME, 0)).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let listener = first(&[ME], &[port, 0]).await.unwrap();
        assert_ne!(listener.local_addr().unwrap().port(), port);
    }

    #[tokio::test]
    async fn where_all_are_taken_it_is_said_with_the_way_out() {
        let taken = TcpListener::bind((ME, 0)).await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let said = first(&[ME], &[port]).await.unwrap_err().to_string();
        assert!(
            said.starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")),
            "{said}"
        );
        assert!(said.contains("--https-bind"), "{said}");
    }
}
