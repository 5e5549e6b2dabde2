//! The worker: photo in, tensor out. A shell; what it does with pixels is in `conch_shared`.

#[path = "worker/browser.rs"]
mod browser;
#[path = "worker/film.rs"]
mod film;

use std::cell::Cell;
use std::hash::{DefaultHasher, Hasher};

use conch_frontend::protocol::{
    Frame, FromWorker, Made, Prepared, Resized, Source, ToWorker, Want,
};
use conch_shared::decode::{DecodeError, decode};
use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Geometry;
use conch_shared::preprocess::{RgbImage, resize_whole, square_recipe, to_tensor, to_tensor_from};
use js_sys::{ArrayBuffer, Uint8Array, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// What a browser's own words on a file that it cannot read come down to.
const UNREADABLE: &str =
    "The file could not be read. It may have been moved or changed since, or be a folder.";

/// Seldom seen: the page tries another way then.
const UNREADABLE_FRAME: &str = "The camera’s picture could not be read.";

/// Largest photo whose pixels are kept for the next job, bytes: 16 megapixels of RGB.
const MAX_KEPT: usize = 48 << 20;
/// Most pixels of a resized photo that are given to be looked at: a panorama may have more.
const MAX_SHOWN: u64 = 4 << 20;

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

/// An opened photo, kept for the next job: a square that is dragged asks for it again and again.
struct Opened {
    photo: u32,
    image: RgbImage,
    exact: bool,
    file_bytes: f64,
    digest: String,
}

thread_local! {
    static LAST: Cell<Option<Opened>> = const { Cell::new(None) };
}

/// A photo's file to what is wanted of it; errors are sentences.
async fn make(message: &ToWorker) -> Result<Made, String> {
    let start = now_ms();
    let (file, photo) = match &message.source {
        Source::File { file, photo } => (file, *photo),
        Source::Frame(frame) => return frame_made(frame, &message.recipe),
    };
    let opened = match LAST.take().filter(|last| last.photo == photo) {
        Some(opened) => opened,
        None => open(file, photo).await?,
    };
    let decoded = now_ms();
    let image = &opened.image;
    let (width, height) = (image.width(), image.height());
    let cut = message.square.and_then(|square| image.cut(square));
    let (image, recipe) = match &cut {
        Some(square) => (square, square_recipe(&message.recipe)),
        None => (image, message.recipe.clone()),
    };
    let made = match message.want {
        Want::Tensor => {
            let tensor = to_tensor(image, &recipe).into_data();
            Made::Tensor(Prepared {
                width,
                height,
                tensor: tensor.as_ref().into(),
                exact: opened.exact,
                file_bytes: opened.file_bytes,
                digest: opened.digest.clone(),
                decode_ms: decoded - start,
                resize_ms: now_ms() - decoded,
            })
        }
        Want::Resized => Made::Resized(resized(image, &recipe)?),
    };
    if opened.image.pixels().len() <= MAX_KEPT {
        LAST.set(Some(opened));
    }
    Ok(made)
}

/// A camera's frame as the model's tensor. What is kept of the last photo stays.
fn frame_made(frame: &Frame, recipe: &Recipe) -> Result<Made, String> {
    let start = now_ms();
    let (size, part) = match frame {
        Frame::Whole(frame) => film::read(frame, recipe).ok_or(UNREADABLE_FRAME)?,
        Frame::Read {
            width,
            height,
            rgba,
        } => {
            let size = (*width, *height);
            let rgba = Uint8Array::new(rgba).to_vec();
            (
                size,
                film::part(size, &rgba, recipe).ok_or(UNREADABLE_FRAME)?,
            )
        }
    };
    let decoded = now_ms();
    let tensor = to_tensor_from(&part, size, recipe).ok_or(UNREADABLE_FRAME)?;
    Ok(Made::Tensor(Prepared {
        width: size.0,
        height: size.1,
        tensor: tensor.into_data().as_ref().into(),
        exact: true,
        file_bytes: 0.0,
        digest: String::new(),
        decode_ms: decoded - start,
        resize_ms: now_ms() - decoded,
    }))
}

fn resized(image: &RgbImage, recipe: &Recipe) -> Result<Resized, String> {
    let geometry = Geometry::new(image.width(), image.height(), recipe);
    let (width, height) = (geometry.resized_width, geometry.resized_height);
    if u64::from(width) * u64::from(height) > MAX_SHOWN {
        return Err(format!(
            "After the resize the photo has {width} × {height} pixels, too many to show here."
        ));
    }
    let image = resize_whole(image, recipe);
    let (pixels, _) = image.pixels().as_chunks::<3>();
    Ok(Resized {
        width,
        height,
        rgba: pixels
            .iter()
            .flat_map(|&[r, g, b]| [r, g, b, 255])
            .collect(),
    })
}

async fn open(file: &Blob, photo: u32) -> Result<Opened, String> {
    let Ok(bytes) = JsFuture::from(file.array_buffer()).await else {
        return Err(UNREADABLE.to_owned());
    };
    let bytes = Uint8Array::new(&bytes).to_vec();
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let digest = format!("{:016x}", hasher.finish());
    let (image, exact) = to_pixels(file, bytes).await?;
    Ok(Opened {
        photo,
        image,
        exact,
        file_bytes: file.size(),
        digest,
    })
}

/// Decodes with Conch's decoders, or with the browser's where ours do not know the format; says
/// which of them did.
async fn to_pixels(file: &Blob, bytes: Vec<u8>) -> Result<(RgbImage, bool), String> {
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
