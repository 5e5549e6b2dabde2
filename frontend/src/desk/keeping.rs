//! What of the photos on the page can be kept over a reload.

use leptos::prelude::*;

use super::Desk;
use crate::input::ImageSource;
use crate::services::keep::KeptPhoto;

impl Desk {
    /// The photos in their order, those included that are still coming in.
    pub(crate) fn to_keep(self) -> Vec<KeptPhoto> {
        let photos = self.store.photos.get_untracked();
        self.with(|inner| {
            let here = photos.iter().filter_map(|photo| {
                let content = inner.files.get(photo.id)?.content.clone();
                Some(KeptPhoto {
                    source: ImageSource {
                        name: photo.name.to_string(),
                        content,
                    },
                    square: photo.square.get_untracked(),
                })
            });
            here.chain(inner.arriving.iter().cloned()).collect()
        })
    }
}
