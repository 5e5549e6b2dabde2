//! `/trust`: how a device comes to trust this machine's authority, and the authority itself. Plain HTML
//! that works by HTTP, without a script, in any browser.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::header::{COOKIE, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, Method, Uri};

use crate::AppState;
use crate::access::hosts;
use crate::error::ApiError;
use crate::lan::{Lan, TRUST_PAGE, Trust, qr};
use crate::server::Peer;
use crate::tls::Authority;

mod profile;
mod system;

use system::System;

const WELCOME: &str = include_str!("trust/welcome.html");
const TRUST: &str = include_str!("trust/trust.html");
const STYLE: &str = include_str!("trust/style.css");

/// No script at all, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// Remembers, until the browser ends, that somebody goes on without HTTPS.
const WITHOUT: &str = "conch-without-https=1";

/// `GET /trust`: what to do, the way of the device that asks first. A query is the place on the page
/// that one comes from, and goes on to.
///
/// # Errors
/// 404 where there is no authority of this machine's own.
pub async fn page(
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let (lan, authority) = own(&state, TRUST_PAGE)?;
    let here = System::of(text(&headers, USER_AGENT.as_str()));
    let ways: String = system::ALL
        .iter()
        .map(|(system, name, steps)| {
            let open = if *system == here { " open" } else { "" };
            format!("<details{open}><summary>{name}</summary>{steps}</details>\n")
        })
        .collect();
    Ok(html(&fill(
        TRUST,
        &[
            ("{{ways}}", &ways),
            ("{{query}}", &escape(&query(&uri))),
            ("{{name}}", &escape(authority.name())),
            (
                "{{fingerprint}}",
                &authority.fingerprint().replace(':', ":<wbr>"),
            ),
            (
                "{{secure}}",
                &escape(&lan.secure_url(host(&uri, &headers).as_deref())),
            ),
        ],
    )))
}

/// `GET /trust/authority.crt`: the certificate, in DER, as every system takes it.
///
/// # Errors
/// 404 where there is none.
pub async fn certificate(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let (_, authority) = own(&state, uri.path())?;
    Ok(file(
        "application/x-x509-ca-cert",
        "conch.crt",
        authority.certificate().to_vec(),
    ))
}

/// `GET /trust/authority.mobileconfig`: the same as a profile, which iPhones and Macs install.
///
/// # Errors
/// 404 where there is none.
pub async fn profile(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let (_, authority) = own(&state, uri.path())?;
    let profile = profile::of(authority);
    Ok(file(
        "application/x-apple-aspen-config",
        "conch.mobileconfig",
        profile.into_bytes(),
    ))
}

/// `GET /trust/style.css`.
pub async fn style() -> Response {
    (
        [(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, "no-cache")],
        STYLE,
    )
        .into_response()
}

/// `GET /trust/without`: on to the page without HTTPS, and no more questions until the browser ends.
pub async fn without(uri: Uri) -> Response {
    let cookie = format!("{WITHOUT}; Path=/; SameSite=Lax; HttpOnly");
    let to = format!("/{}", query(&uri));
    ([(SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
}

/// `GET /api/entrance.svg`: where a phone begins, as a QR code, by the addresses of now.
///
/// # Errors
/// 404 where no phone can.
pub async fn entrance(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let url = state.lan.as_ref().and_then(|lan| lan.entrance());
    let svg = url.and_then(|url| qr::svg(&url));
    let svg = svg.ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok((
        [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")],
        svg,
    )
        .into_response())
}

/// Asks who comes to the page by HTTP from another machine which way to go: trust this machine and
/// have the live camera, or go on without.
pub async fn welcome(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match asks(&state, &request) {
        Some(lan) => {
            let secure = lan.secure_url(host(request.uri(), request.headers()).as_deref());
            html(&fill(
                WELCOME,
                &[
                    ("{{query}}", &escape(&query(request.uri()))),
                    ("{{secure}}", &escape(&secure)),
                ],
            ))
        }
        None => next.run(request).await,
    }
}

fn asks<'a>(state: &'a AppState, request: &Request) -> Option<&'a Lan> {
    let lan = state.lan.as_deref()?;
    let is_page = request.uri().path() == "/" && request.method() == Method::GET;
    let peer = request.extensions().get::<Peer>()?;
    let decided = text(request.headers(), COOKIE.as_str()).contains(WITHOUT);
    let is_asked = is_page && !peer.is_secure && !is_here(peer.ip, request) && !decided;
    (is_asked && matches!(lan.trust(), Trust::Own(_))).then_some(lan)
}

/// Whether the browser is on this machine, by a name that browsers hold for secure without HTTPS
/// (Secure Contexts, 3.1).
fn is_here(peer: IpAddr, request: &Request) -> bool {
    let name = host(request.uri(), request.headers()).unwrap_or_default();
    peer.is_loopback() && ["localhost", "127.0.0.1", "[::1]"].contains(&name.as_str())
}

fn own<'a>(state: &'a AppState, path: &str) -> Result<(&'a Arc<Lan>, &'a Authority), ApiError> {
    let lan = state
        .lan
        .as_ref()
        .ok_or_else(|| ApiError::not_found(path))?;
    match lan.trust() {
        Trust::Own(authority) => Ok((lan, authority)),
        Trust::Given(_) => Err(ApiError::not_found(path)),
    }
}

/// The query with its mark; empty where there is none.
fn query(uri: &Uri) -> String {
    uri.query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default()
}

/// The host that was asked for, without its port.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let authority: http::uri::Authority = hosts::authority(uri, headers, false)?.parse().ok()?;
    Some(authority.host().to_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn html(page: &str) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(page.to_owned())).into_response()
}

fn file(kind: &str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_DISPOSITION, &disposition),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let replace = |page: String, (name, value): &(&str, &str)| page.replace(name, value);
    values.iter().fold(template.to_owned(), replace)
}

/// For text and for attributes in double quotes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
