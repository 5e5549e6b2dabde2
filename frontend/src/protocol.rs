//! What page and worker say to each other: plain objects, large things transferred, not copied.
//!
//! The worker says [`FromWorker::Ready`] first and then answers each [`ToWorker`] by its job
//! number. A worker that dies says nothing; the page sees its `error` event.

use conch_shared::model::Recipe;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Number of a job; never used twice in the life of a page.
pub type JobId = u32;

/// A photo for the worker.
#[derive(Debug)]
pub struct ToWorker {
    /// The answer repeats it.
    pub job: JobId,
    /// The photo's file; the worker reads it, so that the page never holds its bytes.
    pub file: Blob,
    /// How the photo becomes a tensor.
    pub recipe: Recipe,
}

/// What the worker says.
#[derive(Clone, Debug, PartialEq)]
pub enum FromWorker {
    /// It listens.
    Ready,
    /// A photo is a tensor now.
    Done {
        /// Which photo.
        job: JobId,
        /// The tensor and what is known of it.
        prepared: Prepared,
        /// Bytes of memory that the worker holds; wasm never gives any back.
        memory: f64,
    },
    /// A photo could not become a tensor.
    Failed {
        /// Which photo.
        job: JobId,
        /// Why, in a sentence.
        error: String,
    },
}

/// A photo as the model's UINT8 tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The upright photo's pixels a row.
    pub width: u32,
    /// The upright photo's rows.
    pub height: u32,
    /// UINT8, shape and order as the recipe says, one photo.
    pub tensor: Vec<u8>,
    /// Whether Conch decoded it, to the very bytes that the server's own command would give; else
    /// the browser did, and a shade may differ.
    pub exact: bool,
    /// File to pixels, milliseconds.
    pub decode_ms: f64,
    /// Pixels to tensor, milliseconds.
    pub resize_ms: f64,
}

impl ToWorker {
    /// The message.
    pub fn to_js(&self) -> JsValue {
        let recipe = serde_json::to_string(&self.recipe).unwrap_or_default();
        object(&[
            ("job", self.job.into()),
            ("file", self.file.clone().into()),
            ("recipe", recipe.into()),
        ])
    }

    /// Reads a message; `None` when it is none.
    pub fn from_js(message: &JsValue) -> Option<Self> {
        Some(Self {
            job: number(message, "job")? as JobId,
            file: get(message, "file")?.dyn_into().ok()?,
            recipe: serde_json::from_str(&text(message, "recipe")?).ok()?,
        })
    }
}

impl FromWorker {
    /// The message, and what in it is transferred.
    pub fn to_js(&self) -> (JsValue, Array) {
        let transfer = Array::new();
        let message = match self {
            Self::Ready => object(&[("kind", "ready".into())]),
            Self::Done {
                job,
                prepared,
                memory,
            } => {
                let tensor = Uint8Array::from(prepared.tensor.as_slice()).buffer();
                transfer.push(&tensor);
                object(&[
                    ("kind", "done".into()),
                    ("job", (*job).into()),
                    ("width", prepared.width.into()),
                    ("height", prepared.height.into()),
                    ("tensor", tensor.into()),
                    ("exact", prepared.exact.into()),
                    ("decode_ms", prepared.decode_ms.into()),
                    ("resize_ms", prepared.resize_ms.into()),
                    ("memory", (*memory).into()),
                ])
            }
            Self::Failed { job, error } => object(&[
                ("kind", "failed".into()),
                ("job", (*job).into()),
                ("error", error.as_str().into()),
            ]),
        };
        (message, transfer)
    }

    /// Reads a message; `None` when it is none.
    pub fn from_js(message: &JsValue) -> Option<Self> {
        let job = || number(message, "job").map(|job| job as JobId);
        match text(message, "kind")?.as_str() {
            "ready" => Some(Self::Ready),
            "failed" => Some(Self::Failed {
                job: job()?,
                error: text(message, "error")?,
            }),
            "done" => Some(Self::Done {
                job: job()?,
                prepared: Prepared {
                    width: number(message, "width")? as u32,
                    height: number(message, "height")? as u32,
                    tensor: Uint8Array::new(&get(message, "tensor")?).to_vec(),
                    exact: get(message, "exact")?.as_bool()?,
                    decode_ms: number(message, "decode_ms")?,
                    resize_ms: number(message, "resize_ms")?,
                },
                memory: number(message, "memory")?,
            }),
            _ => None,
        }
    }
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a plain object cannot fail.
        _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}

fn get(message: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(message, &JsValue::from_str(key)).ok()
}

fn number(message: &JsValue, key: &str) -> Option<f64> {
    get(message, key)?.as_f64()
}

fn text(message: &JsValue, key: &str) -> Option<String> {
    get(message, key)?.as_string()
}
