//! Compressed requests and answers.

use std::io::{Read, Write};

use conch_shared::api::Classification;
use conch_shared::kserve::binary::encode_request;
use conch_shared::kserve::{HEADER_LENGTH, InferRequest, NamedTensor};
use conch_shared::tensor::DataType;
use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use http::Request;

use crate::support::{Answer, TestServer, zeros};

const CLASSIFY: &str = "/api/models/fake/classify";
const INFER: &str = "/v2/models/fake/infer";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A request's header length and bytes, with the answer wanted in binary.
fn photo() -> (usize, Vec<u8>) {
    let frame = encode_request(&InferRequest {
        inputs: vec![NamedTensor {
            name: "pixels".to_owned(),
            tensor: zeros(DataType::Fp32, &[1, 3, 8, 8]),
        }],
        binary_output: true,
        ..InferRequest::default()
    });
    (frame.header_len, frame.body.to_vec())
}

async fn post(conch: &TestServer, path: &str, encoding: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(path)
        .header(HEADER_LENGTH, photo().0)
        .header("content-encoding", encoding);
    conch.send(request, body).await
}

#[tokio::test]
async fn a_compressed_body_is_taken_for_what_is_in_it() {
    let conch = TestServer::new();
    let (_, body) = photo();
    for (encoding, bytes) in [
        ("gzip", gzip(&body)),
        ("X-GZIP", gzip(&body)),
        ("deflate", zlib(&body)),
        ("identity", body.clone()),
    ] {
        let answer = post(&conch, CLASSIFY, encoding, bytes.clone()).await;
        assert_eq!(
            answer.json::<Classification>().results.len(),
            1,
            "{encoding}"
        );
        let answer = post(&conch, INFER, encoding, bytes).await;
        assert_eq!(answer.status, 200, "{encoding}");
    }
}

#[tokio::test]
async fn an_unknown_compression_is_told_what_is_taken() {
    let conch = TestServer::new();
    for encoding in ["br", "gzip, deflate", "zstd"] {
        let answer = post(&conch, CLASSIFY, encoding, vec![1]).await;
        answer.assert_values(415, "unknown_encoding", "gzip, deflate", encoding);
        assert_eq!(answer.header("accept-encoding"), "gzip, deflate");
        let answer = post(&conch, INFER, encoding, vec![1]).await;
        answer.assert_error(
            415,
            &format!(
                "A body may be compressed with one of gzip, deflate; this one is \"{encoding}\"."
            ),
        );
    }
}

#[tokio::test]
async fn a_damaged_body_is_refused() {
    let conch = TestServer::new();
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() - 5);
        bytes
    };
    let (_, body) = photo();
    for (encoding, bytes) in [
        ("gzip", b"no gzip at all".to_vec()),
        ("deflate", b"no zlib at all".to_vec()),
        ("gzip", cut(gzip(&body))),
        ("deflate", cut(zlib(&body))),
        ("gzip", Vec::new()),
    ] {
        let answer = post(&conch, CLASSIFY, encoding, bytes).await;
        answer.assert_problem(400, "bad_encoding");
    }
}

#[tokio::test]
async fn a_body_that_expands_beyond_the_limit_is_refused() {
    let conch = TestServer::options(&["--max-body", "5000"]);
    let bomb = vec![0; 4 << 20];
    for (encoding, bytes) in [("gzip", gzip(&bomb)), ("deflate", zlib(&bomb))] {
        assert!(bytes.len() < 5000);
        let answer = post(&conch, CLASSIFY, encoding, bytes).await;
        answer.assert_values(413, "body_too_large", "at most 5000 bytes", "more");
    }
}

#[tokio::test]
async fn answers_are_compressed_when_asked() {
    let conch = TestServer::new();
    let get = |path, accept| Request::get(path).header("accept-encoding", accept);
    for path in ["/api/models", "/v2/models/fake"] {
        let plain = conch.get(path).await;
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.header("vary"), "accept-encoding");
        let answer = conch.send(get(path, "deflate, gzip;q=0.9"), "").await;
        assert_eq!(answer.header("content-encoding"), "deflate", "{path}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        let mut body = Vec::new();
        ZlibDecoder::new(&*answer.body)
            .read_to_end(&mut body)
            .unwrap();
        assert_eq!(body, plain.body);
        let other = conch.send(get(path, "br"), "").await;
        assert_eq!(other.header("content-encoding"), "");
        assert_eq!(other.body, plain.body);
    }
}

#[tokio::test]
async fn the_header_length_of_a_compressed_answer_is_the_one_before_compression() {
    let conch = TestServer::new();
    let (header_len, body) = photo();
    let request = Request::post(INFER)
        .header(HEADER_LENGTH, header_len)
        .header("accept-encoding", "gzip");
    let answer = conch.send(request, body.clone()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut unpacked = Vec::new();
    GzDecoder::new(&*answer.body)
        .read_to_end(&mut unpacked)
        .unwrap();
    let plain = conch.raw(INFER, header_len, body).await;
    assert_eq!(plain.header(HEADER_LENGTH), answer.header(HEADER_LENGTH));
    assert_eq!(unpacked, plain.body);
}

#[tokio::test]
async fn errors_are_never_compressed() {
    let conch = TestServer::new();
    for path in ["/api/models/nope", "/v2/models/nope"] {
        let request = Request::get(path).header("accept-encoding", "gzip");
        let answer = conch.send(request, "").await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.header("content-encoding"), "");
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string()
        );
    }
}
