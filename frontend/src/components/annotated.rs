//! Lines of code, each with what it means: beside it where there is room, below the chosen line
//! where there is not.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::laboratory::code::{Kind, Line};
use crate::text::wire as text;

/// A line and its note; an empty note is none.
pub(crate) type Annotation = (Line, String);

/// Lines to read one by one: with the arrows, a pointer or a finger. `numbered`: with line numbers.
#[component]
pub(crate) fn Annotated(
    lines: Vec<Annotation>,
    #[prop(into)] label: String,
    #[prop(optional)] numbered: bool,
) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    let chosen = RwSignal::new(None::<usize>);
    let first = lines.iter().position(|(line, _)| !line.tokens.is_empty());
    let rows = lines.into_iter().enumerate().map(|(at, (line, note))| {
        let code = tokens(&line);
        let depth = line.depth.to_string();
        if line.tokens.is_empty() {
            return view! { <li class="code-line" role="none" aria-hidden="true"></li> }.into_any();
        }
        let is_chosen = move || chosen.get() == Some(at);
        let tabindex = move || match chosen.get().or(first) == Some(at) {
            true => "0",
            false => "-1",
        };
        let has_note = !note.is_empty();
        let note = has_note.then(|| view! { <span class="code-note">{note}</span> });
        view! {
            <li
                class="code-line"
                class:has-note=has_note
                role="option"
                tabindex=tabindex
                aria-selected=move || if is_chosen() { "true" } else { "false" }
                on:focus=move |_| chosen.set(Some(at))
                on:click=move |_| chosen.set(Some(at))
            >
                <code class="code-source" style:--depth=depth>
                    {code}
                </code>
                {note}
            </li>
        }
        .into_any()
    });
    let rows = rows.collect_view();
    let on_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowDown" => beside(&list, chosen.get_untracked(), true),
            "ArrowUp" => beside(&list, chosen.get_untracked(), false),
            "Home" => beside(&list, None, true),
            "End" => list.last_element_child(),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to.and_then(|to| to.dyn_into::<HtmlElement>().ok()) {
            // Fails for no element that is on the page.
            _ = to.focus();
        }
    };
    view! {
        <p class="code-hint">{text::TAP_A_LINE}</p>
        <ol
            class="code"
            class:is-numbered=numbered
            role="listbox"
            aria-label=label
            node_ref=list
            on:keydown=on_key
        >
            {rows}
        </ol>
    }
}

/// The line after or before the chosen one that is not blank; without one, the first.
fn beside(list: &Element, chosen: Option<usize>, forward: bool) -> Option<Element> {
    let chosen = chosen.and_then(|at| list.children().item(u32::try_from(at).ok()?));
    let mut next = match &chosen {
        None => list.first_element_child(),
        Some(line) if forward => line.next_element_sibling(),
        Some(line) => line.previous_element_sibling(),
    };
    while let Some(line) = &next
        && line.get_attribute("tabindex").is_none()
    {
        next = match forward {
            true => line.next_element_sibling(),
            false => line.previous_element_sibling(),
        };
    }
    next
}

fn tokens(line: &Line) -> Vec<AnyView> {
    let token = |token: &crate::laboratory::code::Token| {
        let text = token.text.clone();
        match token.kind {
            Kind::Plain => text.into_any(),
            kind => view! { <span class=kind.class()>{text}</span> }.into_any(),
        }
    };
    line.tokens.iter().map(token).collect()
}
