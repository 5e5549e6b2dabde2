/// What can be seen of the server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Metrics")]
pub struct MetricsArgs {
    /// Show /metrics to everybody who reaches the server, not to programs of this machine alone
    #[arg(long, env = "CONCH_METRICS_PUBLIC")]
    pub metrics_public: bool,
}
