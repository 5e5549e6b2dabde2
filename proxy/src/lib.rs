//! The server behind Conch: hands tensors to a backend and brings the labels back.
//!
//! | module | subject |
//! | --- | --- |
//! | [`router`] | every route, on one screen |
//! | [`middleware`] | the layers around the routes, in their order |
//! | [`handlers`] | translate HTTP, nothing else |
//! | [`error`] | the only place that maps to status codes |
//! | [`classify`] | from a tensor to labels, for the API and the command line |
//! | [`infer`] | what the v2 protocol asks of a model, checked in both directions |
//! | [`backend`] | the trait, and what runs models |
//! | [`model_repo`] | `config.pbtxt` and labels into specs |
//! | [`config`] | the options |
//! | [`assets`] | the page |
//! | [`server`] | connections, and how they end |
//! | [`shutdown`] | when the server is told to end |
//! | [`client`] | another `conch`, for the command line |
//! | [`commands`] | `serve`, `classify`, `models` |

pub mod assets;
pub mod backend;
pub mod classify;
pub mod client;
pub mod commands;
pub mod config;
pub mod error;
pub mod handlers;
pub mod infer;
pub mod middleware;
pub mod model_repo;
mod random;
pub mod router;
pub mod server;
pub mod shutdown;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;

use crate::backend::Backend;
use crate::config::ServeArgs;

/// What every request can reach.
#[derive(Clone)]
pub struct AppState {
    /// Runs the models.
    pub backend: Arc<dyn Backend>,
    /// The options.
    pub config: Arc<ServeArgs>,
    /// When the server started.
    pub started: Instant,
}

/// The whole application, as a function: tests call it without a port.
pub fn build_router(state: AppState) -> Router {
    middleware::apply(router::routes(&state.config), &state.config).with_state(state)
}
