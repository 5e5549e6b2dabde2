//! The real Triton that other tests ask: it serves, dies and comes back as they need.

use conch_shared::kserve::metadata::ServerMetadata;

use crate::support::{Triton, root};

#[tokio::test]
async fn a_triton_that_was_killed_comes_back_where_it_was() {
    let Some(mut triton) = Triton::start(&root().join("model_repo")) else {
        return;
    };
    let url = triton.url();
    // Without kept connections: each call finds out anew whether somebody listens.
    let client = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let server = || client.get(format!("{url}/v2")).send();
    let metadata: ServerMetadata = server().await.unwrap().json().await.unwrap();
    assert_eq!(
        (metadata.name.as_str(), metadata.version.as_str()),
        ("triton", "2.51.0")
    );
    triton.kill();
    assert!(server().await.unwrap_err().is_connect());
    triton.restart();
    assert_eq!(server().await.unwrap().status(), 200);
    assert_eq!(triton.url(), url);
    drop(triton);
    assert!(server().await.unwrap_err().is_connect());
}
