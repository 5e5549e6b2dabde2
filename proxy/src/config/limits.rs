use super::embedded::positive;

/// How much clients may ask for, all together and each.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitsArgs {
    /// Largest request body, in bytes, before and after decompression; a photo takes 150,528, or
    /// 602,112 in FP32
    #[arg(long, env = "CONCH_MAX_BODY", value_name = "BYTES", default_value_t = 32 * 1024 * 1024)]
    pub max_body: usize,

    /// Most requests that are with a model or wait for it; more are turned away at once
    #[arg(long, env = "CONCH_MAX_REQUESTS", value_name = "COUNT", default_value = "128", value_parser = positive)]
    pub max_requests: usize,

    /// Most bytes of requests in memory, bodies and the tensors that are made of them
    #[arg(long, env = "CONCH_MAX_HELD", value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    pub max_held: usize,

    /// Most connections
    #[arg(long, env = "CONCH_MAX_CONNECTIONS", value_name = "COUNT", default_value = "2048", value_parser = positive)]
    pub max_connections: usize,

    /// Most requests that one client may send to the API, a second; 0 is no limit
    #[arg(
        long,
        env = "CONCH_RATE",
        value_name = "PER_SECOND",
        default_value_t = 0
    )]
    pub rate: u32,

    /// Requests that a client may send at once before --rate counts
    #[arg(long, env = "CONCH_RATE_BURST", value_name = "COUNT", default_value = "100", value_parser = positive)]
    pub rate_burst: usize,

    /// Time that a client gets to send a request's headers, in seconds
    #[arg(
        long,
        env = "CONCH_HEADER_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 10
    )]
    pub header_timeout: u64,

    /// Time that a client may be slower than 8 KiB a second, sending a body or reading an answer, in
    /// seconds
    #[arg(
        long,
        env = "CONCH_BODY_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 30
    )]
    pub body_timeout: u64,

    /// Time between a request's last byte and its answer, in seconds; what cannot be answered by then
    /// is not begun
    #[arg(
        long,
        env = "CONCH_DEADLINE",
        value_name = "SECONDS",
        default_value_t = 30
    )]
    pub deadline: u64,
}
