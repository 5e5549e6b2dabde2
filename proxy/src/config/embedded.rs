use std::path::PathBuf;

/// The models and the engine that runs them in this process.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Models")]
pub struct EmbeddedArgs {
    /// Folder of the models, a Triton model repository [default: model_repo]; before Triton,
    /// labels are read from it where it is given
    #[arg(long, env = "CONCH_MODEL_REPO", value_name = "DIR")]
    pub model_repo: Option<PathBuf>,

    /// Look at the model repository every two seconds and take what has changed: a new graph answers
    /// before it replaces the old one, which goes on if it does not
    #[arg(long, env = "CONCH_WATCH")]
    pub watch: bool,

    /// ONNX Runtime's library; where it is not given, it is looked for beside the program, in
    /// Conch's cache folder, and by the system's loader
    #[arg(long, env = "CONCH_ONNXRUNTIME", value_name = "PATH")]
    pub onnxruntime: Option<PathBuf>,

    /// Threads that one inference may use; where not given, as many as there are cores, divided by
    /// the model's instances
    #[arg(long, env = "CONCH_THREADS", value_name = "COUNT", value_parser = positive)]
    pub threads: Option<usize>,

    /// Most requests that wait for one version of a model before others are turned away
    #[arg(long, env = "CONCH_QUEUE", value_name = "REQUESTS", default_value = "128", value_parser = positive)]
    pub queue: usize,
}

/// The model repository where nobody gave one.
const MODEL_REPO: &str = "model_repo";

impl EmbeddedArgs {
    /// The model repository.
    pub fn repository(&self) -> PathBuf {
        self.model_repo.clone().unwrap_or_else(|| MODEL_REPO.into())
    }
}

pub(super) fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("expected 1 or more".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("{error}")),
    }
}
