//! The numbered folders of a model, and which of them its `version_policy` serves.

use std::fs;
use std::path::Path;

use super::fault::Fault;
use super::{ModelConfig, RepoError};

/// The versions in a model's folder, oldest first. As in Triton, a version is a folder whose name
/// is a number above 0 without a leading 0; other folders do not count.
pub(super) fn read(folder: &Path) -> Result<Vec<u64>, RepoError> {
    let unreadable = |reason| RepoError::File {
        path: folder.to_owned(),
        reason,
    };
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        // `parse` takes a sign, too.
        let is_number = |name: &&str| name.starts_with(|first| matches!(first, '1'..='9'));
        let Some(name) = name.to_str().filter(is_number) else {
            continue;
        };
        if let Ok(version) = name.parse()
            && entry.path().is_dir()
        {
            versions.push(version);
        }
    }
    versions.sort_unstable();
    Ok(versions)
}

/// The versions that the policy serves, oldest first, out of those that are `there`. A version that
/// the policy names is among them even where it is not there.
pub(super) fn served(config: &ModelConfig, there: &[u64]) -> Vec<u64> {
    let latest = |count: u32| {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        there[there.len().saturating_sub(count)..].to_vec()
    };
    let Some(policy) = &config.version_policy else {
        return latest(1);
    };
    match (&policy.latest, &policy.specific) {
        (Some(policy), _) => latest(policy.num_versions),
        (None, Some(policy)) => {
            let positive = |version: &i64| u64::try_from(*version).ok().filter(|v| *v > 0);
            let mut versions: Vec<u64> = policy.versions.iter().filter_map(positive).collect();
            versions.sort_unstable();
            versions.dedup();
            versions
        }
        (None, None) => there.to_vec(),
    }
}

/// Whether the policy lists this very version.
pub(super) fn lists(config: &ModelConfig, version: u64) -> bool {
    let policy = config.version_policy.as_ref();
    policy
        .and_then(|policy| policy.specific.as_ref())
        .is_some_and(|policy| policy.versions.contains(&version.cast_signed()))
}

/// The fault of a policy that leaves nothing of the versions that are there.
pub(super) fn none_served() -> Fault {
    let reason = "version_policy: expected a policy that serves a version, found none";
    Fault::new("version_policy", reason)
}
