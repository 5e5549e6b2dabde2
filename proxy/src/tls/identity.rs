//! What a handshake gets now.

use std::fmt;
use std::sync::{Arc, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// A certificate and its key, which another can take the place of while the server runs:
/// connections that are there keep theirs.
pub struct Identity(RwLock<Arc<CertifiedKey>>);

impl Identity {
    /// Shows this one, until [`Identity::replace`].
    pub fn new(first: Arc<CertifiedKey>) -> Self {
        Self(RwLock::new(first))
    }

    /// From now on, this one.
    pub fn replace(&self, next: Arc<CertifiedKey>) {
        *self
            .0
            .write()
            .unwrap_or_else(|poisoned| poisoned.into_inner()) = next;
    }

    /// The one that is shown now.
    pub fn now(&self) -> Arc<CertifiedKey> {
        let now = self
            .0
            .read()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        now.clone()
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity")
    }
}
