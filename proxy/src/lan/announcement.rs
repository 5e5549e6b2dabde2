//! The server's name, announced by multicast DNS (RFC 6762): phones find `conch.local` without a
//! name server.

use mdns_sd::{ServiceDaemon, ServiceInfo};

/// The name is announced as long as this lives.
pub(super) struct Announcement(ServiceDaemon);

impl Announcement {
    /// Announces `host` (`conch.local`) for all of this machine's addresses, as they come and go, and
    /// the page below it as a service.
    ///
    /// # Errors
    /// When the multicast port cannot be had.
    pub(super) fn start(host: &str, https_port: u16) -> Result<Self, mdns_sd::Error> {
        let daemon = ServiceDaemon::new()?;
        let service = ServiceInfo::new(
            "_https._tcp.local.",
            "Conch",
            &format!("{host}."),
            "",
            https_port,
            &[("path", "/")][..],
        )?;
        daemon.register(service.enable_addr_auto())?;
        Ok(Self(daemon))
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Tells the network that the name is gone; nobody waits for it.
        self.0.shutdown().ok();
    }
}
