//! Softmax with a temperature, and how sure the result is.

/// Least and greatest temperature that can be chosen.
pub(crate) const RANGE: [f64; 2] = [0.1, 10.0];

/// Steps of the slider from end to end.
pub(crate) const STEPS: u32 = 200;

/// The probabilities at a temperature: `exp((z_i - max z) / T) / Σ_j exp((z_j - max z) / T)`, sums in
/// f64 (Hinton, Vinyals, Dean, *Distilling the Knowledge in a Neural Network*, equation 1). At
/// `T = 1` it is the softmax of every answer (`conch_shared::label::softmax`).
pub(crate) fn softmax(logits: &[f32], temperature: f64) -> Vec<f64> {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exp = |logit: &f32| (f64::from(logit - max) / temperature).exp();
    let mut shares: Vec<f64> = logits.iter().map(exp).collect();
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// Shannon's entropy in bits: `-Σ p log₂ p`. 0 is certain; `log₂ n` is a guess among `n`.
pub(crate) fn entropy(shares: &[f64]) -> f64 {
    let known = shares.iter().filter(|share| **share > 0.0);
    let bits: f64 = known.map(|share| -share * share.log2()).sum();
    // No minus zero where one class has it all.
    bits + 0.0
}

/// The temperature of a slider's place between 0 and 1; each step multiplies.
pub(crate) fn at(place: f64) -> f64 {
    let [least, most] = RANGE;
    let temperature = least * (most / least).powf(place.clamp(0.0, 1.0));
    // Three digits are enough to tell the slider's steps apart, and 1 can be met.
    let unit = 10f64.powf(temperature.log10().floor() - 2.0);
    ((temperature / unit).round() * unit).clamp(least, most)
}

/// The slider's place of a temperature.
pub(crate) fn place(temperature: f64) -> f64 {
    let [least, most] = RANGE;
    (temperature / least).ln() / (most / least).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use conch_shared::label;

    const LOGITS: [f32; 4] = [9.25, -1.5, 9.2, 3.0];

    #[test]
    fn at_one_it_is_the_softmax_of_every_answer() {
        let answer = label::softmax(&LOGITS);
        for (ours, theirs) in softmax(&LOGITS, 1.0).iter().zip(answer) {
            assert!((ours - f64::from(theirs)).abs() < 1e-7, "{ours} {theirs}");
        }
    }

    #[test]
    fn cold_makes_sure_and_hot_makes_equal() {
        let [cold, one, hot] = [0.1, 1.0, 10.0].map(|t| entropy(&softmax(&LOGITS, t)));
        assert!(cold < one && one < hot && hot < 2.0, "{cold} {one} {hot}");
        for temperature in RANGE {
            let shares = softmax(&LOGITS, temperature);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(shares[0] > shares[2] && shares[2] > shares[3] && shares[3] > shares[1]);
        }
    }

    #[test]
    fn large_logits_do_not_overflow() {
        assert_eq!(softmax(&[2000.0, 0.0], 0.1), [1.0, 0.0]);
    }

    #[test]
    fn entropy_is_none_when_certain_and_log_n_when_guessing() {
        assert_eq!(entropy(&[1.0, 0.0]).to_bits(), 0f64.to_bits());
        assert!((entropy(&[0.125; 8]) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_slider_goes_from_a_tenth_to_ten_and_meets_one() {
        assert_eq!([at(0.0), at(0.5), at(1.0)], [0.1, 1.0, 10.0]);
        for step in 0..=STEPS {
            let steps = f64::from(STEPS);
            let temperature = at(f64::from(step) / steps);
            let back = (place(temperature) * steps).round();
            assert!((back - f64::from(step)).abs() < 0.5, "{step} {temperature}");
        }
    }
}
