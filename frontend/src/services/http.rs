//! `fetch` with a time limit and a way to cancel.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Promise, Reflect, Uint8Array};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, Request, RequestInit, Response};

/// Longest that an answer may take.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Somebody cancelled the request.
    Cancelled,
    /// It took too long.
    TimeOut,
    /// Nobody is there, or the connection broke.
    Unreachable,
}

/// Cancels a request; also when it is dropped.
#[derive(Debug)]
pub(crate) struct Canceller(AbortController);

impl Canceller {
    /// For one request; `None` in a browser that has no such thing.
    pub(crate) fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    /// What the request listens to.
    pub(crate) fn controller(&self) -> AbortController {
        self.0.clone()
    }
}

impl Drop for Canceller {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer whose body is still to be read, within the same time limit.
pub(crate) struct Answer {
    response: Response,
    limit: TimeLimit,
}

/// Sends a request.
pub(crate) async fn fetch(
    address: &str,
    options: &RequestInit,
    controller: AbortController,
) -> Result<Answer, NoAnswer> {
    options.set_signal(Some(&controller.signal()));
    let limit = TimeLimit::start(controller);
    let request =
        Request::new_with_str_and_init(address, options).map_err(|error| limit.why(&error))?;
    let response = JsFuture::from(window().fetch_with_request(&request))
        .await
        .map_err(|error| limit.why(&error))?;
    Ok(Answer {
        response: response.unchecked_into(),
        limit,
    })
}

impl Answer {
    pub(crate) fn is_ok(&self) -> bool {
        self.response.ok()
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.status()
    }

    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.response.headers().get(name);
        value.ok().flatten().unwrap_or_default()
    }

    /// The whole body as text.
    pub(crate) async fn text(self) -> Result<String, NoAnswer> {
        let text = self.body(self.response.text()).await?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// The whole body as bytes.
    pub(crate) async fn bytes(self) -> Result<Vec<u8>, NoAnswer> {
        let buffer = self.body(self.response.array_buffer()).await?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }

    /// The whole body as a file.
    pub(crate) async fn blob(self) -> Result<web_sys::Blob, NoAnswer> {
        let blob = self.body(self.response.blob()).await?;
        Ok(blob.unchecked_into())
    }

    /// The body as a file of `most` bytes at most; `None` where there are more, as soon as that is
    /// known.
    pub(crate) async fn blob_within(self, most: f64) -> Result<Option<web_sys::Blob>, NoAnswer> {
        let said: Option<f64> = self.header("content-length").parse().ok();
        if said.is_some_and(|bytes| bytes > most) {
            self.limit.controller.abort();
            return Ok(None);
        }
        let Some(stream) = self.response.body() else {
            return Ok(Some(self.blob().await?));
        };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let chunks = js_sys::Array::new();
        let mut bytes = 0.0;
        loop {
            let read = self.body(Ok(reader.read())).await?;
            let chunk = Reflect::get(&read, &JsValue::from_str("value"));
            let Some(chunk) = chunk.ok().and_then(|c| c.dyn_into::<Uint8Array>().ok()) else {
                break;
            };
            bytes += f64::from(chunk.byte_length());
            if bytes > most {
                self.limit.controller.abort();
                return Ok(None);
            }
            chunks.push(&chunk);
        }
        let file = web_sys::Blob::new_with_u8_array_sequence(&chunks);
        file.map(Some).map_err(|error| self.limit.why(&error))
    }

    async fn body(&self, promise: Result<Promise, JsValue>) -> Result<JsValue, NoAnswer> {
        let promise = promise.map_err(|error| self.limit.why(&error))?;
        JsFuture::from(promise)
            .await
            .map_err(|error| self.limit.why(&error))
    }
}

/// Aborts the request when the time is over; stops watching when dropped.
struct TimeLimit {
    controller: AbortController,
    over: Rc<Cell<bool>>,
    timer: Option<TimeoutHandle>,
}

impl TimeLimit {
    fn start(controller: AbortController) -> Self {
        let over = Rc::new(Cell::new(false));
        let at_the_end = {
            let (over, controller) = (Rc::clone(&over), controller.clone());
            move || {
                over.set(true);
                controller.abort();
            }
        };
        Self {
            controller,
            over,
            timer: set_timeout_with_handle(at_the_end, TIME_LIMIT).ok(),
        }
    }

    fn why(&self, _error: &JsValue) -> NoAnswer {
        match (self.over.get(), self.controller.signal().aborted()) {
            (true, _) => NoAnswer::TimeOut,
            (false, true) => NoAnswer::Cancelled,
            (false, false) => NoAnswer::Unreachable,
        }
    }
}

impl Drop for TimeLimit {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            timer.clear();
        }
    }
}
