//! Bodies: read within limits of length and time, decompressed, decoded.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use conch_shared::kserve::binary::{decode_json_request, decode_request};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName};
use http_body_util::BodyExt;

use super::encoding::Encoding;
use crate::config::LimitsArgs;
use crate::error::ApiError;

/// A body that nobody has read yet.
pub struct Upload {
    headers: HeaderMap,
    body: Body,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let (parts, body) = request.into_parts();
        Ok(Self {
            headers: parts.headers,
            body,
        })
    }
}

impl Upload {
    /// What was `found` before the body was read, or the error: the body is thrown away then,
    /// since a client that is still sending does not listen.
    ///
    /// # Errors
    /// That error.
    pub fn or_discard<T>(
        self,
        found: Result<T, ApiError>,
        limits: &LimitsArgs,
    ) -> Result<(T, Self), ApiError> {
        match found {
            Ok(found) => Ok((found, self)),
            Err(error) => {
                let limit = limits.max_body;
                let timeout = Duration::from_secs(limits.body_timeout);
                // Beside the answer, which need not wait for it.
                tokio::spawn(tokio::time::timeout(timeout, async move {
                    read(self.body, limit, Keep::Nothing).await.ok()
                }));
                Err(error)
            }
        }
    }

    /// The body as a KServe v2 request with binary tensors.
    ///
    /// # Errors
    /// 400 for what cannot be read, 408 and 413 for a body that takes too long or is too long, 415
    /// for an unknown compression.
    pub async fn binary_request(self, limits: &LimitsArgs) -> Result<InferRequest, ApiError> {
        let header_len = number(&self.headers, HEADER_LENGTH)?;
        let body = self.bytes(limits).await?;
        let header_len = header_len.ok_or_else(|| ApiError::missing_header(HEADER_LENGTH))?;
        Ok(decode_request(&body, header_len)?)
    }

    /// The body as a KServe v2 request with binary tensors, or, without the header that gives the
    /// JSON's length, of JSON alone.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn request(self, limits: &LimitsArgs) -> Result<InferRequest, ApiError> {
        let header_len = number(&self.headers, HEADER_LENGTH)?;
        let body = self.bytes(limits).await?;
        match header_len {
            Some(header_len) => Ok(decode_request(&body, header_len)?),
            // Megabytes of numbers take too long for a thread that others wait for.
            None => blocking(move || Ok(decode_json_request(&body)?)).await,
        }
    }

    /// The body's bytes, decompressed.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn bytes(self, limits: &LimitsArgs) -> Result<Bytes, ApiError> {
        let limit = limits.max_body;
        let encoding = Encoding::of(&self.headers);
        let announced = number(&self.headers, CONTENT_LENGTH.as_str());
        let checked = encoding.and_then(|encoding| Ok((encoding, announced?)));
        let ((encoding, announced), upload) = self.or_discard(checked, limits)?;
        let timeout = Duration::from_secs(limits.body_timeout);
        let body = read(upload.body, limit, Keep::Announced(announced));
        let Ok(body) = tokio::time::timeout(timeout, body).await else {
            return Err(ApiError::body_timeout(limits.body_timeout));
        };
        let body = body?;
        match encoding {
            None => Ok(body),
            Some(encoding) => blocking(move || encoding.decompress(&body, limit)).await,
        }
    }
}

/// Runs what takes milliseconds off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ApiError::internal(error.to_string()))?
}

/// A header's number, if it is there.
fn number(headers: &HeaderMap, name: &'static str) -> Result<Option<usize>, ApiError> {
    let Some(value) = headers.get(HeaderName::from_static(name)) else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(ApiError::bad_number(name, &text)),
    }
}

/// How far beyond its limit a body is read and thrown away. A client that is still sending does
/// not listen: closing on it would show it a broken connection in place of the problem document.
const DRAIN_FACTOR: usize = 4;

/// What becomes of a body's bytes.
enum Keep {
    /// They are gone.
    Nothing,
    /// They are given back; so many were announced.
    Announced(Option<usize>),
}

async fn read(mut body: Body, limit: usize, keep: Keep) -> Result<Bytes, ApiError> {
    let (keeps, announced) = match keep {
        Keep::Nothing => (false, None),
        Keep::Announced(announced) => (true, announced),
    };
    let mut kept = BytesMut::with_capacity(announced.unwrap_or(0).min(limit));
    let mut seen = 0usize;
    while seen <= limit.saturating_mul(DRAIN_FACTOR) {
        match body.frame().await {
            None if seen <= limit => return Ok(kept.freeze()),
            None => break,
            Some(Err(error)) => return Err(ApiError::body_cut(error.to_string())),
            Some(Ok(frame)) => {
                let data = frame.into_data().unwrap_or_default();
                seen = seen.saturating_add(data.len());
                if keeps && seen <= limit {
                    kept.extend_from_slice(&data);
                }
            }
        }
    }
    Err(ApiError::body_too_large(limit, announced))
}
