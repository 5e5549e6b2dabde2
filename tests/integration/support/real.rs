use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use clap::Parser;
use conch_proxy::backend::embedded::{Embedded, EmbeddedError};
use conch_proxy::config::EmbeddedArgs;
use conch_shared::decode::decode;
use conch_shared::model::Recipe;
use conch_shared::preprocess::to_tensor;
use conch_shared::tensor::Tensor;
use tempfile::TempDir;

use super::parse;

/// The folder of the whole workspace.
pub(crate) fn root() -> PathBuf {
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
    let load = || match engine_of(&root().join("model_repo"), &[]) {
        Ok(engine) => Arc::new(engine),
        Err(error) => panic!("run `make test`, which gets engine and models: {error}"),
    };
    Arc::clone(ENGINE.get_or_init(load))
}

/// An engine of its own, for another repository or other options.
pub(crate) fn engine_of(repository: &Path, options: &[&str]) -> Result<Embedded, EmbeddedError> {
    let mut args = parse::<Line>(options).embedded;
    args.model_repo = Some(repository.to_owned());
    Embedded::load(&args)
}

/// A repository with the real EfficientNet-Lite0 under another config: each pair is a text of the
/// config and what stands in its place.
pub(crate) fn repository_with(changes: &[(&str, &str)]) -> TempDir {
    let repository = TempDir::new().unwrap();
    let from = root().join("model_repo/efficientnet_lite0");
    let to = repository.path().join("efficientnet_lite0");
    std::fs::create_dir_all(to.join("1")).unwrap();
    let mut config = std::fs::read_to_string(from.join("config.pbtxt")).unwrap();
    for (text, other) in changes {
        assert!(config.contains(text), "{text} is not in the config");
        config = config.replace(text, other);
    }
    std::fs::write(to.join("config.pbtxt"), config).unwrap();
    for file in ["labels.txt", "1/efficientnet_lite0.onnx"] {
        let copied = std::fs::copy(from.join(file), to.join(file));
        copied.unwrap_or_else(|e| panic!("run `make test`, which gets the model: {file}: {e}"));
    }
    repository
}

/// A sample photo as the page sends it.
pub(crate) fn photo(name: &str, recipe: &Recipe) -> Tensor {
    let file = root().join("frontend/assets/samples").join(name);
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    to_tensor(&decode(&bytes).unwrap(), recipe)
}
