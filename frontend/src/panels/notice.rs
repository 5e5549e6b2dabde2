//! What just happened, and what can be done about it: at the page's foot, until it is dismissed.
//! A screen reader is told elsewhere, by the one live region.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::notice_row::NoticeRow;
use crate::components::photo_card::card_id;
use crate::desk::Desk;
use crate::focus;
use crate::state::Store;
use crate::text::intake as text;

/// How long a notice stays that nobody has to act on.
const FLEETING: Duration = Duration::from_secs(6);

/// The notices; nothing while there are none.
#[component]
pub(crate) fn Notice() -> impl IntoView {
    let store = expect_context::<Store>();
    let desk = expect_context::<Desk>();
    // Nobody is asked twice about the same number of copies.
    let (answered, set_answered) = signal(0);
    let copies = Memo::new(move |_| store.copies.with(|copies| copies.len()));
    Effect::new(move || {
        let count = copies.get();
        set_answered.update(|answered| *answered = count.min(*answered));
    });
    let copies = move || Some(copies.get()).filter(|count| *count > answered.get());
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        timer.flatten().inspect(TimeoutHandle::clear);
        let is_fleeting = store
            .notice
            .with(|n| n.as_ref().is_some_and(|n| n.is_fleeting));
        let go = move || store.notice.set(None);
        is_fleeting.then(|| set_timeout_with_handle(go, FLEETING).ok())?
    });

    let dismissed = move |act: fn(Store, Desk)| {
        Callback::new(move |()| {
            act(store, desk);
            focus::give("#results-title, input[type=file]");
        })
    };
    let removed = move || {
        let removed = store.removed.get()?;
        let undo = Callback::new(move |()| {
            desk.undo();
            let card = format!("#{}, #photo-title", card_id(removed.first));
            // Once the cards are there.
            request_animation_frame(move || focus::give(&card));
        });
        Some(view! {
            <NoticeRow
                sentence=removed.sentence
                action=(text::UNDO, undo)
                on_dismiss=dismissed(|_, desk| desk.let_removed_go())
            />
        })
    };
    let twice = move || {
        let count = copies()?;
        let remove = Callback::new(move |()| {
            desk.remove_copies();
            focus::give("#results-title");
        });
        let on_dismiss = Callback::new(move |()| {
            set_answered.set(count);
            focus::give("#results-title");
        });
        Some(view! {
            <NoticeRow sentence=text::copies(count) action=(text::REMOVE_COPIES, remove) on_dismiss />
        })
    };
    let said = move || {
        let notice = store.notice.get()?;
        Some(view! {
            <NoticeRow
                sentence=notice.sentence
                on_dismiss=dismissed(|store, _| store.notice.set(None))
            />
        })
    };
    let is_there = Memo::new(move |_| {
        copies().is_some()
            || store.removed.with(Option::is_some)
            || store.notice.with(Option::is_some)
    });
    view! {
        <Show when=move || is_there.get()>
            <section class="notices" aria-label=text::NOTICES>
                {said}
                {twice}
                {removed}
            </section>
        </Show>
    }
}
