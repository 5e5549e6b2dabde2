//! An occlusion map: what a model's answer hangs on, found by covering one part of the photo after
//! the other (Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks",
//! section 4).
//!
//! A grey patch, a seventh of the crop wide, lies in turn on every place of the crop; the model is
//! asked for the probability of one class each time. The first pass puts the patches side by side,
//! 7 by 7; the second moves them by half a patch, 13 by 13, of which the first pass knows 49.

pub(crate) mod batching;
pub(crate) mod colour;
pub(crate) mod heat;

use conch_shared::model::{Layout, Recipe};

/// Half patches along a side of the crop.
pub(crate) const HALVES: usize = 14;
/// Places of a patch along a side, half a patch apart.
pub(crate) const PLACES: usize = HALVES - 1;

/// Where a patch lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Half patches above it.
    pub(crate) row: usize,
    /// Half patches left of it.
    pub(crate) column: usize,
}

/// How closely one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Patches side by side: 49 places.
    Coarse,
    /// Half a patch apart: 169 places, those of the coarse pass among them.
    Fine,
}

impl Pass {
    /// Its places, from the middle outwards: what people photograph is mostly there.
    pub(crate) fn places(self) -> Vec<Place> {
        let step = match self {
            Self::Coarse => 2,
            Self::Fine => 1,
        };
        let along = || (0..PLACES).step_by(step);
        let mut places: Vec<Place> = along()
            .flat_map(|row| along().map(move |column| Place { row, column }))
            .collect();
        let from_middle = |at: usize| (2 * at).abs_diff(PLACES - 1).pow(2);
        places.sort_by_key(|place| from_middle(place.row) + from_middle(place.column));
        places
    }
}

/// Where the half patch of this number begins, pixels; that of number [`HALVES`] ends the crop.
fn edge(half: usize, side: usize) -> usize {
    half * side / HALVES
}

/// The UINT8 tensor of a batch: the photo once for each place, covered there.
///
/// `tensor` is one photo of the recipe's shape. The patch has the recipe's mean, `round(255 *
/// mean[c])`: after normalisation its values are about 0, which says least to the model.
pub(crate) fn covered(tensor: &[u8], recipe: &Recipe, places: &[Place]) -> Vec<u8> {
    let side = recipe.crop as usize;
    // The cast keeps a mean that is out of range at 0 or 255.
    let grey = recipe.mean.map(|mean| (255.0 * mean).round() as u8);
    let mut batch = tensor.repeat(places.len());
    if tensor.len() != 3 * side * side || tensor.is_empty() {
        return batch;
    }
    for (photo, place) in batch.chunks_exact_mut(tensor.len()).zip(places) {
        let columns = edge(place.column, side)..edge(place.column + 2, side);
        for row in edge(place.row, side)..edge(place.row + 2, side) {
            match recipe.layout {
                Layout::Nchw => {
                    for (plane, grey) in photo.chunks_exact_mut(side * side).zip(grey) {
                        plane[row * side..][columns.clone()].fill(grey);
                    }
                }
                Layout::Nhwc => {
                    let pixels = &mut photo[3 * side * row..][3 * columns.start..3 * columns.end];
                    for pixel in pixels.chunks_exact_mut(3) {
                        pixel.copy_from_slice(&grey);
                    }
                }
            }
        }
    }
    batch
}

/// The photos of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Where each is covered.
    pub(crate) places: Vec<Place>,
    /// Whether it goes alone, to see what batching buys.
    pub(crate) alone: bool,
}

/// How many photos of a coarse pass go alone, one after the other, where a request may take `most`:
/// 17 to 25, so that the others fill whole batches, as long as those can be filled.
pub(crate) fn alone(most: usize) -> usize {
    let all = HALVES * HALVES / 4;
    match most {
        0 | 1 => all,
        most => all - (32 / most).max(1) * most.min(32),
    }
}

