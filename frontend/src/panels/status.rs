//! What the page says of itself: trouble with the server, what answers, what a screen reader says.

use conch_shared::api::ModelState;
use leptos::prelude::*;

use crate::components::icon::Warning;
use crate::state::{Server, Store, title};
use crate::text;

/// A banner while the server is away or has no model that is ready.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let store = expect_context::<Store>();
    let message = Memo::new(move |_| {
        let reasons = || {
            store.catalogue.with(|catalogue| {
                let models = catalogue.models.iter();
                let reasons = models.filter_map(|model| match &model.state {
                    ModelState::Unavailable { reason } => Some((title(model), reason.as_str())),
                    ModelState::Ready => None,
                });
                text::no_model(reasons)
            })
        };
        store.server.with(|server| match server {
            Server::Away => Some(text::AWAY.to_owned()),
            Server::Here(status) if store.catalogue.with(|c| c.chosen.is_none()) => {
                let backend = &status.backend;
                let away = !backend.replicas.iter().any(|replica| replica.ready);
                Some(match away && backend.kind == "triton" {
                    true => text::TRITON_AWAY.to_owned(),
                    false => reasons(),
                })
            }
            Server::Here(_) | Server::Unknown => None,
        })
    });
    view! {
        <div class="banner-place" role="alert">
            {move || {
                message
                    .get()
                    .map(|message| {
                        view! {
                            <p class="banner">
                                <Warning />
                                <span>{message}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// The footer: what answers, and where the work is done.
#[component]
pub(crate) fn Colophon() -> impl IntoView {
    let store = expect_context::<Store>();
    let engine = Memo::new(move |_| {
        store.server.with(|server| match server {
            Server::Here(status) => Some(text::engine(&status.backend.engine, &status.version)),
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
