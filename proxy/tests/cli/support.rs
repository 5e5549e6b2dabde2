//! Runs the built program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The repository's root, where `model_repo` and the sample photos are.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The model repository with the real models; fails where their weights are not there.
pub fn model_repo() -> PathBuf {
    let repository = root().join("model_repo");
    let weights = repository.join("efficientnet_lite0/1/efficientnet_lite0.onnx");
    assert!(
        weights.is_file(),
        "the model is missing: run `make test`, which gets it"
    );
    repository
}

/// A sample photo.
pub fn sample(name: &str) -> String {
    root()
        .join("frontend/assets/samples")
        .join(name)
        .display()
        .to_string()
}

/// A repository with one model of three classes, whose weights are empty.
pub fn tiny_repository() -> TempDir {
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
pub struct Line(Command);

/// What a run left behind.
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

pub fn conch(arguments: &[&str]) -> Line {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conch"));
    command
        .args(arguments)
        .env("CONCH_LOG", "off")
        .stdin(Stdio::null());
    Line(command)
}

impl Line {
    pub fn in_repository(mut self, repository: &Path) -> Self {
        self.0.env("CONCH_MODEL_REPO", repository);
        self
    }

    pub fn run(mut self) -> Done {
        let output = self.0.output().unwrap();
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it; it must end by itself with a message that begins like this, and nothing else.
    pub fn fails_with(self, beginning: &str) -> Done {
        let done = self.run();
        assert_eq!(done.code, Some(1), "{}", done.stderr);
        assert!(done.stderr.starts_with(beginning), "{}", done.stderr);
        assert_eq!(done.stdout, "");
        done
    }
}

impl Done {
    pub fn and_says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "{}", self.stderr);
        self
    }
}

/// A server on a free port, with the real models.
pub struct Running {
    child: Child,
    pub url: String,
}

impl Running {
    /// Starts it, and waits until it says that it is ready.
    pub fn start() -> Self {
        let line = conch(&["serve", "--bind", "127.0.0.1:0"]).in_repository(&model_repo());
        let mut command = line.0;
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut ready).unwrap();
        let url = ready.trim().strip_prefix("Conch is ready: open ");
        let url = url
            .unwrap_or_else(|| panic!("not ready: {ready:?}"))
            .to_owned();
        Self { child, url }
    }

    /// The whole answer to a GET.
    pub fn get(&self, path: &str) -> String {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: conch\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal and gives the exit code.
    pub fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
