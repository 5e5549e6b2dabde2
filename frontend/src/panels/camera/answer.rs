//! The labels over the moving picture, on a plate that is legible over any.

use leptos::prelude::*;

use super::live::{Live, SHOWN};
use crate::text;
use crate::text::camera as say;

/// The plate. Its rows stay, and only what is in them changes: they come many times a second.
#[component]
pub(super) fn LiveAnswer(live: Live) -> impl IntoView {
    let row = |at: usize| {
        let label = Memo::new(move |_| {
            live.best
                .with(|best| best.get(at).map(|it| it.label.clone()))
        });
        let score = Memo::new(move |_| {
            live.best
                .with(|best| best.get(at).map_or(0.0, |it| it.score))
        });
        let share = move || label.get().map(|_| text::percent(score.get()));
        let width = move || format!("{:.1}%", 100.0 * score.get().clamp(0.0, 1.0));
        view! {
            <li class="camera-row">
                <span class="camera-label">{move || label.get()}</span>
                <span class="camera-share">{share}</span>
                <span class="camera-bar" aria-hidden="true">
                    <span class="camera-fill" style:width=width></span>
                </span>
            </li>
        }
    };
    let is_empty = Memo::new(move |_| live.best.with(Vec::is_empty));
    let waits = move || (is_empty.get() && live.news.with(Option::is_none)).then_some(say::LOOKING);
    let speed = move || {
        live.speed
            .get()
            .map(|speed| say::speed(speed, live.saves.get()))
    };
    view! {
        <div class="camera-answer">
            <p class="camera-news" role="status">
                {move || live.news.get()}
            </p>
            <p class="camera-looking">{waits}</p>
            <ol class="camera-rows" role="list" aria-label=say::LABELS hidden=is_empty>
                {(0..SHOWN).map(row).collect_view()}
            </ol>
            <p class="camera-speed">{speed}</p>
        </div>
    }
}
