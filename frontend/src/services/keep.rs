//! Photos that the browser keeps for a moment, files and all (`keep.js`): over a reload, and what the
//! service worker took from another app.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use conch_shared::preprocess::crop::Square;
use futures_channel::oneshot;
use js_sys::Array;
use leptos::prelude::set_timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::script::call;
use crate::input::{Content, ImageSource};
use crate::js::{get, object};

/// How long a page waits for what was kept: one that never starts would be worse.
const PATIENCE: Duration = Duration::from_secs(5);

const SCRIPT: &str = "conchKeep";

/// What is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// The photos, in their order.
    pub(crate) photos: Vec<KeptPhoto>,
    /// Which of them is in the large view.
    pub(crate) open: Option<usize>,
}

/// A photo that is kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptPhoto {
    /// As it came.
    pub(crate) source: ImageSource,
    /// The square that somebody chose in it.
    pub(crate) square: Option<Square>,
}

impl From<ImageSource> for KeptPhoto {
    fn from(source: ImageSource) -> Self {
        Self {
            source,
            square: None,
        }
    }
}

/// The browser keeps nothing, or has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotKept;

impl From<JsValue> for NotKept {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Keeps photos; gives the key that takes them.
pub(crate) async fn keep(kept: &Kept) -> Result<String, NotKept> {
    let key = call(SCRIPT, "put", &kept.to_js()).await?;
    key.as_string().ok_or(NotKept)
}

/// Takes what was kept by a key; `None` where it is not there, or the browser does not say.
pub(crate) async fn take(key: String) -> Option<Kept> {
    let (say, said) = oneshot::channel();
    let say = Rc::new(Cell::new(Some(say)));
    let late = Rc::clone(&say);
    set_timeout(move || drop(late.take()), PATIENCE);
    spawn_local(async move {
        let kept = call(SCRIPT, "take", &key.into()).await;
        if let Some(say) = say.take() {
            // Nobody waits any more: nobody hears.
            _ = say.send(kept.ok().and_then(|kept| Kept::from_js(&kept)));
        }
    });
    said.await.ok().flatten()
}

impl Kept {
    pub(super) fn to_js(&self) -> JsValue {
        let photos: Array = self.photos.iter().map(KeptPhoto::to_js).collect();
        object(&[("photos", photos.into()), ("open", self.open.into())])
    }

    fn from_js(kept: &JsValue) -> Option<Self> {
        let photos: Array = get(kept, "photos").dyn_into().ok()?;
        Some(Self {
            photos: photos
                .iter()
                .filter_map(|it| KeptPhoto::from_js(&it))
                .collect(),
            open: get(kept, "open").as_f64().map(|at| at as usize),
        })
    }
}

impl KeptPhoto {
    fn to_js(&self) -> JsValue {
        let content = match &self.source.content {
            Content::File(file) => ("file", file.into()),
            Content::Address(address) => ("address", address.into()),
            Content::Link(link) => ("link", link.into()),
        };
        let square = self.square.map(|Square { left, top, side }| {
            [left, top, side]
                .map(JsValue::from)
                .iter()
                .collect::<Array>()
        });
        let name = ("name", self.source.name.as_str().into());
        object(&[name, content, ("square", square.into())])
    }

    fn from_js(photo: &JsValue) -> Option<Self> {
        let text = |key| get(photo, key).as_string();
        let content = match get(photo, "file").dyn_into::<Blob>() {
            Ok(file) => Content::File(file),
            Err(_) => text("address")
                .map(Content::Address)
                .or_else(|| text("link").map(Content::Link))?,
        };
        let sides: Option<Vec<u32>> = get(photo, "square").dyn_ref::<Array>().map(|sides| {
            sides
                .iter()
                .filter_map(|it| Some(it.as_f64()? as u32))
                .collect()
        });
        let square = match sides.as_deref() {
            Some(&[left, top, side]) => Some(Square { left, top, side }),
            _ => None,
        };
        let name = text("name")?;
        Some(Self {
            source: ImageSource { name, content },
            square,
        })
    }
}
