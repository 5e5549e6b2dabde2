//! Help: what is what, the keys, the settings.

use leptos::prelude::*;

use crate::components::sheet::SheetDialog;
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::text;

/// The button that opens it.
#[component]
pub(crate) fn HelpButton() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Help)));
    view! {
        <button type="button" class="icon-button" aria-label=text::HELP on:click=open>
            "?"
        </button>
    }
}

/// The help sheet.
#[component]
pub(crate) fn Help() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let on_close = Callback::new(move |()| navigation.close_sheet());
    view! {
        <SheetDialog title=text::HELP on_close>
            ""
        </SheetDialog>
    }
}
