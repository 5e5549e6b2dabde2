use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use bytes::Bytes;
use conch_shared::api::{Classification, ModelInfo};
use conch_shared::decode::decode;
use conch_shared::kserve::binary::{Frame, encode_request};
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::preprocess::to_tensor;

use super::{Running, sample};

const MODEL: &str = "efficientnet_lite0";

/// Photos as requests, each with the class that the model has for it.
pub(crate) struct Photos {
    /// Where they go.
    pub(crate) url: String,
    requests: Vec<(Frame, usize)>,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Its own photo's class.
    Right,
    /// Another one.
    Wrong,
    /// Told to come again.
    Shed,
    /// Nobody listens any more.
    Refused,
    /// Anything else.
    Failed(u16),
}

impl Photos {
    /// Asks the server, at rest, what it sees on each.
    pub(crate) async fn of(server: &Running) -> Self {
        let url = format!("{}/api/models/{MODEL}/classify", server.url);
        let model: ModelInfo =
            serde_json::from_slice(&get(&format!("{}/api/models/{MODEL}", server.url)).await)
                .unwrap();
        let recipe = model.spec.unwrap().recipe;
        let mut photos = Self {
            url,
            requests: Vec::new(),
        };
        let client = client(Ipv4Addr::LOCALHOST);
        for name in ["chelsea.png", "coffee.png", "rocket.jpg"] {
            let pixels = decode(&std::fs::read(sample(name)).unwrap()).unwrap();
            let frame = encode_request(&InferRequest {
                inputs: vec![NamedTensor {
                    name: "input".to_owned(),
                    tensor: to_tensor(&pixels, &recipe),
                }],
                ..InferRequest::default()
            });
            let answer = photos.send(&client, &frame).await.unwrap();
            let class = best(&answer.bytes().await.unwrap()).unwrap();
            photos.requests.push((frame, class));
        }
        let mut classes: Vec<_> = photos.requests.iter().map(|(_, class)| class).collect();
        classes.dedup();
        assert_eq!(classes.len(), photos.requests.len(), "they differ");
        photos
    }

    /// Sends the photo of this number.
    pub(crate) async fn ask(&self, client: &reqwest::Client, number: usize) -> Outcome {
        let (frame, expected) = &self.requests[number % self.requests.len()];
        let answer = match self.send(client, frame).await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Outcome::Refused,
            Err(_) => return Outcome::Failed(0),
        };
        let status = answer.status().as_u16();
        match (status, answer.bytes().await) {
            (200, Ok(body)) if best(&body) == Some(*expected) => Outcome::Right,
            (200, Ok(_)) => Outcome::Wrong,
            (429 | 503, Ok(_)) => Outcome::Shed,
            (status, _) => Outcome::Failed(status),
        }
    }

    /// A whole request as bytes.
    pub(crate) fn raw(&self, number: usize) -> Vec<u8> {
        let (frame, _) = &self.requests[number % self.requests.len()];
        let (_, host) = self.url.split_once("://").unwrap();
        let (host, path) = host.split_once('/').unwrap();
        let head = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\n{HEADER_LENGTH}: {}\r\ncontent-length: {}\r\n\r\n",
            frame.header_len,
            frame.body.len()
        );
        [head.as_bytes(), &frame.body].concat()
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        frame: &Frame,
    ) -> reqwest::Result<reqwest::Response> {
        let request = client
            .post(&self.url)
            .header(HEADER_LENGTH, frame.header_len);
        request.body(frame.body.clone()).send().await
    }
}

fn best(body: &Bytes) -> Option<usize> {
    let answer: Classification = serde_json::from_slice(body).ok()?;
    Some(answer.results.first()?.first()?.index)
}

/// A client of this address.
pub(crate) fn client(from: Ipv4Addr) -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .local_address(IpAddr::V4(from))
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

async fn get(url: &str) -> Bytes {
    let answer = client(Ipv4Addr::LOCALHOST).get(url).send().await;
    answer.unwrap().bytes().await.unwrap()
}
