//! `precompress DIR`: writes `FILE.br` and `FILE.gz` beside each file of the page that gains by
//! it, so that the server never compresses while someone waits.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

const COMPRESSIBLE: &[&str] = &[
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];
/// Below this many bytes, headers outweigh what is saved.
const MIN_BYTES: usize = 256;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: precompress DIR");
        return ExitCode::FAILURE;
    };
    match run(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("precompress: {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Compresses every file below the folder, on as many threads as there are cores.
fn run(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let queue = Mutex::new(files);
    let next = || queue.lock().ok()?.pop();
    let work = || -> io::Result<()> {
        while let Some(file) = next() {
            compress(&file)?;
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, io::Result<()>>| {
            worker
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("a thread panicked")))
        };
        workers.into_iter().try_for_each(join)
    })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            collect(&path, files)?;
        } else if extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension)) {
            files.push(path);
        }
    }
    Ok(())
}

fn compress(file: &Path) -> io::Result<()> {
    let [br, gz] = ["br", "gz"].map(|suffix| {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(suffix);
        PathBuf::from(name)
    });
    if is_newer(&br, file) && is_newer(&gz, file) {
        return Ok(());
    }
    let bytes = fs::read(file)?;
    let mut brotli = Vec::new();
    // Quality 11 and a 4 MiB window are the defaults.
    brotli::BrotliCompress(
        &mut bytes.as_slice(),
        &mut brotli,
        &BrotliEncoderParams::default(),
    )?;
    keep(&br, &bytes, &brotli)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    keep(&gz, &bytes, &gzip.finish()?)
}

/// Writes what is smaller than the file itself; removes an older one that would now be wrong.
fn keep(target: &Path, plain: &[u8], packed: &[u8]) -> io::Result<()> {
    if plain.len() >= MIN_BYTES && packed.len() < plain.len() {
        return File::create(target)?.write_all(packed);
    }
    match fs::remove_file(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is_newer(target: &Path, source: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).ok();
    matches!((changed(target), changed(source)), (Some(target), Some(source)) if target >= source)
}
