//! The page loaded anew, because the server has another one: the photos on it come along.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::desk::Desk;
use crate::errand;
use crate::navigation::{Navigation, href};
use crate::services::api;
use crate::services::keep::{self, Kept};
use crate::state::{Server, Store};

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// Nobody has asked for it.
    #[default]
    Idle,
    /// The browser stores the photos.
    Keeping,
    /// The browser would not: somebody has to decide.
    Refused,
}

/// Loads the page anew, with its photos. Where the browser cannot keep them, nothing happens but that
/// `renewal` says so.
pub(crate) fn begin(store: Store, desk: Desk, navigation: Navigation, renewal: RwSignal<Renewal>) {
    if renewal.get_untracked() == Renewal::Keeping {
        return;
    }
    renewal.set(Renewal::Keeping);
    spawn_local(async move {
        // A server that went meanwhile would give no page.
        if api::status().await.is_err() {
            renewal.set(Renewal::Idle);
            return store.server.set(Server::Away);
        }
        let place = navigation.here();
        let photos = store.photos.get_untracked();
        let kept = Kept {
            photos: desk.to_keep(),
            open: photos
                .iter()
                .position(|photo| Some(&*photo.key) == place.photo.as_deref()),
        };
        if kept.photos.is_empty() {
            return reload();
        }
        match keep::keep(&kept).await {
            Ok(key) => {
                let address = errand::taking(&href(&place), &key);
                // Fails for no address of our own.
                _ = window().location().replace(&address);
            }
            Err(_) => renewal.set(Renewal::Refused),
        }
    });
}

/// Loads the page anew, without what is on it.
pub(crate) fn reload() {
    // Fails for no page that is shown.
    _ = window().location().reload();
}
