//! What may change while a request is under way. The replicas are bare sockets that say when a
//! request has come; what a watch would see is told by hand.

use std::sync::Arc;

use conch_shared::kserve::metadata::{IndexEntry, ModelMetadata, ServerMetadata, TensorMetadata};
use conch_shared::label::LabelSet;
use conch_shared::tensor::{Shape, Tensor};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::backend::triton::client::Client;
use crate::backend::triton::definition::Definition;
use crate::backend::triton::look::{Offer, Offers};
use crate::backend::triton::replica::Replica;

const LONG: Duration = Duration::from_secs(60);

async fn pool_of_two() -> (Pool, [TcpListener; 2]) {
    let sockets = [
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    ];
    let replicas = sockets.iter().map(|socket| {
        let authority = socket.local_addr().unwrap().to_string();
        let client = Client::new(&authority);
        Replica::new(authority, client)
    });
    (Pool::new(replicas.collect(), LONG, None), sockets)
}

/// A ready replica whose only class has this name.
fn serving(label: &str) -> Arc<Offers> {
    let tensor = |name: &str| TensorMetadata {
        name: name.to_owned(),
        datatype: "FP32".to_owned(),
        shape: vec![1],
    };
    let definition = Definition {
        metadata: ModelMetadata {
            name: "m".to_owned(),
            inputs: vec![tensor("input")],
            outputs: vec![tensor("output")],
            ..ModelMetadata::default()
        },
        config: json!({ "name": "m" }),
        spec: Err("it is no image classifier".to_owned()),
        labels: LabelSet::parse(label),
    };
    let offer = Offer {
        index: vec![IndexEntry {
            name: "m".to_owned(),
            version: Some("1".to_owned()),
            state: Some("READY".to_owned()),
            reason: None,
        }],
        definition: Some(Ok(Arc::new(definition))),
    };
    Arc::new(Offers {
        server: ServerMetadata::default(),
        models: [("m".to_owned(), offer)].into(),
    })
}

fn told(pool: &Pool) -> Arc<Model> {
    Arc::clone(&pool.catalogue().get("m").unwrap().model)
}

fn job() -> Job {
    Job {
        inputs: vec![NamedTensor {
            name: "input".to_owned(),
            tensor: Tensor::from_f32(Shape::new([1]), &[0.0]).unwrap(),
        }],
        outputs: vec!["output".to_owned()],
        timeout: None,
    }
}

fn away() -> Fault {
    Fault::Unreachable("it is away".to_owned())
}

/// Waits for a request, which has not come in full.
async fn taken(socket: &TcpListener) -> TcpStream {
    let (stream, _) = socket.accept().await.unwrap();
    stream.readable().await.unwrap();
    stream
}

#[tokio::test]
async fn a_second_try_does_not_go_to_another_model_of_the_same_name() {
    let (pool, [old, new]) = pool_of_two().await;
    pool.note(0, Ok(serving("cat")));
    pool.note(1, Ok(serving("dog")));
    let model = told(&pool);
    assert_eq!(model.labels.get(0), Some("cat"));
    let meanwhile = async {
        let stream = taken(&old).await;
        pool.note(0, Err(away()));
        assert_eq!(told(&pool).labels.get(0), Some("dog"));
        drop(stream);
    };
    let (outcome, ()) = tokio::join!(infer(&pool, LONG, &model, None, job()), meanwhile);
    assert!(
        matches!(outcome, Err(BackendError::Broken { .. })),
        "{outcome:?}"
    );
    let asked = timeout(Duration::ZERO, new.accept()).await;
    assert!(asked.is_err(), "the other model was asked");
}

#[tokio::test]
async fn a_request_that_was_made_for_a_model_does_not_go_to_its_successor() {
    let (pool, [_, new]) = pool_of_two().await;
    pool.note(0, Ok(serving("cat")));
    let model = told(&pool);
    pool.note(1, Ok(serving("dog")));
    pool.note(0, Err(away()));
    let error = infer(&pool, LONG, &model, None, job()).await.unwrap_err();
    assert!(
        error.to_string().contains("another model of this name"),
        "{error}"
    );
    assert!(timeout(Duration::ZERO, new.accept()).await.is_err());
}

#[tokio::test]
async fn a_replica_is_not_blamed_for_the_time_that_another_took() {
    let (pool, [slow, _other]) = pool_of_two().await;
    pool.note(0, Ok(serving("cat")));
    let model = told(&pool);
    let deadline = Duration::from_millis(200);
    let meanwhile = async {
        let stream = taken(&slow).await;
        pool.note(1, Ok(serving("cat")));
        stream
    };
    let (outcome, _held) = tokio::join!(infer(&pool, deadline, &model, None, job()), meanwhile);
    assert!(
        matches!(outcome, Err(BackendError::TimedOut { .. })),
        "{outcome:?}"
    );
    assert!(!pool.replicas[0].is_trusted());
    assert!(pool.replicas[1].is_trusted());
}
