//! W3C Trace Context (<https://www.w3.org/TR/trace-context-1/>): a request's place in a trace that
//! may have begun elsewhere, and that goes on at Triton.
//!
//! `tracestate`, other systems' free text, ends here: requests to Triton are made of checked fields.

mod export;
mod span;

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::random;

pub use export::Exporter;
pub use span::Span;

/// The header that carries it.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

tokio::task_local! {
    static CURRENT: Trace;
}

/// One request's part of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The whole trace's number; never 0.
    pub id: u128,
    /// This request's own number; never 0.
    pub span: u64,
    /// The caller's, where it has told one.
    pub parent: Option<u64>,
    /// Whether the caller records its part.
    pub is_sampled: bool,
}

/// What a caller told.
#[derive(Debug, PartialEq, Eq)]
struct Caller {
    trace: u128,
    span: u64,
    is_sampled: bool,
}

impl Trace {
    /// Goes on with the caller's trace where it tells one in good order; begins another otherwise,
    /// which is recorded where `records`.
    pub fn of(headers: &HeaderMap, records: bool) -> Self {
        let span = number();
        let mut told = headers.get_all(TRACEPARENT).iter();
        // More than one are none (section 3.2).
        let told = told.next().filter(|_| told.next().is_none());
        match told.and_then(|value| Caller::parse(value.as_bytes())) {
            Some(caller) => Self {
                id: caller.trace,
                span,
                parent: Some(caller.span),
                is_sampled: caller.is_sampled,
            },
            None => Self {
                id: (u128::from(number()) << 64) | u128::from(number()),
                span,
                parent: None,
                is_sampled: records,
            },
        }
    }

    /// Runs a request's work as part of it.
    pub(crate) async fn around<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The trace of the request that this task answers, if it answers one.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_get().ok()
    }

    /// What another server is told, whose caller is this request.
    pub(crate) fn traceparent(self) -> HeaderValue {
        let Self { id, span, .. } = self;
        let flags = u8::from(self.is_sampled);
        let text = format!("00-{id:032x}-{span:016x}-{flags:02x}");
        HeaderValue::try_from(text).expect("digits and dashes are a header's")
    }

    /// The trace's number as the log has it.
    pub(crate) fn hex(self) -> impl fmt::Display {
        struct Hex(u128);
        impl fmt::Display for Hex {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }
        Hex(self.id)
    }
}

impl Caller {
    /// `00-<32 hex digits>-<16>-<2>`. A later version may have more behind (section 3.2.2.5).
    fn parse(text: &[u8]) -> Option<Self> {
        const LENGTH: usize = 55;
        let (known, more) = text.split_at_checked(LENGTH)?;
        let version = digits(&known[..2])?;
        let is_whole = match version {
            0 => more.is_empty(),
            0xff => false,
            _ => more.first().is_none_or(|first| *first == b'-'),
        };
        let has_dashes = [2, 35, 52].iter().all(|at| known[*at] == b'-');
        let caller = Self {
            trace: digits(&known[3..35])?,
            span: u64::try_from(digits(&known[36..52])?).ok()?,
            is_sampled: digits(&known[53..])? & 1 == 1,
        };
        let is_some = caller.trace != 0 && caller.span != 0;
        (is_whole && has_dashes && is_some).then_some(caller)
    }
}

/// A number of lower-case hex digits, as the recommendation has them.
fn digits(text: &[u8]) -> Option<u128> {
    text.iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(value))
    })
}

fn number() -> u64 {
    random::number().max(1)
}

#[cfg(test)]
mod tests;
