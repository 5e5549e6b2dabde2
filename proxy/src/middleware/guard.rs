//! Everything that is looked at before a handler sees a request: how it is framed, who sends it, where
//! to, and how often.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::TRANSFER_ENCODING;
use http::{HeaderMap, Version};

use crate::AppState;
use crate::clients::{self, Client};
use crate::error::ApiError;
use crate::server::Peer;

/// Most bytes of names and values; browsers send one, with large cookies four thousand.
const MAX_HEADERS: usize = 16 * 1024;

/// Lets a request pass, with its [`Client`] as an extension, or says why not.
pub(super) async fn guard(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    match look(&state, &request) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

fn look(state: &AppState, request: &Request) -> Result<Client, ApiError> {
    let headers = request.headers();
    check_framing(request.version(), headers)?;
    // Without a connection, this process asks itself.
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip);
    let access = &state.access;
    access.check(peer, request.method(), request.uri(), headers)?;
    let client = Client::of(clients::address(peer, headers, access.trusted()));
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/v2") {
        state.admission.count(client)?;
    }
    Ok(client)
}

/// A body's length must be known: where it comes in pieces and names a length, too, hyper takes the
/// pieces, and a proxy before us may have taken the length (request smuggling; RFC 9112, 6.1). Neither
/// Triton nor any browser over HTTP/1.1 knows them.
fn check_framing(version: Version, headers: &HeaderMap) -> Result<(), ApiError> {
    if version < Version::HTTP_11 {
        return Err(ApiError::old_http());
    }
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(ApiError::length_required());
    }
    let length =
        |(name, value): (&http::HeaderName, &http::HeaderValue)| name.as_str().len() + value.len();
    match headers.iter().map(length).sum::<usize>() {
        0..=MAX_HEADERS => Ok(()),
        found => Err(ApiError::headers_too_large(MAX_HEADERS, found)),
    }
}
