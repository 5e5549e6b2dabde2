//! The layers around the routes.

mod cors;
mod log;
mod request_id;
mod unread;

use std::any::Any;

use axum::Router;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use http::header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::AppState;
use crate::config::ServeArgs;
use crate::error::ApiError;

pub use request_id::{REQUEST_ID, RequestId};

/// Lays the layers around the routes; the last one added is the outermost, so read from below:
///
/// 1. the request's id first, since the log and every problem document name it;
/// 2. the log around all that can answer, preflights and panics included;
/// 3. security headers on whatever is answered;
/// 4. CORS around the panic catcher, or a page of another origin could not read a 500;
/// 5. the panic catcher around all handlers, so that one request's panic is an answer like any other;
/// 6. innermost, the request's body, whose unread rest must not break the answer.
pub fn apply(routes: Router<AppState>, config: &ServeArgs) -> Router<AppState> {
    let header = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let routes = unread::apply(routes, &config.limits);
    let routes = routes.layer(CatchPanicLayer::custom(panicked));
    cors::apply(routes, &config.cors)
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(from_fn(log::log))
        .layer(from_fn(request_id::identify))
}

// The signature is tower-http's.
#[expect(clippy::needless_pass_by_value)]
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    ApiError::internal(words.unwrap_or_else(|| "a panic without words".to_owned())).into_response()
}
