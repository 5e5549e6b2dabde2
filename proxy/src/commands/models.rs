//! `conch models`: what is there, and is it ready.

use conch_shared::api::{ModelInfo, ModelState};

use super::print;
use super::source::{Source, SourceArgs};
use super::table::table;

/// What `conch models` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelsArgs {
    /// Where the models are.
    #[command(flatten)]
    pub source: SourceArgs,

    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Lists the models.
///
/// # Errors
/// When the server is away, or no model can run.
pub async fn run(args: ModelsArgs) -> anyhow::Result<()> {
    let list = Source::open(args.source).await?.models().await?;
    if args.json {
        return print(&(serde_json::to_string_pretty(&list)? + "\n"));
    }
    let row = |model: &ModelInfo| {
        let default = match list.default.as_ref() == Some(&model.name) {
            true => "*",
            false => "",
        };
        let (state, reason) = match &model.state {
            ModelState::Ready => ("ready", ""),
            ModelState::Unavailable { reason } => ("unavailable", reason.as_str()),
        };
        let about = match (&model.spec, reason) {
            (Some(spec), "") => format!("{}, {} classes", spec.display.title, spec.classes),
            (_, reason) => reason.to_owned(),
        };
        [
            default,
            &model.name,
            state,
            &model.versions.join(" "),
            &about,
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let rows: Vec<Vec<String>> = list.models.iter().map(row).collect();
    let heads = ["", "model", "state", "versions", "about"];
    print(&table(&heads, &[false; 5], &rows))
}
