//! What an address asks of the page once, beside the place that it names: to take photos in that were
//! kept, or to say what became of one that another app shared. Once read it is gone from the address.

use leptos::prelude::*;
use web_sys::UrlSearchParams;

use crate::choice::called;
use crate::services::keep::{self, Kept};

/// What is asked, by the address's query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// `kept=KEY` or `shared=KEY`: photos are to be taken in that this key takes.
    Take(String),
    /// `share=WORD`: another app shared something, and it is not here.
    Say(NotShared),
}

/// Why nothing came of what another app shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotShared {
    /// There was no photo in it.
    Nothing,
    /// The browser could not keep it for the page.
    Unkept,
    /// It went to the server, which does not read photos: there was no service worker yet.
    Unread,
}

impl NotShared {
    /// All of them, each with its word in the address: `sw.js` and the server write them.
    const ALL: [(Self, &str); 3] = [
        (Self::Nothing, "nothing"),
        (Self::Unkept, "unkept"),
        (Self::Unread, "unread"),
    ];
}

/// What the page brings from there.
#[derive(Clone, Debug)]
pub(crate) enum Brought {
    /// Photos.
    Photos(Kept),
    /// Nothing: what was kept is not there any more.
    Gone,
    /// Nothing, for this reason.
    NotShared(NotShared),
}

/// Photos that were on the page; the service worker waits longer for a page with this.
const KEPT: &str = "kept";
/// Photos of another app.
const SHARED: &str = "shared";
const SHARE: &str = "share";

impl Errand {
    /// What the address asks; it does not ask twice.
    pub(crate) fn from_address() -> Option<Self> {
        let location = window().location();
        let query = UrlSearchParams::new_with_str(&location.search().ok()?).ok()?;
        let [kept, shared, share] = [KEPT, SHARED, SHARE].map(|key| {
            let value = query.get(key);
            query.delete(key);
            value
        });
        let key = kept.or(shared);
        if key.is_none() && share.is_none() {
            return None;
        }
        let address = match String::from(query.to_string()) {
            query if query.is_empty() => "./".to_owned(),
            query => format!("?{query}"),
        };
        // Fails where a page may not; then a reload asks once more, to no harm.
        _ = window().history().and_then(|history| {
            let state = history.state()?;
            history.replace_state_with_url(&state, "", Some(&address))
        });
        Self::read(key, share.as_deref())
    }

    fn read(key: Option<String>, share: Option<&str>) -> Option<Self> {
        match key.filter(|key| !key.is_empty()) {
            Some(key) => Some(Self::Take(key)),
            None => called(&NotShared::ALL, share?).map(Self::Say),
        }
    }

    /// Sees to it.
    pub(crate) async fn run(self) -> Brought {
        match self {
            Self::Take(key) => keep::take(key).await.map_or(Brought::Gone, Brought::Photos),
            Self::Say(why) => Brought::NotShared(why),
        }
    }
}

/// An address that asks a page to take in what a key takes.
pub(crate) fn taking(address: &str, key: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{KEPT}={key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_photos_or_says_why_there_are_none() {
        let read = |key: Option<&str>, share| Errand::read(key.map(str::to_owned), share);
        assert_eq!(read(Some("1-2"), None), Some(Errand::Take("1-2".into())));
        let say = |why| Some(Errand::Say(why));
        assert_eq!(read(None, Some("nothing")), say(NotShared::Nothing));
        assert_eq!(read(Some(""), Some("unread")), say(NotShared::Unread));
        assert_eq!(read(None, Some("nonsense")), None);
    }

    #[test]
    fn the_key_is_added_to_a_place() {
        assert_eq!(taking("./", "7"), "./?kept=7");
        assert_eq!(taking("?photo=3", "7"), "?photo=3&kept=7");
    }
}
