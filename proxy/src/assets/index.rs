//! What is known of the page by its `index.html`: read when it is first asked for, and again once a new
//! build has changed it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use http::HeaderValue;

use super::{build, csp};

/// A page's `index.html`. Cloning shares what is known of it.
#[derive(Clone)]
pub struct Index {
    file: PathBuf,
    /// As it was at that time.
    known: Arc<Mutex<Option<(SystemTime, Known)>>>,
}

#[derive(Clone)]
struct Known {
    policy: HeaderValue,
    build: Option<Arc<str>>,
}

impl Index {
    /// That of the page in a folder, where nothing may be yet.
    pub fn new(folder: &Path) -> Self {
        Self {
            file: folder.join("index.html"),
            known: Arc::default(),
        }
    }

    /// Whether it is there.
    pub(super) fn is_there(&self) -> bool {
        self.file.is_file()
    }

    /// The page's content security policy.
    pub(super) fn policy(&self) -> Option<HeaderValue> {
        Some(self.known()?.policy)
    }

    /// What tells the page's build from others; `None` where there is no page, or none that says so.
    pub fn build(&self) -> Option<Arc<str>> {
        self.known()?.build
    }

    fn known(&self) -> Option<Known> {
        let changed = fs::metadata(&self.file).and_then(|m| m.modified()).ok()?;
        let mut kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((at, known)) if *at == changed => Some(known.clone()),
            _ => {
                let html = fs::read_to_string(&self.file).ok()?;
                let known = Known {
                    policy: HeaderValue::from_str(&csp::policy(&html)).ok()?,
                    build: build::of(&html).map(Arc::from),
                };
                *kept = Some((changed, known.clone()));
                Some(known)
            }
        }
    }
}
