//! The server's `/v2`: the part of Triton's API that the page uses.

pub(crate) mod infer;

use conch_shared::kserve::statistics::{ModelStatistics, Statistics};
use js_sys::encode_uri_component;

use super::api::{ApiError, get_json};

/// `GET /v2/models/{name}/stats`: what each version of a model did since the server started, for
/// everybody. Another process that answers next time counts anew.
pub(crate) async fn statistics(model: &str) -> Result<Vec<ModelStatistics>, ApiError> {
    let address = format!("/v2/models/{}/stats", encode_uri_component(model));
    let counted: Statistics = get_json(&address).await?;
    Ok(counted.model_stats)
}
