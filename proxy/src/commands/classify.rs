//! `conch classify`: photos on the command line.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use conch_shared::api::DEFAULT_TOP_K;
use conch_shared::decode;
use conch_shared::label::Prediction;
use conch_shared::model::{ModelSpec, Recipe};
use conch_shared::tensor::Tensor;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::print;
use super::source::{Source, SourceArgs};
use super::table::table;

/// Largest file that is read, bytes.
const MAX_FILE: u64 = 256 * 1024 * 1024;
/// From this many files on, a terminal sees a progress bar.
const MANY: usize = 4;

/// What `conch classify` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ClassifyArgs {
    /// Photos to classify
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Model to use; the default one, where not given
    #[arg(long, env = "CONCH_MODEL", value_name = "NAME")]
    pub model: Option<String>,

    /// Labels a photo, the best first [default: 5, or all where a model has fewer]
    #[arg(long, env = "CONCH_TOP_K", value_name = "COUNT")]
    pub top_k: Option<usize>,

    /// Print one JSON document
    #[arg(long)]
    pub json: bool,

    /// Where the models are.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// One file's entry in the JSON document.
#[derive(Serialize)]
struct Entry {
    file: String,
    model: String,
    /// Whether the pixels are those that Pillow would give, as on the page, where a browser's own
    /// decoder may have to help out; here they always are.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<bool>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Predictions(Vec<Prediction>),
    Error(String),
}

/// Classifies each file, goes on where one fails, and tells by the exit code whether all went well.
///
/// # Errors
/// When there is no model to ask.
pub async fn run(args: ClassifyArgs) -> anyhow::Result<ExitCode> {
    let source = Source::open(args.source).await?;
    let spec = source.model(args.model.as_deref()).await?;
    let classes = spec.classes;
    let top_k = args.top_k.unwrap_or(DEFAULT_TOP_K.min(classes));
    ensure!(
        (1..=classes).contains(&top_k),
        "--top-k: expected 1 to {classes}, got {top_k}"
    );
    let bar = progress(args.files.len());
    let mut entries = Vec::with_capacity(args.files.len());
    for file in &args.files {
        bar.set_message(file.display().to_string());
        let outcome = match one(&source, &spec, file, top_k).await {
            Ok(predictions) => {
                if !args.json {
                    bar.suspend(|| print(&photo(file, &predictions)))?;
                }
                Outcome::Predictions(predictions)
            }
            Err(error) => {
                bar.suspend(|| eprintln!("{}: {error:#}", file.display()));
                Outcome::Error(format!("{error:#}"))
            }
        };
        bar.inc(1);
        entries.push(Entry {
            file: file.display().to_string(),
            model: spec.name.clone(),
            exact: matches!(outcome, Outcome::Predictions(_)).then_some(true),
            outcome,
        });
    }
    bar.finish_and_clear();
    if args.json {
        print(&(serde_json::to_string_pretty(&entries)? + "\n"))?;
    }
    let failed = |entry: &Entry| matches!(entry.outcome, Outcome::Error(_));
    Ok(match entries.iter().any(failed) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

async fn one(
    source: &Source,
    spec: &ModelSpec,
    file: &Path,
    top_k: usize,
) -> anyhow::Result<Vec<Prediction>> {
    let (path, recipe) = (file.to_owned(), spec.recipe.clone());
    let tensor = tokio::task::spawn_blocking(move || read(&path, &recipe)).await??;
    let classification = source.classify(spec, tensor, top_k).await?;
    let first = classification.results.into_iter().next();
    first.context("the answer holds no photo")
}

/// A file's pixels as the model wants them.
fn read(path: &Path, recipe: &Recipe) -> anyhow::Result<Tensor> {
    let cannot = "The file cannot be read";
    let file = std::fs::File::open(path).context(cannot)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .context(cannot)?;
    ensure!(
        bytes.len() as u64 <= MAX_FILE,
        "The file is too large: at most {MAX_FILE} bytes are taken."
    );
    Ok(decode::tensor(&bytes, recipe)?)
}

/// A file's table, like the notebook's: rank, percent, label, class.
fn photo(file: &Path, predictions: &[Prediction]) -> String {
    let row = |(rank, prediction): (usize, &Prediction)| {
        vec![
            (rank + 1).to_string(),
            format!("{:.1} %", 100.0 * prediction.score),
            prediction.label.clone(),
            prediction.index.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = predictions.iter().enumerate().map(row).collect();
    let heads = ["rank", "score", "label", "class"];
    let table = table(&heads, &[true, true, false, true], &rows);
    format!("{}\n{table}\n", file.display())
}

fn progress(files: usize) -> ProgressBar {
    if files < MANY || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    ProgressBar::new(files as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
