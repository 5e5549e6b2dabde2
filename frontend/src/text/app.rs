//! The page as an app: installed, offline, renewed, photos from other apps.

use crate::errand::NotShared;
use crate::services::app::Install;

pub(crate) const TITLE: &str = "As an app";
pub(crate) const INSTALL: &str = "Install Conch";

pub(crate) const NEW_PAGE: &str = "The server has a newer build of this page. Reload the page to have it; the photos on the page come along.";
pub(crate) const KEEPING: &str = "Keeping the photos …";
pub(crate) const NOT_KEPT: &str = "This browser cannot keep the photos while the page reloads: it has no room for them, or keeps nothing for this page. Reloaded now, the page is empty, and they are to be added again.";
pub(crate) const RELOAD_WITHOUT: &str = "Reload without the photos";
pub(crate) const GONE: &str = "The photos that were to be here are gone: they are kept for ten minutes at most. Add them again.";

/// How to install the page; `None` where there is nothing to say.
pub(crate) fn install(way: Install) -> Option<&'static str> {
    match way {
        Install::Offered => Some(
            "Conch can stay on this device like an app. Then it opens without the server, too, and other apps can share photos with it. It keeps its own files for that, and no photo.",
        ),
        Install::ByHand => Some(
            "Conch can stay on this device like an app: tap Share, then Add to Home Screen. Then it opens without the server, too. It keeps its own files for that, and no photo.",
        ),
        Install::Absent => None,
    }
}

/// Why nothing came of what another app shared.
pub(crate) fn not_shared(why: NotShared) -> &'static str {
    match why {
        NotShared::Nothing => "Another app shared something with Conch, but no photo was in it.",
        NotShared::Unkept => {
            "The shared photo did not get here: this browser has no room for it, or keeps nothing for this page. Add it here instead."
        }
        NotShared::Unread => {
            "The shared photo did not get here: this browser was not ready to take it yet, and the server does not read photos. Share it once more, or add it here."
        }
    }
}
