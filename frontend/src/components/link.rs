//! A link to a place on the page: an address that can be copied, a click that loads nothing.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::navigation::{Navigation, href};
use crate::place::Place;

/// A link to a place that may change; `aria-current` where `is_current`: a page, or what `current`
/// says. With `replace`, Back leads past the place where the link is.
#[component]
pub(crate) fn Link(
    #[prop(into)] to: Signal<Place>,
    #[prop(optional, into)] class: String,
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional, into)] is_current: Signal<bool>,
    #[prop(default = "page")] current: &'static str,
    #[prop(optional)] replace: bool,
    children: Children,
) -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let follow = move |event: MouseEvent| {
        // With a modifier, or another button, the browser opens it elsewhere.
        let plain = event.button() == 0
            && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if plain {
            event.prevent_default();
            match replace {
                true => navigation.replace(to.get_untracked()),
                false => navigation.go(to.get_untracked()),
            }
        }
    };
    view! {
        <a
            class=class
            href=move || href(&to.get())
            aria-label=label
            aria-current=move || is_current.get().then_some(current)
            on:click=follow
        >
            {children()}
        </a>
    }
}
