//! What the desk keeps of each photo beside its signals: the file, the tensor, the request.

use std::collections::HashMap;
use std::sync::Arc;

use conch_shared::model::Recipe;
use conch_shared::preprocess::crop::Square;
use leptos::prelude::ArcRwSignal;
use web_sys::{AbortController, Blob, Url};

use crate::input::{Content, ImageSource};
use crate::protocol::Prepared;
use crate::services::http::Canceller;
use crate::services::worker::Ticket;
use crate::state::{Phase, Photo, PhotoId};

/// The files of the photos on the page.
#[derive(Default)]
pub(super) struct Files {
    last: u32,
    kept: HashMap<PhotoId, Kept>,
}

/// What is kept of one photo.
pub(super) struct Kept {
    pub(super) content: Content,
    /// The recipe and the square that the worker was given last.
    making: Option<(Recipe, Option<Square>)>,
    /// What the worker made with them.
    pub(super) prepared: Option<Prepared>,
    attempt: u32,
    breaks: u32,
    request: Option<Canceller>,
    /// The photo's place in the worker or in line for it.
    pub(super) ticket: Option<Ticket>,
    /// Held for as long as the photo is on the page.
    picture: Option<ObjectUrl>,
    /// Whether the worker has opened the photo, or tried to.
    is_opened: bool,
    /// A large photo's small picture, which is shown in its place.
    preview: Option<Blob>,
    /// Its place in the worker or in line for it. Other attempts to answer for the photo leave it.
    pub(super) previewing: Option<Ticket>,
}

/// A file of more bytes may be a large photo, which a browser would decode as a whole to show it: it is
/// shown once the worker has opened it.
const MAYBE_LARGE: f64 = 2.0 * 1024.0 * 1024.0;

impl Files {
    /// Keeps a new photo.
    pub(super) fn add(&mut self, source: &ImageSource) -> Photo {
        self.last += 1;
        let id = PhotoId(self.last);
        let key = self.key(id, source);
        let mut kept = Kept {
            content: source.content.clone(),
            making: None,
            prepared: None,
            attempt: 0,
            breaks: 0,
            request: None,
            ticket: None,
            picture: None,
            is_opened: false,
            preview: None,
            previewing: None,
        };
        let picture = kept.show();
        self.kept.insert(id, kept);
        Photo {
            id,
            key,
            name: source.name.as_str().into(),
            picture: ArcRwSignal::new(picture),
            phase: ArcRwSignal::new(Phase::Waiting),
            answer: ArcRwSignal::new(None),
            facts: ArcRwSignal::new(None),
            square: ArcRwSignal::new(None),
            explanations: ArcRwSignal::default(),
            sent: ArcRwSignal::default(),
        }
    }

    /// What the page's address calls a photo: a sample that is here once by its name, so that the
    /// address can be given to somebody else.
    fn key(&self, id: PhotoId, source: &ImageSource) -> Arc<str> {
        match &source.content {
            Content::Address(address) if !self.has(address) => source.name.as_str().into(),
            _ => id.0.to_string().into(),
        }
    }

    fn has(&self, address: &str) -> bool {
        let mut kept = self.kept.values();
        kept.any(|kept| matches!(&kept.content, Content::Address(a) if a == address))
    }

    pub(super) fn get(&self, id: PhotoId) -> Option<&Kept> {
        self.kept.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: PhotoId) -> Option<&mut Kept> {
        self.kept.get_mut(&id)
    }

    /// Lets go of a photo's tensor, its picture's address and its request; what is left is small.
    pub(super) fn take(&mut self, id: PhotoId) -> Option<Kept> {
        let kept = self.kept.remove(&id)?;
        Some(Kept {
            prepared: None,
            request: None,
            ticket: None,
            picture: None,
            previewing: None,
            ..kept
        })
    }

    /// Keeps a photo again that was taken; gives its picture's new address.
    pub(super) fn put_back(&mut self, id: PhotoId, mut kept: Kept) -> Arc<str> {
        let picture = kept.show();
        self.kept.insert(id, kept);
        picture
    }
}

