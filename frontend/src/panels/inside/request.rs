//! What goes to the model server: the very bytes, before they are sent and after.

use std::sync::Arc;

use conch_shared::model::Layout;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use web_sys::Blob;

use super::input::with_input;
use super::wire::{Stand, Wire};
use crate::components::annotated::{Annotated, Annotation};
use crate::components::dump::Dump;
use crate::components::snippet::Snippet;
use crate::laboratory::snippets::{FILE, curl, python};
use crate::laboratory::{http, json};
use crate::services::save;
use crate::services::v2::infer::Outgoing;
use crate::settings::sent_as;
use crate::state::Store;
use crate::text::{self, wire as words};

/// What goes to the model server.
#[component]
pub(crate) fn Request() -> impl IntoView {
    let wire = Wire::here();
    let settings = expect_context::<Store>().settings;
    with_input(move |input| {
        let shown = move || {
            let layout = input.with(|input| input.recipe().layout);
            let outgoing = wire.outgoing()?;
            Some(view! { <Shown outgoing layout /> })
        };
        let not_sent = Signal::derive(move || {
            let chosen = settings.with(|it| it.send);
            input.with(|input| {
                let sent = sent_as(&input.model, chosen);
                words::not_sent(sent, input.model.input.datatype)
            })
        });
        view! {
            <p class="inside-say">{words::REQUEST_LEAD}</p>
            <Send wire not_sent />
            {shown}
        }
        .into_any()
    })
}

/// The button that sends it, and what became of it.
#[component]
fn Send(wire: Wire, not_sent: Signal<&'static str>) -> impl IntoView {
    let stand = Memo::new(move |_| wire.stand());
    let bytes = move || wire.outgoing().map_or(0, |outgoing| outgoing.body.len());
    let button = move || match stand.get() {
        Stand::Ready | Stand::Sent => words::send(bytes()),
        Stand::Answered(_) | Stand::Failed(_) => words::SEND_AGAIN.to_owned(),
    };
    let news = move || match stand.get() {
        Stand::Ready => not_sent.get().to_owned(),
        Stand::Sent => words::SENDING.to_owned(),
        Stand::Answered(answer) => words::answered(answer.status, &text::duration(answer.took)),
        Stand::Failed(error) => error.0,
    };
    let send = move |_| {
        if stand.get_untracked() != Stand::Sent {
            wire.send();
        }
    };
    view! {
        <div class="wire-send">
            <button
                type="button"
                class="button is-primary"
                aria-disabled=move || (stand.get() == Stand::Sent).then_some("true")
                on:click=send
            >
                {button}
            </button>
            <p
                class="wire-news"
                class:is-trouble=move || matches!(stand.get(), Stand::Failed(_))
                role="status"
            >
                {news}
            </p>
        </div>
    }
}

/// The request, from its first byte to its last.
#[component]
fn Shown(outgoing: Arc<Outgoing>, layout: Layout) -> impl IntoView {
    let (header, tensor) = outgoing.body.split_at(outgoing.header_len);
    let json = json_lines(header, layout);
    let length = outgoing.header_len.to_string();
    let whole = outgoing.body.len().to_string();
    let headers = [
        ("Content-Type", "application/octet-stream"),
        ("Inference-Header-Content-Length", &length),
        ("Content-Length", &whole),
    ];
    let mut http = vec![(
        http::request_line("POST", &outgoing.path),
        words::POST.to_owned(),
    )];
    http.extend(headers.map(|(name, value)| http_header(name, value)));
    let save = {
        let outgoing = Arc::clone(&outgoing);
        move |_| save(&outgoing.body)
    };
    view! {
        <section class="wire-part">
            <h4 class="inside-sub">{words::HTTP}</h4>
            <Annotated lines=http label=words::HTTP />
        </section>
        <section class="wire-part">
            <h4 class="inside-sub">{words::json_header(header.len())}</h4>
            <Annotated lines=json label=words::JSON />
            <p class="inside-note">{words::NO_BREAKS}</p>
        </section>
        <section class="wire-part">
            <h4 class="inside-sub">{words::tensor(tensor.len(), outgoing.header_len)}</h4>
            <Dump
                body=outgoing.body.clone()
                from=outgoing.header_len
                datatype=outgoing.datatype
                shape=outgoing.shape.clone()
            />
        </section>
        <details class="wire-commands">
            <summary>{words::AS_COMMANDS}</summary>
            <p>{words::COMMANDS_NEED}</p>
            <button type="button" class="button" on:click=save>
                {words::save(FILE, outgoing.body.len())}
            </button>
            <Snippet title=words::CURL code=curl(&outgoing) />
            <Snippet title=words::PYTHON code=python(&outgoing) />
        </details>
    }
}

/// The lines of a JSON header, each with its note; `layout` is the input's.
pub(super) fn json_lines(header: &[u8], layout: Layout) -> Vec<Annotation> {
    let lines = json::lines(&String::from_utf8_lossy(header)).into_iter();
    let annotated = lines.map(|line| {
        let note = line.fields.first().map(|field| words::field(field, layout));
        (line, note.unwrap_or_default().to_owned())
    });
    annotated.collect()
}

/// A header's line and note.
pub(super) fn http_header(name: &str, value: &str) -> Annotation {
    (http::header(name, value), words::header(name).to_owned())
}

/// Gives the body to the browser as a file.
fn save(body: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(body));
    if let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) {
        // Fails in no browser that runs this page.
        _ = save::blob(FILE, &blob);
    }
}
