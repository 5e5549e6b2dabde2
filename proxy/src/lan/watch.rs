//! What changes while the server runs: addresses, the certificate's age, the operator's files.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use super::{Lan, Trust, addresses, names};
use crate::tls::files::Written;
use crate::tls::leaf;

/// How often to look.
const EVERY: Duration = Duration::from_secs(5);

/// What was there at the last look.
struct Seen {
    addresses: Vec<IpAddr>,
    fresh: Range<SystemTime>,
    written: Option<Written>,
}

impl Lan {
    /// Looks for changes until the server ends: a phone that moves to another network finds this
    /// machine at its new address, with a certificate for it.
    pub async fn watch(self: Arc<Self>) {
        let mut seen = Seen {
            addresses: self.addresses(),
            fresh: leaf::fresh(SystemTime::now()),
            written: self.written(),
        };
        loop {
            tokio::time::sleep(EVERY).await;
            let lan = self.clone();
            // Files and interfaces are looked at off the threads that answer.
            let looked = tokio::task::spawn_blocking(move || {
                lan.look(&mut seen);
                seen
            });
            match looked.await {
                Ok(next) => seen = next,
                Err(error) => return tracing::error!(%error, "addresses are no longer watched"),
            }
        }
    }

    fn look(&self, seen: &mut Seen) {
        let now = SystemTime::now();
        let addresses = addresses::look();
        let moved = addresses != seen.addresses;
        if moved {
            tracing::info!(?addresses, "this machine's addresses have changed");
            *self
                .addresses
                .write()
                .unwrap_or_else(PoisonError::into_inner) = addresses.clone();
            seen.addresses = addresses;
        }
        match &self.trust {
            Trust::Own(authority) if moved || !seen.fresh.contains(&now) => {
                let names = names(&self.host, &seen.addresses);
                match leaf::make(authority, &names, now) {
                    Ok(next) => {
                        self.identity.replace(next);
                        seen.fresh = leaf::fresh(now);
                    }
                    Err(error) => tracing::error!(%error, "the old certificate stays"),
                }
            }
            Trust::Own(_) => {}
            Trust::Given(files) => {
                let written = files.written();
                if seen.written == Some(written) {
                    return;
                }
                seen.written = Some(written);
                match files.read() {
                    Ok(next) => {
                        self.identity.replace(next);
                        tracing::info!(cert = %files.cert.display(), "took the new certificate");
                    }
                    Err(error) => {
                        tracing::error!(error = format!("{error:#}"), "the old certificate stays");
                    }
                }
            }
        }
    }

    fn addresses(&self) -> Vec<IpAddr> {
        self.addresses
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn written(&self) -> Option<Written> {
        match &self.trust {
            Trust::Given(files) => Some(files.written()),
            Trust::Own(_) => None,
        }
    }
}
