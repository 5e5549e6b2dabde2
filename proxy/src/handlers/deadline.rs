//! Answers in time, or none.

use std::time::Duration;

use crate::AppState;
use crate::backend::{BackendError, ModelId};
use crate::error::ApiError;
use crate::infer::InferError;

/// Waits for a model's answer as long as a request may take. What has not begun by then does not begin:
/// a backend gives up a request whose future is dropped.
///
/// # Errors
/// 504 when the time is over; else those of the answer.
pub(super) async fn in_time<T>(
    state: &AppState,
    id: &ModelId,
    answer: impl Future<Output = Result<T, InferError>>,
) -> Result<T, ApiError> {
    let deadline = Duration::from_secs(state.config.limits.deadline);
    let Ok(answer) = tokio::time::timeout(deadline, answer).await else {
        let model = id.name.clone();
        return Err(BackendError::TimedOut { model, deadline }.into());
    };
    Ok(answer?)
}
