//! Puts the pieces together: the store, the desk, the watch on the server, the page.

use leptos::either::Either;
use leptos::prelude::*;

use crate::components::icon::Mark;
use crate::components::link::Link;
use crate::connection;
use crate::desk::Desk;
use crate::navigation::Navigation;
use crate::pages::gallery::Gallery;
use crate::pages::passage;
use crate::pages::photo::PhotoPage;
use crate::panels::drop_zone::DropZone;
use crate::panels::help::{Help, HelpButton};
use crate::panels::models::{ModelButton, Models};
use crate::panels::notice::Notice;
use crate::panels::shortcuts::Shortcuts;
use crate::panels::status::{Banner, Colophon, Spoken};
use crate::place::Sheet;
use crate::settings;
use crate::state::Store;
use crate::text;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let store = Store::new();
    let navigation = Navigation::new();
    provide_context(store);
    provide_context(navigation);
    provide_context(Desk::new(store));
    connection::watch(store);
    settings::follow(store.settings);

    // Its number, not the photo: what it shows of itself changes inside the page.
    let photo = Memo::new(move |_| {
        let key = navigation.place().photo?;
        store.photo_called(&key).map(|photo| photo.id)
    });
    let is_large = Memo::new(move |_| photo.get().is_some());
    let page = move || match is_large.get() {
        true => Either::Left(view! { <PhotoPage current=photo /> }),
        false => Either::Right(view! { <Gallery /> }),
    };
    passage::keep_focus(photo);
    let sheet = navigation.part(|place| place.sheet);
    let home = Signal::derive(move || navigation.place().gallery());
    view! {
        <header class="masthead">
            <h1 class="wordmark">
                <Link to=home class="wordmark-link">
                    <Mark />
                    {text::NAME}
                </Link>
            </h1>
            <div class="masthead-side">
                <ModelButton />
                <HelpButton />
            </div>
        </header>
        <Banner />
        <main class="page" id="main">
            {page}
        </main>
        <Colophon />
        <Notice />
        <DropZone />
        <Shortcuts />
        <Spoken />
        {move || match sheet.get() {
            Some(Sheet::Models) => Some(Either::Left(view! { <Models /> })),
            Some(Sheet::Help) => Some(Either::Right(view! { <Help /> })),
            None => None,
        }}
    }
}
