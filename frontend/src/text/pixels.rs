//! The laboratory: a photo's pixels, from its file to the channels that a tensor is made of.

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Geometry;
use conch_shared::tensor::DataType;

use super::grouped;
use crate::laboratory::plane::{Colour, Plane, Range};

pub(crate) const FILE: &str = "A photo comes as a file, most often compressed. Decoded, it is a grid of pixels, each three bytes: red, green and blue.";
pub(crate) const NAME: &str = "Name";
pub(crate) const FORMAT: &str = "Format";
pub(crate) const SIZE: &str = "Width × height, upright";
pub(crate) const PIXELS: &str = "Pixels";
pub(crate) const DECODED: &str = "Decoded";
pub(crate) const BY_CONCH: &str = "by Conch, to the same pixels everywhere";
pub(crate) const BY_BROWSER: &str =
    "approximately, by the browser, whose pixels may differ by a shade";
pub(crate) const BYTES: &str = "Its bytes, on one scale";
pub(crate) const THE_FILE: &str = "The file";
pub(crate) const THE_PIXELS: &str = "Its pixels as raw RGB";
pub(crate) const THE_TENSOR: &str = "What is sent of them";

pub(crate) const BEFORE: &str = "Before";
pub(crate) const AFTER: &str = "After";
pub(crate) const SCALE: &str = "Scale";
pub(crate) const FILTER: &str = "Filter";
pub(crate) const FILTER_IS: &str = "bilinear: a triangle, as wide as the scale";
pub(crate) const TAPS: &str = "Weighed for each";
pub(crate) const CROP: &str = "The crop";
pub(crate) const RESIZED_PICTURE: &str = "The photo after the resize, with the crop's outline";

pub(crate) const CROPPED: &str = "This is all that the model sees, enlarged. Point at a pixel, or move with the arrow keys, to read its three bytes.";
pub(crate) const PICK: &str = "The crop. The arrow keys pick a pixel";
pub(crate) const AROUND: &str = "Around it";
pub(crate) const ROW: &str = "Row";
pub(crate) const COLUMN: &str = "Column";

pub(crate) const NORMALISED: &str = "Each byte x becomes (x / 255 − mean) / std, with the channel's own mean and standard deviation: numbers around 0, as those that the model was trained on.";
pub(crate) const NOT_NORMALISED: &str = "This model takes the bytes as they are: what it does with them first is part of the model. The three channels are:";
pub(crate) const BYTE: &str = "Byte";
pub(crate) const VALUE: &str = "Value";
pub(crate) const LEAST: &str = "Least";
pub(crate) const GREATEST: &str = "Greatest";
pub(crate) const MEAN: &str = "Mean";
pub(crate) const OF_PIXELS: &str = "Of its pixels";

/// A whole number, with commas between thousands.
pub(crate) fn count(number: f64) -> String {
    // A cast keeps what is no number, or too large for a count, at the ends of what can be counted.
    grouped(number.round() as usize)
}

/// So many bytes.
pub(crate) fn bytes(number: f64) -> String {
    format!("{} bytes", count(number))
}

/// So many bytes that are sent, and as what.
pub(crate) fn sent(bytes: f64, datatype: DataType) -> String {
    format!("{} bytes, as {datatype}", count(bytes))
}

/// A number with so many decimals and a minus sign as wide as a plus.
pub(crate) fn number(value: f32, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('-', "−")
}

/// Width and height.
pub(crate) fn size(width: u32, height: u32) -> String {
    format!("{width} × {height}")
}

/// How many pixels, also in millions from a tenth of one on.
pub(crate) fn pixels(width: u32, height: u32) -> String {
    let all = f64::from(width) * f64::from(height);
    match all {
        ..50_000.0 => count(all),
        _ => format!("{} ({:.1} megapixels)", count(all), all / 1e6),
    }
}

/// A file's format by the ending of its name.
pub(crate) fn format_of(name: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => "JPEG, by its name".to_owned(),
        "" => "its name has no ending".to_owned(),
        other => format!("{}, by its name", other.to_uppercase()),
    }
}

