//! A photo's file to what is wanted of it.
//!
//! A photo that comes row by row is never here as a whole, unless it is asked for again and small
//! enough to be kept: a square that is dragged asks again and again.

use std::cell::Cell;

use conch_frontend::protocol::{Made, Prepared, Resized, ToWorker, Want};
use conch_shared::decode::{DecodeError, Photo, Seen, digest};
use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::{Geometry, Square};
use conch_shared::preprocess::plan::View;
use conch_shared::preprocess::{RgbImage, arrange, see};
use web_sys::Blob;

use crate::{browser, file, now_ms, preview};

/// Most pixels of a photo that are kept for the next job: 48 MB of RGB.
const MAX_KEPT: u64 = 16_000_000;
/// Most pixels of a photo that is decoded whole here; the browser gives a larger one smaller. RGBA
/// of it takes 128 MB.
const MAX_WHOLE: u64 = 32_000_000;
/// Most pixels of a resized photo that are given to be looked at: a panorama may have more.
const MAX_SHOWN: u64 = 4 << 20;

/// What is known of the last photo.
struct Last {
    photo: u32,
    facts: Facts,
    image: Option<RgbImage>,
}

#[derive(Clone)]
struct Facts {
    /// The upright photo's sides.
    size: (u32, u32),
    exact: bool,
    file_bytes: f64,
    digest: String,
}

thread_local! {
    static LAST: Cell<Option<Last>> = const { Cell::new(None) };
}

/// Makes what a message wants of a file; errors are sentences.
pub(crate) async fn make(message: &ToWorker, blob: &Blob, photo: u32) -> Result<Made, String> {
    if message.want == Want::Preview {
        let picture = preview(blob, photo, &message.recipe).await?;
        return Ok(Made::Preview(preview::encode(&picture).await));
    }
    let start = now_ms();
    let view = View {
        recipe: &message.recipe,
        square: message.square,
        whole: message.want == Want::Resized,
    };
    let last = LAST.take().filter(|last| last.photo == photo);
    let again = last.is_some() || message.square.is_some();
    let (last, seen) = match last {
        Some(last) if last.image.is_some() => (last, None),
        _ => open(blob, photo, view, again).await?,
    };
    let decoded = now_ms();
    let seen = match (seen, &last.image) {
        (Some(seen), _) => seen,
        (None, Some(image)) => {
            check_shown(view, image.width(), image.height())?;
            see(image, view)
        }
        (None, None) => return Err(DecodeError::NotAPhoto.to_string()),
    };
    let made = match view.whole {
        false => {
            let tensor = arrange(&seen.0, &message.recipe).into_data();
            let Facts {
                size: (width, height),
                exact,
                file_bytes,
                digest,
            } = last.facts.clone();
            Made::Tensor(Prepared {
                width,
                height,
                tensor: tensor.as_ref().into(),
                exact,
                file_bytes,
                digest,
                decode_ms: decoded - start,
                resize_ms: now_ms() - decoded,
            })
        }
        true => Made::Resized(shown(&seen)),
    };
    LAST.set(Some(last));
    Ok(made)
}

/// A small picture of a photo. What is kept of the last photo stays.
async fn preview(blob: &Blob, photo: u32, recipe: &Recipe) -> Result<RgbImage, String> {
    let last = LAST.take();
    let of_it = last.as_ref().filter(|last| last.photo == photo);
    let image = of_it.and_then(|last| last.image.as_ref());
    let small = image.map(|image| preview::of(image, recipe));
    LAST.set(last);
    match small {
        Some(small) => Ok(small),
        None => {
            let bytes = file::read(blob).await?;
            let small = preview::of_file(&bytes, recipe);
            small.map_err(|error| error.to_string())
        }
    }
}

/// Opens a file: its pixels, where they are to be kept, else what is seen of it.
async fn open(
    blob: &Blob,
    photo: u32,
    view: View<'_>,
    again: bool,
) -> Result<(Last, Option<Seen>), String> {
    let bytes = file::read(blob).await?;
    let digest = format!("{:016x}", digest(&bytes));
    let last = |size, exact, image| Last {
        photo,
        facts: Facts {
            size,
            exact,
            file_bytes: blob.size(),
            digest: digest.clone(),
        },
        image,
    };
    let known = match Photo::open(&bytes) {
        Ok(photo) => {
            let (width, height) = photo.size();
            check_shown(view, width, height)?;
            let count = u64::from(width) * u64::from(height);
            let sentence = |error: DecodeError| error.to_string();
            if count <= MAX_KEPT && (again || !photo.comes_in_rows()) {
                let image = photo.pixels().map_err(sentence)?;
                return Ok((last((width, height), true, Some(image)), None));
            }
            if photo.comes_in_rows() || count <= MAX_WHOLE {
                let seen = photo.see(view).map_err(sentence)?;
                return Ok((last((width, height), true, None), Some(seen)));
            }
            Ok((photo.format(), (width, height)))
        }
        Err(error @ (DecodeError::Unsupported { .. } | DecodeError::NotAPhoto)) => {
            Err((error, browser::claimed_size(&bytes)))
        }
        Err(error) => return Err(error.to_string()),
    };
    drop(bytes);
    let (error, claimed) = match known {
        Ok((format, size)) => (DecodeError::TooMuchMemory { format }, Some(size)),
        Err((error, claimed)) => (error, claimed),
    };
    let bitmap = match browser::open(blob, claimed).await {
        Ok(bitmap) => bitmap,
        Err(browser::Error::CannotDecode) => return Err(error.to_string()),
        Err(browser::Error::Other(error)) => return Err(error.to_string()),
    };
    let (width, height) = bitmap.size();
    check_shown(view, width, height)?;
    let cannot = |_| error.to_string();
    if u64::from(width) * u64::from(height) <= MAX_KEPT && !bitmap.is_reduced() {
        let image = bitmap.pixels().map_err(cannot)?;
        return Ok((last((width, height), false, Some(image)), None));
    }
    let seen = bitmap.see(view).map_err(cannot)?;
    Ok((last((width, height), false, None), Some(seen)))
}

/// Refuses to show what is too large to be looked at.
fn check_shown(view: View<'_>, width: u32, height: u32) -> Result<(), String> {
    let is_inside = |square: &Square| square.is_inside(width, height);
    if !view.whole || view.square.as_ref().is_some_and(is_inside) {
        return Ok(());
    }
    let geometry = Geometry::new(width, height, view.recipe);
    let (width, height) = (geometry.resized_width, geometry.resized_height);
    match u64::from(width) * u64::from(height) > MAX_SHOWN {
        true => Err(format!(
            "After the resize the photo has {width} × {height} pixels, too many to show here."
        )),
        false => Ok(()),
    }
}

fn shown((rgb, (width, height)): &Seen) -> Resized {
    Resized {
        width: *width,
        height: *height,
        rgba: to_rgba(rgb).into(),
    }
}

/// Interleaved RGB as RGBA, as a canvas wants it.
pub(crate) fn to_rgba(rgb: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgb.as_chunks::<3>();
    let opaque = |&[r, g, b]: &[u8; 3]| [r, g, b, 255];
    pixels.iter().flat_map(opaque).collect()
}
