//! The program `conch`.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use conch_proxy::commands::{classify, models, serve};
use conch_proxy::config::ServeArgs;
use tracing_subscriber::EnvFilter;

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
    if let Err(error) = start_log(&filter) {
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

/// Logs to standard error; standard output is for answers.
fn start_log(filter: &str) -> Result<(), Box<dyn std::error::Error>> {
    let filter: EnvFilter = filter.parse()?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    Ok(())
}