/// How much larger the pixels are than the file.
pub(crate) fn unpacked(file: f64, pixels: f64) -> String {
    let times = pixels / file.max(1.0);
    match times {
        1.05.. => format!("Decoded, the photo is {times:.1} times as large as its file."),
        0.95.. => "Decoded, the photo is as large as its file.".to_owned(),
        _ => "Decoded, the photo is smaller than its file, which holds more than the pixels."
            .to_owned(),
    }
}

/// What the resize does: by the recipe, or with the square that somebody chose.
pub(crate) fn resized(recipe: &Recipe, chosen: bool) -> String {
    match chosen {
        false => format!(
            "The shortest side becomes {} pixels; the other keeps the proportion. The outline is the crop of {} × {}.",
            recipe.resize, recipe.crop, recipe.crop
        ),
        true => format!(
            "You chose a square of the photo: it is cut out first, and all of it becomes {} × {} pixels.",
            recipe.crop, recipe.crop
        ),
    }
}

/// How much smaller or larger: the scale of a resize, from so many pixels to so many.
pub(crate) fn scale(from: u32, to: u32) -> String {
    let scale = f64::from(from) / f64::from(to);
    match from >= to {
        true => format!("{from} / {to} = {scale:.3}: so many pixels, each way, become one"),
        false => format!("{from} / {to} = {scale:.3}: the photo is enlarged"),
    }
}

/// How many source pixels make one: the triangle reaches `max(scale, 1)` to either side.
pub(crate) fn taps(from: u32, to: u32) -> String {
    let taps = 2.0 * (f64::from(from) / f64::from(to)).max(1.0);
    format!("about {taps:.1} × {taps:.1} of the photo's pixels, the nearest counting most")
}

/// Where the crop lies on the resized photo.
pub(crate) fn crop(geometry: &Geometry) -> String {
    let Geometry {
        left, top, side, ..
    } = geometry;
    format!("{side} × {side}, from column {left}, row {top}")
}

/// A colour's name.
pub(crate) fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "Red",
        Colour::Green => "Green",
        Colour::Blue => "Blue",
    }
}

/// A channel's title.
pub(crate) fn channel(channel: usize, of: Colour) -> String {
    format!("Channel {channel}: {}", colour(of).to_lowercase())
}

/// A channel's picture.
pub(crate) fn plane_picture(of: Colour) -> String {
    format!("The {} channel as greys", colour(of).to_lowercase())
}

/// The normalisation with a channel's numbers.
pub(crate) fn formula(mean: f32, std: f32) -> String {
    format!("(x / 255 − {}) / {}", short(mean), short(std))
}

/// A number of the recipe, to five decimals where it has more.
pub(super) fn short(value: f32) -> String {
    let text = number(value, 5);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A histogram in words.
pub(crate) fn histogram(plane: &Plane, normalised: bool) -> String {
    let Range { min, max, mean } = match normalised {
        true => plane.after,
        false => plane.before,
    };
    format!(
        "Histogram of the {} channel's values: from {} to {}, mean {}",
        colour(plane.colour).to_lowercase(),
        number(min, 3),
        number(max, 3),
        number(mean, 3)
    )
}

/// A pixel, for a screen reader.
pub(crate) fn pixel(row: usize, column: usize, [r, g, b]: [u8; 3]) -> String {
    format!("Row {row}, column {column}: red {r}, green {g}, blue {b}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_have_a_real_minus() {
        assert_eq!(count(602_112.0), "602,112");
        assert_eq!(count(999.0), "999");
        assert_eq!(number(-2.0986, 2), "−2.10");
        assert_eq!(formula(0.485, 0.229), "(x / 255 − 0.485) / 0.229");
        assert_eq!(sent(602_112.0, DataType::Fp32), "602,112 bytes, as FP32");
    }

    #[test]
    fn a_format_is_known_by_the_names_ending() {
        assert_eq!(format_of("IMG_1.JPG"), "JPEG, by its name");
        assert_eq!(format_of("a.b.webp"), "WEBP, by its name");
        assert_eq!(format_of("photo"), "its name has no ending");
    }
}
