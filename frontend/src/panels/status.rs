//! What the page says of itself: trouble with the server, what answers, what a screen reader says.

use conch_shared::api::{BackendStatus, ModelState, Status};
use leptos::either::Either;
use leptos::prelude::*;

use crate::components::icon::Warning;
use crate::components::renewal_offer::RenewalOffer;
use crate::connection::{self, PAGE_VERSION};
use crate::desk::Desk;
use crate::navigation::Navigation;
use crate::renewal::{self, Renewal};
use crate::state::{Server, Store, title};
use crate::text;
use crate::text::help as say;

/// What the banner says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum News {
    /// No photo can be classified now.
    Trouble(String),
    /// The server has another page than this one.
    OtherPage {
        /// What tells it from others.
        id: String,
        sentence: String,
    },
}

impl News {
    /// What a server that answers has that this page, of this build, is not.
    fn of(status: &Status, build: Option<&str>) -> Option<Self> {
        let Status { version, page, .. } = status;
        if version != PAGE_VERSION {
            return Some(Self::OtherPage {
                id: version.clone(),
                sentence: say::other_version(PAGE_VERSION, version),
            });
        }
        let id = page.as_deref()?;
        (id != build?).then(|| Self::OtherPage {
            id: id.to_owned(),
            sentence: text::app::NEW_PAGE.to_owned(),
        })
    }
}

/// A banner while the server is away or has no model that is ready, or is another one than the page
/// belongs to.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let navigation = expect_context::<Navigation>();
    let is_online = connection::is_online();
    let build = connection::page_build();
    let renewal = RwSignal::new(Renewal::Idle);
    let begin = move || renewal::begin(store, desk, navigation, renewal);
    // The server's page that somebody does not want to hear of any more.
    let dismissed = RwSignal::new(String::new());
    let news = Memo::new(move |_| {
        store.server.with(|server| match server {
            Server::Away if !is_online.get() => Some(News::Trouble(say::OFFLINE.to_owned())),
            Server::Away => Some(News::Trouble(text::AWAY.to_owned())),
            Server::Here(status) if store.catalogue.with(|c| c.chosen.is_none()) => {
                let away = !is_ready(&status.backend) && status.backend.kind == "triton";
                Some(News::Trouble(match away {
                    true => text::TRITON_AWAY.to_owned(),
                    false => reasons(store),
                }))
            }
            Server::Here(status) => News::of(status, build.as_deref()).filter(|news| {
                let is_dismissed =
                    |it: &String| matches!(news, News::OtherPage { id, .. } if id == it);
                !dismissed.with(is_dismissed)
            }),
            Server::Unknown => None,
        })
    });
    let banner = move || {
        news.get().map(|news| match news {
            News::Trouble(trouble) => Either::Left(view! {
                <p class="banner">
                    <Warning />
                    <span>{trouble}</span>
                </p>
            }),
            News::OtherPage { id, sentence } => {
                let dismiss = move || dismissed.set(id.clone());
                Either::Right(view! { <RenewalOffer sentence renewal begin dismiss /> })
            }
        })
    };
    view! {
        <div class="banner-place" role="alert">
            {banner}
        </div>
    }
}

/// Why no model answers, of each.
fn reasons(store: Store) -> String {
    store.catalogue.with(|catalogue| {
        let models = catalogue.models.iter();
        let reasons = models.filter_map(|model| match &model.state {
            ModelState::Unavailable { reason } => Some((title(model), reason.as_str())),
            ModelState::Ready => None,
        });
        text::no_model(reasons)
    })
}

/// Whether anything runs models.
fn is_ready(backend: &BackendStatus) -> bool {
    backend.replicas.iter().any(|replica| replica.ready)
}

/// The footer: what answers, and where the work is done.
#[component]
pub(crate) fn Colophon() -> impl IntoView {
    let store = expect_context::<Store>();
    let engine = Memo::new(move |_| {
        store.server.with(|server| match server {
            Server::Here(status) if is_ready(&status.backend) => {
                Some(text::engine(&status.backend.engine, &status.version))
            }
            Server::Here(status) => Some(say::server(&status.version)),
            Server::Unknown | Server::Away => None,
        })
    });
    view! {
        <footer class="colophon">
            <p>{move || engine.get()} " " {text::CODE}</p>
        </footer>
    }
}

/// What a screen reader says when something is settled.
#[component]
pub(crate) fn Spoken() -> impl IntoView {
    let store = expect_context::<Store>();
    view! {
        <p class="visually-hidden" role="status">
            {move || store.spoken.get()}
        </p>
    }
}
