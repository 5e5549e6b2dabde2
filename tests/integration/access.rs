//! Who may do what: names of this server, pages of others, tokens, and what every answer says of itself.

use std::io::Write;

use http::{Method, Request};
use tempfile::NamedTempFile;

use crate::support::{Answer, Fake, TestServer};

async fn ask(conch: &TestServer, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    conch.send(request, "").await
}

const CLASSIFY: &str = "/api/models/fake/classify";

#[tokio::test]
async fn another_servers_name_is_misdirected() {
    let conch = TestServer::options(&["--host", "lab.example.org"]);
    for ours in [
        "127.0.0.1:8080",
        "localhost",
        "[::1]:8080",
        "lab.example.org",
        "LAB.example.org:443",
    ] {
        let answer = ask(&conch, Method::GET, "/api/status", &[("host", ours)]).await;
        assert_eq!(answer.status, 200, "{ours}");
    }
    for path in ["/", "/api/status", "/v2/models/fake", "/metrics", "/trust"] {
        let answer = ask(&conch, Method::GET, path, &[("host", "evil.example:8080")]).await;
        assert_eq!(answer.status, 421, "{path}");
        assert!(
            answer.text().contains("--host evil.example"),
            "{}",
            answer.text()
        );
    }
    ask(&conch, Method::GET, "/api/status", &[("host", "")])
        .await
        .assert_problem(400, "no_host");
    // An orchestrator asks by whatever name it has.
    let answer = ask(
        &conch,
        Method::GET,
        "/health/live",
        &[("host", "evil.example")],
    )
    .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn another_sites_page_sends_nothing() {
    let fake = Fake::default();
    let calls = fake.calls.clone();
    let conch = TestServer::with(fake, &["--cors-origin", "https://friend.example"]);
    for foreign in [
        "https://evil.example",
        "null",
        "http://localhost:3000",
        "",
        "file://",
    ] {
        let headers = [("host", "localhost:8080"), ("origin", foreign)];
        for path in [CLASSIFY, "/v2/models/fake/infer"] {
            let answer = ask(&conch, Method::POST, path, &headers).await;
            assert_eq!(answer.status, 403, "{foreign} {path}");
        }
    }
    assert_eq!(calls.load(std::sync::atomic::Ordering::Relaxed), 0);
    for own in [
        "http://localhost:8080",
        "https://localhost:8080",
        "https://friend.example",
    ] {
        let headers = [("host", "localhost:8080"), ("origin", own)];
        let answer = ask(&conch, Method::POST, CLASSIFY, &headers).await;
        answer.assert_problem(400, "missing_header");
    }
}

fn tokens() -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    writeln!(
        file,
        "# a class\nfirst-token-of-the-class\nsecond-token-of-the-class"
    )
    .unwrap();
    file
}

#[tokio::test]
async fn with_tokens_the_api_takes_one() {
    let file = tokens();
    let path = file.path().display().to_string();
    let conch = TestServer::options(&["--token-file", &path]);
    let reads = [
        "/api/status",
        "/api/models",
        "/v2",
        "/v2/models/fake",
        "/v2/nope",
        "/metrics",
    ];
    for path in reads {
        let answer = ask(&conch, Method::GET, path, &[]).await;
        assert_eq!(answer.status, 401, "{path}");
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges.len(), 2, "{challenges:?}");
        assert!(challenges[0].to_str().unwrap().starts_with("Basic "));
        assert!(challenges[1].to_str().unwrap().starts_with("Bearer "));
    }
    for wrong in [
        "Bearer first-token-of-the-clas",
        "Bearer",
        "Basic Zmlyc3Q=",
        "first-token-of-the-class",
    ] {
        let answer = ask(
            &conch,
            Method::GET,
            "/api/status",
            &[("authorization", wrong)],
        )
        .await;
        answer.assert_problem(401, "no_token");
    }
    // The same as a password, as curl --user me:second-token-of-the-class sends it.
    let basic = "Basic bWU6c2Vjb25kLXRva2VuLW9mLXRoZS1jbGFzcw==";
    for right in ["Bearer first-token-of-the-class", basic] {
        let answer = ask(
            &conch,
            Method::GET,
            "/api/status",
            &[("authorization", right)],
        )
        .await;
        assert_eq!(answer.status, 200, "{right}");
    }
    // The page is no secret, and orchestrators have no token.
    for path in ["/", "/health/live"] {
        assert_ne!(
            ask(&conch, Method::GET, path, &[]).await.status,
            401,
            "{path}"
        );
    }
}

#[tokio::test]
async fn public_reading_leaves_running_to_who_has_a_token() {
    let file = tokens();
    let path = file.path().display().to_string();
    let conch = TestServer::options(&["--token-file", &path, "--public-read"]);
    for path in ["/api/status", "/api/models", "/v2/models/fake/config"] {
        assert_eq!(
            ask(&conch, Method::GET, path, &[]).await.status,
            200,
            "{path}"
        );
    }
    for path in [CLASSIFY, "/v2/models/fake/infer"] {
        assert_eq!(
            ask(&conch, Method::POST, path, &[]).await.status,
            401,
            "{path}"
        );
    }
    let right = [("authorization", "Bearer first-token-of-the-class")];
    let answer = ask(&conch, Method::POST, CLASSIFY, &right).await;
    answer.assert_problem(400, "missing_header");
}

#[tokio::test]
async fn every_answer_tells_browsers_what_it_may_be_used_for() {
    let conch = TestServer::new();
    for path in ["/api/status", "/api/nope", "/v2", "/nope.js", "/"] {
        let answer = conch.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(
            answer
                .header("permissions-policy")
                .contains("microphone=()")
        );
        // Not by HTTP, which browsers would ignore.
        assert_eq!(answer.header("strict-transport-security"), "");
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_page_or_around_a_token() {
    let file = tokens();
    let path = file.path().display().to_string();
    let conch = TestServer::options(&["--token-file", &path, "--page-dir", "."]);
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e%2fCargo.toml",
        "/..%5cCargo.toml",
        "/%252e%252e/Cargo.toml",
        "/integration/../../Cargo.toml",
        "/.%2e/.%2e/etc/passwd",
        "//etc/passwd",
        "/%00",
        "/integration%00.rs",
        "/%2fv2/models/fake",
        "//v2/models/fake",
        "/%76%32/models/fake",
        "/./v2/models/fake",
        "/api%2fstatus",
        "/API/status",
    ] {
        let answer = conch.get(path).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 401 | 404),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
    }
}
