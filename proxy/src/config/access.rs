use std::net::IpAddr;
use std::path::PathBuf;

use http::uri::Authority;
use ipnet::IpNet;

/// Who may do what.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Access")]
pub struct AccessArgs {
    /// Name that browsers may reach this server by, as in lab.example.org; repeat for more, in the
    /// variable between commas; addresses, localhost and the name on the network are taken anyway
    #[arg(
        long,
        env = "CONCH_HOST",
        value_name = "NAME",
        value_delimiter = ',',
        value_parser = host
    )]
    pub host: Vec<String>,

    /// Address or network of a proxy before this server, whose X-Forwarded-For and X-Forwarded-Host
    /// are believed, as in 10.0.0.0/8; repeat for more, in the variable between commas
    #[arg(
        long,
        env = "CONCH_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ',',
        value_parser = network
    )]
    pub trusted_proxy: Vec<IpNet>,

    /// File of tokens, one a line; the API then takes one of them, as a bearer token or as the
    /// password that a browser asks for
    #[arg(long, env = "CONCH_TOKEN_FILE", value_name = "PATH")]
    pub token_file: Option<PathBuf>,

    /// With --token-file: reading is open to all, only running a model takes a token
    #[arg(long, env = "CONCH_PUBLIC_READ", requires = "token_file")]
    pub public_read: bool,
}

/// A host without a port, lower-case.
fn host(text: &str) -> Result<String, String> {
    let authority: Option<Authority> = text.parse().ok();
    match authority {
        Some(authority) if authority.host() == text => Ok(text.to_ascii_lowercase()),
        _ => {
            Err("expected a name alone, as in lab.example.org, without scheme and port".to_owned())
        }
    }
}

/// A network, or an address, which is a network of one.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse().map(|address: IpAddr| IpNet::from(address));
    text.parse()
        .or_else(|_not_a_network: ipnet::AddrParseError| address())
        .map_err(|_invalid| {
            "expected an address or a network, as in 10.0.0.7 or 10.0.0.0/8".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_alone() {
        assert_eq!(host("Lab.example.org").as_deref(), Ok("lab.example.org"));
        assert_eq!(host("[2001:db8::1]").as_deref(), Ok("[2001:db8::1]"));
        for wrong in ["", "lab:8080", "http://lab", "me@lab", "lab/"] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        assert_eq!(network("10.0.0.7").unwrap().to_string(), "10.0.0.7/32");
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
        for wrong in ["", "10.0.0", "10.0.0.0/33", "lab"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}
