//! The contract: what Triton answers, `conch` answers, whichever engine is behind it. Each clause
//! asks a subject and the real Triton the same and compares; Triton itself is a subject, too, which
//! shows that a clause holds of it and that its answers repeat.
//!
//! Where `conch` differs on purpose, the clause says so and why.

mod about;
mod closed;
mod compression;
mod errors;
mod infer;
mod message;
mod subject;

use std::path::Path;
use std::sync::Arc;

use subject::Subject;
use tokio::task::JoinHandle;

use crate::support::{Triton, repository_with, root};

type Clause = (
    &'static str,
    fn(Arc<Subject>, Arc<Subject>) -> JoinHandle<()>,
);

/// A clause with its name, for the report of what failed.
macro_rules! clauses {
    ($($clause:path),* $(,)?) => {
        &[$((stringify!($clause), |subject, triton| tokio::spawn($clause(subject, triton)))),*]
    };
}

/// Of every model of `model_repo/`.
const CLAUSES: &[Clause] = clauses![
    about::health,
    about::server_metadata,
    about::model_metadata,
    about::model_config,
    about::repository_index,
    about::statistics,
    infer::binary,
    infer::json,
    infer::each_kind_of_output,
    infer::classification,
    infer::a_batch_of_three,
    infer::id_and_version,
    errors::requests_that_do_not_fit,
    errors::requests_that_cannot_be_read,
    errors::paths_and_methods,
    compression::of_requests,
    compression::of_responses,
    closed::what_administers_a_triton,
];

/// Of a model without a batch dimension.
const FIXED_CLAUSES: &[Clause] = clauses![
    about::model_metadata,
    about::model_config,
    infer::binary,
    infer::json,
    infer::each_kind_of_output,
    infer::classification,
    errors::a_batch_where_there_is_none,
];

/// Holds all subjects to the clauses, on one model repository, and tells of all that failed.
async fn hold(repository: &Path, clauses: &[Clause]) {
    let Some(server) = Triton::start(repository) else {
        return;
    };
    let triton = Arc::new(Subject::triton(&server.url()));
    let subjects = [
        Arc::clone(&triton),
        Arc::new(Subject::conch_with_the_embedded_engine(repository).await),
        Arc::new(Subject::conch_before(&server.url(), repository).await),
    ];
    let mut failed = Vec::new();
    for subject in &subjects {
        for (name, clause) in clauses {
            let kept = clause(Arc::clone(subject), Arc::clone(&triton)).await;
            if kept.is_err() {
                failed.push(format!("{}: {name}", subject.name));
            }
        }
    }
    assert!(failed.is_empty(), "broken clauses: {failed:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn conch_answers_as_triton_does() {
    hold(&root().join("model_repo"), CLAUSES).await;
}

/// The laboratory's config: no batch dimension, every dimension written out. Only its names are
/// mended, the model's and the file's.
#[tokio::test(flavor = "multi_thread")]
async fn the_laboratorys_config_serves_unchanged_everywhere() {
    let repository = repository_with(&[]);
    let config = r#"name: "efficientnet_lite0"
platform: "onnxruntime_onnx"
default_model_filename: "efficientnet_lite0.onnx"
max_batch_size: 0
input [
  {
    name: "input"
    data_type: TYPE_FP32
    dims: [ 1, 3, 224, 224 ]
  }
]
output [
  {
    name: "output"
    data_type: TYPE_FP32
    dims: [ -1, 1000 ]
    label_filename: "labels.txt"
  }
]
"#;
    let file = repository.path().join("efficientnet_lite0/config.pbtxt");
    std::fs::write(file, config).unwrap();
    hold(repository.path(), FIXED_CLAUSES).await;
}
