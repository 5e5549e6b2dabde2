/// How much a client may ask for.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitsArgs {
    /// Largest request body, in bytes, before and after decompression; a photo takes 150,528, or
    /// 602,112 in FP32
    #[arg(long, env = "CONCH_MAX_BODY", value_name = "BYTES", default_value_t = 32 * 1024 * 1024)]
    pub max_body: usize,

    /// Time that a client gets to send a request's headers, in seconds
    #[arg(
        long,
        env = "CONCH_HEADER_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 10
    )]
    pub header_timeout: u64,

    /// Time that a client gets to send a request's body, in seconds
    #[arg(
        long,
        env = "CONCH_BODY_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 60
    )]
    pub body_timeout: u64,
}
