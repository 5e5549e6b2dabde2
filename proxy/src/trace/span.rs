//! A request that is over, as OpenTelemetry wants it told: names of its semantic conventions, in the
//! JSON of OTLP (<https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>), where numbers
//! of 64 bits are texts and ids are hex.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use serde_json::{Value, json};

use super::Trace;

/// Longest path that is told, characters: many spans may wait.
const MAX_PATH: usize = 256;

/// `SPAN_KIND_SERVER`, of opentelemetry/proto/trace/v1/trace.proto.
const SERVER: u8 = 2;
/// `STATUS_CODE_ERROR`, as above.
const ERROR: u8 = 2;

/// A request that was answered.
#[derive(Debug)]
pub struct Span {
    /// Its place.
    pub trace: Trace,
    /// Its method, or `_OTHER`.
    pub method: &'static str,
    /// The beginning of its path, without the query.
    pub path: String,
    /// The template of its route, if one took it.
    pub route: Option<String>,
    /// The answer's status.
    pub status: StatusCode,
    /// The code of a problem.
    pub code: Option<String>,
    /// As the log has it.
    pub request_id: String,
    /// When it was answered.
    pub ended: SystemTime,
    /// After how long.
    pub took: Duration,
}

impl Span {
    /// As much of a path as is told.
    pub fn path(whole: &str) -> String {
        whole.chars().take(MAX_PATH).collect()
    }

    fn json(&self) -> Value {
        let nanoseconds = |time: SystemTime| {
            let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH);
            since_1970.unwrap_or_default().as_nanos().to_string()
        };
        let name = match &self.route {
            Some(route) => format!("{} {route}", self.method),
            None => self.method.to_string(),
        };
        let mut attributes = vec![
            text("http.request.method", self.method),
            text("url.path", &self.path),
            number("http.response.status_code", self.status.as_u16()),
            text("conch.request_id", &self.request_id),
        ];
        attributes.extend(self.route.iter().map(|route| text("http.route", route)));
        attributes.extend(self.code.iter().map(|code| text("error.type", code)));
        let mut span = json!({
            "traceId": format!("{:032x}", self.trace.id),
            "spanId": format!("{:016x}", self.trace.span),
            "flags": u8::from(self.trace.is_sampled),
            "name": name,
            "kind": SERVER,
            "startTimeUnixNano": nanoseconds(self.ended - self.took),
            "endTimeUnixNano": nanoseconds(self.ended),
            "attributes": attributes,
        });
        if let Some(parent) = self.trace.parent {
            span["parentSpanId"] = format!("{parent:016x}").into();
        }
        // A client's mistake is none of the server's.
        if self.status.is_server_error() {
            span["status"] = json!({ "code": ERROR });
        }
        span
    }
}

/// The body of an `ExportTraceServiceRequest`.
pub(super) fn message(spans: &[Span]) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", "conch"), text("service.version", version)] },
        "scopeSpans": [{
            "scope": { "name": "conch", "version": version },
            "spans": spans.iter().map(Span::json).collect::<Vec<_>>(),
        }],
    }] })
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

fn number(key: &str, value: u16) -> Value {
    json!({ "key": key, "value": { "intValue": value.to_string() } })
}
