//! Pixels as a picture: a canvas that shows exactly the bytes that it is given.

use std::sync::Arc;

use conch_shared::model::Recipe;
use conch_shared::preprocess::to_rgba;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

/// A picture of RGBA bytes, `4 * width * height` of them, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rgba {
    /// Pixels a row.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// The bytes.
    pub(crate) bytes: Arc<[u8]>,
}

impl Rgba {
    /// The picture that a UINT8 tensor of one photo holds; `None` where the tensor is not there.
    pub(crate) fn of_tensor(tensor: &[u8], recipe: &Recipe) -> Option<Self> {
        Some(Self {
            width: recipe.crop,
            height: recipe.crop,
            bytes: to_rgba(tensor, recipe)?.into(),
        })
    }
}

/// A canvas of these pixels, drawn again when they change. `label` is its text alternative; without
/// one it is decoration.
#[component]
pub(crate) fn Pixels(
    #[prop(into)] picture: Signal<Rgba>,
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            picture.with(|picture| draw(&canvas, picture));
        }
    });
    let is_hidden = label.is_none().then_some("true");
    let role = label.is_some().then_some("img");
    view! {
        <canvas
            node_ref=canvas
            class=format!("pixels {class}")
            role=role
            aria-label=label
            aria-hidden=is_hidden
        ></canvas>
    }
}

fn draw(canvas: &web_sys::HtmlCanvasElement, picture: &Rgba) {
    canvas.set_width(picture.width);
    canvas.set_height(picture.height);
    let context = canvas.get_context("2d").ok().flatten();
    let context = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
    let data = ImageData::new_with_u8_clamped_array(Clamped(&picture.bytes), picture.width);
    if let (Some(context), Ok(data)) = (context, data) {
        // Fails for no data that was just made.
        _ = context.put_image_data(&data, 0.0, 0.0);
    }
}