/// The requests for places that are still to be asked about: the first `alone` one by one, the
/// others in batches of `most`.
pub(crate) fn requests(places: &[Place], alone: usize, most: usize) -> Vec<Request> {
    let (first, others) = places.split_at(alone.min(places.len()));
    let request = |places: &[Place], alone| Request {
        places: places.to_vec(),
        alone,
    };
    let single = first.chunks(1).map(|places| request(places, true));
    let batches = others.chunks(most.max(1));
    single
        .chain(batches.map(|places| request(places, false)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn recipe(side: u32, layout: Layout) -> Recipe {
        Recipe {
            mean: [0.5, 0.0, 2.0],
            ..Recipe::from_parameters(&BTreeMap::new(), side, layout).unwrap()
        }
    }

    fn place(row: usize, column: usize) -> Place {
        Place { row, column }
    }

    #[test]
    fn the_passes_have_49_and_169_places_and_begin_in_the_middle() {
        let (coarse, fine) = (Pass::Coarse.places(), Pass::Fine.places());
        assert_eq!((coarse.len(), fine.len()), (49, 169));
        assert_eq!((coarse[0], fine[0]), (place(6, 6), place(6, 6)));
        assert!(coarse.iter().all(|place| fine.contains(place)));
        let last = [place(0, 0), place(0, 12), place(12, 0), place(12, 12)];
        assert_eq!(coarse[45..], last);
    }

    #[test]
    fn a_patch_covers_each_plane_with_its_own_grey() {
        let side = 14;
        let photo: Vec<u8> = vec![7; 3 * side * side];
        let covered = covered(
            &photo,
            &recipe(14, Layout::Nchw),
            &[place(12, 12), place(0, 3)],
        );
        assert_eq!(covered.len(), 2 * photo.len());
        let value = |photo: usize, channel: usize, row: usize, column: usize| {
            covered[((photo * 3 + channel) * side + row) * side + column]
        };
        assert_eq!([value(0, 0, 13, 13), value(0, 0, 12, 12)], [128, 128]);
        assert_eq!([value(0, 1, 13, 13), value(0, 2, 13, 13)], [0, 255]);
        assert_eq!([value(0, 0, 11, 12), value(0, 0, 12, 11)], [7, 7]);
        assert_eq!([value(1, 0, 1, 3), value(1, 0, 1, 4)], [128, 128]);
        assert_eq!([value(1, 0, 2, 3), value(1, 0, 1, 5)], [7, 7]);
        let untouched = covered.iter().filter(|value| **value == 7).count();
        assert_eq!(untouched, 2 * (photo.len() - 3 * 4));
    }

    #[test]
    fn interleaved_colours_are_covered_pixel_by_pixel() {
        let photo = vec![7; 3 * 14 * 14];
        let covered = covered(&photo, &recipe(14, Layout::Nhwc), &[place(0, 1)]);
        let row = [7, 7, 7, 128, 0, 255, 128, 0, 255, 7, 7, 7];
        assert_eq!(
            (&covered[..12], &covered[3 * 14..][..12]),
            (&row[..], &row[..])
        );
        assert!(covered[2 * 3 * 14..].iter().all(|value| *value == 7));
    }

    #[test]
    fn patches_of_a_side_that_seven_does_not_divide_leave_nothing_out() {
        let recipe = recipe(300, Layout::Nhwc);
        let photo = vec![7; 3 * 300 * 300];
        let places = Pass::Coarse.places();
        let mut seen = vec![0; 300 * 300];
        for covered in covered(&photo, &recipe, &places).chunks(photo.len()) {
            for (seen, pixel) in seen.iter_mut().zip(covered.chunks(3)) {
                *seen += u32::from(pixel[0] != 7);
            }
        }
        assert!(seen.iter().all(|times| *times == 1));
    }

    #[test]
    fn some_go_alone_and_the_others_fill_batches() {
        for (most, alone_is, requests_are) in [
            (0, 49, 49),
            (1, 49, 49),
            (2, 17, 33),
            (5, 19, 25),
            (12, 25, 27),
            (16, 17, 19),
        ] {
            let alone = alone(most);
            let requests = requests(&Pass::Coarse.places(), alone, most);
            assert_eq!((alone, requests.len()), (alone_is, requests_are), "{most}");
            let asked: usize = requests.iter().map(|request| request.places.len()).sum();
            assert_eq!(asked, 49);
            assert!(requests.iter().all(|r| r.alone == (r.places.len() == 1)));
        }
    }
}
