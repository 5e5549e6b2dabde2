//! `GET /api/status`.

use axum::extract::State;
use axum::{Extension, Json};
use conch_shared::api::Status;

use crate::AppState;
use crate::assets::Index;

/// How the server does.
pub async fn status(
    State(state): State<AppState>,
    Extension(index): Extension<Index>,
) -> Json<Status> {
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        backend: state.backend.status().await,
        uptime_seconds: state.started.elapsed().as_secs_f64(),
        entrance: state.lan.as_ref().and_then(|lan| lan.entrance()),
        trust: state.lan.as_ref().and_then(|lan| lan.trust_page()),
        page: index.build().map(|build| build.to_string()),
    })
}
