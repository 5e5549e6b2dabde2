//! The offer to load the page anew, in the banner.

use leptos::prelude::*;

use crate::components::icon::Warning;
use crate::renewal::{self, Renewal};
use crate::text::app as text;
use crate::text::help as say;

/// Why, and the choice. Where the browser cannot keep the photos, that is said before anything is lost.
#[component]
pub(crate) fn RenewalOffer(
    sentence: String,
    renewal: RwSignal<Renewal>,
    begin: impl Fn() + Copy + 'static,
    dismiss: impl Fn() + 'static,
) -> impl IntoView {
    let is_refused = move || renewal.get() == Renewal::Refused;
    let sentence = move || match is_refused() {
        true => text::NOT_KEPT.to_owned(),
        false => sentence.clone(),
    };
    let reload = move |_| match renewal.get_untracked() {
        Renewal::Refused => renewal::reload(),
        Renewal::Idle | Renewal::Keeping => begin(),
    };
    let name = move || match renewal.get() {
        Renewal::Idle => say::RELOAD,
        Renewal::Keeping => text::KEEPING,
        Renewal::Refused => text::RELOAD_WITHOUT,
    };
    let on_dismiss = move |_| {
        renewal.set(Renewal::Idle);
        dismiss();
    };
    view! {
        <div class="banner">
            <Warning />
            <p>{sentence}</p>
            <div class="banner-actions">
                <button type="button" class="button" on:click=reload>
                    {name}
                </button>
                <button type="button" class="button" on:click=on_dismiss>
                    {say::DISMISS}
                </button>
            </div>
        </div>
    }
}
