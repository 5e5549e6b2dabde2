//! What the page knows: one store of signals. Impossible states cannot be written.

use std::sync::Arc;

use conch_shared::api::Status;
use conch_shared::label::Prediction;
use conch_shared::model::ModelSpec;
use conch_shared::preprocess::crop::Square;
use leptos::prelude::*;

pub(crate) use crate::catalogue::{Catalogue, title};
use crate::copies::{self, Copies};
use crate::explanation::Explanation;
use crate::occlusion::heat::Cell;
use crate::protocol::Prepared;
use crate::settings::{self, Settings};
use crate::timing::Times;

/// Number of a photo; never used twice in the life of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PhotoId(pub(crate) u32);

/// Where a photo stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// In line: for the worker, for the server, or for the server to come back.
    Waiting,
    /// The worker makes the tensor.
    Preparing,
    /// The server has it.
    Asking,
    /// The model has answered.
    Done(Arc<Outcome>),
    /// It did not work out.
    Failed(UserError),
}

impl Phase {
    /// A word for tests and styles: the card's `data-state`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Asking => "asking",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether nothing more happens by itself.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_))
    }
}

/// What a model said of a photo.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The model, as it was when it was asked.
    pub(crate) model: Arc<ModelSpec>,
    /// Its version that answered.
    pub(crate) version: String,
    /// The best first.
    pub(crate) predictions: Vec<Prediction>,
    /// How long it took.
    pub(crate) times: Times,
    /// The tensor that was sent, and what is known of the photo. The tensor is empty in an answer
    /// that was removed and brought back: the desk makes it again for whoever asks.
    pub(crate) prepared: Prepared,
    /// The square of the photo that the model saw, where somebody chose one.
    pub(crate) square: Option<Square>,
    /// What went over the wire.
    pub(crate) exchange: Exchange,
}

/// What one request sent and got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// Where it went, in full.
    pub(crate) address: String,
    /// Bytes of the request's JSON header.
    pub(crate) header_bytes: usize,
    /// Bytes of the request's tensor.
    pub(crate) tensor_bytes: usize,
    /// Bytes of the answer's body.
    pub(crate) answer_bytes: usize,
}

/// All that was sent of a photo so far, whatever came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// How many requests.
    pub(crate) requests: usize,
    /// Bytes of their bodies.
    pub(crate) bytes: usize,
}

/// What went wrong, in a sentence for the person at the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserError(pub(crate) String);

/// What is known of a photo once it was opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    /// The upright photo's pixels a row.
    pub(crate) width: u32,
    /// The upright photo's rows.
    pub(crate) height: u32,
    /// Bytes of the file.
    pub(crate) file_bytes: f64,
    /// The same for the same file twice.
    pub(crate) digest: String,
    /// Whether Conch decoded it, to the very pixels that the command line would give.
    pub(crate) exact: bool,
}

impl Facts {
    /// What a prepared photo says of its file.
    pub(crate) fn of(prepared: &Prepared) -> Self {
        Self {
            width: prepared.width,
            height: prepared.height,
            file_bytes: prepared.file_bytes,
            digest: prepared.digest.clone(),
            exact: prepared.exact,
        }
    }
}

/// A photo on the page. Cloning shares it.
#[derive(Clone, Debug)]
pub(crate) struct Photo {
    /// Its number.
    pub(crate) id: PhotoId,
    /// What the page's address calls it: a sample's file name, or the number.
    pub(crate) key: Arc<str>,
    /// The file's name.
    pub(crate) name: Arc<str>,
    /// Where `<img>` finds it; empty while a link's picture is not there yet.
    pub(crate) picture: ArcRwSignal<Arc<str>>,
    /// Where it stands.
    pub(crate) phase: ArcRwSignal<Phase>,
    /// The last answer: it stays to be seen while the photo is asked about again.
    pub(crate) answer: ArcRwSignal<Option<Arc<Outcome>>>,
    /// What is known since the photo was first opened.
    pub(crate) facts: ArcRwSignal<Option<Facts>>,
    /// The square that somebody chose to show the model; else it is the recipe's centre crop.
    pub(crate) square: ArcRwSignal<Option<Square>>,
    /// What was found out about its answers, of any model and square.
    pub(crate) explanations: ArcRwSignal<Vec<Arc<Explanation>>>,
    /// What left the device of it, by any of the panels.
    pub(crate) sent: ArcRwSignal<Sent>,
}

