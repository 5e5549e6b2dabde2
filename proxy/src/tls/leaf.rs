//! This server's certificate by the machine's own authority: for all its names and addresses, made in
//! memory at every start and kept nowhere.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use time::{Duration, OffsetDateTime};

use super::{Authority, provider};

/// Before and after the time of making: a month for phones whose clock is behind; together less than
/// the 398 days that browsers allow.
const HEAD_START: Duration = Duration::days(30);
const LIFETIME: Duration = Duration::days(180);

/// What a certificate is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Host names, each below `.local` or `localhost`.
    pub hosts: Vec<String>,
    /// Addresses, the best one first.
    pub addresses: Vec<IpAddr>,
}

/// How long a certificate that is made at `now` needs no other in its place: half its life, and no
/// longer when the clock is set back.
pub fn fresh(now: SystemTime) -> Range<SystemTime> {
    let back = HEAD_START.unsigned_abs() / 2;
    now.checked_sub(back).unwrap_or(now)..now + LIFETIME.unsigned_abs() / 2
}

/// A certificate with a key of its own.
///
/// # Errors
/// When a name is none that a certificate can hold.
pub fn make(
    authority: &Authority,
    names: &Names,
    now: SystemTime,
) -> Result<Arc<CertifiedKey>, LeafError> {
    let now = OffsetDateTime::from(now);
    let mut params = CertificateParams::new(names.hosts.clone())?;
    let addresses = names.addresses.iter().copied().map(SanType::IpAddress);
    params.subject_alt_names.extend(addresses);
    params.distinguished_name.push(DnType::CommonName, "Conch");
    params.not_before = now - HEAD_START;
    params.not_after = now + LIFETIME;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority.issuer())?;
    let chain = vec![certificate.der().clone(), authority.certificate().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Ok(Arc::new(CertifiedKey::from_der(chain, key, &provider())?))
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// It cannot be made.
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// It cannot be used.
    #[error("cannot use the new certificate: {0}")]
    Use(#[from] rustls::Error),
}
