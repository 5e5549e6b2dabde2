//! The privacy receipt: what left the device, what came back, what stayed.

use std::sync::Arc;

use leptos::prelude::*;

use super::pixels::{Pixels, Rgba};
use crate::state::{Outcome, Sent};
use crate::text::answer as say;

/// The receipt of one answer; `name` is the file's, `all`: what was sent of it
/// so far, for this answer and otherwise.
#[component]
pub(crate) fn Receipt(
    outcome: Arc<Outcome>,
    name: String,
    #[prop(into)] all: Signal<Sent>,
) -> impl IntoView {
    let recipe = &outcome.model.recipe;
    // Not the photo: the bytes that were sent, and nothing else.
    let picture = Rgba::of_tensor(&outcome.prepared.tensor, recipe);
    let picture = picture.map(|picture| {
        let picture = Signal::stored(picture);
        view! { <Pixels picture label=say::SENT_PICTURE class="receipt-picture" /> }
    });
    let exchange = &outcome.exchange;
    view! {
        <dl class="receipt">
            <div class="receipt-part">
                <dt>{say::SENT}</dt>
                <dd class="receipt-sent">
                    {picture} <div>
                        <p class="receipt-sum">{say::sent(exchange)}</p>
                        <p>{say::sent_pixels(&outcome)}</p>
                        <p>{say::sent_header(exchange)}</p>
                        <p class="receipt-address">{say::sent_to(exchange)}</p>
                        <p class="receipt-fine">{say::HEADERS}</p>
                    </div>
                </dd>
            </div>
            <div class="receipt-part">
                <dt>{say::IN_ALL}</dt>
                <dd>
                    <p>{move || say::sent_in_all(all.get())}</p>
                    <p class="receipt-fine">{say::ASKED_ANEW}</p>
                </dd>
            </div>
            <div class="receipt-part">
                <dt>{say::RECEIVED}</dt>
                <dd>{say::received(exchange)}</dd>
            </div>
            <div class="receipt-part">
                <dt>{say::STAYED}</dt>
                <dd>
                    <p>{say::stayed(&name, &outcome.prepared)}</p>
                    <p>{say::STAYED_TOO}</p>
                </dd>
            </div>
        </dl>
    }
}
