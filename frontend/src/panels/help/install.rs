//! Conch as an app on this device, where the browser has a way.

use leptos::prelude::*;

use crate::services::app::{self, Install};
use crate::text::app as text;

/// How to install the page; nothing where it is installed, or cannot be.
#[component]
pub(crate) fn AsApp() -> impl IntoView {
    let way = app::install_way();
    let part = move || {
        let way = way.get();
        let sentence = text::install(way)?;
        let button = (way == Install::Offered).then(|| {
            view! {
                <button type="button" class="button" on:click=|_| app::install()>
                    {text::INSTALL}
                </button>
            }
        });
        Some(view! {
            <section class="help-part">
                <h3>{text::TITLE}</h3>
                <p>{sentence}</p>
                {button}
            </section>
        })
    };
    view! { {part} }
}
