//! Bodies: read within limits of length and time, decompressed, decoded.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use conch_shared::kserve::binary::{MAX_HEADER, decode_json_request, decode_request};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest};
use conch_shared::tensor::DataType;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName};
use http_body_util::BodyExt;

use super::encoding::Encoding;
use crate::AppState;
use crate::admission::Admitted;
use crate::clients::Client;
use crate::error::ApiError;
use crate::server::pace::Pace;

/// A body that nobody has read yet.
pub struct Upload {
    headers: HeaderMap,
    body: Body,
    client: Client,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let client = request.extensions().get::<Client>().copied();
        let (parts, body) = request.into_parts();
        Ok(Self {
            headers: parts.headers,
            body,
            client: client.unwrap_or(Client::of(Ipv4Addr::LOCALHOST.into())),
        })
    }
}

impl Upload {
    /// The body as a KServe v2 request with binary tensors, and its place, which lasts until it is
    /// dropped.
    ///
    /// # Errors
    /// 400 for what cannot be read, 408 and 413 for a body that comes too slowly or is too long, 415
    /// for an unknown compression, 503 where there is no place for it.
    pub async fn binary_request(
        self,
        state: &AppState,
    ) -> Result<(InferRequest, Admitted), ApiError> {
        let header_len = number(&self.headers, HEADER_LENGTH)?;
        let (body, mut admitted) = self.bytes(state).await?;
        let header_len = header_len.ok_or_else(|| ApiError::missing_header(HEADER_LENGTH))?;
        let request = decode_request(&body, header_len)?;
        hold_normalized(&request, &mut admitted)?;
        Ok((request, admitted))
    }

    /// The body as a KServe v2 request with tensors in binary, in the JSON, or both; without the
    /// header that gives the JSON's length it is JSON alone.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn request(self, state: &AppState) -> Result<(InferRequest, Admitted), ApiError> {
        let header_len = number(&self.headers, HEADER_LENGTH)?;
        let (body, mut admitted) = self.bytes(state).await?;
        let request = match header_len {
            Some(header_len) if header_len <= MAX_HEADER => decode_request(&body, header_len)?,
            // Megabytes of numbers take too long for a thread that others wait for.
            _ => {
                let header_len = header_len.unwrap_or(body.len());
                // A number has two letters at least and takes eight bytes at most.
                admitted.hold(4 * body.len())?;
                blocking(move || Ok(decode_json_request(&body, header_len)?)).await?
            }
        };
        Ok((request, admitted))
    }

    /// The body's bytes, decompressed, and their place.
    ///
    /// # Errors
    /// As [`binary_request`](Self::binary_request).
    pub async fn bytes(self, state: &AppState) -> Result<(Bytes, Admitted), ApiError> {
        let limits = &state.config.limits;
        let limit = limits.max_body;
        let encoding = Encoding::of(&self.headers)?;
        let announced = number(&self.headers, CONTENT_LENGTH.as_str())?;
        let mut admitted = state.admission.begin(self.client)?;
        let slow = Duration::from_secs(limits.body_timeout);
        let body = read(self.body, limit, announced, slow, &mut admitted).await?;
        admitted.go_on()?;
        match encoding {
            None => Ok((body, admitted)),
            Some(encoding) => {
                let decompress = move || {
                    let hold = |bytes| admitted.hold(bytes);
                    let body = encoding.decompress(&body, limit, hold)?;
                    Ok((body, admitted))
                };
                blocking(decompress).await
            }
        }
    }
}

/// Pixels become floats, which take four times the bytes.
fn hold_normalized(request: &InferRequest, admitted: &mut Admitted) -> Result<(), ApiError> {
    let pixels = request.inputs.iter().map(|input| &input.tensor);
    let pixels = pixels.filter(|tensor| tensor.datatype() == DataType::Uint8);
    let bytes: usize = pixels.map(|tensor| tensor.data().len()).sum();
    admitted.hold(bytes * size_of::<f32>())
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
async fn read(
    mut body: Body,
    limit: usize,
    announced: Option<usize>,
    slow: Duration,
    admitted: &mut Admitted,
) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::body_too_large(limit, announced);
    let announced = announced.unwrap_or(0);
    if announced > limit {
        return Err(too_large());
    }
    // Memory that nobody has written to is none yet.
    let mut bytes = BytesMut::with_capacity(announced);
    let mut pace = Pace::new(slow);
    loop {
        let frame = tokio::time::timeout_at(pace.deadline(), body.frame()).await;
        let frame = frame.map_err(|_elapsed| ApiError::body_timeout(slow.as_secs()))?;
        let Some(frame) = frame else {
            return Ok(bytes.freeze());
        };
        let frame = frame.map_err(|error| ApiError::body_cut(error.to_string()))?;
        let data = frame.into_data().unwrap_or_default();
        if bytes.len() + data.len() > limit {
            return Err(too_large());
        }
        admitted.hold(data.len())?;
        pace.moved(data.len());
        bytes.extend_from_slice(&data);
    }
}
