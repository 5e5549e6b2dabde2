//! The colours of the map: orange where covering lowers the probability, blue where it raises it,
//! nothing near zero.
//!
//! Orange and blue stay apart for every kind of colour blindness (Okabe & Ito 2008, "Color
//! Universal Design"): sky blue to blue, orange to vermilion.

use super::heat::Cells;

const LOWERS: [[f32; 3]; 2] = [[230.0, 159.0, 0.0], [213.0, 94.0, 0.0]];
const RAISES: [[f32; 3]; 2] = [[86.0, 180.0, 233.0], [0.0, 114.0, 178.0]];

/// The colour of a change, -1 (raises most) to 1 (lowers most): red, green, blue, alpha.
pub(crate) fn colour(change: f32) -> [u8; 4] {
    let strength = change.abs().min(1.0);
    let [weak, strong] = if change < 0.0 { RAISES } else { LOWERS };
    let mix = |at: usize| (weak[at] + (strong[at] - weak[at]) * strength).round() as u8;
    [mix(0), mix(1), mix(2), (255.0 * strength).round() as u8]
}

impl Cells {
    /// A pixel a cell, RGBA; what is not known is transparent.
    pub(crate) fn paint(&self) -> Vec<u8> {
        let paint = |drop: &Option<f32>| drop.map_or([0; 4], |drop| colour(drop / self.scale));
        self.drops.iter().flat_map(paint).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_transparent_and_the_ends_are_solid() {
        assert_eq!(colour(0.0)[3], 0);
        assert_eq!(colour(1.0), [213, 94, 0, 255]);
        assert_eq!(colour(-3.0), [0, 114, 178, 255]);
    }

    #[test]
    fn a_stronger_change_is_never_paler() {
        for step in 0..100u8 {
            let at = |step: u8| colour(f32::from(step) / 100.0)[3];
            assert!(at(step + 1) > at(step));
        }
    }

    #[test]
    fn cells_are_painted_by_their_share_of_the_largest_change() {
        let cells = Cells {
            across: 2,
            drops: vec![Some(0.25), None, Some(-0.25), Some(0.125)],
            scale: 0.25,
        };
        let paint = cells.paint();
        let alphas: Vec<u8> = paint.chunks(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alphas, [255, 0, 255, 128]);
        assert!(paint[2] < paint[0] && paint[8] < paint[10]);
    }
}
