//! Pictures from a playing camera: the centre square as pixels for the model, or all of it as a file.
//! Never mirrored, whatever the preview shows.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use js_sys::{ArrayBuffer, Function, JSON, Reflect, Uint8ClampedArray};
use leptos::prelude::{document, set_timeout};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

use crate::protocol::Frame;

/// Longest wait for a new picture: a camera of less than 1 frame a second is asked for its last one.
const LONGEST: Duration = Duration::from_millis(1200);

/// Where live frames are drawn to have their pixels.
pub(crate) struct Canvas {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    /// An empty one; `None` where the browser gives none.
    pub(crate) fn new() -> Option<Self> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        // Else each picture would travel to the graphics card and back.
        let options = JSON::parse(r#"{"willReadFrequently":true}"#).ok()?;
        let context = canvas.get_context_with_context_options("2d", &options);
        Some(Self {
            context: context.ok()??.dyn_into().ok()?,
            canvas,
        })
    }

    /// The centre square of what the video shows now, as large as its shorter side: all that the
    /// recipe's centre crop can need. `None` while it shows nothing.
    pub(crate) fn square(&self, video: &HtmlVideoElement) -> Option<Frame> {
        let (width, height) = (video.video_width(), video.video_height());
        let side = width.min(height);
        if side == 0 {
            return None;
        }
        if self.canvas.width() != side {
            self.canvas.set_width(side);
        }
        if self.canvas.height() != side {
            self.canvas.set_height(side);
        }
        let (left, top) = ((width - side) / 2, (height - side) / 2);
        self.context
            .draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                video,
                left.into(),
                top.into(),
                side.into(),
                side.into(),
                0.0,
                0.0,
                side.into(),
                side.into(),
            )
            .ok()?;
        let length = f64::from(side);
        let pixels = self.context.get_image_data(0.0, 0.0, length, length).ok()?;
        // By the property itself: the binding would copy the pixels into the page's wasm.
        let pixels = Reflect::get(&pixels, &"data".into()).ok()?;
        let rgba: ArrayBuffer = pixels.dyn_into::<Uint8ClampedArray>().ok()?.buffer();
        Some(Frame { side, rgba })
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

/// Comes true when the video shows a new picture, or after a while.
pub(crate) async fn next(video: &HtmlVideoElement) {
    let (shown, new) = oneshot::channel::<()>();
    let shown = Rc::new(Cell::new(Some(shown)));
    let tell = {
        let shown = Rc::clone(&shown);
        move || {
            if let Some(shown) = shown.take() {
                shown.send(()).ok();
            }
        }
    };
    let wait = Reflect::get(video, &"requestVideoFrameCallback".into());
    let wait = wait.ok().and_then(|it| it.dyn_into::<Function>().ok());
    let told = tell.clone();
    match wait {
        Some(wait) => {
            let callback = Closure::once_into_js(told);
            // Fails for no video that is on the page; then the time limit ends the wait.
            _ = wait.call1(video, &callback);
            set_timeout(tell, LONGEST);
        }
        None => set_timeout(tell, Duration::from_millis(33)),
    }
    new.await.ok();
}
