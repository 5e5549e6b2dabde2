use bytes::Bytes;
use conch_shared::api::{PROBLEM_JSON, Problem};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A header's text; empty where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body of a 200.
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The answer must be a problem document of this status and code, with the request's id.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) -> Problem {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), PROBLEM_JSON);
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((problem.status, problem.code.as_str()), (status, code));
        assert_eq!(
            problem.request_id.as_deref(),
            Some(self.header("x-request-id"))
        );
        problem
    }

    /// As `assert_problem`, with what was expected and what was found.
    #[track_caller]
    pub(crate) fn assert_values(&self, status: u16, code: &str, expected: &str, found: &str) {
        let problem = self.assert_problem(status, code);
        assert_eq!(problem.expected.as_deref(), Some(expected));
        assert_eq!(problem.found.as_deref(), Some(found));
    }

    /// The answer must be Triton's error document of this status and text.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, text: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        let expected = serde_json::json!({ "error": text });
        assert_eq!(self.text(), expected.to_string());
    }
}