impl Kept {
    /// Where `<img>` finds the picture, from now on; empty while only a link to it is known, and while a
    /// photo that may be large is not opened.
    fn show(&mut self) -> Arc<str> {
        match &self.content {
            Content::Address(address) => address.as_str().into(),
            Content::Link(_) => "".into(),
            Content::File(file) if !self.is_opened && file.size() > MAYBE_LARGE => "".into(),
            Content::File(file) => {
                let shown = self.preview.as_ref().unwrap_or(file);
                let url = Url::create_object_url_with_blob(shown).unwrap_or_default();
                let picture = url.as_str().into();
                self.picture = Some(ObjectUrl(url));
                picture
            }
        }
    }

    /// The file behind a link is here, and not asked for again; gives its picture's address.
    pub(super) fn arrived(&mut self, file: &Blob) -> Option<Arc<str>> {
        matches!(self.content, Content::Link(_)).then(|| {
            self.content = Content::File(file.clone());
            self.show()
        })
    }

    /// The file of a photo whose small picture is still to be made.
    pub(super) fn without_preview(&self) -> Option<&Blob> {
        match &self.content {
            Content::File(file) if self.preview.is_none() && self.previewing.is_none() => {
                Some(file)
            }
            _ => None,
        }
    }

    /// The worker has opened the photo, or cannot; gives the picture's address, where it is another one
    /// now.
    pub(super) fn opened(&mut self, preview: Option<Blob>) -> Option<Arc<str>> {
        let Content::File(_) = self.content else {
            return None;
        };
        let is_news = preview.is_some() || self.picture.is_none();
        self.is_opened = true;
        self.previewing = None;
        self.preview = preview.or(self.preview.take());
        is_news.then(|| self.show())
    }

    /// Which attempt this is: the results of earlier ones are stale.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// A new attempt begins; the request of the last one is aborted.
    pub(super) fn new_attempt(&mut self) {
        self.attempt += 1;
        self.breaks = 0;
        self.request = None;
        self.ticket = None;
    }

    /// The worker is given the photo, this recipe and this square. A tensor of others goes: it must
    /// not be taken for this one when the worker is stopped.
    pub(super) fn begin(&mut self, recipe: Recipe, square: Option<Square>) {
        self.making = Some((recipe, square));
        self.prepared = None;
    }

    /// A controller for a request that belongs to this photo.
    pub(super) fn listen(&mut self) -> Option<AbortController> {
        let canceller = Canceller::new()?;
        let controller = canceller.controller();
        self.request = Some(canceller);
        Some(controller)
    }

    /// The connection broke; how often it did.
    pub(super) fn broke(&mut self) -> u32 {
        self.breaks += 1;
        self.breaks
    }

    /// The square that the tensor shows, where somebody chose one.
    pub(super) fn square(&self) -> Option<Square> {
        self.making.as_ref().and_then(|(_, square)| *square)
    }

    /// The tensor, where it is there and the one that `recipe` and `square` give.
    pub(super) fn pixels_for(&self, recipe: &Recipe, square: Option<Square>) -> Option<&Prepared> {
        let fits = self.is_being_made_for(recipe, square);
        self.prepared.as_ref().filter(|_| fits)
    }

    /// Whether what the worker was given makes the same tensor as `recipe` and `square`.
    pub(super) fn is_being_made_for(&self, recipe: &Recipe, square: Option<Square>) -> bool {
        let making = self.making.as_ref();
        making.is_some_and(|(before, of)| *of == square && same_pixels(before, recipe))
    }
}

/// Whether two recipes make the same UINT8 tensor. Mean and standard deviation do not count: the
/// server applies them.
fn same_pixels(a: &Recipe, b: &Recipe) -> bool {
    let relevant = |r: &Recipe| (r.resize, r.crop, r.interpolation, r.channels, r.layout);
    relevant(a) == relevant(b)
}

struct ObjectUrl(String);

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Fails only for what was never an object URL.
        _ = Url::revoke_object_url(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use conch_shared::model::Layout;
    use std::collections::BTreeMap;

    #[test]
    fn a_model_with_another_mean_takes_the_same_pixels() {
        let recipe = |side| Recipe::from_parameters(&BTreeMap::new(), side, Layout::Nchw).unwrap();
        let other_mean = Recipe {
            mean: [0.5; 3],
            ..recipe(224)
        };
        assert!(same_pixels(&recipe(224), &other_mean));
        assert!(!same_pixels(&recipe(224), &recipe(240)));
    }
}
