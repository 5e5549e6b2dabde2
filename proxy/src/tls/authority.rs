//! The certificate authority of this machine: made on first use, kept in the user's data folder, and
//! never made again while the file is there, since every phone that trusted it would have to trust
//! another one.
//!
//! Key and certificate are one file that only its owner can read, so that no half of them is ever
//! there alone. The authority may sign names below `.local` and addresses, and nothing else
//! (RFC 5280, 4.2.1.10): who steals the key cannot pass for a bank.

use std::fmt;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints, PublicKeyData,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use thiserror::Error;
use time::{Date, Duration, OffsetDateTime};

/// The file's name in the data folder.
const FILE: &str = "authority.pem";
/// Only the owner may read and write.
const OWNER_ONLY: u32 = 0o600;
/// How long an authority is good for; nobody wants to trust one twice.
const LIFETIME: Duration = Duration::days(3650);
/// How far back it begins, for phones whose clock is behind.
const HEAD_START: Duration = Duration::days(366);

/// 2025-01-01, in seconds since 1970: a clock that says an earlier time was never set.
const CLOCK_IS_SET: i64 = 1_735_689_600;

/// What signs this machine's certificates.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    name: String,
    validity: Validity,
}

/// From when to when a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    begin: OffsetDateTime,
    end: OffsetDateTime,
}

impl Validity {
    /// Whether it is good at that time.
    pub fn contains(&self, now: SystemTime) -> bool {
        let now = OffsetDateTime::from(now);
        self.begin <= now && now <= self.end
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {} to {}", self.begin.date(), self.end.date())
    }
}

/// Why there is no authority.
#[derive(Debug, Error)]
pub enum AuthorityError {
    /// The folder or the file cannot be read or written.
    #[error(
        "{path}: {cause}\nThe local certificate authority is kept there; --data-dir names another folder"
    )]
    File {
        /// What cannot be read or written.
        path: PathBuf,
        /// The system's words.
        cause: io::Error,
    },
    /// The file does not hold what it should.
    #[error(
        "{path}: {fault}\nIt should hold the key and the certificate of the local authority. \
         Put a copy back, or delete it: a new authority is made then, and each phone must trust that"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// It is not good yet, or no more, by this machine's clock.
    #[error(
        "{path}: the local certificate authority is good {validity}, and this machine's clock says {now}\n\
         If the clock is wrong, set it and start again. If it is right, delete the file: a new \
         authority is made then, and each phone must trust that"
    )]
    OutOfTime {
        /// The file.
        path: PathBuf,
        /// Its time.
        validity: Validity,
        /// The clock's.
        now: Date,
    },
    /// The machine does not know the time.
    #[error(
        "this machine's clock says {0}: certificates of that time are good for nothing\n\
         Set the clock and start again"
    )]
    Clock(OffsetDateTime),
    /// A certificate cannot be made.
    #[error("cannot make the local certificate authority: {0}")]
    Make(#[from] rcgen::Error),
}

impl Authority {
    /// The one in `folder`, which is made with its authority where they are not there yet.
    ///
    /// # Errors
    /// When the folder cannot be used, and when the file is there and broken, or not of this time.
    pub fn of(folder: &Path, now: SystemTime) -> Result<Self, AuthorityError> {
        let now = OffsetDateTime::from(now);
        if now.unix_timestamp() < CLOCK_IS_SET {
            return Err(AuthorityError::Clock(now));
        }
        let path = folder.join(FILE);
        let at = |path: &Path| {
            let path = path.to_owned();
            move |cause| AuthorityError::File { path, cause }
        };
        if !path.try_exists().map_err(at(&path))? {
            fs::create_dir_all(folder).map_err(at(folder))?;
            keep(&path, &make(now)?).map_err(at(&path))?;
        }
        close(&path).map_err(at(&path))?;
        let text = fs::read(&path).map_err(at(&path))?;
        match read(&text) {
            Ok(it) if it.validity.contains(now.into()) => Ok(it),
            Ok(it) => Err(AuthorityError::OutOfTime {
                path,
                validity: it.validity,
                now: now.date(),
            }),
            Err(fault) => Err(AuthorityError::Broken { path, fault }),
        }
    }

    /// From when to when it is good.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Its certificate, as devices take it in.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// What devices call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the certificate, as devices print it: `AB:CD:…`.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.certificate);
        let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }
}

/// A new authority's key and certificate, as PEM.
fn make(now: OffsetDateTime) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    // Its own name each time: systems take two certificates of one name for the same.
    let digest = Sha256::digest(key.subject_public_key_info());
    let mark: String = digest[..3]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Conch on this network {mark}"));
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Conch");
    params.not_before = now - HEAD_START;
    params.not_after = now + LIFETIME;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let names = ["local", "localhost"].map(|name| GeneralSubtree::DnsName(name.to_owned()));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.to_vec(),
        excluded_subtrees: Vec::new(),
    });
    let certificate = params.self_signed(&key)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

/// Writes the file whole or not at all, and never over another: two programs that start at once end
/// up with the same authority.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension(format!("new-{}", std::process::id()));
    fs::remove_file(&new).or_else(gone_is_fine)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .open(&new)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    // A link, since renaming would replace what another program has just put there.
    let linked = written.and_then(|()| match fs::hard_link(&new, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    fs::remove_file(&new)?;
    linked
}

fn gone_is_fine(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

/// Takes others' right to read the key away, which a copy from elsewhere may have given.
fn close(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), "others could read the authority's key; no longer");
    fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY))
}

/// Reads what [`make`] wrote; else what is wrong with it.
fn read(text: &[u8]) -> Result<Authority, String> {
    let key =
        PrivateKeyDer::from_pem_slice(text).map_err(|error| format!("no private key: {error}"))?;
    let key = KeyPair::try_from(&key).map_err(|error| format!("the private key: {error}"))?;
    let certificate =
        CertificateDer::from_pem_slice(text).map_err(|error| format!("no certificate: {error}"))?;
    let (_, parsed) = x509_parser::parse_x509_certificate(&certificate)
        .map_err(|error| format!("the certificate: {error}"))?;
    if parsed.public_key().raw != key.subject_public_key_info() {
        return Err("the certificate is not of this key".to_owned());
    }
    let validity = Validity {
        begin: parsed.validity().not_before.to_datetime(),
        end: parsed.validity().not_after.to_datetime(),
    };
    let name = parsed.subject().iter_common_name().next();
    let name = name
        .and_then(|name| name.as_str().ok())
        .unwrap_or("Conch")
        .to_owned();
    let issuer = Issuer::from_ca_cert_der(&certificate, key)
        .map_err(|error| format!("the certificate: {error}"))?;
    Ok(Authority {
        certificate,
        issuer,
        name,
        validity,
    })
}

#[cfg(test)]
mod tests;
