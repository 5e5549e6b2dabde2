//! Every model of the server, and which one answers.

use conch_shared::api::{ModelInfo, ModelState};
use leptos::either::Either;
use leptos::prelude::*;

use crate::catalogue::{Catalogue, is_ready};
use crate::components::icon::Warning;
use crate::components::model_entry::{ModelEntry, Standing};
use crate::components::sheet::SheetDialog;
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::state::{Server, Store, title};
use crate::text;
use crate::text::models as say;

/// The button in the masthead: the model that answers, and the way to the others.
#[component]
pub(crate) fn ModelButton() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Models)));
    let chosen = Memo::new(move |_| {
        store.catalogue.with(|catalogue| {
            let model = catalogue.get(catalogue.chosen.as_ref()?)?;
            Some(title(model).to_owned())
        })
    });
    view! {
        <button
            type="button"
            class="button model-button"
            aria-haspopup="dialog"
            aria-label=move || say::button(chosen.get().as_deref())
            on:click=open
        >
            <span class="model-button-title">
                {move || chosen.get().unwrap_or_else(|| text::MODEL.to_owned())}
            </span>
        </button>
    }
}

/// Says that the model that should answer does not, and which one does instead.
#[component]
pub(crate) fn LostModel() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let lost = Memo::new(move |_| store.catalogue.with(Catalogue::lost));
    let notice = move || {
        lost.get().map(|lost| {
            let name = lost.instead_name.clone();
            let keep = move |_| navigation.replace(navigation.here().with_model(&name));
            let others = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Models)));
            view! {
                <div class="banner model-lost">
                    <Warning />
                    <p>{say::lost(&lost)}</p>
                    <div class="model-lost-actions">
                        <button type="button" class="button" on:click=keep>
                            {say::keep(&lost.instead)}
                        </button>
                        <button type="button" class="button" on:click=others>
                            {say::ALL}
                        </button>
                    </div>
                </div>
            }
        })
    };
    // No `role=alert`: photos go on by themselves, nothing has to be done.
    view! {
        <div class="banner-place" aria-live="polite">
            {notice}
        </div>
    }
}

/// The models sheet.
#[component]
pub(crate) fn Models() -> impl IntoView {
    let store = expect_context::<Store>();
    let navigation = expect_context::<Navigation>();
    let on_close = Callback::new(move |()| navigation.close_sheet());
    let on_choose = Callback::new(move |name: String| {
        navigation.go(navigation.here().with_model(&name).with_sheet(None));
    });
    let models = Memo::new(move |_| store.catalogue.with(|c| c.models.clone()));
    let is_empty = Memo::new(move |_| models.with(Vec::is_empty));
    let here = Memo::new(move |_| {
        store
            .server
            .with(|server| matches!(server, Server::Here(_)))
    });
    let list = move || match is_empty.get() {
        true => Either::Left(view! { <p class="models-none">{say::none(here.get())}</p> }),
        false => Either::Right(view! {
            <ul class="models" role="list">
                <For each=move || models.get() key=key let:model>
                    {entry(store, model, on_choose)}
                </For>
            </ul>
            <p class="models-more">{say::MORE}</p>
        }),
    };
    view! {
        <SheetDialog title=say::TITLE on_close>
            {list}
        </SheetDialog>
    }
}

/// What makes an entry another one: it is drawn anew when its state changes.
fn key(model: &ModelInfo) -> (String, String) {
    let state = match &model.state {
        ModelState::Ready => model.versions.join(" "),
        ModelState::Unavailable { reason } => reason.clone(),
    };
    (model.name.clone(), state)
}

fn entry(store: Store, model: ModelInfo, on_choose: Callback<String>) -> impl IntoView {
    let (name, ready) = (model.name.clone(), is_ready(&model));
    let standing = Memo::new(move |_| {
        let chosen = store.catalogue.with(|c| c.chosen.as_ref() == Some(&name));
        match (chosen, ready) {
            (true, _) => Standing::Chosen,
            (false, true) => Standing::Ready,
            (false, false) => Standing::Unavailable,
        }
    });
    view! { <ModelEntry model standing on_choose /> }
}
