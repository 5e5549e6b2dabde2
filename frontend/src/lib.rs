//! The page: photos in, labels out.
//!
//! | module | subject |
//! | --- | --- |
//! | [`app`] | puts the pieces together |
//! | `pages`, `panels`, `components` | one route each; regions with state; props in, view out |
//! | `state` | the store that panels read |
//! | `desk`, `schedule` | sees each photo through; decides what is next |
//! | `connection` | notices that the server is away, and back |
//! | `input` | the ways in |
//! | `services` | the server's API, the worker |
//! | [`protocol`] | what page and worker say to each other |
//! | `text`, `timing` | every sentence; how long things took |
//!
//! Two programs are made of it: `bin/app.rs`, the page, and `bin/worker.rs`, which decodes and
//! resizes beside it.

pub mod app;
#[allow(unreachable_pub, reason = "what #[component] writes")]
mod components;
mod connection;
mod desk;
mod input;
#[allow(unreachable_pub, reason = "what #[component] writes")]
mod pages;
#[allow(unreachable_pub, reason = "what #[component] writes")]
mod panels;
pub mod protocol;
mod schedule;
mod services;
mod state;
mod text;
mod timing;
