//! What can be wrong with a model repository, as sentences for the person who keeps it.

use std::path::{Path, PathBuf};
use std::{fmt, io};

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
    #[error("{}: {reason}", Place(file, *line))]
    Config {
        /// The config.
        file: PathBuf,
        /// Line, counted from 1, where one line is at fault.
        line: Option<usize>,
        /// What cannot be.
        reason: String,
    },
    /// Folder and config give the model two names.
    #[error(
        "{}: the folder's name is \"{folder}\" and the config's is \"{config}\"; they must be equal. \
         Rename the folder to \"{config}\", or write name: \"{folder}\" in the config",
        Place(file, *line)
    )]
    NameDiffers {
        /// The config.
        file: PathBuf,
        /// The line that gives the name, counted from 1.
        line: Option<usize>,
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
    /// A model or a version of it could not run either, and its config is broken besides.
    #[error("{}", repository.join(reason.to_string()).display())]
    Unusable {
        /// The repository.
        repository: PathBuf,
        /// Why; begins with a path relative to the repository.
        reason: Unusable,
    },
    /// More than one thing is broken.
    #[error("{} things are wrong in the model repository {}:\n  {}", errors.len(), path.display(), lines(errors))]
    Several {
        /// The repository.
        path: PathBuf,
        /// What is broken, at least two.
        errors: Vec<RepoError>,
    },
}

/// A file, and a line of it where one is known.
struct Place<'a>(&'a Path, Option<usize>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.display())?;
        self.1.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

fn lines(errors: &[RepoError]) -> String {
    let lines: Vec<String> = errors.iter().map(RepoError::to_string).collect();
    lines.join("\n  ")
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
    /// Another file is there than the config names.
    #[error(
        "{file} is missing: default_model_filename is {}, the folder holds \"{}\". \
         Rename the file, or write default_model_filename: \"{}\"",
        file_wanted(wanted, *line), found.join("\", \""), found[0]
    )]
    FileDiffers {
        /// The file that the config names, relative to the repository.
        file: String,
        /// Its name.
        wanted: String,
        /// The line that names it, counted from 1; none where that is left to Triton's default.
        line: Option<usize>,
        /// The ONNX files that are there, at least one.
        found: Vec<String>,
    },
    /// The version policy names a version that is not there.
    #[error("{folder} is missing: the version_policy lists it{}", line.map(|line| format!(" (config.pbtxt:{line})")).unwrap_or_default())]
    MissingVersion {
        /// The version's folder, relative to the repository.
        folder: String,
        /// The line of the policy, counted from 1.
        line: Option<usize>,
    },
    /// It is something else than an image classifier that the engine can run.
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

fn file_wanted(name: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("\"{name}\" (config.pbtxt:{line})"),
        None => format!("absent, which means \"{name}\""),
    }
}
