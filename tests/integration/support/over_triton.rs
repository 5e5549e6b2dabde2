use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use conch_proxy::backend::Backend;
use conch_proxy::backend::triton::Triton;
use conch_proxy::config::TritonArgs;
use conch_shared::api::{Classification, ModelState, Status};
use conch_shared::tensor::DataType;

use super::{Answer, TestServer, parse, zeros};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    triton: TritonArgs,
}

/// The application before Triton servers, fake or real.
pub(crate) struct OverTriton {
    pub(crate) server: TestServer,
    pub(crate) backend: Arc<Triton>,
}

impl OverTriton {
    /// Before servers at these addresses; looks at them every 20 ms, unless told otherwise.
    pub(crate) async fn at(urls: &[String], options: &[&str]) -> Self {
        Self::with_labels(urls, options, None).await
    }

    /// The same, with a model repository that has the labels.
    pub(crate) async fn with_labels(
        urls: &[String],
        options: &[&str],
        repository: Option<PathBuf>,
    ) -> Self {
        let addresses = urls.join(",");
        let mut line = vec!["--triton", &addresses];
        if !options.contains(&"--triton-health-interval") {
            line.extend(["--triton-health-interval", "20"]);
        }
        line.extend(options);
        let args = parse::<Line>(&line).triton;
        let backend = Arc::new(Triton::start(&args, repository).await);
        let server = TestServer::over(Arc::clone(&backend) as Arc<dyn Backend>, &[]);
        Self { server, backend }
    }

    /// Classifies black photos with the fake's model.
    pub(crate) async fn classify(&self, photos: usize) -> Answer {
        let photos = zeros(DataType::Uint8, &[photos, 3, 8, 8]);
        self.server.classify("tiny", "input", &photos).await
    }

    /// The answer must be the fake's.
    pub(crate) async fn classifies_well(&self) {
        let answer: Classification = self.classify(2).await.json();
        assert_eq!(
            (answer.model.as_str(), answer.version.as_str()),
            ("tiny", "1")
        );
        assert_eq!(answer.results.len(), 2);
        for photo in &answer.results {
            let labels: Vec<&str> = photo.iter().map(|best| best.label.as_str()).collect();
            assert_eq!(labels, ["sand: wet, dry", "sea", "shell"]);
        }
    }

    /// Whether each replica is ready.
    pub(crate) async fn ready(&self) -> Vec<bool> {
        let status: Status = self.server.get("/api/status").await.json();
        status
            .backend
            .replicas
            .iter()
            .map(|replica| replica.ready)
            .collect()
    }

    /// Waits until the replicas are ready, or not, as told.
    pub(crate) async fn until_ready(&self, expected: &[bool]) {
        eventually("the replicas' states", async || {
            self.ready().await == expected
        })
        .await;
    }

    /// The model's state.
    pub(crate) async fn state(&self, model: &str) -> ModelState {
        self.backend.model(model).await.unwrap().info.state.clone()
    }
}

/// Waits until that is so, at most ten seconds.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(10), "never: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
