//! Requests, by the routes that took them.

use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use axum::extract::MatchedPath;
use http::Method;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::SECONDS;

/// Who took a request.
#[derive(Clone, Debug, Default)]
pub enum Route {
    /// A route of the API, by its template.
    Template(MatchedPath),
    /// A file of the page.
    Page,
    /// Nobody.
    #[default]
    Other,
}

impl Route {
    /// Its template, if it has one.
    pub fn template(&self) -> Option<&str> {
        match self {
            Self::Template(path) => Some(path.as_str()),
            Self::Page | Self::Other => None,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Template(path) => path.as_str(),
            Self::Page => "page",
            Self::Other => "other",
        }
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> std::fmt::Result {
        encoder.write_str(self.as_str())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: Route,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OnRoute {
    route: Route,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: String,
}

/// Requests since the start.
pub struct Http {
    answered: Family<Answered, Counter>,
    duration: Family<OnRoute, Histogram>,
    shed: Family<Reason, Counter>,
    /// Requests whose answers are not yet sent.
    pub in_flight: Gauge<i64, AtomicI64>,
    /// Bytes of requests' bodies that were read.
    pub request_bytes: Counter,
    /// Bytes of answers' bodies that were handed to their connections.
    pub response_bytes: Counter,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            shed: Family::default(),
            in_flight: Gauge::default(),
            request_bytes: Counter::default(),
            response_bytes: Counter::default(),
        }
    }
}

impl Http {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "conch_http_requests",
            "Requests that were answered, by route, method and status",
            self.answered.clone(),
        );
        registry.register(
            "conch_http_request_duration_seconds",
            "Time from a request's headers to its answer's",
            self.duration.clone(),
        );
        registry.register(
            "conch_http_requests_in_flight",
            "Requests whose answers are not yet sent",
            self.in_flight.clone(),
        );
        registry.register(
            "conch_http_request_body_bytes",
            "Bytes of requests' bodies that were read",
            self.request_bytes.clone(),
        );
        registry.register(
            "conch_http_response_body_bytes",
            "Bytes of answers' bodies that were sent",
            self.response_bytes.clone(),
        );
        registry.register(
            "conch_shed_requests",
            "Requests that were told to come again later (429 and 503), by the problem's code",
            self.shed.clone(),
        );
    }

    /// A request was answered.
    pub fn answered(&self, route: &Route, method: &Method, status: u16, took: Duration) {
        let on_route = OnRoute {
            route: route.clone(),
        };
        self.duration
            .get_or_create(&on_route)
            .observe(took.as_secs_f64());
        let answered = Answered {
            route: on_route.route,
            method: method_name(method),
            status,
        };
        self.answered.get_or_create(&answered).inc();
    }

    /// A request was turned away for lack of room; `reason` is the problem's code.
    pub fn shed(&self, reason: &str) {
        let reason = reason.to_owned();
        self.shed.get_or_create(&Reason { reason }).inc();
    }
}

/// A method's name; for what a client makes up, the one that OpenTelemetry has for it.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}
