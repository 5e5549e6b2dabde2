//! `conch serve`: the page and the API.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::welcome;
use crate::admission::pool::Pool;
use crate::backend::Backend;
use crate::backend::embedded::Embedded;
use crate::backend::triton::Triton;
use crate::config::ServeArgs;
use crate::lan::Lan;
use crate::listen::Doors;
use crate::server::{self, Door, Limits};
use crate::shutdown::{self, Phase, Signals};
use crate::{AppState, build_router, tls};

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
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let backend = backend(&args).await?;
    let limits = Limits::new(
        &args.limits,
        Duration::from_secs(args.listen.shutdown_grace),
    );
    let delay = Duration::from_secs(args.listen.shutdown_delay);
    let announced = lan.as_ref().filter(|_| args.lan.lan && !args.lan.no_mdns);
    let announced = announced.and_then(|lan| lan.announce());
    let (phase, phases) = watch::channel(Phase::Serving);
    let state = AppState::new(backend, args, lan.clone(), phases.clone())?;
    let spans = state.spans.clone();
    let app = build_router(state);
    // A script that started us may have closed its end; that is no reason to stop.
    let words = welcome::words(plain, lan.as_deref());
    writeln!(io::stdout(), "{words}").ok();

    let connections = Pool::of(limits.connections);
    let serve = |listener, tls| {
        let door = Door {
            listener,
            tls,
            connections: connections.clone(),
        };
        server::serve(door, app.clone(), limits, phases.clone())
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
    let first = signals.next().await;
    drop(announced);
    let ended = async {
        shutdown::end(first, &phase, delay).await;
        both.join_all().await;
        if let Some(spans) = spans {
            spans.end().await;
        }
    };
    tokio::select! {
        () = ended => {
            tracing::info!("ended");
            Ok(())
        }
        _ = signals.next() => bail!("ended at once, by a second signal"),
    }
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
