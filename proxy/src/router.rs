//! Every route, on one screen.

use axum::Router;
use axum::routing::{any, get, post};

use crate::config::ServeArgs;
use crate::handlers::{classify, fallback, health, models, status};
use crate::{AppState, assets};

/// The API and the page. What is not listed is the page's, or a 404.
pub fn routes(config: &ServeArgs) -> Router<AppState> {
    Router::new()
        .route("/api/status", get(status::status))
        .route("/api/models", get(models::list))
        .route("/api/models/{name}", get(models::one))
        .route("/api/models/{name}/classify", post(classify::classify))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        // Never the page's: a program that mistypes a path wants a problem document, not HTML.
        .route("/api", any(fallback::not_found))
        .route("/api/{*rest}", any(fallback::not_found))
        .route("/v2/{*rest}", any(fallback::not_found))
        .method_not_allowed_fallback(fallback::method_not_allowed)
        .fallback_service(assets::service(&config.page.page_dir))
}
