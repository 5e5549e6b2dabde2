//! What hyper is told of the two protocols; each of its limits stands here, those of its defaults that
//! fit, too.

use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// Most bytes that a connection reads at once. A body is put together elsewhere, so this is memory
/// that every connection may hold beside it; hyper's own 408 KiB are no quicker.
const READ_BUFFER: usize = 128 * 1024;

/// Most lines of headers; one more is answered with 431.
const MAX_HEADERS: usize = 100;

/// Places that a connection of HTTP/2 takes, since it may hold so many times the memory of another.
pub(super) const HTTP2_PLACES: usize = 8;
/// Requests that one connection of HTTP/2 may have at once.
const STREAMS: u32 = 32;
/// Bytes that may be under way to us, for one request and for all of a connection, which hyper may have
/// to keep: at 30 ms there and back they are 8 and 16 MB a second.
const STREAM_WINDOW: u32 = 256 * 1024;
const WINDOW: u32 = 512 * 1024;
/// Bytes of answers that are kept for a client that does not take them.
const SEND_BUFFER: usize = 16 * 1024;
/// Bytes of a request's headers, uncompressed.
const HEADER_LIST: u32 = 32 * 1024;
/// Requests that a client takes back before they were looked at ("rapid reset").
const RESETS: usize = 20;
/// A connection on which nothing comes is asked for a sign of life, and ends without one.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn http1(header_timeout: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_headers(MAX_HEADERS)
        .max_buf_size(READ_BUFFER)
        .half_close(false)
        .keep_alive(true);
    builder
}

pub(super) fn http2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_header_list_size(HEADER_LIST)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(RESETS)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}
