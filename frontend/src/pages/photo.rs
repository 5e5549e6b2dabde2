//! One photo, large, and a panel beside it.

use leptos::either::EitherOf4;
use leptos::prelude::*;

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
use crate::state::Photo;
use crate::text;

/// The large view of a photo.
#[component]
pub(crate) fn PhotoPage(photo: Photo) -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let panel = navigation.part(|place| place.panel);
    let shown = photo.clone();
    let shown = move || {
        let photo = shown.clone();
        match panel.get() {
            Panel::Answer => EitherOf4::A(view! { <Answer photo /> }),
            Panel::Compare => EitherOf4::B(view! { <Compare photo /> }),
            Panel::Why => EitherOf4::C(view! { <Why photo /> }),
            Panel::Inside => EitherOf4::D(view! { <Inside photo /> }),
        }
    };
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
        <article class="photo-page" aria-labelledby="photo-title">
            <PhotoBar photo=photo.clone() />
            <div class="photo-columns">
                <Stage photo=photo.clone() />
                <div class="photo-side">
                    <nav aria-label=text::PANELS>
                        <ul class="tabs" role="list">
                            {links}
                        </ul>
                    </nav>
                    {shown}
                </div>
            </div>
            <Filmstrip current=photo.id />
        </article>
    }
}
