//! `POST /v2/repository/index`.

use axum::Json;
use axum::extract::State;
use conch_shared::kserve::metadata::IndexEntry;
use serde::Deserialize;

use crate::AppState;
use crate::error::ApiError;
use crate::handlers::upload::Upload;

#[derive(Default, Deserialize)]
struct Filter {
    /// Only what answers.
    #[serde(default)]
    ready: bool,
}

/// Every version of every model; the body is empty, or a filter.
///
/// # Errors
/// 400 for a body that is no filter.
pub async fn index(
    State(state): State<AppState>,
    upload: Upload,
) -> Result<Json<Vec<IndexEntry>>, ApiError> {
    let (body, _place) = upload.bytes(&state).await?;
    let filter = match body.trim_ascii() {
        b"" => Filter::default(),
        json => {
            serde_json::from_slice(json).map_err(|error| ApiError::bad_json(&error.to_string()))?
        }
    };
    let models = state.backend.models().await;
    let entries = models.iter().flat_map(|model| model.index.iter());
    // A model without a version is not listed, as in Triton; /api/models tells of it.
    let versions = entries.filter(|entry| entry.version.is_some());
    let wanted = versions.filter(|entry| !filter.ready || entry.is_ready());
    Ok(Json(wanted.cloned().collect()))
}
