//! What comes back from the model server.

use std::sync::Arc;

use conch_shared::model::Layout;
use conch_shared::tensor::DataType;
use leptos::prelude::*;

use super::input::with_input;
use super::request::{http_header, json_lines};
use super::wire::with_answer;
use crate::components::annotated::Annotated;
use crate::components::dump::Dump;
use crate::laboratory::http;
use crate::services::v2::infer::Incoming;
use crate::text::{self, wire as words};

/// What comes back from the model server.
#[component]
pub(crate) fn Response() -> impl IntoView {
    let shown = with_input(|input| {
        with_answer(move |answer| {
            let layout = move || input.with(|input| input.recipe().layout);
            view! { {move || view! { <Shown answer=answer.get() layout=layout() /> }} }.into_any()
        })
        .into_any()
    });
    view! {
        <p class="inside-say">{words::RESPONSE_LEAD}</p>
        {shown}
    }
}

#[component]
fn Shown(answer: Arc<Incoming>, layout: Layout) -> impl IntoView {
    let (header, tensor) = answer
        .body
        .split_at(answer.header_len.min(answer.body.len()));
    let json = json_lines(header, layout);
    let mut http = vec![(http::status_line(answer.status), words::OK.to_owned())];
    let headers = answer.headers.iter();
    http.extend(headers.map(|(name, value)| http_header(name, value)));
    let times = [
        (words::TIME_THERE_AND_BACK, Some(answer.took)),
        (words::TIME_QUEUE, answer.server.queue),
        (words::TIME_MODEL, answer.server.infer),
        (words::TIME_UPSTREAM, answer.server.upstream),
    ];
    let times = times.into_iter().filter_map(|(name, ms)| {
        let ms = text::duration(ms?);
        Some(view! {
            <div>
                <dt>{name}</dt>
                <dd>{ms}</dd>
            </div>
        })
    });
    let numbers = (!tensor.is_empty()).then(|| {
        let shape = answer.shape.clone();
        view! {
            <section class="wire-part">
                <h4 class="inside-sub">{words::tensor(tensor.len(), answer.header_len)}</h4>
                <Dump
                    body=answer.body.clone()
                    from=answer.header_len
                    datatype=DataType::Fp32
                    shape
                />
            </section>
        }
    });
    view! {
        <dl class="wire-times" aria-label=words::TIMES>
            {times.collect_view()}
        </dl>
        <section class="wire-part">
            <h4 class="inside-sub">{words::STATUS}</h4>
            <Annotated lines=http label=words::STATUS />
        </section>
        <section class="wire-part">
            <h4 class="inside-sub">{words::json_header(header.len())}</h4>
            <Annotated lines=json label=words::JSON />
        </section>
        {numbers}
    }
}
