//! The program `conch`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use conch_proxy::commands::{classify, models, serve};
use conch_proxy::config::ServeArgs;
use conch_proxy::log;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Classifies photos, in the browser and on the command line
#[derive(Parser)]
#[command(name = "conch", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// What to log, as in info or conch_proxy=debug [default: info for serve, else error]
    #[arg(long, global = true, env = "CONCH_LOG", value_name = "FILTER")]
    log: Option<String>,

    /// How the log reads: text for people, json for programs, one object a line
    #[arg(
        long,
        global = true,
        env = "CONCH_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    log_format: log::Format,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API
    Serve(Box<ServeArgs>),
    /// Classify photos
    Classify(classify::ClassifyArgs),
    /// List the models
    Models(models::ModelsArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let quiet = !matches!(cli.command, Command::Serve(_));
    let filter = cli
        .log
        .unwrap_or_else(|| if quiet { "error" } else { "info" }.to_owned());
    if let Err(error) = log::start(&filter, cli.log_format) {
        eprintln!("conch: --log {filter}: {error}");
        return ExitCode::FAILURE;
    }
    let outcome = match cli.command {
        Command::Serve(args) => serve::run(*args).await.map(|()| ExitCode::SUCCESS),
        Command::Classify(args) => classify::run(args).await,
        Command::Models(args) => models::run(args).await.map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("conch: {error:#}");
        ExitCode::FAILURE
    })
}
