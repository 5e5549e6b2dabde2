pub(super) mod two_passes;

use super::*;
use std::collections::BTreeMap;

fn recipe(layout: Layout, channels: &str) -> Recipe {
    let entries = [
        ("preprocess.resize", "2"),
        ("preprocess.channels", channels),
    ];
    let parameters: BTreeMap<String, String> = entries
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .into_iter()
        .collect();
    Recipe::from_parameters(&parameters, 2, layout).unwrap()
}

#[test]
fn the_tensor_has_the_recipes_layout_and_channel_order() {
    let image = RgbImage::new(2, 2, (1..=12).collect()).unwrap();
    let data = |layout, channels| to_tensor(&image, &recipe(layout, channels)).into_data();
    assert_eq!(
        data(Layout::Nchw, "RGB")[..],
        [1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]
    );
    assert_eq!(
        data(Layout::Nhwc, "BGR")[..],
        [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]
    );
}

#[test]
fn the_crop_is_cut_from_the_whole_resized_photo() {
    let pixels = (0..97 * 61 * 3).map(|i| (i * 31 % 251) as u8).collect();
    let image = RgbImage::new(97, 61, pixels).unwrap();
    let recipe = Recipe {
        resize: 40,
        crop: 32,
        ..recipe(Layout::Nhwc, "RGB")
    };
    let whole = resize_whole(&image, &recipe);
    assert_eq!((whole.width(), whole.height()), (64, 40));
    let square = Square {
        left: 16,
        top: 4,
        side: 32,
    };
    let cut = whole.cut(square).unwrap();
    assert_eq!(cut.pixels(), resize_and_crop(&image, &recipe));
    assert!(image.cut(Square { left: 80, ..square }).is_none());
}

#[test]
fn the_pixels_that_are_read_are_enough_for_the_same_tensor() {
    let recipe = Recipe {
        resize: 40,
        crop: 32,
        ..recipe(Layout::Nhwc, "RGB")
    };
    // Wide, tall, so tall that rows come first, smaller than the crop, of one pixel.
    for (width, height) in [
        (640, 480),
        (480, 640),
        (97, 1200),
        (20, 31),
        (1, 1),
        (40, 40),
    ] {
        let count = (width * height * 3) as usize;
        let pixels = (0..count).map(|i| (i * 31 % 251) as u8).collect();
        let image = RgbImage::new(width, height, pixels).unwrap();
        let read = read_for_tensor(width, height, &recipe);
        let rows = read.top..read.top + read.height;
        let bytes = 3 * read.left as usize..3 * (read.left + read.width) as usize;
        let part: Vec<u8> = rows
            .flat_map(|y| image.row(y as usize)[bytes.clone()].to_vec())
            .collect();
        let expected = Some(to_tensor(&image, &recipe));
        let tensor = to_tensor_from(&part, Pixels::Rgb, (width, height), &recipe);
        assert_eq!(tensor, expected, "{width}×{height}");
        let (part, _) = part.as_chunks::<3>();
        let part: Vec<u8> = part.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        let tensor = to_tensor_from(&part, Pixels::Rgba, (width, height), &recipe);
        assert_eq!(tensor, expected, "{width}×{height}");
    }
    assert_eq!(
        to_tensor_from(&[0; 3], Pixels::Rgb, (640, 480), &recipe),
        None
    );
    assert_eq!(
        to_tensor_from(&[0; 3], Pixels::Rgb, (0, 480), &recipe),
        None
    );
    // Refused before there are weights for as many pixels.
    let largest = (u32::MAX, u32::MAX);
    assert_eq!(to_tensor_from(&[0; 3], Pixels::Rgb, largest, &recipe), None);
    let wide = read_for_tensor(640, 480, &recipe);
    assert!(wide.width < 420 && wide.height < 420, "{wide:?}");
}

#[test]
fn a_tensor_shows_the_picture_it_was_made_of() {
    let image = RgbImage::new(2, 2, (1..=12).collect()).unwrap();
    for (layout, channels) in [(Layout::Nchw, "RGB"), (Layout::Nhwc, "BGR")] {
        let recipe = recipe(layout, channels);
        let tensor = to_tensor(&image, &recipe).into_data();
        let rgba = to_rgba(&tensor, &recipe).unwrap();
        assert_eq!(rgba[..8], [1, 2, 3, 255, 4, 5, 6, 255]);
    }
    assert_eq!(to_rgba(&[0; 11], &recipe(Layout::Nchw, "RGB")), None);
}

#[test]
fn alpha_is_laid_over_white() {
    let image = RgbImage::from_rgba(3, 1, &[10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128]);
    assert_eq!(
        image.unwrap().pixels(),
        [10, 20, 30, 255, 255, 255, 127, 127, 127]
    );
}

#[test]
fn an_image_has_pixels_and_the_right_number_of_bytes() {
    assert_eq!(
        RgbImage::new(0, 5, vec![]).unwrap_err().to_string(),
        "the photo has no pixels: 0×5"
    );
    assert_eq!(
        RgbImage::new(2, 2, vec![0; 11]).unwrap_err().to_string(),
        "a photo of 2×2 takes 12 bytes, got 11"
    );
}

#[test]
fn one_colour_stays_that_colour() {
    for (width, height) in [(1, 1), (5, 699), (256, 256), (640, 427), (699, 5)] {
        let colour = [7, 128, 255];
        let image = RgbImage::new(width, height, colour.repeat((width * height) as usize)).unwrap();
        let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
        let crop = resize_and_crop(&image, &recipe);
        assert_eq!(crop.len(), 3 * 224 * 224);
        assert!(crop.as_chunks::<3>().0.iter().all(|pixel| *pixel == colour));
    }
}

#[test]
fn the_exact_size_is_a_plain_crop() {
    let pixels: Vec<u8> = (0..256u32 * 256 * 3).map(|i| (i * 7 % 251) as u8).collect();
    let image = RgbImage::new(256, 256, pixels).unwrap();
    let recipe = Recipe::from_parameters(&BTreeMap::new(), 224, Layout::Nchw).unwrap();
    let crop = resize_and_crop(&image, &recipe);
    for (y, row) in crop.chunks_exact(3 * 224).enumerate() {
        assert_eq!(row, &image.row(y + 16)[3 * 16..3 * 240]);
    }
}
