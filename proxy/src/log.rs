//! The log: to standard error, since standard output is for answers; for people, or for programs.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// How a line reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A sentence and its values, for people.
    #[default]
    Text,
    /// One flat JSON object a line, for programs: `timestamp`, `level`, `message`, and the values by
    /// name.
    Json,
}

/// Logs what the filter lets through, for the rest of the process.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str, format: Format) -> Result<(), ParseError> {
    let has_colours = std::io::stderr().is_terminal();
    subscriber(filter.parse()?, format, has_colours, std::io::stderr).init();
    Ok(())
}

/// Writes lines of this format.
pub fn subscriber(
    filter: EnvFilter,
    format: Format,
    has_colours: bool,
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
) -> Box<dyn Subscriber + Send + Sync> {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_target(false);
    match format {
        Format::Text => Box::new(lines.with_ansi(has_colours).finish()),
        Format::Json => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .with_span_list(false)
                .finish(),
        ),
    }
}
