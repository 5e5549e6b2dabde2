//! What can go wrong between this server and one replica, and what follows from it.

use std::time::Duration;

use http::StatusCode;

use crate::backend::BackendError;

/// Why a replica gave no answer to a request. The texts are for the log: they may hold a server's
/// own words and addresses.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Nobody took the connection.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The connection broke before the answer was whole.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// There was no answer within this time.
    #[error("no answer within {} ms", .0.as_millis())]
    Late(Duration),
    /// An answer that Triton would not give.
    #[error("{0}")]
    Nonsense(String),
    /// NaN or infinity where a number should be. The request may be the reason as well as the
    /// replica: values that are large enough overflow in any model.
    #[error("{0}")]
    NotFinite(String),
    /// Triton's queue is full.
    #[error("the queue is full: {0:?}")]
    Busy(String),
    /// The request waited in Triton's queue for longer than it may.
    #[error("the request expired in the queue: {0:?}")]
    Expired(String),
    /// Triton does not have the model, or not this version.
    #[error("the model is gone: {0:?}")]
    Gone(String),
    /// Triton refuses the request.
    #[error("status {status}: {words:?}")]
    Refused {
        /// A client error.
        status: StatusCode,
        /// Triton's reason.
        words: String,
    },
    /// Triton failed on the request.
    #[error("status {status}: {words:?}")]
    Failed {
        /// A server error.
        status: StatusCode,
        /// Triton's reason.
        words: String,
    },
}

impl Fault {
    /// In a word, for the metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Broken(_) => "broken",
            Self::Late(_) => "late",
            Self::Nonsense(_) => "nonsense",
            Self::NotFinite(_) => "not_finite",
            Self::Busy(_) => "busy",
            Self::Expired(_) => "expired",
            Self::Gone(_) => "gone",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether the replica is not to be trusted until someone has looked at it.
    pub(super) fn is_the_replicas(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::Broken(_)
                | Self::Late(_)
                | Self::Nonsense(_)
                | Self::Failed { .. }
        )
    }

    /// Whether another replica may do better.
    pub(super) fn is_worth_a_retry(&self) -> bool {
        !matches!(self, Self::Expired(_) | Self::Refused { .. })
    }

    /// What the client is told of a request that had `time`.
    pub(super) fn into_error(self, model: &str, time: Duration) -> BackendError {
        let cause = self.to_string();
        let model = model.to_owned();
        match self {
            Self::Unreachable(_) => unreachable(model),
            Self::Late(_) => BackendError::TimedOut {
                model,
                deadline: time,
            },
            Self::Busy(_) => BackendError::Busy { model },
            Self::Expired(_) => BackendError::Expired { model },
            Self::Gone(_) => BackendError::Unavailable {
                model,
                reason: "Triton does not serve it any more".to_owned(),
            },
            Self::Refused { .. } | Self::Failed { .. } => BackendError::Failed { model, cause },
            Self::Broken(_) => BackendError::Broken { model, cause },
            Self::Nonsense(_) | Self::NotFinite(_) => BackendError::BadAnswer { model, cause },
        }
    }
}

/// Why no model answers while no replica does.
pub(super) const NO_REPLICA: &str = "no Triton server answers at the moment";

/// No replica is there to be asked.
pub(super) fn unreachable(model: String) -> BackendError {
    BackendError::Unavailable {
        model,
        reason: NO_REPLICA.to_owned(),
    }
}
