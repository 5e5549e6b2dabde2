//! A piece of code to take along.

use std::time::Duration;

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::text::wire as text;

/// How long a button says that something was copied.
const NEWS: Duration = Duration::from_secs(2);

/// Code, and a button that copies it where the browser lets a page do so.
#[component]
pub(crate) fn Snippet(title: &'static str, code: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let content = code.clone();
    let copy = move |_| {
        let content = content.clone();
        spawn_local(async move {
            let written = window().navigator().clipboard().write_text(&content);
            if JsFuture::from(written).await.is_ok() {
                _ = copied.try_set(true);
                set_timeout(move || _ = copied.try_set(false), NEWS);
            }
        });
    };
    let says = move || match copied.get() {
        true => text::COPIED,
        false => text::COPY,
    };
    let button = can_copy().then(|| {
        view! {
            <button type="button" class="button snippet-copy" on:click=copy>
                <span aria-live="polite">{says}</span>
                <span class="visually-hidden">{format!(": {title}")}</span>
            </button>
        }
    });
    view! {
        <figure class="snippet">
            <figcaption class="snippet-head">
                <span class="snippet-title">{title}</span>
                {button}
            </figcaption>
            <pre class="snippet-code" tabindex="0" role="region" aria-label=title>
                <code>{code}</code>
            </pre>
        </figure>
    }
}

/// Browsers have no clipboard for pages that came over plain HTTP from elsewhere.
fn can_copy() -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into());
    clipboard.is_ok_and(|clipboard| !clipboard.is_undefined())
}
