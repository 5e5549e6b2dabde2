//! Every model of the server, and which one answers.

use leptos::prelude::*;

use crate::components::sheet::SheetDialog;
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::state::{Store, title};
use crate::text;

/// The button in the masthead: the model that answers, and the way to the others.
#[component]
pub(crate) fn ModelButton() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Models)));
    let chosen = move || {
        store.catalogue.with(|catalogue| {
            let chosen = catalogue.chosen.as_ref()?;
            let model = catalogue.models.iter().find(|m| m.name == *chosen)?;
            Some(title(model).to_owned())
        })
    };
    view! {
        <button type="button" class="button" on:click=open>
            {move || chosen().unwrap_or_else(|| text::MODEL.to_owned())}
        </button>
    }
}

/// The models sheet.
#[component]
pub(crate) fn Models() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let on_close = Callback::new(move |()| navigation.close_sheet());
    view! {
        <SheetDialog title=text::MODEL on_close>
            ""
        </SheetDialog>
    }
}
