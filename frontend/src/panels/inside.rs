//! The laboratory: every step from photo to label, with its numbers. Here is its frame: the list of
//! steps, the current one, and the ways to the one before and the one after.

mod channels;
mod config;
mod cropped;
mod fields;
mod input;
mod labels;
mod logits;
mod photo;
mod request;
mod resized;
mod response;
mod softmax;
mod tensor;
mod wire;

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::components::link::Link;
use crate::navigation::Navigation;
use crate::place::Step;
use crate::state::Photo;
use crate::text::inside as text;

/// The laboratory: every step from photo to label, with its numbers.
#[component]
pub(crate) fn Inside(photo: Photo) -> impl IntoView {
    input::provide(&photo);
    wire::provide(&photo);
    let navigation = expect_context::<Navigation>();
    let step = navigation.part(|place| place.step);
    let title = NodeRef::<html::H3>::new();
    let body = move || {
        let photo = photo.clone();
        match step.get() {
            Step::Photo => view! { <photo::File photo /> }.into_any(),
            Step::Resized => view! { <resized::Resized photo /> }.into_any(),
            Step::Cropped => view! { <cropped::Cropped /> }.into_any(),
            Step::Channels => view! { <channels::Channels /> }.into_any(),
            Step::Tensor => view! { <tensor::Tensor /> }.into_any(),
            Step::Request => view! { <request::Request /> }.into_any(),
            Step::Response => view! { <response::Response /> }.into_any(),
            Step::Logits => view! { <logits::Logits /> }.into_any(),
            Step::Softmax => view! { <softmax::Softmax photo /> }.into_any(),
            Step::Labels => view! { <labels::Labels photo /> }.into_any(),
            Step::Config => view! { <config::Config /> }.into_any(),
        }
    };
    view! {
        <section class="inside" aria-labelledby=input::TITLE>
            <Steps step />
            <header class="inside-head">
                <h3 class="inside-title" id=input::TITLE tabindex="-1" node_ref=title>
                    {move || text::title(step.get())}
                </h3>
                <LabLink step />
            </header>
            <div class="inside-step" data-step=move || word(step.get())>
                {body}
            </div>
            <Turn step title />
        </section>
    }
}

/// All steps, in their order; the current one is kept in sight.
#[component]
fn Steps(step: Memo<Step>) -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let list = NodeRef::<html::Ol>::new();
    Effect::new(move || {
        step.track();
        let Some(list) = list.get() else { return };
        // Once the list knows which one is current.
        request_animation_frame(move || show_current(&list));
    });
    let links = Step::ALL.map(|(to, _)| {
        let place = Signal::derive(move || navigation.place().with_step(to));
        let is_current = Signal::derive(move || step.get() == to);
        view! {
            <li>
                <Link to=place is_current current="step" class="inside-link">
                    {text::name(to)}
                </Link>
            </li>
        }
    });
    view! {
        <nav aria-label=text::STEPS>
            <ol class="inside-steps" role="list" node_ref=list>
                {links}
            </ol>
        </nav>
    }
}

/// Scrolls the list sideways, and nothing else, until its current link is in the middle.
fn show_current(list: &web_sys::HtmlOListElement) {
    let current = list.query_selector("[aria-current]").ok().flatten();
    if let Some(current) = current.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let rest = list.client_width() - current.offset_width();
        list.set_scroll_left(current.offset_left() - list.offset_left() - rest / 2);
    }
}

/// The way to the step's section in the laboratory's text, in a tab of its own: the photos are on
/// this one.
#[component]
fn LabLink(step: Memo<Step>) -> impl IntoView {
    view! {
        <a
            class="inside-lab"
            href=move || text::lab_address(step.get())
            target="_blank"
            rel="noopener"
        >
            {move || text::lab_link(step.get())}
            <span class="visually-hidden">{text::NEW_TAB}</span>
        </a>
    }
}

/// To the step before and the step after. The focus goes to the new step's title, as on a new page.
#[component]
fn Turn(step: Memo<Step>, title: NodeRef<html::H3>) -> impl IntoView {
    let turned = move |event: MouseEvent| {
        if event.default_prevented()
            && let Some(title) = title.get_untracked()
        {
            // Once it says the new step's name. Fails for no element that is on the page.
            request_animation_frame(move || _ = title.focus());
        }
    };
    let way = move |by: isize, class: &'static str| {
        move || {
            let to = beside(step.get(), by)?;
            let navigation = expect_context::<Navigation>();
            let place = Signal::derive(move || navigation.place().with_step(to));
            Some(view! {
                <Link to=place class=class>
                    {text::turn(by, to)}
                </Link>
            })
        }
    };
    view! {
        <nav class="inside-turn" aria-label=text::TURN on:click=turned>
            {way(-1, "button inside-before")}
            {way(1, "button inside-after")}
        </nav>
    }
}

/// The step that stands so many places further.
fn beside(step: Step, by: isize) -> Option<Step> {
    let at = text::place_of(step)
        .checked_add_signed(by)?
        .checked_sub(1)?;
    Step::ALL.get(at).map(|(step, _)| *step)
}

/// The step's word in the address, for tests.
fn word(step: Step) -> &'static str {
    Step::ALL[text::place_of(step) - 1].1
}
