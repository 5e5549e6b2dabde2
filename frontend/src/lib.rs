//! The page: photos in, labels out.
//!
//! | module | subject |
//! | --- | --- |
//! | [`app`] | puts the pieces together |
//! | `pages`, `panels`, `components` | one each page; regions with state; props in, view out |
//! | `place`, `navigation`, `arrival` | where on the page one is; the address and the history; what follows |
//! | `paging`, `focus` | from photo to photo; where the keyboard is |
//! | `shortcut` | the keys that work anywhere |
//! | `framing` | the square that the model sees, moved and resized |
//! | `state`, `settings` | the store that panels read; what somebody chose |
//! | `catalogue`, `comparison` | the server's models, and which of them answers; two answers side by side |
//! | `desk`, `schedule` | sees each photo through; decides what is next |
//! | `connection` | notices that the server is away, and back |
//! | `renewal`, `errand` | the page loaded anew with its photos; what an address asks of a fresh page |
//! | `patience` | how long one waits for a server that is busy |
//! | `occlusion`, `explanation` | which parts of a photo an answer hangs on |
//! | `input`, `export` | the ways in; results as text, JSON and CSV |
//! | `copies` | the same photo twice |
//! | `camera` | what the camera decides: its troubles, the label over many frames, the pace |
//! | `laboratory` | what the steps from photo to label compute |
//! | `services` | the server's API, the worker |
//! | [`protocol`] | what page and worker say to each other |
//! | `text`, `timing` | every sentence; how long things took |
//!
//! Two programs are made of it: `bin/app.rs`, the page, and `bin/worker.rs`, which decodes and
//! resizes beside it.

pub mod app;
mod arrival;
mod camera;
mod catalogue;
mod choice;
mod comparison;
#[allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "what #[component] writes; its props are values"
)]
mod components;
mod connection;
mod copies;
mod copying;
mod desk;
mod errand;
#[cfg(test)]
mod example;
mod explanation;
mod export;
mod focus;
mod framing;
mod input;
mod js;
mod laboratory;
mod navigation;
mod occlusion;
#[allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "what #[component] writes; its props are values"
)]
mod pages;
mod paging;
#[allow(
    unreachable_pub,
    clippy::needless_pass_by_value,
    reason = "what #[component] writes; its props are values"
)]
mod panels;
mod patience;
mod place;
pub mod protocol;
mod renewal;
mod schedule;
mod services;
mod settings;
mod shortcut;
mod state;
mod text;
mod timing;
