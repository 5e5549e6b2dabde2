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
    /// Whether the authority is good by this machine's clock.
    is_good: bool,
}

impl Lan {
    /// Looks for changes until the server ends: a phone that moves to another network finds this
    /// machine at its new address, with a certificate for it.
    pub async fn watch(self: Arc<Self>) {
        let mut seen = self.seen(SystemTime::now());
        loop {
            tokio::time::sleep(EVERY).await;
            let lan = self.clone();
            // Files and interfaces are looked at off the threads that answer.
            let looked = tokio::task::spawn_blocking(move || {
                lan.look(&mut seen, addresses::look(), SystemTime::now());
                seen
            });
            match looked.await {
                Ok(next) => seen = next,
                Err(error) => return tracing::error!(%error, "addresses are no longer watched"),
            }
        }
    }

    fn seen(&self, now: SystemTime) -> Seen {
        Seen {
            addresses: self.addresses(),
            fresh: leaf::fresh(now),
            written: self.written(),
            is_good: true,
        }
    }

    fn look(&self, seen: &mut Seen, addresses: Vec<IpAddr>, now: SystemTime) {
        let moved = addresses != seen.addresses;
        if moved {
            *self
                .addresses
                .write()
                .unwrap_or_else(PoisonError::into_inner) = addresses.clone();
            tracing::info!(?addresses, "this machine's addresses have changed");
            match self.entrance() {
                Some(url) => tracing::info!("phones begin at {url}"),
                None => tracing::warn!("this machine is on no network now"),
            }
            seen.addresses = addresses;
        }
        if let Trust::Own(authority) = &self.trust {
            let is_good = authority.validity().contains(now);
            if std::mem::replace(&mut seen.is_good, is_good) && !is_good {
                let validity = authority.validity();
                tracing::error!(
                    "the local certificate authority is good {validity}: set this machine's clock, or \
                     no device can trust it"
                );
            }
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

#[cfg(test)]
mod tests {
    use super::super::tests::{lan, leaf_of};
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn at_another_address_phones_begin_there_with_a_certificate_for_it() {
        let lan = lan("0.0.0.0:8080", "0.0.0.0:8443");
        let now = SystemTime::now();
        let mut seen = lan.seen(now);
        let before = leaf_of(&lan);
        let address: IpAddr = "10.1.2.3".parse().unwrap();
        lan.look(&mut seen, vec![address], now);
        assert_eq!(lan.entrance().as_deref(), Some("http://10.1.2.3:8080"));
        let after = leaf_of(&lan);
        assert_ne!(before, after);
        assert!(after.windows(4).any(|octets| octets == [10, 1, 2, 3]));
        lan.look(&mut seen, vec![address], now);
        assert_eq!(leaf_of(&lan), after, "none is made while nothing changes");
        lan.look(&mut seen, Vec::new(), now);
        assert_eq!(lan.entrance(), None, "no network at all");
    }

    #[test]
    fn a_clock_that_is_set_brings_another_certificate_and_half_its_life_too() {
        let lan = lan("0.0.0.0:8080", "0.0.0.0:8443");
        let now = SystemTime::now();
        let mut seen = lan.seen(now);
        let addresses = lan.addresses();
        let mut last = leaf_of(&lan);
        for (clock, is_new) in [
            (now + 80 * DAY, false),
            (now + 91 * DAY, true),
            (now, true),
            (now + DAY, false),
            (SystemTime::UNIX_EPOCH, true),
            (now, true),
            // Past the authority's end: said in the log, and nothing falls over.
            (now + 4000 * DAY, true),
        ] {
            lan.look(&mut seen, addresses.clone(), clock);
            let leaf = leaf_of(&lan);
            assert_eq!(leaf != last, is_new, "{clock:?}");
            last = leaf;
        }
        assert!(!seen.is_good);
    }
}
