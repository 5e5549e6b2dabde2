use std::net::SocketAddr;
use std::path::PathBuf;

/// Serving phones and other machines of the network, with HTTPS.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Network and HTTPS")]
pub struct LanArgs {
    /// Serve the network: HTTPS by a certificate authority of this machine's own, and HTTP, which
    /// explains how to trust it; listens on every address unless --bind names one
    #[arg(long, env = "CONCH_LAN")]
    pub lan: bool,

    /// Address and port for HTTPS [default: port 443, or 8443 where that cannot be had; on the host
    /// of --bind]
    #[arg(long, env = "CONCH_HTTPS_BIND", value_name = "ADDR")]
    pub https_bind: Option<SocketAddr>,

    /// The server's name on the network: NAME.local
    #[arg(long, env = "CONCH_LAN_NAME", value_name = "NAME", default_value = "conch", value_parser = host_label)]
    pub lan_name: String,

    /// Do not announce the name by mDNS
    #[arg(long, env = "CONCH_NO_MDNS")]
    pub no_mdns: bool,

    /// Your own certificate, PEM, with those between it and the root; read again when it changes
    #[arg(
        long,
        env = "CONCH_TLS_CERT",
        value_name = "PATH",
        requires = "tls_key"
    )]
    pub tls_cert: Option<PathBuf>,

    /// Its private key, PEM
    #[arg(
        long,
        env = "CONCH_TLS_KEY",
        value_name = "PATH",
        requires = "tls_cert"
    )]
    pub tls_key: Option<PathBuf>,

    /// Folder of what is kept: the certificate authority [default: ~/.local/share/conch]
    #[arg(long, env = "CONCH_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// A host name's first part (RFC 1123, 2.1).
fn host_label(text: &str) -> Result<String, String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '-';
    match !text.is_empty()
        && text.len() <= 63
        && text.chars().all(is_plain)
        && !text.starts_with('-')
        && !text.ends_with('-')
    {
        true => Ok(text.to_ascii_lowercase()),
        false => {
            Err("expected letters, digits and hyphens, as in conch-2; .local is added".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::host_label;

    #[test]
    fn a_name_is_one_that_a_host_can_have() {
        assert_eq!(host_label("Conch-2").as_deref(), Ok("conch-2"));
        for wrong in ["", "-a", "a-", "a.local", "schnecke ü", &"a".repeat(64)] {
            assert!(host_label(wrong).is_err(), "{wrong}");
        }
    }
}
