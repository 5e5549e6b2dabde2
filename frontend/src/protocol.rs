//! What page and worker say to each other: plain objects, large things transferred, not copied.
//!
//! The worker says [`FromWorker::Ready`] first and then answers each [`ToWorker`] by its job
//! number. A worker that dies says nothing; the page sees its `error` event.

use std::sync::Arc;

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::js::{get, object};

/// Number of a job; never used twice in the life of a page.
pub type JobId = u32;

/// A photo for the worker.
#[derive(Debug)]
pub struct ToWorker {
    /// The answer repeats it.
    pub job: JobId,
    /// Where its pixels are.
    pub source: Source,
    /// How the photo becomes a tensor.
    pub recipe: Recipe,
    /// The square to show the model, where somebody chose one; else the recipe's centre crop.
    pub square: Option<Square>,
    /// What to make of it.
    pub want: Want,
}

/// Where a photo's pixels are.
#[derive(Clone, Debug)]
pub enum Source {
    /// In a file.
    File {
        /// The worker reads it, so that the page never holds its bytes.
        file: Blob,
        /// A number of the file's own: the worker keeps the pixels of the last one that it opened.
        photo: u32,
    },
    /// In a frame of a moving picture.
    Frame(Frame),
}

/// A frame of a moving picture. The message takes it along: it is here no more then.
#[derive(Clone, Debug)]
pub enum Frame {
    /// As the browser has it: a `VideoFrame` (W3C WebCodecs), whose pixels the worker reads.
    Whole(JsValue),
    /// The pixels of it that its tensor is made of, as [`read_for_tensor`] says.
    ///
    /// [`read_for_tensor`]: conch_shared::preprocess::read_for_tensor
    Read {
        /// The whole frame's pixels a row.
        width: u32,
        /// The whole frame's rows.
        height: u32,
        /// RGBA.
        rgba: ArrayBuffer,
    },
}

/// What the worker is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The model's tensor.
    Tensor,
    /// The photo after the resize, before the crop, to look at.
    Resized,
    /// A small picture of a large photo, to show in its place.
    Preview,
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq)]
pub enum FromWorker {
    /// It listens.
    Ready,
    /// A photo is what was asked for now.
    Done {
        /// Which photo.
        job: JobId,
        /// What was made of it.
        made: Made,
        /// Bytes of memory that the worker holds; wasm never gives any back.
        memory: f64,
    },
    /// A photo could not be opened.
    Failed {
        /// Which photo.
        job: JobId,
        /// Why, in a sentence.
        error: String,
    },
}

/// What the worker makes.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// For [`Want::Tensor`].
    Tensor(Prepared),
    /// For [`Want::Resized`].
    Resized(Resized),
    /// For [`Want::Preview`]: a JPEG; `None` where the browser has no canvas in workers.
    Preview(Option<Blob>),
}

/// A photo as the model's UINT8 tensor. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The upright photo's pixels a row.
    pub width: u32,
    /// The upright photo's rows.
    pub height: u32,
    /// UINT8, shape and order as the recipe says, one photo.
    pub tensor: Arc<[u8]>,
    /// Whether Conch decoded it, to the very bytes that the server's own command would give; else
    /// the browser did, and a shade may differ.
    pub exact: bool,
    /// Bytes of the file.
    pub file_bytes: f64,
    /// A digest of the file: the same for the same photo twice. Not for security.
    pub digest: String,
    /// File to pixels, milliseconds; 0 where the pixels were there already.
    pub decode_ms: f64,
    /// Pixels to tensor, milliseconds.
    pub resize_ms: f64,
}

/// The photo after the resize, before the crop. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Resized {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// RGBA, as a canvas wants it: `4 * width * height` bytes.
    pub rgba: Arc<[u8]>,
}

/// A photo of more pixels is shown by a small picture that the worker makes: a browser decodes what
/// it shows as a whole, which takes 4 bytes a pixel.
const PREVIEW_ABOVE: u64 = 8_000_000;

impl Prepared {
    /// Whether its photo is too large for the browser to show as it is. One that the browser has
    /// decoded is not.
    pub fn is_large(&self) -> bool {
        self.exact && u64::from(self.width) * u64::from(self.height) > PREVIEW_ABOVE
    }
}

impl Want {
    fn name(self) -> &'static str {
        match self {
            Self::Tensor => "tensor",
            Self::Resized => "resized",
            Self::Preview => "preview",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let all = [Self::Tensor, Self::Resized, Self::Preview];
        all.into_iter().find(|want| want.name() == name)
    }
}

