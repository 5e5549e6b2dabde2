//! Files that are broken, or lie, or want too much: a sentence or a picture, never a crash.

use conch_shared::decode::decode;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::cases;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../tests/golden/hostile");

#[derive(Deserialize)]
struct Case {
    name: String,
    what: String,
    outcome: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// There is nothing to show: a sentence.
    Error,
    /// It is whole after all: a picture.
    Image,
    /// Part of it is there: a decoder may show that or refuse.
    Either,
}

/// A decoder's words on a file of the hostile folder.
fn message(name: &str) -> String {
    let file = FILES.get_file(name).expect("the folder has it");
    decode(file.contents())
        .expect_err("a hostile file")
        .to_string()
}

#[test]
fn hostile_files_give_a_sentence_or_a_picture() {
    let cases: Vec<Case> = cases(include_str!("hostile.json"));
    assert_eq!(cases.len(), FILES.files().count());
    for case in cases {
        let file = FILES.get_file(&case.name).expect("hostile.json names it");
        match (decode(file.contents()), case.outcome) {
            (Ok(_), Outcome::Image | Outcome::Either) => {}
            (Err(error), Outcome::Error | Outcome::Either) => {
                let sentence = error.to_string();
                assert!(sentence.ends_with('.'), "{}: {sentence}", case.what);
                assert!(sentence.len() < 300, "{}: {sentence}", case.what);
                assert!(!sentence.contains('\n'), "{}: {sentence}", case.what);
            }
            (Ok(image), Outcome::Error) => panic!("{}: {image:?}", case.what),
            (Err(error), Outcome::Image) => panic!("{}: {error}", case.what),
        }
    }
}

#[test]
fn the_sentence_says_what_is_wrong() {
    assert_eq!(message("empty.jpg"), "The file is empty (0 bytes).");
    assert!(message("text.jpg").starts_with("This is not a photo"));
    assert!(message("html.png").starts_with("This is not a photo"));
    for wild in ["wild_size.png", "wild_size.bmp"] {
        assert_eq!(
            message(wild),
            "The photo is too large: 60000 × 60000 pixels. \
             At most 128 million pixels, 65535 a side, are taken."
        );
    }
    assert!(message("header_only.jpg").starts_with("The JPEG file is damaged: "));
    assert!(message("no_frame.gif").starts_with("The GIF file is damaged: "));
}
