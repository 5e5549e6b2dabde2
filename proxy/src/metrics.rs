//! What is counted and measured, for Prometheus (its text format 0.0.4).
//!
//! | module | subject |
//! | --- | --- |
//! | `http` | requests, by the routes that took them |
//! | `engine` | the embedded engine: queue, batches, runs |
//! | `upstream` | Triton: tries, and second ones |
//! | `state` | what is so at the moment: replicas, models, build |
//! | `process` | memory, descriptors, processor time |
//!
//! What happens between two scrapes is counted where it happens; what is so at the moment is asked
//! for when somebody scrapes. Labels are made of what the server knows (routes, codes, models,
//! numbers of replicas), never of a client's text: their number has a bound.

mod engine;
mod http;
mod process;
mod state;
mod upstream;

use std::fmt;

use prometheus_client::encoding::prometheus_text;
use prometheus_client::registry::Registry;

use crate::AppState;

pub(crate) use self::http::method_name;
pub use self::http::{Http, Route};
pub(crate) use engine::{Engine, Engines};
pub(crate) use upstream::Upstream;

/// The format's media type.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Upper bounds of durations, seconds: from an answer out of memory to a deadline missed.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// What one server counts from its start on.
pub struct Metrics {
    /// Requests.
    pub http: Http,
    registry: Registry,
}

impl Default for Metrics {
    fn default() -> Self {
        let (http, mut registry) = (Http::default(), Registry::default());
        http.register(&mut registry);
        Self { http, registry }
    }
}

impl Metrics {
    /// All of it as text.
    ///
    /// # Errors
    /// None: a string takes all that is written.
    pub async fn exposition(&self, state: &AppState) -> Result<String, fmt::Error> {
        let mut now = Registry::default();
        state::register(&mut now, &*state.backend).await;
        state::register_pools(&mut now, &state.admission);
        state.backend.measure(&mut now);
        process::register(&mut now, state.started);
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        prometheus_text::encode(&mut text, &now)?;
        Ok(text)
    }
}
