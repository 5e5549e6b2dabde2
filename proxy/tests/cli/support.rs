//! Runs the built program.

mod photos;
mod running;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use photos::{Outcome, Photos, client};
pub(crate) use running::Running;
use tempfile::TempDir;

/// The repository's root, where `model_repo` and the sample photos are.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The model repository with the real models; fails where their weights are not there.
pub(crate) fn model_repo() -> PathBuf {
    let repository = root().join("model_repo");
    let weights = repository.join("efficientnet_lite0/1/efficientnet_lite0.onnx");
    assert!(
        weights.is_file(),
        "the model is missing: run `make test`, which gets it"
    );
    repository
}

/// A sample photo.
pub(crate) fn sample(name: &str) -> String {
    root()
        .join("frontend/assets/samples")
        .join(name)
        .display()
        .to_string()
}

/// A repository with one model of three classes, whose weights are empty.
pub(crate) fn tiny_repository() -> TempDir {
    let config = "name: \"tiny\"\nplatform: \"onnxruntime_onnx\"\nmax_batch_size: 4\n\
        input [ { name: \"input\" data_type: TYPE_FP32 dims: [ 3, 8, 8 ] } ]\n\
        output [ { name: \"output\" data_type: TYPE_FP32 dims: [ 3 ] label_filename: \"labels.txt\" } ]\n";
    let repository = TempDir::new().unwrap();
    let folder = repository.path().join("tiny");
    std::fs::create_dir_all(folder.join("1")).unwrap();
    std::fs::write(folder.join("config.pbtxt"), config).unwrap();
    std::fs::write(folder.join("labels.txt"), "one\ntwo\nthree\n").unwrap();
    std::fs::write(folder.join("1/model.onnx"), "").unwrap();
    repository
}

/// A command line that has not run yet.
pub(crate) struct Line(Command);

/// What a run left behind.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Variables of the shell that may stay: they say where this machine has ONNX Runtime's library.
const LIBRARY: [&str; 2] = ["CONCH_CACHE", "CONCH_ONNXRUNTIME"];

/// The program, without the options that the shell's variables would give it.
pub(crate) fn conch(arguments: &[&str]) -> Line {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conch"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CONCH_") && !LIBRARY.contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    command
        .args(arguments)
        .env("CONCH_LOG", "off")
        .stdin(Stdio::null());
    Line(command)
}

impl Line {
    pub(crate) fn in_repository(mut self, repository: &Path) -> Self {
        self.0.env("CONCH_MODEL_REPO", repository);
        self
    }

    /// With a variable of its environment.
    pub(crate) fn with(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(variable, value);
        self
    }

    /// Without a variable.
    pub(crate) fn without(mut self, variable: &str) -> Self {
        self.0.env_remove(variable);
        self
    }

    pub(crate) fn run(mut self) -> Done {
        let output = self.0.output().unwrap();
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it; it must end by itself with a message that begins like this, and nothing else.
    pub(crate) fn fails_with(self, beginning: &str) -> Done {
        let done = self.run();
        assert_eq!(done.code, Some(1), "{}", done.stderr);
        assert!(done.stderr.starts_with(beginning), "{}", done.stderr);
        assert_eq!(done.stdout, "");
        done
    }
}

impl Done {
    pub(crate) fn and_says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "{}", self.stderr);
        self
    }
}
