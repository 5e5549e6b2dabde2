//! `config.pbtxt` in a model's folder: read, or refused with a place that is in the file. One that was
//! read prints to one that reads the same, and gives the spec that Triton's JSON of it would give.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs, process};

use conch_proxy::model_repo::{self, RepoError, RepoModel};
use libfuzzer_sys::fuzz_target;

const MODEL: &str = "fuzz";

/// A repository of one model, whose config is written anew for each case.
static REPOSITORY: LazyLock<PathBuf> = LazyLock::new(|| {
    let repository = env::temp_dir().join(format!("conch-fuzz-{}", process::id()));
    let folder = repository.join(MODEL);
    fs::create_dir_all(folder.join("1")).expect("a folder for temporary files");
    fs::write(folder.join("1/model.onnx"), "").expect("room for a file");
    fs::write(folder.join("labels.txt"), "shell\nsand\nsea\n").expect("room for a file");
    repository
});

fuzz_target!(|text: &[u8]| {
    let model = match read(text) {
        Ok(model) => model,
        Err(error) => return check_place(&error, text),
    };
    let Some(config) = &model.config else {
        return;
    };
    let spec = model_repo::spec_of(config, MODEL).ok();
    assert_eq!(spec, model.spec);
    let printed = model_repo::print(config).expect("a config that was read");
    let again = match read(printed.as_bytes()) {
        Ok(again) => again,
        Err(error) => panic!("{error}\n{printed}"),
    };
    assert_eq!(again.config.as_ref(), Some(config), "{printed}");
    assert_eq!(again.spec, model.spec);
});

fn read(config: &[u8]) -> Result<RepoModel, RepoError> {
    fs::write(REPOSITORY.join(MODEL).join("config.pbtxt"), config).expect("room for a file");
    let mut models = model_repo::read(&REPOSITORY)?;
    Ok(models.remove(0))
}

/// A refusal is a sentence, and names no line beyond the last.
fn check_place(error: &RepoError, text: &[u8]) {
    assert!(!error.to_string().is_empty());
    let lines = text.iter().filter(|byte| **byte == b'\n').count() + 1;
    match error {
        RepoError::Syntax { line, column, .. } => {
            assert!((1..=lines).contains(line), "line {line} of {lines}");
            assert!((1..=text.len() + 1).contains(column), "column {column}");
        }
        RepoError::Config { line, .. } | RepoError::NameDiffers { line, .. } => {
            assert!(line.is_none_or(|line| (1..=lines).contains(&line)));
        }
        RepoError::Several { errors, .. } => {
            errors.iter().for_each(|error| check_place(error, text));
        }
        _ => {}
    }
}
