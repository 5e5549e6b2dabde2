//! How much is taken in at once: requests, bytes of them, and how often each client asks. What is over
//! a limit is turned away at once and told when to come again; nothing waits here.
//!
//! | module | subject |
//! | --- | --- |
//! | [`pool`] | so many of something, shared between clients |
//! | [`rate`] | so many a second, for each client |

pub mod pool;
pub mod rate;

use std::sync::Arc;
use std::time::Instant;

use crate::clients::Client;
use crate::config::LimitsArgs;
use crate::error::ApiError;
use pool::{Full, Pool, Share};
use rate::Rate;

/// Seconds after which a request that was turned away may try again: most are answered in less.
pub(crate) const RETRY_AFTER: u32 = 1;

/// The limits of a server.
pub struct Admission {
    requests: Arc<Pool>,
    bytes: Arc<Pool>,
    rate: Option<Rate>,
}

impl Admission {
    /// With nothing taken.
    pub fn new(limits: &LimitsArgs) -> Self {
        Self {
            requests: Pool::of(limits.max_requests),
            bytes: Pool::of(limits.max_held),
            rate: Rate::new(limits.rate, limits.rate_burst),
        }
    }

    /// Places of requests that are with a model, or wait for it.
    pub fn requests(&self) -> &Pool {
        &self.requests
    }

    /// Bytes of requests in memory.
    pub fn bytes(&self) -> &Pool {
        &self.bytes
    }

    /// Counts a request against its client's rate.
    ///
    /// # Errors
    /// 429, with the seconds until the next one is taken.
    pub fn count(&self, client: Client) -> Result<(), ApiError> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        rate.take(client, Instant::now())
            .map_err(|wait| ApiError::too_often(rate.per_second(), wait))
    }

    /// A client that begins to send a body, of which nothing is there yet.
    ///
    /// # Errors
    /// 503 where there is no place for it now: nobody has to read it first to say so.
    pub fn begin(&self, client: Client) -> Result<Admitted, ApiError> {
        let request = self.requests.share(client);
        request.could_grow(1).map_err(too_many_requests)?;
        let bytes = self.bytes.share(client);
        Ok(Admitted { bytes, request })
    }
}

fn too_many_requests(Full { most }: Full) -> ApiError {
    ApiError::overloaded(format!(
        "The server has as many requests as it takes at once ({most}, shared between clients)."
    ))
}

/// What a request takes, for as long as it lives.
#[derive(Debug)]
pub struct Admitted {
    bytes: Share,
    request: Share,
}

impl Admitted {
    /// So many more bytes are held for it.
    ///
    /// # Errors
    /// 503 where that would be too many.
    pub fn hold(&mut self, bytes: usize) -> Result<(), ApiError> {
        self.bytes.grow(bytes).map_err(|full| {
            let most = full.most;
            ApiError::overloaded(format!(
                "The server holds as many bytes of requests as it may ({most})."
            ))
        })
    }

    /// It goes to a model. A client that is still sending takes no place, or slow ones could take all.
    ///
    /// # Errors
    /// 503 where there is no place.
    pub fn go_on(&mut self) -> Result<(), ApiError> {
        self.request.grow(1).map_err(too_many_requests)
    }
}
