//! Puts the pieces together: the store, the desk, the watch on the server, the page.

use std::time::Duration;

use leptos::either::Either;
use leptos::ev::MouseEvent;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::arrival;
use crate::components::icon::Mark;
use crate::components::link::Link;
use crate::connection;
use crate::desk::Desk;
use crate::errand::{Brought, Errand};
use crate::focus;
use crate::navigation::Navigation;
use crate::pages::gallery::Gallery;
use crate::pages::passage;
use crate::pages::photo::PhotoPage;
use crate::panels::camera::CameraSheet;
use crate::panels::drop_zone::DropZone;
use crate::panels::help::{Help, HelpButton};
use crate::panels::models::{LostModel, ModelButton, Models};
use crate::panels::notice::Notice;
use crate::panels::phone::{OnPhone, PhoneButton};
use crate::panels::shortcuts::Shortcuts;
use crate::panels::status::{Banner, Colophon, Spoken};
use crate::place::Sheet;
use crate::services;
use crate::services::keep::Kept;
use crate::settings;
use crate::state::{Server, Store};
use crate::text;

/// The `id` of what differs from place to place.
const MAIN: &str = "main";

/// After the first photos, when the page's files are kept for the next time: they must not delay them.
const REST: Duration = Duration::from_secs(2);

/// Puts the page into its place, which holds until then that the page is loading, or why it cannot; with
/// what the address brings.
pub fn begin(place: HtmlElement) {
    let mount = |place: HtmlElement, brought| {
        place.set_inner_html("");
        mount_to(place, move || view! { <App brought /> }).forget();
    };
    match Errand::from_address() {
        None => mount(place, None),
        Some(errand) => spawn_local(async move {
            let brought = errand.run().await;
            mount(place, Some(brought));
        }),
    }
}

/// The whole application.
#[component]
fn App(brought: Option<Brought>) -> impl IntoView {
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
    arrival::attend(store, desk, navigation, photo, brought);
    keep_files_soon(store);
    services::app::give_photos(move || Kept {
        photos: desk.to_keep(),
        open: None,
    });
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
                <PhoneButton />
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
            Some(Sheet::Models) => Some(view! { <Models /> }.into_any()),
            Some(Sheet::Help) => Some(view! { <Help /> }.into_any()),
            Some(Sheet::Phone) => Some(view! { <OnPhone /> }.into_any()),
            Some(Sheet::Camera) => Some(view! { <CameraSheet /> }.into_any()),
            None => None,
        }}
    }
}

/// Has the service worker keep the page's files, once the server has answered for all photos.
fn keep_files_soon(store: Store) {
    let is_calm = move || {
        let progress = store.progress();
        let is_here = store
            .server
            .with(|server| matches!(server, Server::Here(_)));
        is_here && progress.all == progress.settled
    };
    Effect::new(move |begun: Option<bool>| {
        if begun == Some(true) {
            return true;
        }
        let is_calm = is_calm();
        if is_calm {
            set_timeout(services::app::register, REST);
        }
        is_calm
    });
}

/// Past the masthead, for who goes by keyboard.
#[component]
fn SkipLink() -> impl IntoView {
    // The address stays: what is after `#` is no place of the page.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        focus::give(&format!("#{MAIN}"));
    };
    view! {
        <a class="skip-link" href=format!("#{MAIN}") on:click=skip>
            {text::help::SKIP}
        </a>
    }
}
