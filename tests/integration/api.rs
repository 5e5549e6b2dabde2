//! What the API answers when all is well, and when the backend is not.

use conch_proxy::backend::BackendError;
use conch_shared::api::{Classification, ModelInfo, ModelList, ModelState, Status};
use conch_shared::tensor::{Shape, Tensor};

use crate::support::{Answer, CLASSES, Fake, TestServer, black};

#[tokio::test]
async fn the_status_names_backend_and_version() {
    let answer = TestServer::new().get("/api/status").await;
    let status: Status = answer.json();
    assert_eq!(status.backend.kind, "fake");
    assert_eq!(status.version, env!("CARGO_PKG_VERSION"));
    assert!(status.uptime_seconds >= 0.0);
}

#[tokio::test]
async fn models_are_listed_and_told_one_by_one() {
    let conch = TestServer::new();
    let list: ModelList = conch.get("/api/models").await.json();
    assert_eq!(list.default.as_deref(), Some("fake"));
    let one: ModelInfo = conch.get("/api/models/fake").await.json();
    assert_eq!(list.models, [one]);
}

#[tokio::test]
async fn photos_get_their_labels_in_order() {
    let fake = Fake::default();
    let photos = black(fake.spec(), 2);
    let answer = TestServer::with(fake, &[])
        .classify("fake", "pixels", &photos)
        .await;
    let classification: Classification = answer.json();
    assert_eq!(
        (
            classification.model.as_str(),
            classification.version.as_str()
        ),
        ("fake", "3")
    );
    assert_eq!(classification.results.len(), 2);
    for photo in &classification.results {
        let labels: Vec<&str> = photo.iter().map(|p| p.label.as_str()).collect();
        assert_eq!(labels, ["sand", "sea", "shell"]);
        assert_eq!((photo[0].index, photo[0].logit), (1, 2.0));
        assert!((photo.iter().map(|p| p.score).sum::<f32>() - 1.0).abs() < 1e-6);
    }
    assert_eq!(
        answer.header("server-timing"),
        "queue;dur=1.500, infer;dur=7.000"
    );
}

#[tokio::test]
async fn top_k_says_how_many() {
    let fake = Fake::default();
    let photo = black(fake.spec(), 1);
    let conch = TestServer::with(fake, &[]);
    for top_k in [1, 2, CLASSES] {
        let path = format!("/api/models/fake/classify?top_k={top_k}");
        let answer: Classification = conch.infer(&path, &[("pixels", &photo)]).await.json();
        assert_eq!(answer.results[0].len(), top_k);
    }
}

#[tokio::test]
async fn classes_are_given_as_asked_for() {
    let fake = Fake::default();
    let photos = black(fake.spec(), 2);
    let conch = TestServer::with(fake, &[]);
    let all: Classification = conch
        .infer("/api/models/fake/classify?top_k=3", &[("pixels", &photos)])
        .await
        .json();
    for classes in [&[0][..], &[2, 0], &[1, 1, 0]] {
        let query: Vec<String> = classes
            .iter()
            .map(|class| format!("class={class}"))
            .collect();
        let path = format!("/api/models/fake/classify?{}", query.join("&"));
        let some: Classification = conch.infer(&path, &[("pixels", &photos)]).await.json();
        assert_eq!(some.results.len(), 2);
        for (photo, ranked) in some.results.iter().zip(&all.results) {
            let asked = |class: &usize| ranked.iter().find(|p| p.index == *class).cloned();
            let expected: Option<Vec<_>> = classes.iter().map(asked).collect();
            assert_eq!(Some(photo), expected.as_ref());
        }
    }
}

#[tokio::test]
async fn a_clients_decent_id_is_kept_and_another_one_is_not() {
    let conch = TestServer::new();
    let with = |id: &str| http::Request::get("/api/nope").header("x-request-id", id);
    let kept = conch.send(with("lesson-7"), "").await;
    assert_eq!(
        kept.assert_problem(404, "not_found").request_id.as_deref(),
        Some("lesson-7")
    );
    let fresh = conch.send(with("\"><script>"), "").await;
    assert_eq!(fresh.header("x-request-id").len(), 16);
}

#[tokio::test]
async fn the_server_is_ready_once_a_model_is() {
    let conch = TestServer::new();
    assert_eq!(conch.get("/health/live").await.status, 200);
    assert_eq!(conch.get("/health/ready").await.status, 200);
    let conch = TestServer::with(unavailable(), &[]);
    assert_eq!(conch.get("/health/live").await.status, 200);
    conch
        .get("/health/ready")
        .await
        .assert_problem(503, "not_ready");
}

/// The answer to one black photo.
async fn ask(fake: Fake) -> Answer {
    let photo = black(fake.spec(), 1);
    TestServer::with(fake, &[])
        .classify("fake", "pixels", &photo)
        .await
}

fn unavailable() -> Fake {
    const REASON: &str = "fake/1/model.onnx is missing";
    let mut fake = Fake::answering(|_| {
        Err(BackendError::Unavailable {
            model: "fake".to_owned(),
            reason: REASON.to_owned(),
        })
    });
    fake.model.info.state = ModelState::Unavailable {
        reason: REASON.to_owned(),
    };
    fake
}

#[tokio::test]
async fn a_model_that_cannot_run_says_why() {
    let conch = TestServer::with(unavailable(), &[]);
    let list: ModelList = conch.get("/api/models").await.json();
    assert_eq!(list.default, None);
    let problem = ask(unavailable())
        .await
        .assert_problem(503, "model_unavailable");
    assert_eq!(
        problem.detail,
        "Model fake cannot answer: fake/1/model.onnx is missing."
    );
}

#[tokio::test]
async fn a_busy_model_says_when_to_come_back() {
    let busy = Fake::answering(|_| {
        Err(BackendError::Overloaded {
            model: "fake".to_owned(),
            waiting: 64,
        })
    });
    let answer = ask(busy).await;
    answer.assert_problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn an_engines_own_words_stay_in_the_log() {
    let failing = Fake::answering(|_| {
        Err(BackendError::Failed {
            model: "fake".to_owned(),
            cause: "/home/teacher/secret".to_owned(),
        })
    });
    let answer = ask(failing).await;
    answer.assert_problem(500, "engine_failed");
    assert!(!answer.text().contains("secret"), "{}", answer.text());
}

#[tokio::test]
async fn a_panic_is_a_problem_like_any_other() {
    let answer = ask(Fake::answering(|_| panic!("of the fake"))).await;
    answer.assert_problem(500, "internal");
    assert!(!answer.text().contains("of the fake"), "{}", answer.text());
}

#[tokio::test]
async fn an_answer_that_does_not_add_up_is_no_label() {
    let answers: [fn(usize) -> Result<Tensor, BackendError>; 3] = [
        |_| Ok(Tensor::from_f32(Shape::new([1, 2]), &[0.0, 1.0]).unwrap()),
        |_| Ok(Tensor::from_f32(Shape::new([3, 1]), &[0.0, 1.0, 2.0]).unwrap()),
        |_| Ok(Tensor::from_f32(Shape::new([1, 3]), &[0.0, f32::NAN, 1.0]).unwrap()),
    ];
    for answer in answers {
        ask(Fake::answering(answer))
            .await
            .assert_problem(502, "bad_answer");
    }
}
