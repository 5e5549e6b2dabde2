//! A choice of one among few, all of them in sight.

use leptos::prelude::*;

/// Radio buttons under a legend. `name` holds them together; choices are told by their place.
#[component]
pub(crate) fn ChoiceGroup(
    legend: &'static str,
    name: &'static str,
    choices: Vec<&'static str>,
    #[prop(into)] chosen: Signal<Option<usize>>,
    on_choose: Callback<usize>,
) -> impl IntoView {
    let choices = choices.into_iter().enumerate().map(|(at, choice)| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name
                    prop:checked=move || chosen.get() == Some(at)
                    on:change=move |_| on_choose.run(at)
                />
                <span>{choice}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            {choices.collect_view()}
        </fieldset>
    }
}
