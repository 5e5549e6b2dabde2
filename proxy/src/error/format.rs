//! What an error looks like, which the path decides, and nothing else.

use conch_shared::api::PROBLEM_JSON;
use serde::Serialize;

use super::ApiError;

/// The form of an error's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorFormat {
    /// RFC 9457.
    Problem,
    /// As Triton does it, for its clients.
    Triton,
}

#[derive(Serialize)]
struct TritonError<'a> {
    error: &'a str,
}

impl ErrorFormat {
    /// The form under this path.
    pub(crate) fn of(path: &str) -> Self {
        match path.strip_prefix("/v2") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Triton,
            _ => Self::Problem,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Problem => PROBLEM_JSON,
            Self::Triton => "application/json",
        }
    }

    /// The body's bytes, with the request's id where the form has a place for it.
    pub(crate) fn body(self, error: &ApiError, request_id: &str) -> Vec<u8> {
        let problem = &error.problem;
        let body = match self {
            Self::Problem => {
                let mut problem = problem.clone();
                problem.request_id = Some(request_id.to_owned());
                serde_json::to_vec(&problem)
            }
            Self::Triton => serde_json::to_vec(&TritonError {
                error: error.triton_words.as_deref().unwrap_or(&problem.detail),
            }),
        };
        body.expect("strings and numbers are always JSON")
    }
}
