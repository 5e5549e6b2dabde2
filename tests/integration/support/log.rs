use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use conch_proxy::log::{self, Format};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::util::SubscriberInitExt;

/// What this thread logs.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn start(&self) -> DefaultGuard {
        self.start_as(Format::Text)
    }

    pub(crate) fn start_as(&self, format: Format) -> DefaultGuard {
        let log = self.clone();
        let filter = "info".parse().unwrap();
        log::subscriber(filter, format, false, move || log.clone()).set_default()
    }

    /// The lines with all of these words.
    pub(crate) fn lines(&self, words: &[&str]) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let has_all = |line: &&str| words.iter().all(|word| line.contains(word));
        text.lines().filter(has_all).map(str::to_owned).collect()
    }
}
