//! A certificate that the operator gives, as two PEM files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, ensure};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::provider;

/// The two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The certificate, and the authorities' between it and the root.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// When each of the two was last written; what is not there has no time.
pub type Written = [Option<SystemTime>; 2];

impl Files {
    /// Reads both.
    ///
    /// # Errors
    /// When one cannot be read, holds something else, or the key is not the certificate's.
    pub fn read(&self) -> anyhow::Result<Arc<CertifiedKey>> {
        let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(&self.cert)?)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{}: no PEM certificates", self.cert.display()))?;
        ensure!(
            !chain.is_empty(),
            "{}: no certificate in it",
            self.cert.display()
        );
        let key = PrivateKeyDer::from_pem_slice(&read(&self.key)?)
            .with_context(|| format!("{}: no PEM private key", self.key.display()))?;
        let both = CertifiedKey::from_der(chain, key, &provider()).with_context(|| {
            format!(
                "{} is not the key of {}",
                self.key.display(),
                self.cert.display()
            )
        })?;
        Ok(Arc::new(both))
    }

    /// When they were last written.
    pub fn written(&self) -> Written {
        [&self.cert, &self.key].map(|path| fs::metadata(path).and_then(|it| it.modified()).ok())
    }
}

/// The names that a certificate is for, lower-case, those with a star included (RFC 5280, 4.2.1.6);
/// none where it cannot be read.
pub(crate) fn names(key: &CertifiedKey) -> Vec<String> {
    let leaf = key.cert.first().map(|leaf| leaf.as_ref());
    let parsed = leaf.and_then(|leaf| X509Certificate::from_der(leaf).ok());
    let names = parsed.as_ref().and_then(|(_, leaf)| {
        let extension = leaf.subject_alternative_name().ok().flatten()?;
        let name = |name: &GeneralName<'_>| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        Some(
            extension
                .value
                .general_names
                .iter()
                .filter_map(name)
                .collect(),
        )
    });
    names.unwrap_or_default()
}
