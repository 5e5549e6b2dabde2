//! Bodies: read within limits of length and time, decompressed, decoded.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use conch_shared::kserve::binary::{MAX_HEADER, decode_json_request, decode_request};
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

    /// The body as a KServe v2 request with tensors in binary, in the JSON, or both; without the
    /// header that gives the JSON's length it is JSON alone.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn request(self, limits: &LimitsArgs) -> Result<InferRequest, ApiError> {
        let header_len = number(&self.headers, HEADER_LENGTH)?;
        let body = self.bytes(limits).await?;
        match header_len {
            Some(header_len) if header_len <= MAX_HEADER => Ok(decode_request(&body, header_len)?),
            // Megabytes of numbers take too long for a thread that others wait for.
            _ => {
                let header_len = header_len.unwrap_or(body.len());
                blocking(move || Ok(decode_json_request(&body, header_len)?)).await
            }
        }
    }

    /// The body's bytes, decompressed.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn bytes(self, limits: &LimitsArgs) -> Result<Bytes, ApiError> {
        let limit = limits.max_body;
        let encoding = Encoding::of(&self.headers)?;
        let announced = number(&self.headers, CONTENT_LENGTH.as_str())?;
        let timeout = Duration::from_secs(limits.body_timeout);
        let body = read(self.body, limit, announced);
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

/// Everything, of which so many bytes were `announced`; nothing of what is over the limit.
async fn read(mut body: Body, limit: usize, announced: Option<usize>) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::body_too_large(limit, announced);
    let announced = announced.unwrap_or(0);
    if announced > limit {
        return Err(too_large());
    }
    let mut bytes = BytesMut::with_capacity(announced);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| ApiError::body_cut(error.to_string()))?;
        let data = frame.into_data().unwrap_or_default();
        if bytes.len() + data.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}
