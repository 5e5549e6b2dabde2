//! HTTPS: with a certificate that the operator has, or with one of an authority of this machine's own.
//!
//! | module | subject |
//! | --- | --- |
//! | [`authority`] | the machine's own certificate authority, made once and kept |
//! | [`leaf`] | the certificate of this server, by that authority |
//! | [`files`] | a certificate that the operator gives |
//! | [`identity`] | what a handshake gets now, and when it becomes another |

pub mod authority;
pub mod files;
pub mod identity;
pub mod leaf;

pub use authority::Authority;
pub use identity::Identity;

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};

/// The cryptography: `ring`, which builds with a C compiler alone.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// TLS 1.2 and 1.3 with what `identity` shows; HTTP/2 for who speaks it, HTTP/1.1.
///
/// # Errors
/// Never with the provider's own versions of the protocol; rustls leaves that to its caller.
pub fn server_config(identity: Arc<Identity>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(identity);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
