//! The keys that work anywhere on the page.

use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::desk::Desk;
use crate::navigation::Navigation;
use crate::settings::Theme;
use crate::shortcut::{Action, Press, action, takes_text};
use crate::state::Store;
use crate::text::help as say;

/// Listens for them.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let desk = expect_context::<Desk>();
    let listener = window_event_listener(keydown, move |event| {
        if event.default_prevented() || event.repeat() || is_dialog_open() {
            return;
        }
        let key = event.key();
        let press = Press {
            key: &key,
            control: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
            in_text: is_in_text(&event),
        };
        let single_keys = store.settings.with_untracked(|it| it.single_keys);
        if let Some(action) = action(press, single_keys)
            && act(action, store, desk, navigation)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Does it; false where there is nothing to do.
fn act(action: Action, store: Store, desk: Desk, navigation: Navigation) -> bool {
    let here = navigation.here();
    match action {
        Action::Sheet(sheet) => navigation.go(here.with_sheet(Some(sheet))),
        Action::Gallery => navigation.go(here.gallery()),
        Action::Panel(_) if here.photo.is_none() => return false,
        Action::Panel(panel) => navigation.go(here.with_panel(panel)),
        Action::Add => add(navigation),
        Action::Theme => {
            let theme = Theme::toggled(is_dark());
            store.settings.update(|settings| settings.theme = theme);
            store.spoken.set(say::theme_is(theme));
        }
        Action::Undo if !untrack(|| desk.can_undo()) => return false,
        Action::Undo => desk.undo(),
    }
    true
}

/// Opens the file chooser, which is in the gallery.
fn add(navigation: Navigation) {
    let here = navigation.here();
    let wait = here.photo.is_some();
    navigation.go(here.gallery());
    let open = || {
        let input = document().query_selector("input[type=file]").ok().flatten();
        if let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    };
    match wait {
        true => request_animation_frame(open),
        false => open(),
    }
}

/// Whether the page is dark now, by its own choice or the system's.
fn is_dark() -> bool {
    let root = document().document_element();
    match root
        .and_then(|it| it.get_attribute("data-theme"))
        .as_deref()
    {
        Some("light") => false,
        Some("dark") => true,
        _ => {
            let query = window().match_media("(prefers-color-scheme: dark)");
            query.ok().flatten().is_some_and(|query| query.matches())
        }
    }
}

fn is_dialog_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .is_ok_and(|it| it.is_some())
}

fn is_in_text(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|it| {
        let kind = it
            .dyn_ref::<HtmlInputElement>()
            .map(HtmlInputElement::type_);
        takes_text(
            &it.tag_name(),
            &kind.unwrap_or_default(),
            it.is_content_editable(),
        )
    })
}
