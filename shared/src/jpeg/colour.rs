//! Rows of samples to RGBX: red, green, blue, and a byte that does not count, since a pixel is then
//! one number, and many are made at once.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

use super::Colours;

/// A row of pixels, of as many samples of each component; a photo may have fewer than four.
pub(super) fn convert(colours: Colours, samples: [&[u8]; 4], rgbx: &mut [u8]) {
    let [first, second, third, fourth] = samples;
    let (pixels, _) = rgbx.as_chunks_mut();
    match colours {
        Colours::Grey => {
            for (pixel, y) in pixels.iter_mut().zip(first) {
                *pixel = number([i16::from(*y); 3]);
            }
        }
        Colours::Rgb => {
            let samples = first.iter().zip(second).zip(third);
            for (pixel, ((r, g), b)) in pixels.iter_mut().zip(samples) {
                *pixel = number([*r, *g, *b].map(i16::from));
            }
        }
        Colours::YCbCr => {
            #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
            let done = 0;
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            let done = simd128::convert([first, second, third], pixels);
            let samples = first.iter().zip(second).zip(third);
            for (pixel, ((y, cb), cr)) in pixels.iter_mut().zip(samples).skip(done) {
                *pixel = number(rgb_of(*y, *cb, *cr));
            }
        }
        Colours::Inks => {
            let samples = first.iter().zip(second).zip(third).zip(fourth);
            for (pixel, (((c, m), y), k)) in pixels.iter_mut().zip(samples) {
                *pixel = number([*c, *m, *y].map(|ink| printed(255 - ink, *k)));
            }
        }
        Colours::Ycck => {
            convert(Colours::YCbCr, samples, rgbx);
            let (pixels, _) = rgbx.as_chunks_mut();
            for (pixel, k) in pixels.iter_mut().zip(fourth) {
                let [c, m, y, _] = *pixel;
                *pixel = number([c, m, y].map(|ink| printed(ink, *k)));
            }
        }
    }
}

/// What is left of a colour under so much of its ink, 0 to 255, where black leaves `white` of it:
/// Pillow's `cmyk2rgb` (Convert.c), by its division by 255.
#[inline(always)]
fn printed(ink: u8, white: u8) -> i16 {
    let product = u32::from(ink) * u32::from(white) + 128;
    i16::from(white) - (((product >> 8) + product) >> 8) as i16
}

/// `R = Y + 1.402 Cr`, `G = Y - 0.344136 Cb - 0.714136 Cr`, `B = Y + 1.772 Cb`, the constants with
/// 16 bits behind the point as libjpeg rounds them (jdcolor.c). As in its vector code, what is left
/// beside whole multiples of `Cb` and `Cr` fits into 16 bits.
#[inline(always)]
fn rgb_of(y: u8, cb: u8, cr: u8) -> [i16; 3] {
    let (y, cb, cr) = (i16::from(y), i16::from(cb) - 128, i16::from(cr) - 128);
    // The high half of a product: one instruction of most processors.
    let high = |a: i16, b: i16| ((i32::from(a) * i32::from(b)) >> 16) as i16;
    // 91881 is 65536 + 26345, 116130 is 131072 - 14942, and -46802 is 18734 - 65536.
    let red = y + cr + ((high(2 * cr, 26_345) + 1) >> 1);
    let blue = y + 2 * cb + ((high(2 * cb, -14_942) + 1) >> 1);
    let products = -22_554 * i32::from(cb) + 18_734 * i32::from(cr);
    let green = y - cr + ((products + (1 << 15)) >> 16) as i16;
    [red, green, blue]
}

/// As one number: four bytes that are stored one by one are not made many at once.
#[inline(always)]
fn number(rgb: [i16; 3]) -> [u8; 4] {
    let [red, green, blue] = rgb.map(|colour| colour.clamp(0, 255) as u16);
    (u32::from(red | green << 8) | u32::from(blue) << 16).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// jdcolor.c, word by word.
    fn jdcolor(y: u8, cb: u8, cr: u8) -> [u8; 4] {
        const ONE_HALF: i32 = 1 << 15;
        let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
        let red = y + ((91_881 * cr + ONE_HALF) >> 16);
        let green = y + ((-22_554 * cb + (-46_802 * cr + ONE_HALF)) >> 16);
        let blue = y + ((116_130 * cb + ONE_HALF) >> 16);
        let [red, green, blue] = [red, green, blue].map(|colour| colour.clamp(0, 255) as u8);
        [red, green, blue, 0]
    }

    #[test]
    fn all_colours_are_those_of_jdcolor() {
        let cr: Vec<u8> = (0..=255).collect();
        for (y, cb) in (0..=255).flat_map(|y| (0..=255).map(move |cb| (y, cb))) {
            let mut rgbx = [0; 4 * 256];
            let samples: [&[u8]; 4] = [&[y; 256], &[cb; 256], &cr, &[]];
            convert(Colours::YCbCr, samples, &mut rgbx);
            let expected = cr.iter().map(|cr| jdcolor(y, cb, *cr));
            assert!(expected.eq(rgbx.as_chunks().0.iter().copied()), "{y} {cb}");
        }
    }
}
