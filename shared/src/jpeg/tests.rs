//! Broken files end, and what is kept between scans does not show.

use super::*;
use proptest::prelude::*;

macro_rules! golden {
    ($($name:literal),*) => {
        [$(include_bytes!(concat!("../../../tests/golden/jpegs/", $name, ".jpg"))),*]
    };
}

const FILES: [&[u8]; 8] = golden![
    "baseline_420_67x45",
    "baseline_422_31x15",
    "progressive_420_17x33",
    "quality_100_progressive",
    "grey_progressive",
    "restart_3",
    "restart_3_progressive",
    "factors_411_apart"
];

fn rows(file: &[u8], kept: usize) -> Result<Vec<u8>, JpegError> {
    let Some(mut jpeg) = Jpeg::open(file)? else {
        return Ok(Vec::new());
    };
    jpeg.kept = kept;
    let (width, height) = jpeg.size();
    // A lie about the size is for the caller to refuse.
    let (width, height) = (width.min(300) as usize, height.min(300) as usize);
    let mut pixels = Vec::new();
    jpeg.read(0..height, 0..width, &mut |row| {
        pixels.extend_from_slice(row);
    })?;
    assert_eq!(pixels.len(), 4 * width * height);
    Ok(pixels
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[r, g, b, _]| [r, g, b])
        .collect())
}

#[test]
fn bands_of_any_height_give_the_same_pixels() {
    for file in FILES {
        let whole = rows(file, MAX_KEPT).unwrap();
        for kept in [1, 5_000, 10_000] {
            assert!(rows(file, kept).unwrap() == whole);
        }
    }
}

#[test]
fn a_file_that_ends_early_shows_what_is_there() {
    for file in FILES {
        let whole = rows(file, MAX_KEPT).unwrap();
        let cut = rows(&file[..file.len() - 20], MAX_KEPT).unwrap();
        assert_eq!(cut.len(), whole.len());
    }
    let baseline = FILES[0];
    let half = rows(&baseline[..baseline.len() / 2 + 300], MAX_KEPT).unwrap();
    let whole = rows(baseline, MAX_KEPT).unwrap();
    assert_eq!(half[..3 * 67 * 4], whole[..3 * 67 * 4]);
    assert_eq!(half[half.len() - 3..], [128; 3]);
}

#[test]
fn more_scans_than_a_photo_has_are_refused() {
    let file = FILES[2];
    let scan = file
        .windows(2)
        .rposition(|two| two == [0xFF, 0xDA])
        .unwrap();
    let (head, scan) = (&file[..scan], &file[scan..file.len() - 2]);
    let many = [head, &scan.repeat(1000)].concat();
    let error = rows(&many, MAX_KEPT).unwrap_err();
    assert_eq!(error.0, "it has more scans than a photo has");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn no_change_of_a_file_brings_the_decoder_down(
        which in 0..FILES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
        kept in prop_oneof![Just(MAX_KEPT), Just(1)],
    ) {
        let mut file = FILES[which].to_vec();
        for (at, byte) in changes {
            let at = 2 + at.index(file.len() - 2);
            file[at] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(2 + cut.index(file.len() - 2));
        }
        let _ = rows(&file, kept);
    }
}
