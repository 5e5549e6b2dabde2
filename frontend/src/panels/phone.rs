//! *Open on your phone*: the address where a phone of this network begins, as a QR code.

use leptos::prelude::*;

use crate::components::icon::Phone;
use crate::components::sheet::SheetDialog;
use crate::navigation::Navigation;
use crate::place::Sheet;
use crate::state::{Server, Store};
use crate::text::phone as say;

/// The address, where the server has one for phones.
fn entrance(store: Store) -> Memo<Option<String>> {
    Memo::new(move |_| {
        store.server.with(|server| match server {
            Server::Here(status) => status.entrance.clone(),
            Server::Unknown | Server::Away => None,
        })
    })
}

/// The button that opens the sheet, where there is something to open.
#[component]
pub(crate) fn PhoneButton() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let entrance = entrance(expect_context::<Store>());
    let open = move |_| navigation.go(navigation.here().with_sheet(Some(Sheet::Phone)));
    // While the sheet is open it stays, whatever becomes of the network: the focus comes back to it.
    let is_open = navigation.part(|place| place.sheet == Some(Sheet::Phone));
    let is_there = Memo::new(move |_| is_open.get() || entrance.with(Option::is_some));
    view! {
        <Show when=move || is_there.get()>
            <button
                type="button"
                class="icon-button phone-button"
                aria-label=say::TITLE
                aria-haspopup="dialog"
                on:click=open
            >
                <Phone />
            </button>
        </Show>
    }
}

/// The sheet.
#[component]
pub(crate) fn OnPhone() -> impl IntoView {
    let navigation = expect_context::<Navigation>();
    let entrance = entrance(expect_context::<Store>());
    let on_close = Callback::new(move |()| navigation.close_sheet());
    let code = move || {
        let Some(address) = entrance.get() else {
            return view! { <p>{say::NO_NETWORK}</p> }.into_any();
        };
        // The server draws the code of now: the address makes it another picture when it changes.
        let query = js_sys::encode_uri_component(&address);
        view! {
            <p>{say::HOW}</p>
            <img
                class="phone-code"
                src=format!("api/entrance.svg?of={query}")
                width="264"
                height="264"
                alt=say::code(&address)
            />
            <p class="phone-address">
                <a class="text-link" href=address.clone()>
                    {address.clone()}
                </a>
            </p>
        }
        .into_any()
    };
    view! {
        <SheetDialog title=say::TITLE on_close>
            <div class="phone">{code}</div>
        </SheetDialog>
    }
}
