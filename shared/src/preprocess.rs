//! RGB pixels to the model's tensor: the very bytes that Pillow and the notebook give.
//!
//! The steps, in order: shortest side to `resize` with Pillow's BILINEAR, the centre `crop`, the
//! model's layout and channel order, and, where FP32 is wanted, mean and standard deviation
//! ([`normalize`](mod@normalize)). Only source pixels under the crop are touched.
//!
//! | module | subject |
//! | --- | --- |
//! | [`crop`], [`orient`] | where the crop lies, how a stored photo stands |
//! | `taps` | the filter's weights |
//! | [`plan`] | which pixels a view needs, and their weights |
//! | [`stream`] | the two passes, with rows as they come |
//! | [`kernel`] | their inner loops, for each set of instructions |

pub mod crop;
pub mod kernel;
pub mod normalize;
pub mod orient;
pub mod plan;
pub mod stream;
mod taps;

use crate::model::{Channels, Layout, Recipe};
use crate::tensor::{DataType, Tensor};
use crop::{Square, Window};
use kernel::Kernel;
pub use normalize::normalize;
use orient::Orientation;
use plan::{Plan, View};
use stream::{Pixels, Stream};

/// Longest side that a photo may have, pixels.
pub const MAX_SIDE: u32 = 65_535;

/// Pixels that do not make an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// A side of 0 pixels.
    #[error("the photo has no pixels: {width}×{height}")]
    Empty {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Too few or too many bytes.
    #[error("a photo of {width}×{height} takes {expected} bytes, got {actual}")]
    WrongLength {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes that the sides ask for.
        expected: usize,
        /// Bytes that are there.
        actual: usize,
    },
}

/// An upright photo: 8-bit RGB, interleaved, row by row, no padding.
#[derive(Clone, PartialEq, Eq)]
pub struct RgbImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl RgbImage {
    /// An image of `3 * width * height` bytes.
    ///
    /// # Errors
    /// When a side is 0 or the number of bytes is another one.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ImageError> {
        check(width, height, 3, pixels.len())?;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// A square of the image; `None` where it does not lie inside.
    pub fn cut(&self, square: Square) -> Option<Self> {
        let Square { left, top, side } = square;
        square.is_inside(self.width, self.height).then(|| Self {
            width: side,
            height: side,
            pixels: (top..top + side)
                .flat_map(|y| {
                    let row = self.row(y as usize);
                    row[3 * left as usize..3 * (left + side) as usize]
                        .iter()
                        .copied()
                })
                .collect(),
        })
    }

    /// An image of `4 * width * height` bytes of RGBA (alpha not premultiplied), laid over white.
    ///
    /// # Errors
    /// When a side is 0 or the number of bytes is another one.
    pub fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Self, ImageError> {
        check(width, height, 4, rgba.len())?;
        let (from, _) = rgba.as_chunks::<4>();
        // Written in place: to collect an iterator of bytes takes several times as long.
        let mut pixels = vec![0; 3 * from.len()];
        let (to, _) = pixels.as_chunks_mut::<3>();
        for (to, &[r, g, b, a]) in to.iter_mut().zip(from) {
            *to = match a {
                255 => [r, g, b],
                _ => [r, g, b].map(|colour| over_white(colour, a)),
            };
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Pixels a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes, three a pixel.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes of row `y`.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let stride = 3 * self.width as usize;
        &self.pixels[y * stride..(y + 1) * stride]
    }
}

impl std::fmt::Debug for RgbImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RgbImage({}×{})", self.width, self.height)
    }
}

fn check(width: u32, height: u32, channels: usize, actual: usize) -> Result<(), ImageError> {
    if width == 0 || height == 0 {
        return Err(ImageError::Empty { width, height });
    }
    let expected = (width as usize)
        .checked_mul(height as usize)
        .and_then(|pixels| pixels.checked_mul(channels))
        .unwrap_or(usize::MAX);
    if actual == expected {
        Ok(())
    } else {
        Err(ImageError::WrongLength {
            width,
            height,
            expected,
            actual,
        })
    }
}

/// `round((colour * alpha + 255 * (255 - alpha)) / 255)`, in integers as Pillow's `paste` with a
/// mask does it (its BLEND macro, Paste.c: `t + (t >> 8) >> 8` with `t` half a unit up).
pub(crate) fn over_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    let t = colour * alpha + 255 * (255 - alpha) + 128;
    (((t >> 8) + t) >> 8) as u8
}

/// The pixels that the model sees: `3 * crop * crop` bytes of interleaved RGB.
pub fn resize_and_crop(image: &RgbImage, recipe: &Recipe) -> Vec<u8> {
    see(image, View::of_crop(recipe)).0
}

/// The whole photo after the resize: what the centre crop is cut from. Its sides are
/// [`Geometry::resized_width`](crop::Geometry::resized_width) and its height.
pub fn resize_whole(image: &RgbImage, recipe: &Recipe) -> RgbImage {
    let view = View {
        whole: true,
        ..View::of_crop(recipe)
    };
    let (pixels, (width, height)) = see(image, view);
    RgbImage {
        width,
        height,
        pixels,
    }
}

