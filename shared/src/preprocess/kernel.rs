//! The two inner loops of the resize, on the instructions that the machine has.
//!
//! All kernels give the same bytes: a pass is a sum of whole numbers, which fits in 32 bits, so the
//! order of its parts does not show. `scalar` is the reference. The horizontal pass is written for
//! each set of instructions, by hand; the vertical one is plain code, compiled for each, but for
//! WebAssembly's, where splitting the weights pays.
//!
//! A weight of 22 bits is too wide for the instructions that multiply 16-bit numbers, or bytes, and
//! add up neighbours. AVX-512 splits it into three signed bytes, `k = (a << 16) + (b << 8) + c`, and
//! adds up the three sums at the end. The others round it to 15 bits, know how far the sum can be off,
//! and take the exact one where that could show (`rounded`).
//!
//! This is the one place with unsafe code. It does two things that the compiler cannot check: it
//! loads and stores where lengths were checked, and it calls what was compiled for instructions that
//! [`Stream::with`](super::stream::Stream::with) has asked the machine for.
#![expect(
    unsafe_code,
    reason = "SIMD loads, and calls that depend on the processor"
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod packed;
mod rounded;
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

use super::taps::Taps;
#[cfg(target_arch = "x86_64")]
use packed::Packed;
use rounded::Rounded;

/// Rows that are worked on together: weights are loaded once for all of them.
pub(super) const ROWS: usize = 4;
/// Where the pixels of as many output rows go: red, green, blue, and a byte that does not count.
type Targets<'a> = [&'a mut [[u8; 4]]; ROWS];

/// A set of instructions that the resize can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Plain code, the reference.
    Scalar,
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with BW, VBMI and VNNI: Ice Lake, Zen 4, and later.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// NEON, which every 64-bit ARM has.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// WebAssembly's 128-bit SIMD.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

impl Kernel {
    /// Those that this machine can run, the quickest one last.
    pub fn available() -> impl Iterator<Item = Self> {
        let all = [
            Some(Self::Scalar),
            #[cfg(target_arch = "x86_64")]
            is_x86_feature_detected!("avx2").then_some(Self::Avx2),
            #[cfg(target_arch = "x86_64")]
            has_avx512().then_some(Self::Avx512),
            #[cfg(target_arch = "aarch64")]
            Some(Self::Neon),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Some(Self::Simd128),
        ];
        all.into_iter().flatten()
    }

    /// The quickest one here.
    pub fn best() -> Self {
        Self::available().last().unwrap_or(Self::Scalar)
    }

    /// Adds to each sum the weighted bytes in its place of these rows: the vertical pass.
    pub(super) fn add_rows(self, sums: &mut [i32], rows: [&[u8]; ROWS], weights: [i32; ROWS]) {
        match self {
            // SAFETY: `Stream::with` has asked the machine for these instructions.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { avx2::add_rows(sums, rows, weights) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { avx512::add_rows(sums, rows, weights) },
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => simd128::add_rows(sums, rows, weights),
            _ => scalar::add_rows(sums, rows, weights),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi")
        && is_x86_feature_detected!("avx512vnni")
}

/// The horizontal pass of rows of one length: as many output pixels as there are taps.
pub(super) struct Columns {
    kernel: Kernel,
    /// Bytes of a source pixel: 3 of RGB, or 4 of RGBA, whose alpha does not count.
    channels: usize,
    taps: Vec<Taps>,
    weights: Weights,
}

/// Weights as kernels read them.
enum Weights {
    Rounded(Rounded),
    #[cfg(target_arch = "x86_64")]
    Bytes(Packed),
}

impl Columns {
    /// For rows of `width` source pixels.
    pub(super) fn new(kernel: Kernel, taps: Vec<Taps>, width: usize, channels: usize) -> Self {
        let weights = match kernel {
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => Weights::Bytes(avx512::pack(&taps, width, channels)),
            _ => Weights::Rounded(Rounded::new(&taps, width, channels)),
        };
        Self {
            kernel,
            channels,
            taps,
            weights,
        }
    }

    /// Output pixels.
    pub(super) fn len(&self) -> usize {
        self.taps.len()
    }

    /// Rows of pixels, narrowed or widened; four bytes a pixel, of which the last does not count, go into
    /// `target`, row by row.
    pub(super) fn narrow(&self, rows: [&[u8]; ROWS], target: &mut [u8]) {
        match self.channels {
            4 => self.narrow_of::<4>(rows, target),
            _ => self.narrow_of::<3>(rows, target),
        }
    }

    fn narrow_of<const CHANNELS: usize>(&self, rows: [&[u8]; ROWS], target: &mut [u8]) {
        let taps = &self.taps;
        let mut pixels = target.as_chunks_mut().0.chunks_exact_mut(self.len());
        let targets = &mut std::array::from_fn(|_| pixels.next().unwrap_or_default());
        let done = match (self.kernel, &self.weights) {
            #[cfg(target_arch = "x86_64")]
            (Kernel::Avx512, Weights::Bytes(bytes)) => {
                // SAFETY: `Stream::with` has asked the machine for these instructions.
                unsafe { avx512::narrow::<CHANNELS>(rows, bytes, targets) };
                bytes.len()
            }
            #[cfg(target_arch = "x86_64")]
            (Kernel::Avx2, Weights::Rounded(rounded)) => {
                // SAFETY: as above.
                unsafe { avx2::narrow::<CHANNELS>(rows, rounded, taps, targets) };
                rounded.packed.len()
            }
            #[cfg(target_arch = "aarch64")]
            (Kernel::Neon, Weights::Rounded(rounded)) => {
                // SAFETY: every 64-bit ARM has NEON.
                unsafe { neon::narrow::<CHANNELS>(rows, rounded, taps, targets) };
                rounded.packed.len()
            }
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            (Kernel::Simd128, Weights::Rounded(rounded)) => {
                simd128::narrow::<CHANNELS>(rows, rounded, taps, targets);
                rounded.packed.len()
            }
            _ => 0,
        };
        // All of them, or those at the right edge, whose loads would leave the row.
        scalar::narrow::<CHANNELS>(rows, taps, targets, done);
    }
}
