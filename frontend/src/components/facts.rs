//! Names and what they are: a list of facts.

use leptos::prelude::*;

/// One fact.
pub(crate) type Fact = (&'static str, String);

/// A list of facts, a line each; `is_bytes`: bytes and numbers, in the type of a terminal.
#[component]
pub(crate) fn Facts(
    #[prop(into)] facts: Signal<Vec<Fact>>,
    #[prop(optional)] is_bytes: bool,
) -> impl IntoView {
    let lines = move || {
        let line = |(name, what)| {
            view! {
                <div class="fact">
                    <dt>{name}</dt>
                    <dd>{what}</dd>
                </div>
            }
        };
        facts.get().into_iter().map(line).collect_view()
    };
    view! { <dl class="facts" class:is-bytes=is_bytes>{lines}</dl> }
}
