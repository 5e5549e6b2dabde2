//! A configuration profile (Apple Platform Deployment, "CertificateRoot"): an iPhone takes a
//! certificate best in one.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::tls::Authority;

/// The profile that holds the authority's certificate.
pub(super) fn of(authority: &Authority) -> String {
    let print = authority.fingerprint().replace(':', "");
    // Of one authority always the same, so that installing it twice leaves one.
    let uuid = |at: usize| {
        let it = &print[at..at + 32];
        format!(
            "{}-{}-{}-{}-{}",
            &it[..8],
            &it[8..12],
            &it[12..16],
            &it[16..20],
            &it[20..]
        )
    };
    let values = [
        (
            "{{certificate}}",
            BASE64_STANDARD.encode(authority.certificate()),
        ),
        ("{{name}}", authority.name().to_owned()),
        ("{{profile}}", uuid(0)),
        ("{{payload}}", uuid(32)),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    super::fill(include_str!("profile.xml"), &values)
}
