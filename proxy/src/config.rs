//! The options, one file a concern. Each stands with its unit, its default and its variable.

mod access;
mod cors;
mod embedded;
mod lan;
mod limits;
mod listen;
mod metrics;
mod page;
mod traces;
mod triton;

pub use access::AccessArgs;
pub use cors::CorsArgs;
pub use embedded::EmbeddedArgs;
pub use lan::LanArgs;
pub use limits::LimitsArgs;
pub use listen::ListenArgs;
pub use metrics::MetricsArgs;
pub use page::PageArgs;
pub use traces::TracesArgs;
pub use triton::TritonArgs;

/// What `conch serve` takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// The network and HTTPS.
    #[command(flatten)]
    pub lan: LanArgs,
    /// The page.
    #[command(flatten)]
    pub page: PageArgs,
    /// Other origins.
    #[command(flatten)]
    pub cors: CorsArgs,
    /// Who may do what.
    #[command(flatten)]
    pub access: AccessArgs,
    /// What a client may ask for.
    #[command(flatten)]
    pub limits: LimitsArgs,
    /// Metrics.
    #[command(flatten)]
    pub metrics: MetricsArgs,
    /// Traces.
    #[command(flatten)]
    pub traces: TracesArgs,
    /// Models and engine.
    #[command(flatten)]
    pub embedded: EmbeddedArgs,
    /// Triton in place of the engine.
    #[command(flatten)]
    pub triton: TritonArgs,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: ServeArgs,
    }

    #[test]
    fn every_option_has_a_variable_and_a_word_of_help() {
        for argument in Line::command().get_arguments() {
            let id = argument.get_id().as_str();
            let variable = argument.get_env().and_then(|env| env.to_str());
            let expected = format!("CONCH_{}", id.to_uppercase());
            assert_eq!(variable, Some(expected.as_str()), "{id}");
            assert!(argument.get_help().is_some(), "{id}");
        }
    }

    #[test]
    fn an_origin_is_checked_when_it_is_given() {
        // The shell that runs the test may have set any of the variables.
        let line = Line::command().mut_args(|argument| argument.env(None::<&'static str>));
        let origins = |text: &str| {
            line.clone()
                .try_get_matches_from(["conch", "--cors-origin", text])
        };
        assert!(origins("http://localhost:3000").is_ok());
        let refused = origins("localhost:3000")
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(refused.contains("scheme://host"), "{refused}");
        assert!(origins("http://localhost:3000/").is_err());
        assert!(origins("*").is_err());
    }
}
