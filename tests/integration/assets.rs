//! The page's files: which version of them, how long they may be kept, under which policy.

use std::fs;

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
    ] {
        let answer = conch.get(path).await;
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
