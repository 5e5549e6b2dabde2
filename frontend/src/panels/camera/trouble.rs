//! What is in the camera's way, what to do about it, and the way around it.

use leptos::prelude::*;

use crate::camera::browser;
use crate::camera::trouble::Trouble;
use crate::components::icon::Warning;
use crate::desk::Desk;
use crate::input::file;
use crate::navigation::Navigation;
use crate::state::{Server, Store};
use crate::text;
use crate::text::camera as say;

/// A trouble, in place of the picture.
#[component]
pub(super) fn TroubleNote(trouble: Trouble, on_retry: Callback<()>) -> impl IntoView {
    let navigator = window().navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    let (browser, system) = browser::of_agent(&agent, navigator.max_touch_points() > 0);
    let steps = say::steps(trouble, browser, system);
    let server = expect_context::<Store>().server;
    // The place that one wanted comes along, and is there again over HTTPS.
    let search = window().location().search().unwrap_or_default();
    let trust = Memo::new(move |_| {
        let page = |server: &Server| match server {
            Server::Here(status) if trouble == Trouble::NotEncrypted => status.trust.clone(),
            _ => None,
        };
        server.with(page).map(|page| format!("{page}{search}"))
    });
    let way = move || {
        trust.get().map(|href| {
            view! {
                <a class="button is-primary" href=href>
                    {say::TRUST}
                </a>
            }
        })
    };
    let encrypts = move || {
        trust
            .with(Option::is_some)
            .then(|| view! { <p>{say::ENCRYPTS}</p> })
    };
    let retry = trouble.can_retry().then(|| {
        view! {
            <button type="button" class="button is-primary" on:click=move |_| on_retry.run(())>
                {text::RETRY}
            </button>
        }
    });
    view! {
        <div class="camera-trouble" data-trouble=trouble.name()>
            <div role="alert">
                <h3>
                    <Warning />
                    {say::title(trouble)}
                </h3>
                <p>{say::why(trouble)}</p>
                {steps.map(|steps| view! { <p>{steps}</p> })} {encrypts}
            </div>
            <div class="camera-ways">{way} {retry} <SystemCamera /></div>
        </div>
    }
}

/// The system's own camera, which needs no permission: a file chooser that takes a photo.
#[component]
fn SystemCamera() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let navigation = expect_context::<Navigation>();
    let take = move |event| {
        let photos = file::chosen(&event);
        if !photos.is_empty() {
            desk.add(photos);
            navigation.close_sheet();
        }
    };
    view! {
        <label class="button file-button">
            <input
                class="visually-hidden"
                type="file"
                accept="image/*"
                capture="environment"
                on:change=take
            />
            <span>{say::SYSTEM_CAMERA}</span>
        </label>
    }
}
