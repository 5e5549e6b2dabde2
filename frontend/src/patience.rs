//! How long the page waits for a server that is busy, and how often it tries one that breaks off; and
//! what it waits with.

use std::cell::Cell;
use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::set_timeout;

/// The waits, milliseconds, one after the other. Each is drawn between half of it and the whole, so
/// that the phones of a class do not come back all at once.
pub(crate) const PATIENCE: [f64; 5] = [500.0, 1000.0, 2000.0, 4000.0, 8000.0];

/// Broken connections after which a request has failed though the server is there.
pub(crate) const MAX_BREAKS: u32 = 3;

/// Comes true after about so many milliseconds.
pub(crate) async fn about(ms: f64) {
    pause(ms * (1.0 + js_sys::Math::random()) / 2.0).await;
}

/// Comes true after so many milliseconds.
pub(crate) async fn pause(ms: f64) {
    let (over, ended) = oneshot::channel();
    let wake = move || {
        over.send(()).ok();
    };
    set_timeout(wake, Duration::from_secs_f64(ms / 1000.0));
    ended.await.ok();
}

/// Wakes who waits for it; one at a time.
#[derive(Default)]
pub(crate) struct Bell(Cell<Option<oneshot::Sender<()>>>);

impl Bell {
    /// Wakes who waits, if somebody does.
    pub(crate) fn ring(&self) {
        if let Some(waiting) = self.0.take() {
            waiting.send(()).ok();
        }
    }

    /// Comes true when the bell rings the next time, and when somebody else begins to wait.
    pub(crate) async fn wait(&self) {
        let (ring, rung) = oneshot::channel();
        self.0.set(Some(ring));
        rung.await.ok();
    }
}
