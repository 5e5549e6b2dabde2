//! `precompress` on a folder like the page's.

use std::fs;
use std::io::Read;
use std::process::Command;

use tempfile::TempDir;

fn precompress(folder: &TempDir) {
    let program = env!("CARGO_BIN_EXE_precompress");
    let done = Command::new(program).arg(folder.path()).status().unwrap();
    assert!(done.success());
}

fn files(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

#[test]
fn files_that_gain_get_both_versions_and_they_unpack_to_the_same() {
    let folder = TempDir::new().unwrap();
    let script = "let x = 1;\n".repeat(100);
    fs::write(folder.path().join("app.js"), &script).unwrap();
    fs::write(folder.path().join("photo.png"), &script).unwrap();
    fs::write(folder.path().join("small.css"), "a{}").unwrap();
    precompress(&folder);
    assert_eq!(
        files(&folder),
        ["app.js", "app.js.br", "app.js.gz", "photo.png", "small.css"]
    );
    let mut unpacked = String::new();
    let gzip = fs::File::open(folder.path().join("app.js.gz")).unwrap();
    flate2::read::GzDecoder::new(gzip)
        .read_to_string(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, script);
    let mut unpacked = Vec::new();
    let mut brotli = fs::File::open(folder.path().join("app.js.br")).unwrap();
    brotli::BrotliDecompress(&mut brotli, &mut unpacked).unwrap();
    assert_eq!(unpacked, script.as_bytes());
}

#[test]
fn what_is_there_is_kept_until_its_file_changes() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("app.js");
    let packed = folder.path().join("app.js.gz");
    fs::write(&file, "a".repeat(1000)).unwrap();
    precompress(&folder);
    let first = fs::metadata(&packed).unwrap().modified().unwrap();
    precompress(&folder);
    assert_eq!(fs::metadata(&packed).unwrap().modified().unwrap(), first);
    // Now too short to gain: the versions of the old text must go.
    fs::write(&file, "b").unwrap();
    let later = first + std::time::Duration::from_secs(5);
    fs::File::options()
        .append(true)
        .open(&file)
        .unwrap()
        .set_modified(later)
        .unwrap();
    precompress(&folder);
    assert_eq!(files(&folder), ["app.js"]);
}
