//! A way to a class by its number or its name.

use std::sync::Arc;

use leptos::prelude::*;

use crate::laboratory::plot::find;
use crate::text::wire as text;

/// Classes that are offered at a time.
const MOST: usize = 5;

/// A field to search in, and what was found.
#[component]
pub(crate) fn ClassFinder(
    chosen: RwSignal<usize>,
    labels: Signal<Arc<[String]>>,
    count: Signal<usize>,
) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = wanted.get();
        labels.with(|labels| find(labels, count.get(), &wanted, MOST))
    });
    let choose = move |class| {
        chosen.set(class);
        wanted.set(String::new());
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let best = found.with_untracked(|found| found.first().copied());
        if let ("Enter", Some(class)) = (event.key().as_str(), best) {
            choose(class);
        }
    };
    let results = move || {
        let found = found.get();
        if found.is_empty() && !wanted.with(|wanted| wanted.trim().is_empty()) {
            return view! { <p class="finder-none">{text::NOTHING_FOUND}</p> }.into_any();
        }
        let results = found.into_iter().map(|class| {
            let label = labels.with(|labels| labels.get(class).cloned());
            view! {
                <li>
                    <button type="button" class="button" on:click=move |_| choose(class)>
                        {text::class(class, label.as_deref())}
                    </button>
                </li>
            }
        });
        view! {
            <ul class="finder-found" role="list">
                {results.collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <div class="finder">
            <label for="find-class">{text::FIND}</label>
            <input
                id="find-class"
                type="search"
                autocomplete="off"
                placeholder=text::FIND_HINT
                prop:value=move || wanted.get()
                on:input=move |event| wanted.set(event_target_value(&event))
                on:keydown=on_key
            />
            <div aria-live="polite">{results}</div>
        </div>
    }
}
