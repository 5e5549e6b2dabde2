//! The page's files: which version of them, how long they may be kept, under which policy.

use std::fs;

use conch_shared::api::Status;
use http::Request;
use tempfile::TempDir;

use crate::support::{Answer, TestServer};

/// A page as trunk and `precompress` leave it.
fn page() -> (TempDir, TestServer) {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("index.html", "<!doctype html><script>alert(1)</script>");
    write("app-0123456789abcdef.js", "plain");
    write("app-0123456789abcdef.js.br", "brotli");
    write("app-0123456789abcdef.js.gz", "gzip");
    write("app-0123456789abcdef_bg.wasm", "wasm");
    write("icon.svg", "<svg/>");
    write("sw.js", "worker");
    write("manifest.webmanifest", "{}");
    write("icon.png", "png");
    write(".stamp", "of the build");
    fs::create_dir(folder.path().join("samples")).unwrap();
    write("samples/.stamp", "of the samples");
    let server = TestServer::options(&["--page-dir", folder.path().to_str().unwrap()]);
    (folder, server)
}

async fn accepting(conch: &TestServer, path: &str, encodings: &str) -> Answer {
    let request = Request::get(path).header("accept-encoding", encodings);
    conch.send(request, "").await
}

#[tokio::test]
async fn the_html_is_asked_for_anew_and_stands_under_a_strict_policy() {
    let (_folder, conch) = page();
    for path in ["/", "/index.html"] {
        let answer = conch.get(path).await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").starts_with("text/html"));
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='",
            "worker-src 'self'",
            "connect-src 'self' https: http:",
            "img-src 'self' blob: data:",
        ] {
            assert!(
                policy.split("; ").any(|part| part == rule),
                "{rule} is not in {policy}"
            );
        }
    }
}

#[tokio::test]
async fn a_page_that_is_built_anew_gets_its_own_policy() {
    let (folder, conch) = page();
    let before = conch
        .get("/")
        .await
        .header("content-security-policy")
        .to_owned();
    let index = folder.path().join("index.html");
    fs::write(&index, "<script>alert(2)</script>").unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    fs::File::options()
        .append(true)
        .open(&index)
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_ne!(
        conch.get("/").await.header("content-security-policy"),
        before
    );
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever_and_others_are_not() {
    let (_folder, conch) = page();
    let caching = async |path: &str| conch.get(path).await.header("cache-control").to_owned();
    let for_ever = "public, max-age=31536000, immutable";
    assert_eq!(caching("/app-0123456789abcdef.js").await, for_ever);
    assert_eq!(caching("/app-0123456789abcdef_bg.wasm").await, for_ever);
    assert_eq!(caching("/icon.svg").await, "no-cache");
    assert_eq!(caching("/manifest.webmanifest").await, "no-cache");
    // A browser that kept an old one would keep an old page.
    assert_eq!(caching("/sw.js").await, "no-cache");
    assert_eq!(caching("/app-fedcba9876543210.js").await, "no-cache");
}

#[tokio::test]
async fn a_browser_gets_the_smallest_version_that_it_takes() {
    let (_folder, conch) = page();
    let script = "/app-0123456789abcdef.js";
    for (encodings, body, encoding) in [
        ("gzip, deflate, br", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("identity", "plain", ""),
    ] {
        let answer = accepting(&conch, script, encodings).await;
        assert_eq!(
            (answer.text(), answer.header("content-encoding")),
            (body, encoding)
        );
        assert!(answer.header("content-type").contains("javascript"));
    }
    let wasm = accepting(&conch, "/app-0123456789abcdef_bg.wasm", "br").await;
    assert_eq!(
        (wasm.text(), wasm.header("content-type")),
        ("wasm", "application/wasm")
    );
}

#[tokio::test]
async fn what_makes_an_app_of_the_page_has_the_types_that_browsers_want() {
    let (_folder, conch) = page();
    let kind = async |path: &str| conch.get(path).await.header("content-type").to_owned();
    assert_eq!(
        kind("/manifest.webmanifest").await,
        "application/manifest+json"
    );
    assert_eq!(kind("/icon.png").await, "image/png");
    let worker = conch.get("/sw.js").await;
    assert_eq!(worker.header("content-type"), "text/javascript");
    // A worker lives under the policy of its own script.
    let policy = worker.header("content-security-policy");
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    assert!(policy.contains("script-src 'self'"), "{policy}");
}

#[tokio::test]
async fn the_status_names_the_build_of_the_page_that_is_there_now() {
    let (folder, conch) = page();
    let build = async || conch.get("/api/status").await.json::<Status>().page;
    assert_eq!(build().await, None);
    let html = |build: &str| format!("<meta name=\"conch-build\" content=\"{build}\">");
    for id in ["0123456789abcdef", "fedcba9876543210"] {
        fs::write(folder.path().join("index.html"), html(id)).unwrap();
        assert_eq!(build().await.as_deref(), Some(id));
    }
}

#[tokio::test]
async fn a_photo_that_is_shared_with_the_server_is_not_read_and_the_page_says_so() {
    let (_folder, conch) = page();
    let form = "multipart/form-data; boundary=x";
    let request = Request::post("/share").header("content-type", form);
    let answer = conch.send(request, "--x, and never the end of it").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/?share=unread");
    let answer = conch.get("/share").await;
    answer.assert_problem(405, "method_not_allowed");
}

#[tokio::test]
async fn what_is_no_file_of_the_page_is_404() {
    let (_folder, conch) = page();
    for path in [
        "/nope",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/.stamp",
        "/%2estamp",
        "/%2Estamp",
        "/samples/.stamp",
        "/samples%2F%2estamp",
        "/icon%00.svg",
        &format!("/{}", "long".repeat(64)),
        &"/deep".repeat(1000),
    ] {
        let answer = accepting(&conch, path, "br, gzip").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
}

#[tokio::test]
async fn a_page_that_is_not_built_says_how_to_build_it() {
    let conch = TestServer::options(&["--page-dir", "nowhere"]);
    let answer = conch.get("/").await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("make serve"), "{}", answer.text());
    assert_eq!(conch.get("/api/status").await.status, 200);
}
