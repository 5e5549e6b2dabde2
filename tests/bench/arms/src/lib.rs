//! What the arms on the host and those in wasm share: `fast_image_resize` as its documentation
//! recommends it for photos, one `Resizer` and one target kept from call to call. In wasm, also the
//! functions that node calls.

#[cfg(target_family = "wasm")]
mod wasm;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// How the pixels stand.
#[derive(Clone, Copy)]
pub enum Layout {
    /// Three bytes a pixel.
    Rgb,
    /// Four bytes a pixel.
    Rgba,
}

/// `fast_image_resize` with all that can be kept.
pub struct Fast {
    kind: PixelType,
    resizer: Resizer,
    options: ResizeOptions,
    target: Image<'static>,
}

impl Fast {
    /// For a target of `width × height`.
    pub fn new((width, height): (u32, u32), layout: Layout) -> Self {
        let kind = match layout {
            Layout::Rgb => PixelType::U8x3,
            Layout::Rgba => PixelType::U8x4,
        };
        Self {
            kind,
            resizer: Resizer::new(),
            // The filter of Pillow's BILINEAR. A photo's alpha is 255 throughout: to multiply by it
            // and to divide again would be work that ours does not do either.
            options: ResizeOptions::new()
                .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
                .use_alpha(false),
            target: Image::new(width, height, kind),
        }
    }

    /// The whole photo, resized; gives the target's bytes.
    ///
    /// # Panics
    /// When the bytes are not of this size.
    pub fn resize(&mut self, (width, height): (u32, u32), pixels: &[u8]) -> usize {
        let source = ImageRef::new(width, height, pixels, self.kind).expect("bytes of this size");
        self.resizer
            .resize(&source, &mut self.target, &self.options)
            .expect("the same kind of pixels");
        self.target.buffer().len()
    }
}
