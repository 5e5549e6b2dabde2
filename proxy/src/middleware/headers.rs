//! What every answer tells the browser that shows it, whatever it holds.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};

use crate::AppState;
use crate::lan::Trust;
use crate::server::Peer;

/// Of the device the page uses the camera, and nothing else.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), \
     hid=(), bluetooth=(), midi=()",
);

/// One half year, the least that lists of such sites ask for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=15768000");

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        SAME_ORIGIN,
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Sets them.
pub(super) async fn set(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    let is_secure = peer.is_some_and(|peer| peer.is_secure);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    // By plain HTTP browsers ignore it, and say so on the console.
    if is_secure {
        headers.insert(OPENER_POLICY, SAME_ORIGIN);
    }
    // Not where devices are told by HTTP how to trust this machine: one that has forgotten it could
    // never be told again.
    let lan = state.lan.as_deref();
    if is_secure && lan.is_some_and(|lan| matches!(lan.trust(), Trust::Given(_))) {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}
