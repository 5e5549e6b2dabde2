//! The server behind Conch: hands tensors to a backend and brings the labels back.
//!
//! | module | subject |
//! | --- | --- |
//! | [`router`] | every route, on one screen |
//! | [`middleware`] | the layers around the routes, in their order |
//! | [`handlers`] | translate HTTP, nothing else |
//! | [`error`] | the only place that maps to status codes |
//! | [`access`] | who may do what |
//! | [`admission`] | how much is taken in at once |
//! | [`clients`] | who asks |
//! | [`classify`] | from a tensor to labels, for the API and the command line |
//! | [`infer`] | what the v2 protocol asks of a model, checked in both directions |
//! | [`backend`] | the trait, and what runs models |
//! | [`model_repo`] | `config.pbtxt` and labels into specs |
//! | [`log`] | what the log looks like |
//! | [`trace`] | which trace a request is part of |
//! | [`metrics`] | what is counted and measured |
//! | [`config`] | the options |
//! | [`assets`] | the page |
//! | [`server`] | connections, and how they end |
//! | [`listen`] | the ports that are taken, and in which order they are tried |
//! | [`tls`] | certificates, and the authority that signs them |
//! | [`lan`] | how phones of the network find this machine |
//! | [`shutdown`] | when the server is told to end |
//! | [`client`] | another `conch`, for the command line |
//! | [`commands`] | `serve`, `classify`, `models` |

pub mod access;
pub mod admission;
pub mod assets;
pub mod backend;
pub mod classify;
pub mod client;
pub mod clients;
pub mod commands;
pub mod config;
pub mod error;
pub mod handlers;
pub mod infer;
pub mod lan;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod middleware;
pub mod model_repo;
mod random;
pub mod router;
pub mod server;
pub mod shutdown;
pub mod tls;
pub mod trace;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;

use crate::access::Access;
use crate::admission::Admission;
use crate::backend::Backend;
use crate::config::ServeArgs;
use crate::lan::Lan;
use crate::metrics::Metrics;
use crate::shutdown::{Phase, Phases};

/// What every request can reach.
#[derive(Clone)]
pub struct AppState {
    /// Runs the models.
    pub backend: Arc<dyn Backend>,
    /// The options.
    pub config: Arc<ServeArgs>,
    /// The network, where it is served with HTTPS.
    pub lan: Option<Arc<Lan>>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Where spans go, if anywhere.
    pub spans: Option<trace::Exporter>,
    /// When the server started.
    pub started: Instant,
    /// Who may do what.
    pub access: Arc<Access>,
    /// How much is taken in at once.
    pub admission: Arc<Admission>,
    /// Whether it is about to end.
    pub phases: Phases,
}

impl AppState {
    /// Of a server that starts now.
    ///
    /// # Errors
    /// When the file of tokens cannot be used, or spans cannot be sent.
    pub fn new(
        backend: Arc<dyn Backend>,
        config: ServeArgs,
        lan: Option<Arc<Lan>>,
        phases: Phases,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            backend,
            access: Arc::new(Access::new(&config, lan.as_ref())?),
            admission: Arc::new(Admission::new(&config.limits)),
            spans: trace::Exporter::start(&config.traces)?,
            config: Arc::new(config),
            lan,
            metrics: Arc::default(),
            started: Instant::now(),
            phases,
        })
    }

    /// Whether it takes requests, and a model can answer.
    pub async fn is_ready(&self) -> bool {
        *self.phases.borrow() == Phase::Serving && backend::is_ready(&*self.backend).await
    }
}

/// The whole application, as a function: tests call it without a port.
pub fn build_router(state: AppState) -> Router {
    let routes = router::routes(&state.config).with_state(state.clone());
    middleware::apply(routes, state)
}
