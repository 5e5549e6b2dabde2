//! Puts the pieces together: the store, the desk, the watch on the server, the page.

use leptos::either::{Either, EitherOf3};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::arrival;
use crate::components::icon::Mark;
use crate::components::link::Link;
use crate::connection;
use crate::desk::Desk;
use crate::navigation::Navigation;
use crate::pages::gallery::Gallery;
use crate::pages::passage;
use crate::pages::photo::PhotoPage;
use crate::panels::camera::CameraSheet;
use crate::panels::drop_zone::DropZone;
use crate::panels::help::{Help, HelpButton};
use crate::panels::models::{LostModel, ModelButton, Models};
use crate::panels::notice::Notice;
use crate::panels::shortcuts::Shortcuts;
use crate::panels::status::{Banner, Colophon, Spoken};
use crate::place::Sheet;
use crate::settings;
use crate::state::Store;
use crate::text;

/// The `id` of what differs from place to place.
const MAIN: &str = "main";

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let store = Store::new();
    let navigation = Navigation::new();
    provide_context(store);
    provide_context(navigation);
    let desk = Desk::new(store);
    provide_context(desk);
    connection::watch(store, navigation);
    let model = navigation.part(|place| place.model.clone());
    Effect::new(move || store.catalogue.update(|c| c.prefer(model.get())));
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
    arrival::attend(store, desk, navigation, photo);
    // After it: the page is scrolled first, and then to what gets the focus, where that is not seen.
    passage::keep_focus(photo);
    let sheet = navigation.part(|place| place.sheet);
    let home = Signal::derive(move || navigation.place().gallery());
    view! {
        <SkipLink />
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
        <LostModel />
        <main class="page" id=MAIN tabindex="-1">
            {page}
        </main>
        <Colophon />
        <Notice />
        <DropZone />
        <Shortcuts />
        <Spoken />
        {move || match sheet.get() {
            Some(Sheet::Models) => Some(EitherOf3::A(view! { <Models /> })),
            Some(Sheet::Help) => Some(EitherOf3::B(view! { <Help /> })),
            Some(Sheet::Camera) => Some(EitherOf3::C(view! { <CameraSheet /> })),
            None => None,
        }}
    }
}

/// Past the masthead, for who goes by keyboard.
#[component]
fn SkipLink() -> impl IntoView {
    // The address stays: what is after `#` is no place of the page.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        let main = document().get_element_by_id(MAIN);
        if let Some(main) = main.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // Fails for no element that is on the page.
            _ = main.focus();
        }
    };
    view! {
        <a class="skip-link" href=format!("#{MAIN}") on:click=skip>
            {text::help::SKIP}
        </a>
    }
}
