//! Statistics: asked of every replica and added up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use conch_shared::kserve::statistics::{ModelStatistics, Statistics};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::fault::{Fault, unreachable};
use super::pool::Pool;
use crate::backend::{BackendError, ModelId};

/// Time for a replica's answer; one that has none is left out of the sum.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the replicas counted of one model or version, or of all.
///
/// # Errors
/// When model or version is unknown or not ready, or no replica answers.
pub(super) async fn statistics(
    pool: &Arc<Pool>,
    id: Option<&ModelId>,
) -> Result<Vec<ModelStatistics>, BackendError> {
    let catalogue = pool.catalogue();
    let (path, replicas) = match id {
        None => {
            let ready = catalogue.ready.iter().enumerate();
            let ready = ready.filter_map(|(at, ready)| ready.then_some(at));
            (vec!["stats".to_owned()], ready.collect())
        }
        Some(id) => {
            let (_, replicas) = catalogue.get(&id.name)?.serving(id.version)?;
            let mut path = vec![id.name.clone()];
            if let Some(version) = id.version {
                path.extend(["versions".to_owned(), version.to_string()]);
            }
            path.push("stats".to_owned());
            (path, replicas.to_vec())
        }
    };
    let mut questions = JoinSet::new();
    for at in replicas {
        let (pool, path) = (Arc::clone(pool), path.clone());
        questions.spawn(async move { (at, ask(&pool, at, &path).await) });
    }
    let mut sums: BTreeMap<(String, String), ModelStatistics> = BTreeMap::new();
    let mut last = None;
    let mut answers = 0;
    for (at, answer) in questions.join_all().await {
        match answer {
            Err(cause) => {
                let replica = &pool.replicas[at].name;
                tracing::warn!(replica, %cause, "no statistics");
                last = Some(cause);
            }
            Ok(counted) => {
                answers += 1;
                let known = |model: &ModelStatistics| catalogue.models.contains_key(&model.name);
                for model in counted.model_stats.into_iter().filter(known) {
                    let key = (model.name.clone(), model.version.clone());
                    sums.entry(key)
                        .and_modify(|sum| sum.add(&model))
                        .or_insert(model);
                }
            }
        }
    }
    let name = id.map_or_else(String::new, |id| id.name.clone());
    match last {
        Some(fault) if answers == 0 => Err(fault.into_error(&name, PATIENCE)),
        _ if answers == 0 => Err(unreachable(name)),
        _ => Ok(sums.into_values().collect()),
    }
}

async fn ask(pool: &Pool, at: usize, path: &[String]) -> Result<Statistics, Fault> {
    let mut whole = vec!["v2", "models"];
    whole.extend(path.iter().map(String::as_str));
    let answer = timeout(PATIENCE, pool.replicas[at].client.get(&whole)).await;
    answer.unwrap_or(Err(Fault::Late(PATIENCE)))
}
