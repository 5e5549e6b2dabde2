//! One photo, large, and a panel beside it.

use leptos::either::EitherOf4;
use leptos::prelude::*;

use super::passage;
use crate::components::link::Link;
use crate::navigation::Navigation;
use crate::panels::answer::Answer;
use crate::panels::compare::Compare;
use crate::panels::filmstrip::Filmstrip;
use crate::panels::inside::Inside;
use crate::panels::photo_bar::PhotoBar;
use crate::panels::stage::Stage;
use crate::panels::why::Why;
use crate::place::Panel;
use crate::state::{Photo, PhotoId, Store};
use crate::text;

/// The large view of a photo. Bar, tabs and filmstrip stay when `current` changes, and with them
/// what has the focus.
#[component]
pub(crate) fn PhotoPage(current: Memo<Option<PhotoId>>) -> impl IntoView {
    let store = expect_context::<Store>();
    let photo = move || current.get().and_then(|id| store.photo(id));
    // Kept here, so that it is the same for the next photo.
    let pixels_shown = RwSignal::new(false);
    let state = move || photo().map(|photo| photo.phase.with(|phase| phase.name()));
    view! {
        <article class="photo-page" aria-labelledby=passage::TITLE data-state=state>
            <PhotoBar current />
            <div class="photo-columns">
                <div class="photo-main">
                    {move || photo().map(|photo| view! { <Stage photo pixels_shown /> })}
                </div>
                <div class="photo-side">
                    <Tabs /> {move || photo().map(|photo| view! { <Side photo /> })}
                </div>
            </div>
            <Filmstrip current />
        </article>
    }
}

#[component]
fn Tabs() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let panel = navigation.part(|place| place.panel);
    let links = Panel::ALL.map(|(to, _)| {
        let place = Signal::derive(move || navigation.place().with_panel(to));
        let is_current = Signal::derive(move || panel.get() == to);
        view! {
            <li>
                <Link to=place is_current class="tab">
                    {text::panel(to)}
                </Link>
            </li>
        }
    });
    view! {
        <nav class="tabs-place" aria-label=text::PANELS>
            <ul class="tabs" role="list">
                {links}
            </ul>
        </nav>
    }
}

#[component]
fn Side(photo: Photo) -> impl IntoView {
    let panel = expect_context::<Navigation>().part(|place| place.panel);
    move || {
        let photo = photo.clone();
        match panel.get() {
            Panel::Answer => EitherOf4::A(view! { <Answer photo /> }),
            Panel::Compare => EitherOf4::B(view! { <Compare photo /> }),
            Panel::Why => EitherOf4::C(view! { <Why photo /> }),
            Panel::Inside => EitherOf4::D(view! { <Inside photo /> }),
        }
    }
}
