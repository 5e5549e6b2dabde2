//! Bodies that nobody reads to their end: an unknown path, a wrong method or an unknown model is
//! refused before the body is looked at. The rest of it is read and thrown away beside the answer,
//! within limits: a client that is still sending does not listen, and closing on it would show it a
//! broken connection in place of the reason.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use tokio::runtime::Handle;

use crate::config::LimitsArgs;

/// How long the rest of a body is read at most.
const LINGER: Duration = Duration::from_secs(10);

/// How many times the limit of a body is read in all, what is thrown away included.
const FACTOR: usize = 4;

pub(super) fn watch(limits: &LimitsArgs) -> impl Fn(Request) -> Request + Clone + use<> {
    let left = limits.max_body.saturating_mul(FACTOR);
    let timeout = LINGER.min(Duration::from_secs(limits.body_timeout));
    move |request| {
        request.map(|body| {
            Body::new(Watched {
                body,
                left,
                timeout,
            })
        })
    }
}

/// A body whose rest is thrown away once it is dropped.
struct Watched {
    body: Body,
    /// Bytes that are still read; 0 once the body has ended or broken.
    left: usize,
    /// Time that the rest gets.
    timeout: Duration,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.left = match &frame {
            Some(Ok(frame)) => self.left.saturating_sub(length(frame)),
            Some(Err(_)) | None => 0,
        };
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.left == 0 || self.body.is_end_stream() {
            return;
        }
        let mut body = mem::take(&mut self.body);
        let mut left = self.left;
        let rest = async move {
            while left > 0
                && let Some(Ok(frame)) = body.frame().await
            {
                left = left.saturating_sub(length(&frame));
            }
        };
        // Without a runtime there is no connection either.
        if let Ok(runtime) = Handle::try_current() {
            let timeout = self.timeout;
            runtime.spawn(async move { tokio::time::timeout(timeout, rest).await.ok() });
        }
    }
}

fn length(frame: &Frame<Bytes>) -> usize {
    frame.data_ref().map_or(0, Bytes::len)
}
