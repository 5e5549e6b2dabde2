//! Which model answers, where there is a choice.

use conch_shared::api::ModelState;
use leptos::prelude::*;

use crate::state::{Store, title};
use crate::text;

/// The model chooser; nothing where there is one model, or none.
#[component]
pub(crate) fn Models() -> impl IntoView {
    let store = expect_context::<Store>();
    let catalogue = store.catalogue;
    let choose = move |event| {
        let name = event_target_value(&event);
        catalogue.update(|catalogue| catalogue.chosen = Some(name));
    };
    let options = move || {
        let catalogue = catalogue.get();
        let chosen = catalogue.chosen;
        let options = catalogue.models.into_iter().map(|model| {
            let ready = model.state == ModelState::Ready && model.spec.is_some();
            let title = match ready {
                true => title(&model).to_owned(),
                false => text::not_ready(title(&model)),
            };
            let selected = chosen.as_ref() == Some(&model.name);
            view! {
                <option value=model.name selected=selected disabled=!ready>
                    {title}
                </option>
            }
        });
        options.collect_view()
    };
    let has_choice = Memo::new(move |_| catalogue.with(|catalogue| catalogue.models.len() > 1));
    view! {
        <Show when=move || has_choice.get()>
            <label class="chooser">
                <span class="chooser-name">{text::MODEL}</span>
                <select on:change=choose>{options}</select>
            </label>
        </Show>
    }
}
