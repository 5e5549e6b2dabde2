//! Puts the pieces together: the store, the desk, the watch on the server, the page.

use leptos::prelude::*;

use crate::connection;
use crate::desk::Desk;
use crate::pages::home::Home;
use crate::state::Store;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let store = Store::new();
    provide_context(store);
    provide_context(Desk::new(store));
    connection::watch(store);
    view! { <Home /> }
}