impl ToWorker {
    /// The message, and what in it is transferred.
    pub fn to_js(&self) -> (JsValue, Array) {
        let (pixels, numbers, transfer): (JsValue, _, _) = match &self.source {
            Source::File { file, photo } => (file.clone().into(), [*photo, 0], Array::new()),
            Source::Frame(Frame::Whole(frame)) => (frame.clone(), [0, 0], Array::of1(frame)),
            Source::Frame(Frame::Read {
                width,
                height,
                rgba,
            }) => (rgba.clone().into(), [*width, *height], Array::of1(rgba)),
        };
        let message = object(&[
            ("job", self.job.into()),
            ("pixels", pixels),
            ("first", numbers[0].into()),
            ("second", numbers[1].into()),
            ("recipe", json(&self.recipe)),
            ("square", json(&self.square)),
            ("want", self.want.name().into()),
        ]);
        (message, transfer)
    }

    /// Reads a message; `None` when it is none.
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let (first, second) = (number(message, "first")?, number(message, "second")?);
        let source = match get(message, "pixels").dyn_into::<Blob>() {
            Ok(file) => Source::File {
                file,
                photo: first as u32,
            },
            Err(pixels) => Source::Frame(match pixels.dyn_into::<ArrayBuffer>() {
                Ok(rgba) => Frame::Read {
                    width: first as u32,
                    height: second as u32,
                    rgba,
                },
                Err(frame) => Frame::Whole(frame),
            }),
        };
        Some(Self {
            job: number(message, "job")? as JobId,
            source,
            recipe: serde_json::from_str(&text(message, "recipe")?).ok()?,
            square: serde_json::from_str(&text(message, "square")?).ok()?,
            want: Want::named(&text(message, "want")?)?,
        })
    }
}

impl FromWorker {
    /// The message, and what in it is transferred.
    pub fn to_js(&self) -> (JsValue, Array) {
        let transfer = Array::new();
        let transferred = |bytes: &[u8]| -> JsValue {
            let buffer = Uint8Array::from(bytes).buffer();
            transfer.push(&buffer);
            buffer.into()
        };
        let message = match self {
            Self::Ready => object(&[("kind", "ready".into())]),
            Self::Failed { job, error } => object(&[
                ("kind", "failed".into()),
                ("job", (*job).into()),
                ("error", error.as_str().into()),
            ]),
            Self::Done {
                job,
                made: Made::Tensor(prepared),
                memory,
            } => object(&[
                ("kind", "tensor".into()),
                ("job", (*job).into()),
                ("memory", (*memory).into()),
                ("width", prepared.width.into()),
                ("height", prepared.height.into()),
                ("bytes", transferred(&prepared.tensor)),
                ("exact", prepared.exact.into()),
                ("file_bytes", prepared.file_bytes.into()),
                ("digest", prepared.digest.as_str().into()),
                ("decode_ms", prepared.decode_ms.into()),
                ("resize_ms", prepared.resize_ms.into()),
            ]),
            Self::Done {
                job,
                made: Made::Resized(resized),
                memory,
            } => object(&[
                ("kind", "resized".into()),
                ("job", (*job).into()),
                ("memory", (*memory).into()),
                ("width", resized.width.into()),
                ("height", resized.height.into()),
                ("bytes", transferred(&resized.rgba)),
            ]),
            Self::Done {
                job,
                made: Made::Preview(picture),
                memory,
            } => object(&[
                ("kind", "preview".into()),
                ("job", (*job).into()),
                ("memory", (*memory).into()),
                ("picture", picture.clone().into()),
            ]),
        };
        (message, transfer)
    }

    /// Reads a message; `None` when it is none.
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let side = |key| number(message, key).map(|side| side as u32);
        let bytes = || Uint8Array::new(&get(message, "bytes")).to_vec().into();
        let made = match text(message, "kind")?.as_str() {
            "ready" => return Some(Self::Ready),
            "failed" => {
                return Some(Self::Failed {
                    job: number(message, "job")? as JobId,
                    error: text(message, "error")?,
                });
            }
            "tensor" => Made::Tensor(Prepared {
                width: side("width")?,
                height: side("height")?,
                tensor: bytes(),
                exact: get(message, "exact").as_bool()?,
                file_bytes: number(message, "file_bytes")?,
                digest: text(message, "digest")?,
                decode_ms: number(message, "decode_ms")?,
                resize_ms: number(message, "resize_ms")?,
            }),
            "preview" => Made::Preview(get(message, "picture").dyn_into().ok()),
            "resized" => Made::Resized(Resized {
                width: side("width")?,
                height: side("height")?,
                rgba: bytes(),
            }),
            _ => return None,
        };
        Some(Self::Done {
            job: number(message, "job")? as JobId,
            made,
            memory: number(message, "memory")?,
        })
    }
}

fn json(value: &impl Serialize) -> JsValue {
    serde_json::to_string(value).unwrap_or_default().into()
}

fn number(message: &JsValue, key: &str) -> Option<f64> {
    get(message, key).as_f64()
}

fn text(message: &JsValue, key: &str) -> Option<String> {
    get(message, key).as_string()
}
