use std::net::SocketAddr;

/// Where the server listens and how it ends.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Listening")]
pub struct ListenArgs {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080; with --lan
    /// every address, port 80, or 8080 where that cannot be had]
    #[arg(long, env = "CONCH_BIND", value_name = "ADDR")]
    pub bind: Option<SocketAddr>,

    /// Time between SIGTERM, from which on the server says that it is not ready, and the end of new
    /// connections, in seconds
    #[arg(
        long,
        env = "CONCH_SHUTDOWN_DELAY",
        value_name = "SECONDS",
        default_value_t = 1
    )]
    pub shutdown_delay: u64,

    /// Time that requests in flight get to finish when the server ends, in seconds
    #[arg(
        long,
        env = "CONCH_SHUTDOWN_GRACE",
        value_name = "SECONDS",
        default_value_t = 10
    )]
    pub shutdown_grace: u64,
}
