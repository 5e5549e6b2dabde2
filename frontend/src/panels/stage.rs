//! The photo, large, and the square of it that the model sees.

use leptos::prelude::*;

use crate::state::Photo;
use crate::text;

/// The photo, large, and the square of it that the model sees.
#[component]
pub(crate) fn Stage(photo: Photo) -> impl IntoView {
    let picture = photo.picture.clone();
    let is_busy = move || !photo.phase.with(|phase| phase.is_settled());
    view! {
        <section
            class="stage"
            aria-label=text::stage::STAGE
            aria-busy=move || is_busy().then_some("true")
        >
            <div class="stage-plate">
                <div class="stage-photo">
                    <img src=move || picture.get().to_string() alt=text::alternative(&photo.name) />
                </div>
            </div>
        </section>
    }
}
