use std::collections::{BTreeMap, BTreeSet};

/// What `/metrics` said, read strictly by the text format 0.0.4.
#[derive(Debug, Default)]
pub(crate) struct Exposition {
    /// The kind of each family.
    pub(crate) kinds: BTreeMap<String, String>,
    pub(crate) samples: Vec<Sample>,
}

/// A line with a value.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

impl Exposition {
    /// Every line must be one of the format; every sample must follow its family's HELP and TYPE.
    pub(crate) fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line is not ended");
        let mut read = Self::default();
        let mut helped = BTreeSet::new();
        let mut family = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(!help.is_empty(), "{line}");
                assert!(helped.insert(name.to_owned()), "twice: {line}");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(helped.contains(name), "no help: {line}");
                assert!(is_name(name), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                family = name.to_owned();
                let before = read.kinds.insert(family.clone(), kind.to_owned());
                assert_eq!(before, None, "twice: {line}");
            } else {
                let sample = Sample::parse(line);
                let suffixes: &[&str] = match read.kinds[&family].as_str() {
                    "histogram" => &["_bucket", "_sum", "_count"],
                    _ => &[""],
                };
                let fits = |suffix: &&str| sample.name == format!("{family}{suffix}");
                assert!(suffixes.iter().any(fits), "{line} in family {family}");
                read.samples.push(sample);
            }
        }
        read.assert_histograms();
        read
    }

    /// Buckets rise with their bounds, and the last of them is the count.
    fn assert_histograms(&self) {
        for (family, _) in self.kinds.iter().filter(|(_, kind)| *kind == "histogram") {
            for count in self.named(&format!("{family}_count")) {
                let mut bounds = f64::NEG_INFINITY;
                let mut seen = 0.0;
                for bucket in self.named(&format!("{family}_bucket")) {
                    let mut labels = bucket.labels.clone();
                    let bound: f64 = labels.remove("le").unwrap().parse().unwrap();
                    if labels == count.labels {
                        assert!(bound > bounds && bucket.value >= seen, "{bucket:?}");
                        (bounds, seen) = (bound, bucket.value);
                    }
                }
                assert_eq!((bounds, seen), (f64::INFINITY, count.value), "{count:?}");
            }
        }
    }

    fn named(&self, name: &str) -> Vec<&Sample> {
        let named = |sample: &&Sample| sample.name == name;
        self.samples.iter().filter(named).collect()
    }

    /// The sum of a metric's series with these labels; 0 where there is none.
    #[track_caller]
    pub(crate) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let family = ["", "_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|suffix| name.strip_suffix(suffix))
            .find(|family| self.kinds.contains_key(*family));
        assert!(family.is_some(), "there is no metric {name}");
        let fits = |sample: &&Sample| {
            let is = |(key, value): &(&str, &str)| sample.label(key) == Some(value);
            labels.iter().all(is)
        };
        let found = self.named(name).into_iter().filter(fits);
        found.map(|sample| sample.value).sum()
    }
}

impl Sample {
    pub(crate) fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(String::as_str)
    }

    fn parse(line: &str) -> Self {
        let name_end = line.find(['{', ' ']).unwrap();
        let (name, mut rest) = line.split_at(name_end);
        assert!(is_name(name), "{line}");
        let mut labels = BTreeMap::new();
        if let Some(inside) = rest.strip_prefix('{') {
            rest = inside;
            loop {
                let (key, value) = rest.split_once("=\"").unwrap();
                assert!(is_name(key) && !key.contains(':'), "{line}");
                // No value here has anything to be escaped.
                let (value, behind) = value.split_once('"').unwrap();
                assert!(!value.contains('\\') && !value.is_empty(), "{line}");
                let before = labels.insert(key.to_owned(), value.to_owned());
                assert_eq!(before, None, "{line}");
                match behind.strip_prefix(',') {
                    Some(next) => rest = next,
                    None => {
                        rest = behind.strip_prefix('}').unwrap();
                        break;
                    }
                }
            }
        }
        let value = rest.strip_prefix(' ').unwrap().parse();
        Self {
            name: name.to_owned(),
            labels,
            value: value.unwrap_or_else(|error| panic!("{line}: {error}")),
        }
    }
}

/// `[a-zA-Z_:][a-zA-Z0-9_:]*`
fn is_name(text: &str) -> bool {
    let starts_well = !text.starts_with(|first: char| first.is_ascii_digit());
    let decent = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':');
    starts_well && !text.is_empty() && text.chars().all(decent)
}
