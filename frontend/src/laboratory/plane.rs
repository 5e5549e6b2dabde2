//! One channel of the tensor: its picture, its numbers before and after it is normalised.

use std::sync::Arc;

use conch_shared::model::{Channels, Layout, Recipe};

use super::input::Input;
use crate::components::pixels::Rgba;

/// A colour of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Red,
    Green,
    Blue,
}

/// The colour of a channel of the tensor.
pub(crate) fn colour(channel: usize, recipe: &Recipe) -> Colour {
    let rgb = match recipe.channels {
        Channels::Rgb => channel,
        Channels::Bgr => 2 - channel.min(2),
    };
    [Colour::Red, Colour::Green, Colour::Blue][rgb.min(2)]
}

/// The least, the greatest and the mean of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) min: f32,
    pub(crate) max: f32,
    pub(crate) mean: f32,
}

impl Range {
    /// Of none, all three are 0. The sum is taken in f64, where 150,528 terms leave no trace.
    fn of(values: impl Iterator<Item = f32>) -> Self {
        let (mut min, mut max) = (f32::INFINITY, f32::NEG_INFINITY);
        let (mut sum, mut count) = (0.0, 0.0);
        for value in values {
            min = min.min(value);
            max = max.max(value);
            sum += f64::from(value);
            count += 1.0;
        }
        if count == 0.0 {
            (min, max, count) = (0.0, 0.0, 1.0);
        }
        Self {
            min,
            max,
            mean: (sum / count) as f32,
        }
    }
}

/// One channel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plane {
    /// Its place in the tensor.
    pub(crate) channel: usize,
    /// What it holds.
    pub(crate) colour: Colour,
    /// Its bytes, 0 to 255.
    pub(crate) before: Range,
    /// Its values once they are normalised.
    pub(crate) after: Range,
    /// How often each byte is there.
    pub(crate) counts: Vec<u32>,
    /// Its bytes as greys, 0 black, 255 white.
    pub(crate) picture: Rgba,
}

/// The three channels of an input, in the tensor's order.
pub(crate) fn planes(input: &Input) -> [Plane; 3] {
    let recipe = input.recipe();
    std::array::from_fn(|channel| {
        let bytes: Vec<u8> = of_channel(input.bytes(), channel, recipe)
            .copied()
            .collect();
        let (floats, _) = input.floats().as_chunks::<4>();
        let floats = of_channel(floats, channel, recipe).map(|bytes| f32::from_le_bytes(*bytes));
        let mut counts = vec![0; 256];
        for byte in &bytes {
            counts[usize::from(*byte)] += 1;
        }
        Plane {
            channel,
            colour: colour(channel, recipe),
            before: Range::of(bytes.iter().map(|byte| f32::from(*byte))),
            after: Range::of(floats),
            counts,
            picture: grey(&bytes, recipe.crop),
        }
    })
}

/// The values of a channel, row by row.
fn of_channel<'a, T>(
    values: &'a [T],
    channel: usize,
    recipe: &Recipe,
) -> impl Iterator<Item = &'a T> + use<'a, T> {
    let plane = (recipe.crop * recipe.crop) as usize;
    let (first, step) = match recipe.layout {
        Layout::Nchw => (channel * plane, 1),
        Layout::Nhwc => (channel, 3),
    };
    values.iter().skip(first).step_by(step).take(plane)
}

fn grey(bytes: &[u8], side: u32) -> Rgba {
    let bytes: Arc<[u8]> = bytes
        .iter()
        .flat_map(|&grey| [grey, grey, grey, 255])
        .collect();
    Rgba {
        width: side,
        height: side,
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn input(layout: Layout, channels: Channels) -> Input {
        let mut model = example::model();
        model.recipe.layout = layout;
        model.recipe.channels = channels;
        model.recipe.mean = [0.5, 0.0, 0.0];
        model.recipe.std = [0.5, 1.0, 1.0];
        let mut prepared = example::outcome("cup", 1.0).prepared.clone();
        prepared.tensor = (0..12).map(|n| 20 * n).collect();
        Input::new(model, prepared, None)
    }

    #[test]
    fn a_plane_has_its_channels_values_in_either_layout() {
        let [first, ..] = planes(&input(Layout::Nchw, Channels::Rgb));
        let greys =
            |plane: &Plane| -> Vec<u8> { plane.picture.bytes.iter().step_by(4).copied().collect() };
        assert_eq!(greys(&first), [0, 20, 40, 60]);
        let [first, ..] = planes(&input(Layout::Nhwc, Channels::Rgb));
        assert_eq!(greys(&first), [0, 60, 120, 180]);
    }

    #[test]
    fn a_plane_knows_its_numbers_before_and_after() {
        let [plane, ..] = planes(&input(Layout::Nchw, Channels::Rgb));
        let Range { min, max, mean } = plane.before;
        assert_eq!((min, max, mean), (0.0, 60.0, 30.0));
        assert_eq!(plane.after.min, -1.0);
        assert_eq!(plane.after.max, (60.0 / 255.0 - 0.5) / 0.5);
        assert_eq!((plane.counts[20], plane.counts[21]), (1, 0));
    }

    #[test]
    fn blue_comes_first_where_the_recipe_says_so() {
        let colours = |channels| planes(&input(Layout::Nchw, channels)).map(|p| p.colour);
        assert_eq!(colours(Channels::Rgb)[0], Colour::Red);
        let [first, .., last] = colours(Channels::Bgr);
        assert_eq!((first, last), (Colour::Blue, Colour::Red));
    }
}
