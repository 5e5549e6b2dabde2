//! The model's `config.pbtxt`, and what each line means.

use leptos::prelude::*;

use super::input::Loading;
use super::wire::why;
use crate::components::annotated::Annotated;
use crate::laboratory::pbtxt;
use crate::services::folder;
use crate::state::Store;
use crate::text::config as words;

/// The model's `config.pbtxt`, and what each line means.
#[component]
pub(crate) fn Config() -> impl IntoView {
    let store = expect_context::<Store>();
    let model = Memo::new(move |_| store.catalogue.with(|c| c.chosen.clone()));
    let text = Loading::new(move || {
        let model = model.get()?;
        Some(async move { folder::config(&model).await.map_err(why) })
    });
    let shown = text.show(|text| {
        let lines = move || {
            let lines = text.with(|text| pbtxt::lines(text)).into_iter();
            let lines = lines.map(|line| {
                let note = words::note(&line.fields).unwrap_or_default();
                (line, note)
            });
            view! { <Annotated lines=lines.collect() label=words::LINES numbered=true /> }
        };
        view! { {lines} }.into_any()
    });
    view! {
        <p class="inside-say">{words::LEAD}</p>
        {shown}
    }
}
