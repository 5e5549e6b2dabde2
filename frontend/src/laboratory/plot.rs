//! A value a class as a drawing: a line from zero for each.

/// The drawing's height; a class is one wide.
pub(crate) const HEIGHT: f32 = 100.0;

/// Where values stand in the drawing: zero is always in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f32,
    high: f32,
}

impl Scale {
    /// The scale that these values fill.
    pub(crate) fn of(values: &[f32]) -> Self {
        let low = values.iter().copied().fold(0.0, f32::min);
        let high = values.iter().copied().fold(0.0, f32::max);
        // All of them zero: the line of zero is in the middle.
        match low == high {
            true => Self {
                low: -1.0,
                high: 1.0,
            },
            false => Self { low, high },
        }
    }

    /// How far below the top a value stands.
    pub(crate) fn y(self, value: f32) -> f32 {
        HEIGHT * (self.high - value) / (self.high - self.low)
    }
}

/// SVG's path of these classes' lines.
pub(crate) fn path(values: &[f32], classes: impl Iterator<Item = usize>) -> String {
    use std::fmt::Write;
    let scale = Scale::of(values);
    let zero = scale.y(0.0);
    let mut path = String::new();
    for class in classes {
        if let Some(value) = values.get(class) {
            let x = class as f32 + 0.5;
            _ = write!(path, "M{x} {zero:.1}V{:.1}", scale.y(*value));
        }
    }
    path
}

/// The class with the least value and the one with the greatest; of equals, the lower class.
pub(crate) fn extremes(values: &[f32]) -> [usize; 2] {
    let mut least = 0;
    let mut most = 0;
    for (class, value) in values.iter().enumerate() {
        if *value < values[least] {
            least = class;
        }
        if *value > values[most] {
            most = class;
        }
    }
    [least, most]
}

/// The classes whose number or name somebody looks for: the number itself first, then names that
/// begin with the words, then names that hold them.
pub(crate) fn find(labels: &[String], count: usize, wanted: &str, most: usize) -> Vec<usize> {
    let wanted = wanted.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let number = wanted.parse().ok().filter(|class| *class < count);
    let mut names: Vec<(usize, usize)> = labels
        .iter()
        .take(count)
        .enumerate()
        .filter_map(|(class, label)| Some((label.to_lowercase().find(&wanted)?.min(1), class)))
        .filter(|(_, class)| Some(*class) != number)
        .collect();
    names.sort_unstable();
    let names = names.into_iter().map(|(_, class)| class);
    number.into_iter().chain(names).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_reaches_the_top_and_the_least_the_bottom() {
        let values = [1.0, -1.0, 3.0];
        let scale = Scale::of(&values);
        assert_eq!([3.0, 0.0, -1.0].map(|v| scale.y(v)), [0.0, 75.0, 100.0]);
        assert_eq!(
            path(&values, [2, 1, 7].into_iter()),
            "M2.5 75.0V0.0M1.5 75.0V100.0"
        );
        assert_eq!(Scale::of(&[2.0, 4.0]).y(0.0), 100.0);
        assert_eq!(Scale::of(&[0.0]).y(0.0), 50.0);
    }

    #[test]
    fn extremes_are_the_first_of_equals() {
        assert_eq!(extremes(&[2.0, 5.0, -1.0, 5.0, -1.0]), [2, 1]);
        assert_eq!(extremes(&[]), [0, 0]);
    }

    #[test]
    fn a_class_is_found_by_its_number_and_by_its_name() {
        let labels = ["tiger cat", "Cat 0", "dog", "cat"].map(str::to_owned);
        assert_eq!(find(&labels, 4, "cat", 9), [1, 3, 0]);
        assert_eq!(find(&labels, 4, " 0 ", 9), [0, 1]);
        assert_eq!(find(&labels, 4, "CAT", 1), [1]);
        assert!(find(&labels, 4, "7", 9).is_empty() && find(&labels, 4, "", 9).is_empty());
        assert_eq!(find(&[], 4, "3", 9), [3]);
    }
}
