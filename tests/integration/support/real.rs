use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use clap::Parser;
use conch_proxy::backend::embedded::Embedded;
use conch_proxy::config::EmbeddedArgs;
use conch_shared::decode::decode;
use conch_shared::model::Recipe;
use conch_shared::preprocess::to_tensor;
use conch_shared::tensor::Tensor;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    embedded: EmbeddedArgs,
}

/// The embedded engine with the real models, loaded once for all tests.
pub(crate) fn embedded() -> Arc<Embedded> {
    static ENGINE: OnceLock<Arc<Embedded>> = OnceLock::new();
    let load = || {
        let mut args = Line::parse_from(["conch"]).embedded;
        args.model_repo = root().join("model_repo");
        match Embedded::load(&args) {
            Ok(engine) => Arc::new(engine),
            Err(error) => panic!("run `make test`, which gets engine and models: {error}"),
        }
    };
    Arc::clone(ENGINE.get_or_init(load))
}

/// A sample photo as the page sends it.
pub(crate) fn photo(name: &str, recipe: &Recipe) -> Tensor {
    let file = root().join("frontend/assets/samples").join(name);
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    to_tensor(&decode(&bytes).unwrap(), recipe)
}
