//! A sample photo that one click tries.

use leptos::prelude::*;

use crate::input::sample::Sample;
use crate::text;

/// The sample's small picture, its title and its credit.
#[component]
pub(crate) fn SampleButton(sample: Sample, on_choose: Callback<Sample>) -> impl IntoView {
    view! {
        <button type="button" class="sample" on:click=move |_| on_choose.run(sample)>
            <img src=sample.small alt="" width="320" height="240" />
            <span class="sample-title">{sample.title}</span>
            <span class="sample-credit">{text::credit(sample.credit)}</span>
        </button>
    }
}
