//! The sheet that brings Conch onto a phone.

pub(crate) const TITLE: &str = "Open on your phone";
pub(crate) const HOW: &str =
    "On the same network, point the phone’s camera at this code, or type the address.";
pub(crate) const NO_NETWORK: &str =
    "The computer that runs Conch is on no network now. This page notices when it is.";

/// What the code is, to who does not see it.
pub(crate) fn code(address: &str) -> String {
    format!("QR code of {address}")
}
