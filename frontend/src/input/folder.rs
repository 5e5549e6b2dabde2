//! Photos of a folder, and of the folders in it: chosen, or dropped.

use std::cmp::Ordering;

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::document;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry, HtmlInputElement,
};

use super::{Brought, ImageSource, files};

/// Most photos that are taken from folders at once: somebody may choose a whole disk.
pub(crate) const MOST: usize = 1000;

/// What was dropped: a file, or a folder to be read.
pub(super) enum Dropped {
    File(File),
    Folder(FileSystemEntry),
}

/// Whether this browser can choose a folder.
pub(crate) fn can_choose() -> bool {
    input().is_some_and(|input| {
        Reflect::has(&input, &JsValue::from_str("webkitdirectory")).unwrap_or_default()
    })
}

/// Opens the folder chooser; `take` is called once, when a folder was chosen.
pub(crate) fn choose(take: impl Fn(Brought) + 'static) {
    let Some(input) = input() else { return };
    input.set_type("file");
    input.set_webkitdirectory(true);
    let of = input.clone();
    let chosen = Closure::once_into_js(move || {
        let mut files: Vec<(String, File)> = files(of.files().as_ref())
            .map(|file| (path(&file), file))
            .collect();
        files.sort_by(|(a, _), (b, _)| by_name(a, b));
        let mut brought = Brought::default();
        for (path, file) in files {
            brought.take_in(&path, file);
        }
        take(brought);
    });
    input.set_onchange(Some(chosen.unchecked_ref()));
    input.click();
}

/// Reads what was dropped, folders and all, in order.
pub(super) fn read(dropped: Vec<Dropped>, take: impl Fn(Brought) + 'static) {
    spawn_local(async move {
        let mut brought = Brought::default();
        for dropped in dropped {
            match dropped {
                // Chosen by hand: it is taken, and its card says where it is no photo.
                Dropped::File(file) => brought.photos.push(file.into()),
                Dropped::Folder(folder) => read_folder(folder, &mut brought).await,
            }
        }
        take(brought);
    });
}

async fn read_folder(folder: FileSystemEntry, brought: &mut Brought) {
    brought.is_folder = true;
    let mut line = vec![folder];
    while let Some(entry) = line.pop() {
        if brought.is_full() {
            brought.is_cut = true;
            return;
        }
        if entry.is_directory() {
            let mut inside = children(entry.unchecked_into()).await;
            inside.sort_by(|a, b| by_name(&b.name(), &a.name()));
            line.append(&mut inside);
        } else if let Some(file) = file(entry.unchecked_ref()).await {
            brought.take_in(&file.name(), file);
        }
    }
}

/// What is in a folder; what cannot be read is not.
async fn children(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    // Browsers give a hundred at a time, and an empty list at the end.
    loop {
        let some = when(|done, failed| {
            // Says why through `failed`.
            _ = reader.read_entries_with_callback_and_callback(done, failed);
        });
        let some: Array = some
            .await
            .map_or_else(|_| Array::new(), JsCast::unchecked_into);
        if some.length() == 0 {
            return all;
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file(entry: &FileSystemFileEntry) -> Option<File> {
    let file = when(|done, failed| entry.file_with_callback_and_callback(done, failed));
    file.await.ok().map(JsCast::unchecked_into)
}

/// What a function with two callbacks gives.
fn when(begin: impl Fn(&Function, &Function)) -> JsFuture {
    JsFuture::from(Promise::new(&mut |done, failed| begin(&done, &failed)))
}

fn input() -> Option<HtmlInputElement> {
    let input = document().create_element("input").ok()?;
    input.dyn_into().ok()
}

/// The path inside the folder that was chosen.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &JsValue::from_str("webkitRelativePath"));
    let path = path.ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}

impl Brought {
    fn is_full(&self) -> bool {
        self.photos.len() >= MOST
    }

    /// Takes a folder's file in if it is a photo. Hidden files are not even counted.
    fn take_in(&mut self, path: &str, file: File) {
        self.is_folder = true;
        if path.split('/').any(|part| part.starts_with('.')) {
            return;
        }
        match is_photo(&file.name(), &file.type_()) {
            true if self.is_full() => self.is_cut = true,
            true => self.photos.push(ImageSource::from(file)),
            false => self.left_out += 1,
        }
    }
}

/// Whether a file is a photo by its type, or by its ending where the system knows no type.
fn is_photo(name: &str, kind: &str) -> bool {
    const ENDINGS: [&str; 13] = [
        "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic",
        "heif",
    ];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_known = ENDINGS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known));
    // A drawing is no photo.
    is_known || (kind.starts_with("image/") && !kind.starts_with("image/svg"))
}

/// The order in which people expect names: letters without regard to case, numbers by their value.
fn by_name(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let order = match (number(left), number(right)) {
            (Some((x, after_x)), Some((y, after_y))) => {
                (left, right) = (after_x, after_y);
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            _ => match (first(left), first(right)) {
                (Some((x, after_x)), Some((y, after_y))) => {
                    (left, right) = (after_x, after_y);
                    x.to_lowercase().cmp(y.to_lowercase())
                }
                (x, y) => return x.cmp(&y).then_with(|| a.cmp(b)),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The digits that a text begins with, without leading zeros, and what is after them.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (end > 0).then(|| (digits.trim_start_matches('0'), rest))
}

fn first(text: &str) -> Option<(char, &str)> {
    let mut letters = text.chars();
    letters.next().map(|letter| (letter, letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_that_people_expect() {
        let mut names = [
            "b.jpg",
            "IMG_10.jpg",
            "img_9.jpg",
            "a/2.jpg",
            "IMG_010.jpg",
            "a/1.jpg",
        ];
        names.sort_by(|a, b| by_name(a, b));
        let expected = [
            "a/1.jpg",
            "a/2.jpg",
            "b.jpg",
            "img_9.jpg",
            "IMG_010.jpg",
            "IMG_10.jpg",
        ];
        assert_eq!(names, expected);
        assert_eq!(by_name("a", "ab"), Ordering::Less);
        assert_eq!(by_name("7", "7"), Ordering::Equal);
    }

    #[test]
    fn photos_are_told_by_type_or_by_ending() {
        assert!(is_photo("x", "image/png") && is_photo("IMG.HEIC", "") && is_photo("a.b.jpeg", ""));
        assert!(!is_photo("notes.txt", "text/plain") && !is_photo("jpg", "") && !is_photo("", ""));
        assert!(!is_photo("logo.svg", "image/svg+xml"));
    }
}