/// What a view shows of an upright photo, interleaved RGB, and its sides; of a square outside, the
/// recipe's own crop.
pub fn see(image: &RgbImage, view: View<'_>) -> (Vec<u8>, (u32, u32)) {
    let plan = Plan::or_crop((image.width, image.height), UPRIGHT, view);
    let (rows, columns, size) = (plan.rows(), plan.columns(), plan.size());
    let stride = 3 * image.width as usize;
    let of_row = |y: usize, x: usize| y * stride + 3 * x;
    let pixels =
        &image.pixels[of_row(rows.start, columns.start)..of_row(rows.end - 1, columns.end)];
    let mut stream = Stream::new(plan);
    stream.push_all(pixels, stride);
    (stream.finish(), size)
}

const UPRIGHT: Orientation = Orientation::from_exif(1);

/// The recipe for a square that somebody chose: all of it is resized to the crop's side, and
/// nothing is cut off; Pillow's `image.crop(square).resize((crop, crop), BILINEAR)`.
pub fn square_recipe(recipe: &Recipe) -> Recipe {
    Recipe {
        resize: recipe.crop,
        ..recipe.clone()
    }
}

/// A photo as the model's tensor of pixels: UINT8, one photo, in the recipe's layout and channel
/// order, not yet normalised.
pub fn to_tensor(image: &RgbImage, recipe: &Recipe) -> Tensor {
    let pixels = resize_and_crop(image, recipe);
    arrange(&pixels, recipe)
}

/// The pixels of a photo of `width × height` that its tensor is made of: those under the crop, and as
/// far around it as the filter reaches.
///
/// Sides are at least 1.
pub fn read_for_tensor(width: u32, height: u32, recipe: &Recipe) -> Window {
    let plan = Plan::or_crop((width, height), UPRIGHT, View::of_crop(recipe));
    let (rows, columns) = (plan.rows(), plan.columns());
    // Sides of a photo, which are u32 themselves.
    Window {
        left: columns.start as u32,
        top: rows.start as u32,
        width: columns.len() as u32,
        height: rows.len() as u32,
    }
}

/// [`to_tensor`] of a photo of `width × height`, to the byte, of which only the pixels that
/// [`read_for_tensor`] names are at hand, row by row without padding. `None` where there are more of
/// them, or fewer, and where no photo has such sides.
pub fn to_tensor_from(
    part: &[u8],
    pixels: Pixels,
    (width, height): (u32, u32),
    recipe: &Recipe,
) -> Option<Tensor> {
    if width.min(height) == 0 || width.max(height) > MAX_SIDE {
        return None;
    }
    let plan = Plan::or_crop((width, height), UPRIGHT, View::of_crop(recipe));
    let stride = pixels.bytes() * plan.columns().len();
    if part.len() != stride * plan.rows().len() {
        return None;
    }
    let mut stream = Stream::with(Kernel::best(), pixels, plan);
    stream.push_all(part, stride);
    Some(arrange(&stream.finish(), recipe))
}

/// Interleaved RGB of the crop as the UINT8 tensor that the recipe describes.
///
/// # Panics
/// When there are not `3 * crop * crop` bytes.
pub fn arrange(pixels: &[u8], recipe: &Recipe) -> Tensor {
    let order = channel_order(recipe);
    let (pixels, _) = pixels.as_chunks::<3>();
    let data: Vec<u8> = match recipe.layout {
        Layout::Nchw => order
            .into_iter()
            .flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel]))
            .collect(),
        Layout::Nhwc => pixels
            .iter()
            .flat_map(|pixel| order.map(|channel| pixel[channel]))
            .collect(),
    };
    Tensor::new(DataType::Uint8, recipe.batch_shape(1), data)
        .expect("a crop has crop * crop pixels of three bytes")
}

/// The picture that a UINT8 tensor of one photo holds, as RGBA for a canvas: `4 * crop * crop`
/// bytes. `None` when the tensor has another size than the recipe's.
pub fn to_rgba(tensor: &[u8], recipe: &Recipe) -> Option<Vec<u8>> {
    let count = recipe.crop as usize * recipe.crop as usize;
    if tensor.len() != 3 * count {
        return None;
    }
    let at = |pixel: usize, channel: usize| match recipe.layout {
        Layout::Nchw => tensor[channel * count + pixel],
        Layout::Nhwc => tensor[3 * pixel + channel],
    };
    let [r, g, b] = channel_order(recipe);
    let pixel = |i| [at(i, r), at(i, g), at(i, b), 255];
    Some((0..count).flat_map(pixel).collect())
}

/// Where red, green and blue stand among a tensor's channels; the same in both directions.
pub fn channel_order(recipe: &Recipe) -> [usize; 3] {
    match recipe.channels {
        Channels::Rgb => [0, 1, 2],
        Channels::Bgr => [2, 1, 0],
    }
}

#[cfg(test)]
mod tests;
