//! Every route, on one screen.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter, any};
use http::{Method, Uri};

use crate::config::ServeArgs;
use crate::handlers::{classify, fallback, health, models, status};
use crate::{AppState, assets};

/// The API and the page. What is not listed is the page's, or a 404.
pub fn routes(config: &ServeArgs) -> Router<AppState> {
    let routes = Router::new()
        .route("/api/status", get(status::status))
        .route("/api/models", get(models::list))
        .route("/api/models/{name}", get(models::one))
        .route("/api/models/{name}/classify", post(classify::classify))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready));
    // Never the page's: a program that mistypes a path wants a problem document, not HTML.
    ["/api", "/v2", "/health"]
        .into_iter()
        .fold(routes, |routes, prefix| {
            routes
                .route(prefix, any(fallback::not_found))
                .route(&format!("{prefix}/"), any(fallback::not_found))
                .route(&format!("{prefix}/{{*rest}}"), any(fallback::not_found))
        })
        .fallback_service(assets::service(&config.page.page_dir))
}

/// A route that is read; axum answers HEAD with it.
fn get<T: 'static>(handler: impl Handler<T, AppState>) -> MethodRouter<AppState> {
    routing::get(handler).fallback(|method: Method, uri: Uri| {
        fallback::method_not_allowed("GET or HEAD", method, uri)
    })
}

/// A route that is sent to.
fn post<T: 'static>(handler: impl Handler<T, AppState>) -> MethodRouter<AppState> {
    routing::post(handler)
        .fallback(|method: Method, uri: Uri| fallback::method_not_allowed("POST", method, uri))
}
