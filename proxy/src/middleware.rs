//! The layers around the routes.

mod cors;
mod count;
mod guard;
mod headers;
mod log;
mod request_id;
mod unread;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

use crate::AppState;
use crate::error::ApiError;
use crate::handlers::trust;

pub(crate) use count::{by_page, by_route};
pub use request_id::{REQUEST_ID, RequestId};

/// Lays the layers around the routes, the outermost first:
///
/// 1. the count, of whatever is answered and of every byte of it;
/// 2. the request's id, since the log and every problem document name it;
/// 3. the log around all that can answer, preflights and panics included;
/// 4. security headers on whatever is answered;
/// 5. CORS around the panic catcher, or a page of another origin could not read a 500;
/// 6. the panic catcher around all handlers, so that one request's panic is an answer like any other;
/// 7. the request's body, whose unread rest must not break the answer;
/// 8. the guard, whose refusals go through all of that;
/// 9. innermost, the way of a device that is new on the network.
///
/// They lie around the routes as a whole. `Router::layer` would lay each of them around every route,
/// and each request would copy what lies inside of a layer once for every layer around it.
pub fn apply(routes: Router, state: AppState) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(Arc::clone(&state.metrics), count::count))
        .layer(from_fn(request_id::identify))
        .layer(from_fn_with_state(state.spans.clone(), log::log))
        .layer(from_fn_with_state(state.clone(), headers::set))
        .option_layer(cors::layer(&state.config.cors))
        .layer(CatchPanicLayer::custom(panicked))
        .map_request(unread::watch(&state.config.limits))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .layer(from_fn_with_state(state, trust::welcome));
    Router::new().fallback_service(layers.service(routes))
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
