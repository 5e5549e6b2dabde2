//! The worker: photo in, tensor out. A shell; what it does with pixels is in `conch_shared`.

#[path = "worker/browser.rs"]
mod browser;
#[path = "worker/file.rs"]
mod file;
#[path = "worker/film.rs"]
mod film;
#[path = "worker/photo.rs"]
mod photo;
#[path = "worker/preview.rs"]
mod preview;

use conch_frontend::protocol::{Frame, FromWorker, Made, Prepared, Source, ToWorker};
use conch_shared::model::Recipe;
use conch_shared::preprocess::stream::Pixels;
use conch_shared::preprocess::to_tensor_from;
use js_sys::{ArrayBuffer, Uint8Array, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Seldom seen: the page tries another way then.
const UNREADABLE_FRAME: &str = "The camera’s picture could not be read.";

fn main() {
    let listener = Closure::<dyn Fn(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(message) = ToWorker::from_js(&event.data()) {
            spawn_local(answer(message));
        }
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    say(&FromWorker::Ready);
}

async fn answer(message: ToWorker) {
    let job = message.job;
    say(&match make(&message).await {
        Ok(made) => FromWorker::Done {
            job,
            made,
            memory: memory_bytes(),
        },
        Err(error) => FromWorker::Failed { job, error },
    });
}

/// What is wanted of a file or a frame; errors are sentences.
async fn make(message: &ToWorker) -> Result<Made, String> {
    match &message.source {
        Source::File { file, photo } => photo::make(message, file, *photo).await,
        Source::Frame(frame) => frame_made(frame, &message.recipe),
    }
}

/// A camera's frame as the model's tensor. What is kept of the last photo stays.
fn frame_made(frame: &Frame, recipe: &Recipe) -> Result<Made, String> {
    let start = now_ms();
    let (size, rgba) = match frame {
        Frame::Whole(frame) => film::read(frame, recipe).ok_or(UNREADABLE_FRAME)?,
        Frame::Read {
            width,
            height,
            rgba,
        } => ((*width, *height), Uint8Array::new(rgba).to_vec()),
    };
    let decoded = now_ms();
    let tensor = to_tensor_from(&rgba, Pixels::Rgbx, size, recipe).ok_or(UNREADABLE_FRAME)?;
    let prepared = Prepared {
        width: size.0,
        height: size.1,
        tensor: tensor.into_data().as_ref().into(),
        exact: true,
        file_bytes: 0.0,
        digest: String::new(),
        decode_ms: decoded - start,
        resize_ms: now_ms() - decoded,
    };
    Ok(Made::Tensor(prepared))
}

fn say(message: &FromWorker) {
    let (message, transfer) = message.to_js();
    // Fails only for what cannot be cloned; these messages are numbers, strings and a buffer.
    _ = scope().post_message_with_transfer(&message, &transfer);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn now_ms() -> f64 {
    scope().performance().map_or(0.0, |clock| clock.now())
}

fn memory_bytes() -> f64 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: ArrayBuffer = memory.buffer().unchecked_into();
    f64::from(buffer.byte_length())
}
