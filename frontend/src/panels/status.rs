//! What the page says of itself: trouble with the server, what answers, what a screen reader says.

use conch_shared::api::{BackendStatus, ModelState};
use leptos::either::Either;
use leptos::prelude::*;

use crate::components::icon::Warning;
use crate::connection::{self, PAGE_VERSION};
use crate::state::{Server, Store, title};
use crate::text;
use crate::text::help as say;

/// What the banner says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum News {
    /// No photo can be classified now.
    Trouble(String),
    /// The server is of this version, and the page is not.
    OtherVersion(String),
}

/// A banner while the server is away or has no model that is ready, or is another one than the page
/// belongs to.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let store = expect_context::<Store>();
    let is_online = connection::is_online();
    // The server's version that somebody does not want to hear of any more.
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
            Server::Here(status) => {
                let version = &status.version;
                let is_news = version != PAGE_VERSION && dismissed.with(|it| it != version);
                is_news.then(|| News::OtherVersion(version.clone()))
            }
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
            News::OtherVersion(version) => {
                let sentence = say::other_version(PAGE_VERSION, &version);
                let dismiss = move |_| dismissed.set(version.clone());
                Either::Right(view! {
                    <div class="banner">
                        <Warning />
                        <p>{sentence}</p>
                        <div class="banner-actions">
                            <button type="button" class="button" on:click=reload>
                                {say::RELOAD}
                            </button>
                            <button type="button" class="button" on:click=dismiss>
                                {say::DISMISS}
                            </button>
                        </div>
                    </div>
                })
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

fn reload(_: leptos::ev::MouseEvent) {
    // Fails for no page that is shown.
    _ = window().location().reload();
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
