//! Counts every request, for `/metrics`.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use hyper::body::{Frame, SizeHint};
use prometheus_client::metrics::counter::Counter;

use crate::error::ApiError;
use crate::metrics::{Metrics, Route};

/// Where the route that takes a request says so: axum tells only what lies inside of a route, and we
/// lie outside, where a panic is an answer already.
#[derive(Clone, Default)]
pub(super) struct Taken(Arc<OnceLock<Route>>);

impl Taken {
    /// Where this request's will say so.
    pub(super) fn of(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or_default()
    }

    /// Who took it, once it is answered.
    pub(super) fn by(&self) -> &Route {
        self.0.get().unwrap_or(&Route::Other)
    }
}

/// Lies around each route.
pub(crate) fn by_route(request: Request) -> Request {
    let template = request.extensions().get::<MatchedPath>().cloned();
    taken(&request, template.map_or(Route::Other, Route::Template));
    request
}

/// Lies around the page's files.
pub(crate) fn by_page(request: Request) -> Request {
    taken(&request, Route::Page);
    request
}

fn taken(request: &Request, route: Route) {
    if let Some(Taken(by)) = request.extensions().get() {
        by.set(route).ok();
    }
}

/// Lies around everything, so that whatever is answered counts, and its body as it is sent.
pub(super) async fn count(
    State(metrics): State<Arc<Metrics>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let flight = Flight::new(Arc::clone(&metrics));
    let method = request.method().clone();
    let route = Taken::default();
    request.extensions_mut().insert(route.clone());
    let bytes = &metrics.http.request_bytes;
    let request = request.map(|body| Counted::around(body, bytes, None));

    let response = next.run(request).await;
    let status = response.status();
    let http = &metrics.http;
    http.answered(route.by(), &method, status.as_u16(), begun.elapsed());
    if let StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS = status
        && let Some(error) = response.extensions().get::<ApiError>()
    {
        http.shed(&error.problem.code);
    }
    response.map(|body| Counted::around(body, &http.response_bytes, Some(flight)))
}

/// A request that is not over; dropping it says that it is, however it ended.
struct Flight(Arc<Metrics>);

impl Flight {
    fn new(metrics: Arc<Metrics>) -> Self {
        metrics.http.in_flight.inc();
        Self(metrics)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.http.in_flight.dec();
    }
}

/// A body whose bytes are counted.
struct Counted {
    body: Body,
    bytes: Counter,
    /// Over when the body is.
    _flight: Option<Flight>,
}

impl Counted {
    fn around(body: Body, bytes: &Counter, flight: Option<Flight>) -> Body {
        // Most requests have none.
        if flight.is_none() && body.is_end_stream() {
            return body;
        }
        Body::new(Self {
            body,
            bytes: bytes.clone(),
            _flight: flight,
        })
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.bytes.inc_by(data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
