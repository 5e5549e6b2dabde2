//! Where photos come in: the file chooser, the samples.

use leptos::prelude::*;

use crate::components::icon::Shell;
use crate::components::sample_button::SampleButton;
use crate::desk::Desk;
use crate::input::file;
use crate::input::sample::{SAMPLES, Sample};
use crate::state::Store;
use crate::text;

/// The source panel: an invitation while the page is empty, one button when it is not.
#[component]
pub(crate) fn Source() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let is_empty = Memo::new(move |_| store.photos.with(Vec::is_empty));
    let privacy = move || {
        store
            .catalogue
            .with(|catalogue| text::privacy(catalogue.spec()))
    };
    let choose = move || match is_empty.get() {
        true => text::CHOOSE,
        false => text::CHOOSE_MORE,
    };
    let take_sample = Callback::new(move |sample: Sample| desk.add(vec![sample.into()]));

    view! {
        <section class="source" class:is-compact=move || !is_empty.get()>
            <Show when=move || is_empty.get()>
                <div class="invitation">
                    <p class="lead">{text::LEAD.map(|line| view! { <span>{line}" "</span> })}</p>
                    <p class="privacy">{privacy}</p>
                </div>
                <Shell />
            </Show>
            <div class="ways-in">
                <label class="button is-primary file-button">
                    <input
                        class="visually-hidden"
                        type="file"
                        multiple
                        accept=file::ACCEPT
                        on:change=move |event| desk.add(file::chosen(&event))
                    />
                    <span>{choose}</span>
                </label>
                <p class="other-ways">{text::OTHER_WAYS}</p>
            </div>
            <Show when=move || is_empty.get()>
                <div class="samples">
                    <h2 class="samples-title">{text::NO_PHOTO_AT_HAND}</h2>
                    <ul class="samples-list">
                        {SAMPLES
                            .map(|sample| {
                                view! {
                                    <li>
                                        <SampleButton sample on_choose=take_sample />
                                    </li>
                                }
                            })}
                    </ul>
                </div>
            </Show>
        </section>
    }
}
