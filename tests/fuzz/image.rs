//! A photo's file: refused, or decoded within its memory (libFuzzer's limit) so that what is read for
//! the tensor alone is what the whole photo gives.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use conch_shared::decode::Photo;
use conch_shared::model::{Layout, Recipe};
use conch_shared::preprocess::plan::View;
use conch_shared::preprocess::resize_and_crop;
use libfuzzer_sys::fuzz_target;

/// Of a photo: larger ones would take too long to try many, and differ by nothing else.
const MOST_PIXELS: u64 = 1 << 13;

static RECIPE: LazyLock<Recipe> = LazyLock::new(|| Recipe {
    resize: 16,
    ..Recipe::from_parameters(&BTreeMap::new(), 12, Layout::Nchw).expect("a recipe of defaults")
});

fuzz_target!(|file: &[u8]| {
    let Ok(photo) = Photo::open(file) else {
        return;
    };
    let (width, height) = photo.size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return;
    }
    let part = photo.see(View::of_crop(&RECIPE));
    // A fault behind the rows that are wanted may stay unseen, but not one in them.
    if let Ok(whole) = photo.pixels() {
        let (part, _) = part.expect("a part of a photo that decodes");
        assert!(
            part == resize_and_crop(&whole, &RECIPE),
            "part and whole differ"
        );
    }
});
