//! `conch serve`: the page and the API.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::welcome;
use crate::backend::Backend;
use crate::backend::embedded::Embedded;
use crate::backend::triton::Triton;
use crate::config::ServeArgs;
use crate::lan::Lan;
use crate::listen::Doors;
use crate::server::{self, Door, Limits};
use crate::trace::Exporter;
use crate::{AppState, build_router, shutdown, tls};

/// Serves until it is told to end.
///
/// # Errors
/// When a port is taken, the certificate or the repository broken, or no model can run.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    // Before the models: a taken port is known at once, and they take a while.
    let doors = Doors::open(&args).await?;
    let (plain, secure) = doors.addresses()?;
    let lan = secure.map(|secure| Lan::new(&args.lan, plain, secure));
    let lan = lan.transpose()?.map(Arc::new);
    let signal = shutdown::signal_to_end().context("cannot listen for signals")?;
    let backend = backend(&args).await?;
    let limits = Limits {
        header_timeout: Duration::from_secs(args.limits.header_timeout),
        grace: Duration::from_secs(args.listen.shutdown_grace),
    };
    let announced = lan.as_ref().filter(|_| args.lan.lan && !args.lan.no_mdns);
    let announced = announced.and_then(|lan| lan.announce());
    let spans = Exporter::start(&args.traces)?;
    let app = build_router(AppState {
        backend,
        lan: lan.clone(),
        config: Arc::new(args),
        metrics: Arc::default(),
        spans: spans.clone(),
        started: Instant::now(),
    });
    // A script that started us may have closed its end; that is no reason to stop.
    let words = welcome::words(plain, lan.as_deref());
    writeln!(io::stdout(), "{words}").ok();

    let (ended, end) = watch::channel(());
    let serve = |listener, tls| {
        let mut end = end.clone();
        let end = async move { end.changed().await.unwrap_or_default() };
        server::serve(Door { listener, tls }, app.clone(), limits, end)
    };
    let mut both = JoinSet::new();
    if let Some(listener) = doors.plain {
        both.spawn(serve(listener, None));
    }
    if let (Some(listener), Some(lan)) = (doors.secure, &lan) {
        let tls = tls::server_config(lan.identity())?;
        tokio::spawn(lan.clone().watch());
        both.spawn(serve(listener, Some(Arc::new(tls))));
    }
    signal.await;
    drop(announced);
    drop(ended);
    both.join_all().await;
    if let Some(spans) = spans {
        spans.end().await;
    }
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
    let triton = Triton::start(&args.triton, embedded.model_repo).await;
    Ok(Arc::new(triton))
}
