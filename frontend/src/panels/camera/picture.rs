//! What the camera shows, and the square of it that the model sees.

use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

use super::session::{Session, Stage};
use crate::components::over::Over;
use crate::state::{Catalogue, Store};
use crate::text::camera as say;

/// The moving picture. A front camera's is a mirror; what is taken of it never is. A tap on it does what
/// keys do by the buttons.
#[component]
pub(super) fn Picture(session: Session, on_tap: Callback<()>) -> impl IntoView {
    let store = expect_context::<Store>();
    let recipe = Memo::new(move |_| {
        let recipe = |c: &Catalogue| c.spec().map(|spec| spec.recipe.clone());
        store.catalogue.with(recipe)
    });
    let size = Memo::new(move |_| match session.size.get() {
        (0, _) | (_, 0) => None,
        size => Some(size),
    });
    let square = Memo::new(move |_| {
        let ((width, height), recipe) = size.get().zip(recipe.get())?;
        Some(Square::of_recipe(width, height, &recipe))
    });
    let shown_size = Memo::new(move |_| size.get().unwrap_or((1, 1)));
    let ratio = move || {
        let (width, height) = shown_size.get();
        format!("{}", f64::from(width) / f64::from(height))
    };
    view! {
        <div
            class="camera-picture"
            class:is-off=move || session.stage.get() != Stage::Running
            class:is-mirror=move || session.abilities.with(|it| it.is_front)
            style=("--ratio", ratio)
            on:click=move |_| on_tap.run(())
        >
            <video
                node_ref=session.video
                class="camera-video"
                aria-label=say::PICTURE
                playsinline
                prop:muted=true
                on:loadedmetadata=move |_| session.measure()
                on:resize=move |_| session.measure()
            ></video>
            <Over square size=shown_size class="camera-square">
                ""
            </Over>
        </div>
    }
}
