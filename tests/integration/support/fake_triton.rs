//! A Triton on a raw socket that serves one model, `tiny`, and misbehaves as a test tells it to.

mod http;
mod model;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) use self::http::{Reply, Request};
pub(crate) use model::{INFER, config, labels, logits};

/// What all connections share.
#[derive(Default)]
struct Script {
    /// What is said in place of the good answer, by path, or for one of the keys below.
    replies: Mutex<HashMap<String, Reply>>,
    requests: Mutex<Vec<Request>>,
    traffic: watch::Sender<Traffic>,
}

impl Script {
    /// What a test wants to be said.
    fn told(&self, key: &str) -> Option<Reply> {
        let replies = self.replies.lock().unwrap();
        replies
            .get(FakeTriton::ALL)
            .or_else(|| replies.get(key))
            .cloned()
    }
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traffic {
    /// Requests to infer that are being answered, or never will be.
    pub(crate) in_flight: usize,
    /// Requests to infer that came.
    pub(crate) inferred: usize,
    /// Connections that the client closed while it was owed an answer.
    pub(crate) abandoned: usize,
    /// Bytes of endless bodies that the client took.
    pub(crate) endless: usize,
}

/// A fake server; it ends with this value.
pub(crate) struct FakeTriton {
    address: SocketAddr,
    script: Arc<Script>,
    server: Option<JoinSet<()>>,
}

impl FakeTriton {
    /// One that does all well.
    pub(crate) async fn start() -> Self {
        let mut fake = Self {
            address: ([127, 0, 0, 1], 0).into(),
            script: Arc::default(),
            server: None,
        };
        fake.restart().await;
        fake
    }

    /// One that answers this at a path.
    pub(crate) async fn with(path: &str, reply: Reply) -> Self {
        let fake = Self::start().await;
        fake.says(path, reply);
        fake
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it answers this at a path.
    pub(crate) fn says(&self, path: &str, reply: Reply) {
        self.script
            .replies
            .lock()
            .unwrap()
            .insert(path.to_owned(), reply);
    }

    /// From now on it answers well at a path.
    pub(crate) fn recovers(&self, path: &str) {
        self.script.replies.lock().unwrap().remove(path);
    }

    /// In place of a path: the question for the names of classes.
    pub(crate) const CLASSES: &str = "classes";

    /// In place of a path: every question.
    const ALL: &str = "all";

    /// From now on it names the classes so.
    pub(crate) fn names_classes_as(&self, reply: Reply) {
        self.says(Self::CLASSES, reply);
    }

    /// From now on it takes requests and says nothing, as a stopped process does.
    pub(crate) fn hangs(&self) {
        self.says(Self::ALL, Reply::Nothing);
    }

    /// From now on it does not hang any more.
    pub(crate) fn wakes(&self) {
        self.recovers(Self::ALL);
    }

    /// All connections break, and nobody listens any more.
    pub(crate) async fn dies(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.shutdown().await;
        }
        self.script
            .traffic
            .send_modify(|traffic| traffic.in_flight = 0);
    }

    /// It listens again where it did.
    pub(crate) async fn restart(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::clone(&self.script)));
        self.server = Some(server);
    }

    /// Every request so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.script.requests.lock().unwrap().clone()
    }

    /// The paths that were asked for with this in them.
    pub(crate) fn paths_with(&self, part: &str) -> Vec<String> {
        let requests = self.requests().into_iter();
        let paths = requests.map(|request| request.path);
        paths.filter(|path| path.contains(part)).collect()
    }

    pub(crate) fn traffic(&self) -> Traffic {
        *self.script.traffic.borrow()
    }

    /// Waits until that is so, at most ten seconds.
    pub(crate) async fn until(&self, what: &str, holds: impl FnMut(&Traffic) -> bool) {
        let mut traffic = self.script.traffic.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(10), traffic.wait_for(holds)).await;
        assert!(waited.is_ok(), "never: {what}");
    }
}

impl Drop for FakeTriton {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.requests().iter().for_each(Request::assert_decent);
        }
    }
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(talk(stream, Arc::clone(&script)));
    }
}

/// Answers one connection's requests until either side has enough.
async fn talk(mut stream: TcpStream, script: Arc<Script>) {
    while let Some(request) = http::read(&mut stream).await {
        let names_classes = model::names_classes(&request);
        let infers = request.path.ends_with("/infer") && !names_classes;
        let key = match names_classes {
            true => FakeTriton::CLASSES,
            false => &request.path,
        };
        let told = script.told(key);
        let reply = told.unwrap_or_else(|| model::good(&request));
        script.requests.lock().unwrap().push(request);
        if infers {
            script.traffic.send_modify(|traffic| {
                traffic.in_flight += 1;
                traffic.inferred += 1;
            });
        }
        let goes_on = http::write(&mut stream, reply, &script.traffic).await;
        if infers {
            script
                .traffic
                .send_modify(|traffic| traffic.in_flight = traffic.in_flight.saturating_sub(1));
        }
        if !goes_on {
            return;
        }
    }
}
