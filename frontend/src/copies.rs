//! The same photo twice.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use leptos::prelude::With;

use crate::state::{Photo, PhotoId};

/// For each photo that is a copy, the name of the first one like it.
pub(crate) type Copies = BTreeMap<PhotoId, Arc<str>>;

/// The copies among the photos on the page; tracked.
pub(crate) fn among(photos: &[Photo]) -> Copies {
    find(photos.iter().filter_map(|photo| {
        let digest = photo
            .facts
            .with(|facts| Some(facts.as_ref()?.digest.clone()))?;
        Some((photo.id, Arc::clone(&photo.name), digest))
    }))
}

/// Finds the copies in one pass: of photos of the same digest, all but the first.
fn find(photos: impl Iterator<Item = (PhotoId, Arc<str>, String)>) -> Copies {
    let mut first: HashMap<String, Arc<str>> = HashMap::new();
    let mut copies = Copies::new();
    for (id, name, digest) in photos {
        match first.get(&digest) {
            Some(name) => _ = copies.insert(id, Arc::clone(name)),
            None => _ = first.insert(digest, name),
        }
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_first_are_copies_of_the_first() {
        let photos = [(1, "a", "x"), (2, "b", "y"), (3, "c", "x"), (4, "d", "x")];
        let photos = photos.map(|(id, name, digest)| (PhotoId(id), name.into(), digest.to_owned()));
        let copies = find(photos.into_iter());
        let a: Arc<str> = "a".into();
        assert_eq!(copies, [(PhotoId(3), a.clone()), (PhotoId(4), a)].into());
    }
}
