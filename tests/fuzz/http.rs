//! A connection's raw bytes, through hyper and the whole application: however broken they are, each
//! request gets one answer, which is HTTP and no 500, in bounded time, and no file from outside of the
//! page's folder.
#![no_main]

#[path = "http/answers.rs"]
mod answers;
#[path = "http/fake.rs"]
mod fake;

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use clap::{Args, Command, FromArgMatches};
use conch_proxy::config::ServeArgs;
use conch_proxy::server::Peer;
use conch_proxy::shutdown::Phase;
use conch_proxy::{AppState, build_router};
use http::{Method, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tower::ServiceExt;

use answers::Said;
use fake::Fake;

/// What stands in a file beside the page's folder.
const SECRET: &[u8] = b"not for anybody";
/// By the clock that the connection sees; it jumps ahead whenever everybody waits.
const LONGEST: Duration = Duration::from_secs(600);
/// Bytes on the way, each way.
const ON_THE_WAY: usize = 1 << 20;

static APP: LazyLock<(Runtime, axum::Router)> = LazyLock::new(|| {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/http/page");
    // The shell's variables do not count.
    let line = ServeArgs::augment_args(Command::new("conch"));
    let line = line.mut_args(|arg| arg.env(None::<&'static str>));
    let line = line.get_matches_from(["conch", "--page-dir", page]);
    let mut runtime = Builder::new_current_thread();
    runtime.enable_time().start_paused(true);
    let config = ServeArgs::from_arg_matches(&line).expect("options");
    let (_, phases) = watch::channel(Phase::Serving);
    let state = AppState::new(Arc::new(Fake::new()), config, None, phases);
    let app = build_router(state.expect("a state"));
    (runtime.build().expect("a runtime"), app)
});

fuzz_target!(|bytes: &[u8]| {
    let (runtime, app) = &*APP;
    let (said, answered) = runtime.block_on(async {
        let exchange = exchange(app, bytes);
        let exchange = tokio::time::timeout(LONGEST, exchange).await;
        exchange.expect("a connection that ends by itself")
    });
    answers::check(&answered, &said);
    // An answer may repeat what it refuses, and a case may be lucky enough to say it.
    let says = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|part| part == SECRET);
    let leaked = says(&answered) && !says(bytes);
    assert!(!leaked, "a file from outside of the page's folder");
});

/// Sends the bytes and waits, without hanging up, until the server does; what the application said, and
/// what came back.
async fn exchange(app: &axum::Router, bytes: &[u8]) -> (Vec<Said>, Vec<u8>) {
    let (mut client, server) = duplex(ON_THE_WAY);
    let said = Arc::new(Mutex::new(Vec::new()));
    let service = {
        let said = Arc::clone(&said);
        hyper::service::service_fn(move |mut request: Request<Incoming>| {
            let (app, said) = (app.clone(), Arc::clone(&said));
            request.extensions_mut().insert(Peer {
                ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
                is_secure: false,
            });
            async move {
                let head = request.method() == Method::HEAD;
                let answer = app.oneshot(request).await?;
                let status = answer.status().as_u16();
                said.lock().expect("no panic").push(Said { head, status });
                Ok::<_, Infallible>(answer)
            }
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10))
        .serve_connection(TokioIo::new(server), service);
    let mut answered = Vec::new();
    let talk = async {
        client.write_all(bytes).await.ok();
        client.read_to_end(&mut answered).await.ok();
    };
    _ = tokio::join!(connection, talk);
    let said = std::mem::take(&mut *said.lock().expect("no panic"));
    (said, answered)
}
