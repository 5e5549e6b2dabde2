//! Where photos come in: the file chooser, a folder, a link, the samples.

use leptos::html;
use leptos::prelude::*;

use crate::components::icon::Shell;
use crate::components::link_form::LinkForm;
use crate::components::sample_button::SampleButton;
use crate::desk::Desk;
use crate::input::sample::{SAMPLES, Sample};
use crate::input::{file, folder};
use crate::panels::camera::CameraButton;
use crate::state::Store;
use crate::text;

/// The source panel: an invitation while the page is empty, one button when it is not.
#[component]
pub(crate) fn Source() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    let is_empty = Memo::new(move |_| store.photos.with(Vec::is_empty));
    let privacy = move || {
        let sent = store.settings.with(|settings| settings.send);
        store.catalogue.with(|it| text::privacy(it.spec(), sent))
    };
    let worded = |words: [&'static str; 2]| move || words[usize::from(!is_empty.get())];
    let take_sample = Callback::new(move |sample: Sample| desk.add(vec![sample.into()]));
    let take_link = Callback::new(move |link| desk.add(vec![link]));
    let (asks_link, set_asks_link) = signal(false);
    let link_button = NodeRef::<html::Button>::new();
    let close_link = Callback::new(move |()| {
        set_asks_link.set(false);
        if let Some(button) = link_button.get_untracked() {
            // Fails for no element that is on the page.
            _ = button.focus();
        }
    });
    let folder_button = folder::can_choose().then(|| {
        view! {
            <button
                type="button"
                class="button is-quiet"
                on:click=move |_| folder::choose(move |brought| desk.take(brought))
            >
                {worded(text::intake::FOLDER)}
            </button>
        }
    });

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
                    <span>{worded([text::CHOOSE, text::CHOOSE_MORE])}</span>
                </label>
                <CameraButton />
                {folder_button}
                <button
                    node_ref=link_button
                    type="button"
                    class="button is-quiet"
                    aria-expanded=move || asks_link.get().to_string()
                    aria-controls="link-form"
                    on:click=move |_| set_asks_link.update(|asks| *asks ^= true)
                >
                    {worded(text::intake::LINK)}
                </button>
                <p class="other-ways">{text::OTHER_WAYS}</p>
            </div>
            <Show when=move || asks_link.get()>
                <LinkForm id="link-form" on_add=take_link on_close=close_link />
            </Show>
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
