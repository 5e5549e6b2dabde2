//! Every route, on one screen.

use axum::handler::Handler;
use axum::routing::{self, MethodRouter, any};
use axum::{Extension, Router};
use http::{Method, Uri};
use tower::ServiceBuilder;
use tower::util::MapRequestLayer;
use tower_http::compression::CompressionLayer;

use crate::config::ServeArgs;
use crate::handlers::{classify, fallback, health, metrics, models, share, status, trust, v2};
use crate::lan::TRUST_PAGE;
use crate::middleware::{by_page, by_route};
use crate::{AppState, assets};

/// The API and the page. What is not listed is the page's, or a 404.
pub fn routes(config: &ServeArgs) -> Router<AppState> {
    let page = &config.page.page_dir;
    let index = assets::Index::new(page);
    let routes = Router::new()
        .route("/api/status", get(status::status))
        .route("/api/models", get(models::list))
        .route("/api/models/{name}", get(models::one))
        .route("/api/models/{name}/config", get(models::config))
        .route("/api/models/{name}/labels", get(models::labels))
        .route("/api/models/{name}/classify", post(classify::classify))
        .route("/api/entrance.svg", get(trust::entrance))
        .route("/share", post(share::share))
        .route(TRUST_PAGE, get(trust::page))
        .route("/trust/authority.crt", get(trust::certificate))
        .route("/trust/authority.mobileconfig", get(trust::profile))
        .route("/trust/style.css", get(trust::style))
        .route("/trust/without", get(trust::without))
        .route("/metrics", get(metrics::metrics))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/v2", get(v2::server))
        .route("/v2/", get(v2::server))
        .route("/v2/health/live", get(v2::live))
        .route("/v2/health/ready", get(v2::ready))
        .route("/v2/repository/index", post(v2::index))
        .route("/v2/models/stats", get(v2::all_statistics));
    let routes = ["", "/versions/{version}"]
        .into_iter()
        .fold(routes, |routes, version| {
            let model = format!("/v2/models/{{name}}{version}");
            routes
                .route(&model, get(v2::metadata))
                .route(&format!("{model}/ready"), get(v2::model_ready))
                .route(&format!("{model}/config"), get(v2::config))
                .route(&format!("{model}/stats"), get(v2::statistics))
                .route(&format!("{model}/infer"), post(v2::infer))
        })
        .layer(MapRequestLayer::new(by_route));
    // Never the page's: a program that mistypes a path wants a problem document, not HTML. Nor a
    // backend's: Triton's model control, shared memory, trace and logging are out of reach here.
    [
        "/api",
        "/api/",
        "/api/{*rest}",
        "/health",
        "/health/",
        "/health/{*rest}",
        "/v2/{*rest}",
    ]
    .into_iter()
    .fold(routes, |routes, path| {
        routes.route(path, any(fallback::not_found))
    })
    // The page's files below are compressed already.
    .layer((Extension(index.clone()), CompressionLayer::new()))
    .fallback_service(
        ServiceBuilder::new()
            .map_request(by_page)
            .service(assets::service(page, index)),
    )
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
