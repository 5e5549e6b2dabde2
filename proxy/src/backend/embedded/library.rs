//! Finding and loading `libonnxruntime`.

mod version;

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ort::environment::Environment;

use super::EmbeddedError;

/// ONNX Runtime, loaded.
pub(super) struct Library {
    pub(super) environment: Environment,
    /// Its name and version, for people.
    pub(super) engine: String,
}

/// ONNX Runtime allows one environment in the life of a process; further engines share the first.
static LOADED: Mutex<Option<(Environment, String)>> = Mutex::new(None);

impl Library {
    /// Loads the library at `given`, or the first that is found beside the program, in Conch's
    /// cache folder, or by the system's loader.
    ///
    /// # Errors
    /// When there is none, or it is no ONNX Runtime that this program can use.
    pub(super) fn load(given: Option<&Path>) -> Result<Self, EmbeddedError> {
        let looked_at = match given {
            Some(path) => vec![std::path::absolute(path).unwrap_or_else(|_| path.to_owned())],
            None => candidates(),
        };
        let mut loaded = LOADED
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some((environment, engine)) = &*loaded {
            return Ok(Self {
                environment: environment.clone(),
                engine: engine.clone(),
            });
        }
        let failed = |reason: String, looked_at| EmbeddedError::Library { reason, looked_at };
        let chosen = match looked_at.iter().find(|path| path.is_file()) {
            Some(path) => path.clone(),
            None if given.is_none() => file_name(),
            None => {
                let reason = "ONNX Runtime's library is not where --onnxruntime says".to_owned();
                return Err(failed(reason, looked_at));
            }
        };
        let builder = match ort::init_from(&chosen) {
            Ok(builder) => builder,
            Err(error) => {
                let reason =
                    format!("ONNX Runtime, which runs the models, cannot be loaded: {error}");
                return Err(failed(reason, looked_at));
            }
        };
        let environment = builder
            .with_name("conch")
            .with_telemetry(false)
            .build()
            .map_err(|error| failed(format!("ONNX Runtime does not start: {error}"), looked_at))?;
        let engine = match version::of(&chosen) {
            Some(version) => format!("ONNX Runtime {version}"),
            None => "ONNX Runtime".to_owned(),
        };
        tracing::info!(library = %chosen.display(), engine, "engine loaded");
        *loaded = Some((environment.clone(), engine.clone()));
        Ok(Self {
            environment,
            engine,
        })
    }
}

/// `libonnxruntime.so`, or what this system calls it.
fn file_name() -> PathBuf {
    format!("{DLL_PREFIX}onnxruntime{DLL_SUFFIX}").into()
}

/// Where the library may be, best first; the last is a bare name for the system's loader.
fn candidates() -> Vec<PathBuf> {
    let beside = env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join(file_name())));
    let versions = cache_folder().map(|cache| cache.join("onnxruntime"));
    let mut cached: Vec<PathBuf> = versions
        .as_ref()
        .and_then(|versions| versions.read_dir().ok())
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    cached.sort_by_key(|folder| std::cmp::Reverse(version_numbers(folder)));
    if cached.is_empty() {
        // Never there, but the message shows where it would be.
        cached.extend(versions.map(|versions| versions.join("VERSION")));
    }
    let cached = cached.into_iter().map(|folder| folder.join(file_name()));
    beside
        .into_iter()
        .chain(cached)
        .chain([file_name()])
        .collect()
}

/// The folder that the scripts in `scripts/setup` fill.
fn cache_folder() -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    variable("CONCH_CACHE")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("conch")))
        .or_else(|| Some(variable("HOME")?.join(".cache/conch")))
}

/// The numbers of a folder called by a version, so that 1.31 is newer than 1.9.
fn version_numbers(folder: &Path) -> Vec<u32> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let numbers = |name: &str| version_numbers(Path::new(name));
        assert!(numbers("/x/1.31.1") > numbers("/x/1.9.0"));
        assert!(numbers("/x/1.31.1") > numbers("/x/1.31"));
        assert!(numbers("/x/notes").is_empty());
    }

    #[test]
    fn the_systems_loader_comes_last() {
        assert_eq!(candidates().last(), Some(&file_name()));
    }
}
