//! Looks at one replica again and again, for as long as the server runs.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::look::look;
use super::pool::Pool;

/// After so many looks, a replica's configs are asked for anew: Triton can take changed ones in
/// place, without a word in its index.
const LOOKS_BETWEEN_CONFIGS: u32 = 20;

/// Watches a replica. `looked` is told of the first look.
pub(super) async fn watch(pool: Arc<Pool>, replica: usize, looked: oneshot::Sender<()>) {
    let mut looked = Some(looked);
    let mut before = None;
    let mut looks = 0u32;
    let mut doubted = false;
    loop {
        let watched = &pool.replicas[replica];
        if watched.may_be_another() {
            // Of a new server nothing is known; its labels may be others under the same config.
            before = None;
        }
        let afresh = doubted || looks.is_multiple_of(LOOKS_BETWEEN_CONFIGS);
        let repository = pool.repository.as_deref();
        let seen = look(&watched.client, repository, before.as_ref(), afresh).await;
        looks = looks.wrapping_add(1);
        before = seen.as_ref().ok().cloned();
        pool.note(replica, seen);
        // Nobody may have waited.
        looked.take().map(|looked| looked.send(()).ok());
        doubted = timeout(pool.interval, watched.doubted.notified())
            .await
            .is_ok();
    }
}