impl Photo {
    /// Counts a request of so many bytes.
    pub(crate) fn count_sent(&self, bytes: usize) {
        self.sent.update(|sent| {
            sent.requests += 1;
            sent.bytes += bytes;
        });
    }

    /// What was found out about the last answer; tracked.
    pub(crate) fn explanation(&self) -> Option<Arc<Explanation>> {
        let answer = self.answer.get()?;
        self.explanations
            .with(|all| all.iter().find(|one| one.is_of(&answer)).cloned())
    }
}

/// How an occlusion map is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeatView {
    /// From 0, not seen, to 1, in full.
    pub(crate) opacity: RwSignal<f64>,
    /// The cell under the pointer or the keyboard.
    pub(crate) cell: RwSignal<Option<Cell>>,
}

/// The server as the page sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Server {
    /// Not heard of yet.
    Unknown,
    /// It answers.
    Here(Box<Status>),
    /// It does not.
    Away,
}

/// Photos that were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Which, in a sentence.
    pub(crate) sentence: String,
    /// The first of them.
    pub(crate) first: PhotoId,
}

/// Something that the page says at its foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What, in a sentence.
    pub(crate) sentence: String,
    /// Whether it goes by itself: nobody has to act on it.
    pub(crate) is_fleeting: bool,
}

/// Everything that panels read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Store {
    /// The photos, in the order in which they came.
    pub(crate) photos: RwSignal<Vec<Photo>>,
    /// The models.
    pub(crate) catalogue: RwSignal<Catalogue>,
    /// The server.
    pub(crate) server: RwSignal<Server>,
    /// What a screen reader says next.
    pub(crate) spoken: RwSignal<String>,
    /// What was removed last and can be brought back.
    pub(crate) removed: RwSignal<Option<Removed>>,
    /// What the page says of something that it just did.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// The photos that are here more than once.
    pub(crate) copies: Memo<Copies>,
    /// What somebody chose.
    pub(crate) settings: RwSignal<Settings>,
    /// How occlusion maps are looked at.
    pub(crate) heat: HeatView,
}

/// How many photos there are, and how many of them are settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// All photos.
    pub(crate) all: usize,
    /// Those done or failed.
    pub(crate) settled: usize,
}

impl Store {
    /// An empty page.
    pub(crate) fn new() -> Self {
        let photos = RwSignal::new(Vec::new());
        Self {
            photos,
            catalogue: RwSignal::new(Catalogue::default()),
            server: RwSignal::new(Server::Unknown),
            spoken: RwSignal::new(String::new()),
            removed: RwSignal::new(None),
            notice: RwSignal::new(None),
            copies: Memo::new(move |_| photos.with(|photos| copies::among(photos))),
            settings: RwSignal::new(settings::load()),
            heat: HeatView {
                opacity: RwSignal::new(0.8),
                cell: RwSignal::new(None),
            },
        }
    }

    /// Says something at the page's foot, and to a screen reader.
    pub(crate) fn tell(&self, sentence: String, is_fleeting: bool) {
        self.spoken.set(sentence.clone());
        self.notice.set(Some(Notice {
            sentence,
            is_fleeting,
        }));
    }

    /// A photo by what the address calls it; tracked.
    pub(crate) fn photo_called(&self, key: &str) -> Option<Photo> {
        self.photos
            .with(|photos| photos.iter().find(|p| *p.key == *key).cloned())
    }

    /// A photo by its number.
    pub(crate) fn photo(&self, id: PhotoId) -> Option<Photo> {
        self.photos
            .with_untracked(|photos| photos.iter().find(|p| p.id == id).cloned())
    }

    /// How far the photos are; tracked.
    pub(crate) fn progress(&self) -> Progress {
        self.photos.with(|photos| Progress {
            all: photos.len(),
            settled: photos
                .iter()
                .filter(|photo| photo.phase.with(Phase::is_settled))
                .count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_and_failed_are_settled() {
        let failed = Phase::Failed(UserError("No.".into()));
        assert!(failed.is_settled() && failed.name() == "failed");
        assert!(!Phase::Asking.is_settled() && !Phase::Waiting.is_settled());
    }
}
