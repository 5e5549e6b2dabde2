//! Plain code, of a shape that compilers vectorise: x86-64's multiplies pairs of numbers too.

use super::{FIRST_BIAS, FIRST_CUT, SECOND_BIAS, SECOND_CUT, coefficient, sample};

/// Samples of a block whose coefficients outside of the first `N` rows and columns are 0.
#[inline(always)]
pub(super) fn two_passes<const N: usize>(
    block: &[i16; 64],
    quantisation: &[u16; 64],
) -> [[u8; 8]; 8] {
    let input = std::array::from_fn(|y| {
        std::array::from_fn(|x| coefficient(block, quantisation, 8 * y + x))
    });
    let sums = transform::<N, N>(&input, FIRST_BIAS);
    // Turned, and cut to 16 bits, as libjpeg-turbo's vector code keeps numbers between the passes.
    let mut between = [[0; 8]; N];
    for y in 0..8 {
        for x in 0..N {
            let number = sums[y][x] >> FIRST_CUT;
            between[x][y] = number.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        }
    }
    let sums = transform(&between, SECOND_BIAS);
    let mut samples = [[0; 8]; 8];
    for y in 0..8 {
        for x in 0..8 {
            samples[y][x] = sample(sums[x][y] >> SECOND_CUT);
        }
    }
    samples
}

/// The first `N` inputs, the others being 0, of each of `LANES` columns, to eight sums of each, `2^13`
/// times too large, `bias` added.
#[inline(always)]
fn transform<const N: usize, const LANES: usize>(
    input: &[[i16; LANES]; N],
    bias: i32,
) -> [[i32; LANES]; 8] {
    let mut sums = [[0; LANES]; 8];
    for x in 0..LANES {
        let input = |y: usize, factor: i32| match y < N {
            true => i32::from(input[y][x]) * factor,
            false => 0,
        };
        let tmp0 = input(0, 8192) + input(4, 8192) + bias;
        let tmp1 = input(0, 8192) + input(4, -8192) + bias;
        let tmp2 = input(2, 4433) + input(6, -10704);
        let tmp3 = input(2, 10703) + input(6, 4433);
        let even = [tmp0 + tmp3, tmp1 + tmp2, tmp1 - tmp2, tmp0 - tmp3];
        let odd = [
            input(1, 11363) + input(3, 9633) + input(5, 6437) + input(7, 2260),
            input(1, 9633) + input(3, -2259) + input(5, -11362) + input(7, -6436),
            input(1, 6437) + input(3, -11362) + input(5, 2261) + input(7, 9633),
            input(1, 2260) + input(3, -6436) + input(5, 9633) + input(7, -11363),
        ];
        for k in 0..4 {
            sums[k][x] = even[k] + odd[k];
            sums[7 - k][x] = even[k] - odd[k];
        }
    }
    sums
}
