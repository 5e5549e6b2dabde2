//! Pixels as a picture: a canvas that shows exactly the bytes that it is given.

use std::sync::Arc;

use conch_shared::model::{Channels, Layout, Recipe};
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
    /// The picture that one photo's UINT8 tensor is, of the recipe's shape; where it is not of that
    /// shape, what is missing is black.
    pub(crate) fn of_tensor(tensor: &[u8], recipe: &Recipe) -> Self {
        let side = recipe.crop as usize;
        let pixels = side * side;
        let value = |pixel: usize, channel: usize| {
            let at = match recipe.layout {
                Layout::Nchw => channel * pixels + pixel,
                Layout::Nhwc => 3 * pixel + channel,
            };
            tensor.get(at).copied().unwrap_or(0)
        };
        let rgb = match recipe.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let rgba = |pixel| {
            let [red, green, blue] = rgb.map(|channel| value(pixel, channel));
            [red, green, blue, 255]
        };
        Self {
            width: recipe.crop,
            height: recipe.crop,
            bytes: (0..pixels).flat_map(rgba).collect(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_tensor_is_the_picture_that_its_recipe_says() {
        let picture = |channels, layout| {
            let recipe = Recipe {
                channels,
                ..Recipe::from_parameters(&BTreeMap::new(), 2, layout).unwrap()
            };
            let tensor: Vec<u8> = (0..12).collect();
            Rgba::of_tensor(&tensor, &recipe).bytes[4..8].to_vec()
        };
        assert_eq!(picture(Channels::Rgb, Layout::Nchw), [1, 5, 9, 255]);
        assert_eq!(picture(Channels::Bgr, Layout::Nchw), [9, 5, 1, 255]);
        assert_eq!(picture(Channels::Rgb, Layout::Nhwc), [3, 4, 5, 255]);
        assert_eq!(picture(Channels::Bgr, Layout::Nhwc), [5, 4, 3, 255]);
    }
}
