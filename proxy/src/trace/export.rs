//! Sends spans to an OpenTelemetry collector, beside the requests: a collector that is slow or away
//! costs spans, never an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use reqwest::{Client, Url, redirect};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::span::{Span, message};
use crate::config::TracesArgs;

/// Spans that wait; another one is dropped. Some hundred bytes each.
const CAPACITY: usize = 2048;
/// Most spans of a message.
const BATCH: usize = 512;
/// How long a span waits for others.
const DELAY: Duration = Duration::from_secs(1);
/// Time for the collector's answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Time for what still waits at the end.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// The way to the collector.
#[derive(Clone)]
pub struct Exporter {
    queue: mpsc::Sender<Message>,
    dropped: Arc<AtomicU64>,
}

enum Message {
    Span(Box<Span>),
    /// Whoever ends the server waits for what was sent before.
    End(oneshot::Sender<()>),
}

impl Exporter {
    /// Starts to send, where the options name a collector. It need not be there yet.
    ///
    /// # Errors
    /// When no client of HTTP can be made.
    pub fn start(args: &TracesArgs) -> anyhow::Result<Option<Self>> {
        let Some(endpoint) = &args.otlp_endpoint else {
            return Ok(None);
        };
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let collector = Collector {
            http,
            url: endpoint.join("v1/traces").context("--otlp-endpoint")?,
            is_away: false,
        };
        let (queue, spans) = mpsc::channel(CAPACITY);
        let dropped = Arc::default();
        tokio::spawn(run(spans, collector, Arc::clone(&dropped)));
        Ok(Some(Self { queue, dropped }))
    }

    /// Sends a span, if there is room for it.
    pub fn send(&self, span: Span) {
        if self.queue.try_send(Message::Span(Box::new(span))).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits, a moment at most, until all that was sent before has been told.
    pub async fn end(&self) {
        let (told, is_told) = oneshot::channel();
        let end = async {
            self.queue.send(Message::End(told)).await.ok();
            is_told.await.ok();
        };
        timeout(LAST_PATIENCE, end).await.ok();
    }
}

/// Puts spans together until nobody can send any more.
async fn run(
    mut queue: mpsc::Receiver<Message>,
    mut collector: Collector,
    dropped: Arc<AtomicU64>,
) {
    while let Some(first) = queue.recv().await {
        let until = Instant::now() + DELAY;
        let (mut spans, mut ended) = (Vec::new(), None);
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Span(span) => spans.push(*span),
                Message::End(told) => {
                    ended = Some(told);
                    break;
                }
            }
            if spans.len() == BATCH {
                break;
            }
            next = timeout_at(until, queue.recv()).await.ok().flatten();
        }
        if !spans.is_empty() {
            collector.tell(&spans).await;
        }
        match dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            spans => tracing::warn!(spans, "spans dropped: the collector is too slow"),
        }
        // Nobody may wait any more.
        ended.map(|told: oneshot::Sender<()>| told.send(()).ok());
    }
}

struct Collector {
    http: Client,
    url: Url,
    /// The last message was not taken.
    is_away: bool,
}

impl Collector {
    /// Says once when spans are lost, and once when no more are.
    async fn tell(&mut self, spans: &[Span]) {
        let request = self.http.post(self.url.clone()).json(&message(spans));
        let answer = request.send().await;
        let was_away = self.is_away;
        match answer.and_then(reqwest::Response::error_for_status) {
            Ok(_) => self.is_away = false,
            Err(error) => {
                self.is_away = true;
                if !was_away {
                    let cause = format!("{:#}", anyhow::Error::new(error));
                    tracing::warn!(cause, "the collector takes no spans; they are lost");
                }
            }
        }
        if was_away && !self.is_away {
            tracing::info!("the collector takes spans again");
        }
    }
}
