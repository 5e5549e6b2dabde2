//! What administers a Triton is not there at all.

use std::sync::Arc;

use reqwest::Method;

use super::subject::Subject;

/// Model control, shared memory, trace and logging. `conch` answers 404 on purpose where Triton has
/// these: whoever may send photos may not change the server. Our Triton has them closed.
pub(super) async fn what_administers_a_triton(subject: Arc<Subject>, _: Arc<Subject>) {
    let model = "efficientnet_lite0";
    for (method, path) in [
        (Method::POST, format!("/v2/repository/models/{model}/load")),
        (
            Method::POST,
            format!("/v2/repository/models/{model}/unload"),
        ),
        (Method::GET, "/v2/systemsharedmemory/status".to_owned()),
        (
            Method::POST,
            "/v2/systemsharedmemory/region/x/register".to_owned(),
        ),
        (Method::POST, "/v2/systemsharedmemory/unregister".to_owned()),
        (Method::GET, "/v2/cudasharedmemory/status".to_owned()),
        (
            Method::POST,
            "/v2/cudasharedmemory/region/x/register".to_owned(),
        ),
        (Method::GET, "/v2/trace/setting".to_owned()),
        (Method::POST, "/v2/trace/setting".to_owned()),
        (Method::GET, format!("/v2/models/{model}/trace/setting")),
        (Method::GET, "/v2/logging".to_owned()),
        (Method::POST, "/v2/logging".to_owned()),
    ] {
        let what = format!("{method} {path}");
        let answer = subject
            .send(method, &path, |request| request.body("{}"))
            .await;
        if subject.is_triton() {
            assert!(!answer.status.is_success(), "{what}: {}", answer.text());
        } else {
            assert_eq!(answer.status, 404, "{what}: {}", answer.text());
            let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert!(body["error"].is_string(), "{what}: {body}");
        }
    }
}
