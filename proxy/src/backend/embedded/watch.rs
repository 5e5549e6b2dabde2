//! Looks at the model repository on disk and takes what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::library::Library;
use super::serving::Serving;
use super::slot::Slot;
use crate::config::EmbeddedArgs;
use crate::model_repo::{self, Stamps};

/// From one look to the next. A change counts when two looks find the same, so that a file is not
/// taken while it is still being copied.
const INTERVAL: Duration = Duration::from_secs(2);

/// The thread that looks; it ends with this.
pub(super) struct Watch {
    end: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread knows.
pub(super) struct Watcher {
    pub(super) repository: PathBuf,
    pub(super) args: EmbeddedArgs,
    pub(super) library: Arc<Library>,
    pub(super) serving: Arc<Serving>,
    /// What the models that are served were loaded from, or what was refused since.
    pub(super) taken: BTreeMap<String, Stamps>,
}

impl Watch {
    /// Starts to look.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(watcher: Watcher) -> io::Result<Self> {
        let (end, ended) = mpsc::channel();
        let thread = thread::Builder::new().name("watch".to_owned());
        Ok(Self {
            end: Some(end),
            thread: Some(thread.spawn(move || watcher.watch(&ended))?),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.end.take());
        if self
            .thread
            .take()
            .is_some_and(|thread| thread.join().is_err())
        {
            tracing::error!("the thread that watches the model repository panicked");
        }
    }
}

impl Watcher {
    fn watch(mut self, ended: &mpsc::Receiver<()>) {
        let mut before = self.taken.clone();
        // Said once, not at every look.
        let mut is_lost = false;
        while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            self.serving.tidy();
            let now = match model_repo::look(&self.repository) {
                Ok(now) if !now.is_empty() => now,
                // A mount that is away looks so: nothing of it counts.
                outcome => {
                    if !is_lost {
                        let reason = outcome.err().map(|error| error.to_string());
                        let reason = reason.unwrap_or_else(|| "it holds no model".to_owned());
                        tracing::warn!(reason, "model repository lost; all models stay");
                    }
                    is_lost = true;
                    continue;
                }
            };
            is_lost = false;
            let names = now.keys().chain(self.taken.keys());
            let changed: BTreeSet<String> = names
                .filter(|name| now.get(*name) == before.get(*name))
                .filter(|name| now.get(*name) != self.taken.get(*name))
                .cloned()
                .collect();
            for name in changed {
                self.take(&name, now.get(&name));
            }
            before = now;
        }
    }

    /// Takes a model as it is on disk; none removes it.
    fn take(&mut self, name: &str, stamps: Option<&Stamps>) {
        let Some(stamps) = stamps else {
            self.taken.remove(name);
            self.serving.put(name, None);
            tracing::info!(model = name, "model removed");
            return;
        };
        // Whatever comes of it: it is said once.
        self.taken.insert(name.to_owned(), stamps.clone());
        let old = self.serving.slot(name).ok();
        let found = match model_repo::read_model(name.to_owned(), &self.repository.join(name)) {
            Ok(found) => found,
            Err(errors) => {
                for error in errors {
                    tracing::error!(model = name, %error, "change not taken: it is broken");
                }
                return;
            }
        };
        let old = old.as_deref();
        let new = Slot::load(found, stamps, old, &self.library, &self.args);
        match old.and_then(|old| new.loss(old)) {
            Some(reason) => {
                tracing::error!(
                    model = name,
                    reason,
                    "change not taken: the old one goes on"
                );
            }
            None => {
                self.serving.put(name, Some(new));
                tracing::info!(model = name, "change taken");
            }
        }
    }
}
