//! What the page uses: each returns a `Result` and never touches the page.

pub(crate) mod api;
pub(crate) mod app;
pub(crate) mod feedback;
pub(crate) mod folder;
pub(crate) mod http;
pub(crate) mod keep;
pub(crate) mod link;
pub(crate) mod power;
pub(crate) mod resource_timing;
pub(crate) mod save;
mod script;
pub(crate) mod v2;
pub(crate) mod worker;
