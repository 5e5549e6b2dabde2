//! What a model's folder says: its `config.pbtxt`, its class names.

use js_sys::encode_uri_component;
use web_sys::RequestInit;

use super::api::{ApiError, checked, get_json};
use super::http::{Canceller, fetch};

/// `GET /api/models/{name}/config`: the text of its `config.pbtxt`.
pub(crate) async fn config(model: &str) -> Result<String, ApiError> {
    let canceller = Canceller::new().ok_or(ApiError::ServerAway)?;
    let address = address(model, "config");
    let answer = fetch(&address, &RequestInit::new(), canceller.controller()).await?;
    Ok(checked(answer).await?.text().await?)
}

/// `GET /api/models/{name}/labels`: its class names, in class order.
pub(crate) async fn labels(model: &str) -> Result<Vec<String>, ApiError> {
    get_json(&address(model, "labels")).await
}

fn address(model: &str, file: &str) -> String {
    format!("/api/models/{}/{file}", encode_uri_component(model))
}
