//! Pictures from a playing camera: frames for the model, or all of it as a file. Never mirrored,
//! whatever the preview shows.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use conch_shared::model::Recipe;
use conch_shared::preprocess::read_for_tensor;
use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, JSON, Reflect, Uint8ClampedArray};
use leptos::prelude::{document, set_timeout_with_handle, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

use crate::js::method;
use crate::patience::Bell;
use crate::protocol::Frame;

/// Longest wait for a new picture: a camera of less than 1 frame a second is asked for its last one.
const LONGEST: Duration = Duration::from_millis(1200);
/// How long a picture lasts where the browser does not say when there is a new one.
const USUAL: Duration = Duration::from_millis(33);

/// The frames of a playing video, one after the other.
pub(crate) struct Film {
    video: HtmlVideoElement,
    news: Rc<News>,
    /// Whether the worker is given frames as the browser has them: then no pixel is touched on the
    /// page's own thread.
    is_whole: Cell<bool>,
    canvas: Canvas,
}

/// Whether the video shows another picture than the last frame's.
#[derive(Default)]
struct News {
    is_new: Cell<bool>,
    is_awaited: Cell<bool>,
    bell: Bell,
}

impl Film {
    /// Of this video; `None` where the browser gives no canvas.
    pub(crate) fn of(video: HtmlVideoElement) -> Option<Self> {
        let has = |name: &str| Reflect::has(&window(), &JsValue::from_str(name)).unwrap_or(false);
        let film = Self {
            video,
            news: Rc::default(),
            is_whole: Cell::new(has("VideoFrame") && has("OffscreenCanvas")),
            canvas: Canvas::new()?,
        };
        film.news.is_new.set(true);
        Some(film)
    }

    /// Comes true when the video shows a new picture, or after a while; at once where it does so
    /// already.
    pub(crate) async fn next(&self) {
        if self.news.is_new.take() {
            return;
        }
        let longest = match self.await_news() {
            true => LONGEST,
            false => USUAL,
        };
        let ring = {
            let news = Rc::clone(&self.news);
            move || news.bell.ring()
        };
        let timer = set_timeout_with_handle(ring, longest).ok();
        self.news.bell.wait().await;
        self.news.is_new.set(false);
        if let Some(timer) = timer {
            timer.clear();
        }
    }

    /// What the video shows now, for the recipe. `None` while it shows nothing.
    pub(crate) fn frame(&self, recipe: &Recipe) -> Option<Frame> {
        self.await_news();
        let (width, height) = (self.video.video_width(), self.video.video_height());
        if width == 0 || height == 0 {
            return None;
        }
        match self.is_whole.get().then(|| whole(&self.video)).flatten() {
            Some(frame) => Some(Frame::Whole(frame)),
            None => self.canvas.read(&self.video, (width, height), recipe),
        }
    }

    /// The worker could not read the frame. Whether another way is left, which is taken from now on.
    pub(crate) fn try_another_way(&self) -> bool {
        self.is_whole.take()
    }

    /// Has the browser say when the next picture is there; whether it does.
    fn await_news(&self) -> bool {
        let Some(tell) = method(&self.video, "requestVideoFrameCallback") else {
            return false;
        };
        if !self.news.is_awaited.replace(true) {
            let news = Rc::clone(&self.news);
            let told = Closure::once_into_js(move || {
                news.is_awaited.set(false);
                news.is_new.set(true);
                news.bell.ring();
            });
            // Fails for no video that is on the page; then the time limit ends the wait.
            _ = tell.call1(&self.video, &told);
        }
        true
    }
}

/// Gives a frame back that never got to the worker: the camera has few of them, and waits for their
/// return. Does nothing to one that is in the worker's hands.
pub(crate) fn close(frame: &Frame) {
    if let Frame::Whole(frame) = frame
        && let Some(close) = method(frame, "close")
    {
        // Fails for no frame.
        _ = close.call0(frame);
    }
}

/// What the video shows now, as the browser has it (W3C WebCodecs).
fn whole(video: &HtmlVideoElement) -> Option<JsValue> {
    let kind = method(&window(), "VideoFrame")?;
    Reflect::construct(&kind, &Array::of1(video)).ok()
}

/// Where frames are drawn to have their pixels, where the worker cannot do it.
struct Canvas {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    fn new() -> Option<Self> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        // Else each picture would travel to the graphics card and back.
        let options = JSON::parse(r#"{"willReadFrequently":true,"alpha":false}"#).ok()?;
        let context = canvas.get_context_with_context_options("2d", &options);
        Some(Self {
            context: context.ok()??.dyn_into().ok()?,
            canvas,
        })
    }

    fn read(&self, video: &HtmlVideoElement, size: (u32, u32), recipe: &Recipe) -> Option<Frame> {
        let read = read_for_tensor(size.0, size.1, recipe);
        if self.canvas.width() != read.width {
            self.canvas.set_width(read.width);
        }
        if self.canvas.height() != read.height {
            self.canvas.set_height(read.height);
        }
        let (left, top) = (f64::from(read.left), f64::from(read.top));
        self.context
            .draw_image_with_html_video_element(video, -left, -top)
            .ok()?;
        let (width, height) = (f64::from(read.width), f64::from(read.height));
        let pixels = self.context.get_image_data(0.0, 0.0, width, height).ok()?;
        // By the property itself: the binding would copy the pixels into the page's wasm.
        let pixels = Reflect::get(&pixels, &"data".into()).ok()?;
        let rgba: ArrayBuffer = pixels.dyn_into::<Uint8ClampedArray>().ok()?.buffer();
        Some(Frame::Read {
            width: size.0,
            height: size.1,
            rgba,
        })
    }
}

/// All of what the video shows now, in its full size, as a PNG: nothing is lost.
pub(crate) async fn picture(video: &HtmlVideoElement) -> Option<Blob> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return None;
    }
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    context
        .draw_image_with_html_video_element(video, 0.0, 0.0)
        .ok()?;
    let (made, blob) = oneshot::channel();
    let take = Closure::once_into_js(move |blob: JsValue| {
        made.send(blob).ok();
    });
    canvas.to_blob(take.unchecked_ref()).ok()?;
    blob.await.ok()?.dyn_into().ok()
}
