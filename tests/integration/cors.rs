//! Pages of other origins: those that are listed may use the API, no others.

use http::{Method, Request};

use crate::support::{Answer, TestServer};

const LISTED: &str = "http://localhost:3000";

async fn ask(conch: &TestServer, method: Method, origin: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri("/api/models/fake/classify")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,inference-header-content-length",
        );
    conch.send(request, "").await
}

#[tokio::test]
async fn by_default_no_origin_is_allowed() {
    let answer = ask(&TestServer::new(), Method::OPTIONS, LISTED).await;
    answer.assert_problem(405, "method_not_allowed");
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_listed_origins_preflight_is_answered() {
    let conch = TestServer::options(&[
        "--cors-origin",
        LISTED,
        "--cors-origin",
        "https://lab.example",
    ]);
    let answer = ask(&conch, Method::OPTIONS, LISTED).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), LISTED);
    let headers = answer.header("access-control-allow-headers");
    assert!(
        headers.contains("inference-header-content-length"),
        "{headers}"
    );
    assert!(headers.contains("content-type"), "{headers}");
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("POST")
    );
}

#[tokio::test]
async fn a_listed_origin_may_read_errors_and_times() {
    let conch = TestServer::options(&["--cors-origin", LISTED]);
    let answer = ask(&conch, Method::POST, LISTED).await;
    answer.assert_problem(400, "missing_header");
    assert_eq!(answer.header("access-control-allow-origin"), LISTED);
    let exposed = answer.header("access-control-expose-headers");
    for header in [
        "inference-header-content-length",
        "retry-after",
        "server-timing",
        "x-request-id",
    ] {
        assert!(exposed.contains(header), "{exposed}");
    }
}

#[tokio::test]
async fn an_origin_that_is_not_listed_gets_no_permission() {
    let conch = TestServer::options(&["--cors-origin", LISTED]);
    for origin in ["http://localhost:3001", "https://localhost:3000", "null"] {
        let answer = ask(&conch, Method::OPTIONS, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}
