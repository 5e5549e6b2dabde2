//! The worker: photo in, tensor out. A shell; what it does with pixels is in `conch_shared`.

#[path = "worker/browser.rs"]
mod browser;

use conch_frontend::protocol::{FromWorker, Prepared, ToWorker};
use conch_shared::decode::{DecodeError, decode};
use conch_shared::model::Recipe;
use conch_shared::preprocess::{RgbImage, to_tensor};
use js_sys::{ArrayBuffer, Uint8Array, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// What a browser's own words on a file that it cannot read come down to.
const UNREADABLE: &str =
    "The file could not be read. It may have been moved or changed since, or be a folder.";

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
    let ToWorker { job, file, recipe } = message;
    say(&match prepare(&file, &recipe).await {
        Ok(prepared) => FromWorker::Done {
            job,
            prepared,
            memory: memory_bytes(),
        },
        Err(error) => FromWorker::Failed { job, error },
    });
}

/// A photo's file to the model's tensor; errors are sentences.
async fn prepare(file: &Blob, recipe: &Recipe) -> Result<Prepared, String> {
    let start = now_ms();
    let (image, exact) = to_pixels(file).await?;
    let decoded = now_ms();
    let tensor = to_tensor(&image, recipe).into_data();
    Ok(Prepared {
        width: image.width(),
        height: image.height(),
        tensor: tensor.into(),
        exact,
        decode_ms: decoded - start,
        resize_ms: now_ms() - decoded,
    })
}

/// Decodes with Conch's decoders, or with the browser's where ours do not know the format; says
/// which of them did.
async fn to_pixels(file: &Blob) -> Result<(RgbImage, bool), String> {
    let Ok(bytes) = JsFuture::from(file.array_buffer()).await else {
        return Err(UNREADABLE.to_owned());
    };
    let bytes = Uint8Array::new(&bytes).to_vec();
    match decode(&bytes) {
        Ok(image) => Ok((image, true)),
        Err(error @ (DecodeError::Unsupported { .. } | DecodeError::NotAPhoto)) => {
            drop(bytes);
            match browser::decode(file).await {
                Ok(image) => Ok((image, false)),
                Err(browser::Error::CannotDecode) => Err(error.to_string()),
                Err(browser::Error::Other(error)) => Err(error.to_string()),
            }
        }
        Err(error) => Err(error.to_string()),
    }
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
