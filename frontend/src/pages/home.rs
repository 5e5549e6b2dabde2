//! The one page that there is: photos in, labels out.

use leptos::prelude::*;

use crate::components::icon::Mark;
use crate::panels::models::Models;
use crate::panels::results::Results;
use crate::panels::source::Source;
use crate::panels::status::{Banner, Colophon, Spoken};
use crate::text;

/// The home page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    view! {
        <header class="masthead">
            <h1 class="wordmark">
                <Mark />
                {text::NAME}
            </h1>
            <Models />
        </header>
        <Banner />
        <main class="page">
            <Source />
            <Results />
        </main>
        <Colophon />
        <Spoken />
    }
}
