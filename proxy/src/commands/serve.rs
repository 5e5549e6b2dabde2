//! `conch serve`: the page and the API.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;

use crate::backend::Backend;
use crate::backend::embedded::Embedded;
use crate::backend::triton::Triton;
use crate::config::ServeArgs;
use crate::server::{self, Limits};
use crate::{AppState, build_router, shutdown};

/// Serves until it is told to end.
///
/// # Errors
/// When the address is taken, the repository broken, or no model can run.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    // Before the models: a taken port is known at once, and they take a while.
    let bind = args.listen.bind;
    let listener = TcpListener::bind(bind).await;
    let listener = listener.map_err(|error| cannot_listen(bind, &error))?;
    let end = shutdown::signal_to_end().context("cannot listen for signals")?;
    let backend = backend(&args).await?;
    let limits = Limits {
        header_timeout: Duration::from_secs(args.limits.header_timeout),
        grace: Duration::from_secs(args.listen.shutdown_grace),
    };
    let app = build_router(AppState {
        backend,
        config: Arc::new(args),
        started: Instant::now(),
    });
    let address = listener.local_addr()?;
    // A script that started us may have closed its end; that is no reason to stop.
    writeln!(io::stdout(), "Conch is ready: open http://{address}").ok();
    server::serve(listener, app, limits, end).await;
    tracing::info!("ended");
    Ok(())
}

/// Triton where one is named, else the engine in this process.
async fn backend(args: &ServeArgs) -> anyhow::Result<Arc<dyn Backend>> {
    let embedded = args.embedded.clone();
    if args.triton.triton.is_empty() {
        let load = move || Embedded::load(&embedded);
        return Ok(Arc::new(tokio::task::spawn_blocking(load).await??));
    }
    // Only a repository that somebody named is Triton's; the default folder may hold another
    // model of the same name, and wrong labels.
    let triton = Triton::start(&args.triton, embedded.model_repo).await?;
    Ok(Arc::new(triton))
}

fn cannot_listen(bind: SocketAddr, error: &io::Error) -> anyhow::Error {
    let (way_out, ip) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "Another program listens there: end it, or take another port",
            bind.ip(),
        ),
        _ => ("Take another address", Ipv4Addr::LOCALHOST.into()),
    };
    let free = SocketAddr::new(ip, 0);
    anyhow!("cannot listen on {bind}: {error}\n{way_out}; --bind {free} picks a free one")
}
