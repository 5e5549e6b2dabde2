//! What can be wrong with a model repository, as sentences for the person who keeps it.

use std::io;
use std::path::PathBuf;

/// Something is broken, and somebody must mend it. Says which file, for the terminal and the log.
/// The texts are whole: no error has a source, which the terminal would print a second time.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// The repository cannot be read.
    #[error(
        "the model repository {} cannot be read: {reason}\nGive another one: --model-repo DIR, or CONCH_MODEL_REPO=DIR",
        path.display()
    )]
    Repository {
        /// The repository.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },
    /// There is no folder in it.
    #[error(
        "the model repository {} holds no model: expected folders like mobilenet/ with a config.pbtxt in each",
        path.display()
    )]
    Empty {
        /// The repository.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },
    /// The config is no text format of a model config.
    #[error("{}:{line}:{column}: {reason}", file.display())]
    Syntax {
        /// The config.
        file: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// Character in the line, counted from 1.
        column: usize,
        /// What was expected and what was found.
        reason: String,
    },
    /// The config can be read and says something that cannot be.
    #[error("{}: {reason}", file.display())]
    Config {
        /// The config.
        file: PathBuf,
        /// What cannot be.
        reason: String,
    },
    /// Folder and config give the model two names.
    #[error(
        "{}: the folder's name is \"{folder}\" and the config's is \"{config}\"; they must be equal. \
         Rename the folder to \"{config}\", or write name: \"{folder}\" in the config",
        file.display()
    )]
    NameDiffers {
        /// The config.
        file: PathBuf,
        /// The folder's name.
        folder: String,
        /// The config's name.
        config: String,
    },
    /// Some class would have no name.
    #[error("{}: expected a label for each of the {classes} classes, found {labels}", file.display())]
    TooFewLabels {
        /// The labels.
        file: PathBuf,
        /// Classes of the output.
        classes: usize,
        /// Labels in the file.
        labels: usize,
    },
}

/// Why a model cannot run here though nothing about it is broken. The page shows these words, so
/// paths are relative to the repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The folder has no config.
    #[error("its folder has no config.pbtxt")]
    NoConfig,
    /// The weights are not there.
    #[error(
        "{file} is missing; scripts/setup/models.sh fetches the models that come with Conch, \
         any other file has to be put there"
    )]
    MissingFile {
        /// The file, relative to the repository.
        file: String,
    },
    /// It is something else than an image classifier in ONNX.
    #[error("{reason}")]
    NotAClassifier {
        /// What was expected and what was found.
        reason: String,
    },
    /// The engine does not take it.
    #[error("{reason}")]
    Engine {
        /// The engine's words.
        reason: String,
    },
}
