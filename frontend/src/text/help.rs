//! Help, keys, settings, versions.

use conch_shared::tensor::DataType;

use super::NAME;
use crate::place::{Panel, Sheet};
use crate::settings::Theme;
use crate::shortcut::{Action, Shortcut};

pub(crate) const SKIP: &str = "Skip to the photos";

pub(crate) const WHAT_TITLE: &str = "What Conch does";
pub(crate) const WHAT: [&str; 3] = [
    "Conch shows a photo to a model that recognises pictures, and says which of the model’s labels fit best and how sure the model is.",
    "The browser opens the photo and cuts out the square that the model looks at; a model server answers with a number for each label.",
    "Open a photo to see how its answer came about: what the model saw, which parts of the photo it hangs on, and every step in between with its numbers.",
];
pub(crate) const LABORATORY: &str = "The laboratory, step by step";
/// Where the laboratory's text is.
pub(crate) const LABORATORY_ADDRESS: &str = "lab.html";

pub(crate) const LEAVES_TITLE: &str = "What leaves this device";
pub(crate) const LEAVES_AGAIN: &str = "Such pixels go again for another square or another model, for Compare and Inside, and well over a hundred times, with a grey patch on them, for Why?. The receipt under a photo’s answer counts them to the byte.";
pub(crate) const LEAVES_ELSE: &str = "Nothing else of a photo is sent: no name, no place where it was taken. There is no account and no count of visits. A picture that you add by its link is asked for at its own host. Your settings are kept in this browser alone.";

pub(crate) const SETTINGS_TITLE: &str = "Settings";
pub(crate) const THEME: &str = "Colours";
pub(crate) const SEND: &str = "Pixels are sent as";
pub(crate) const SINGLE_KEYS: &str = "Use single keys as shortcuts";
pub(crate) const TICK: &str = "Camera: tick when the live label changes";
pub(crate) const SPEAK: &str = "Camera: say the live label aloud";

pub(crate) const KEYS_TITLE: &str = "Keys";
pub(crate) const VERSIONS_TITLE: &str = "Versions";

pub(crate) const RELOAD: &str = "Reload the page";
pub(crate) const DISMISS: &str = "Not now";
pub(crate) const OFFLINE: &str = "This device is offline. The models are on the server, and so are the sample photos: photos that you add wait here and go on by themselves when it is back online.";

/// A choice of colours.
pub(crate) fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "As the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

/// What a screen reader says when a key changed the colours.
pub(crate) fn theme_is(theme: Theme) -> String {
    format!("{}: {}.", THEME, self::theme(theme))
}

/// A way to send the pixels.
pub(crate) fn send(send: DataType) -> &'static str {
    match send {
        DataType::Fp32 => "FP32: normalised here, four bytes a value, as the laboratory does it",
        _ => "UINT8: one byte a value, and the server normalises",
    }
}

/// What a shortcut does.
pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::Sheet(Sheet::Help) => "Show this help",
        Action::Sheet(Sheet::Models) => "Show the models",
        Action::Sheet(Sheet::Phone) => super::phone::TITLE,
        Action::Sheet(Sheet::Camera) => "Open the camera",
        Action::Add => "Add photos",
        Action::Gallery => "Show all photos",
        Action::Panel(Panel::Answer) => "Show the answer",
        Action::Panel(Panel::Compare) => "Compare two models",
        Action::Panel(Panel::Why) => "Ask why",
        Action::Panel(Panel::Inside) => "Look inside",
        Action::Theme => "Switch between light and dark",
        Action::Undo => "Undo",
    }
}

/// What is printed on a shortcut's keys.
pub(crate) fn keys(shortcut: &Shortcut) -> Vec<String> {
    let key = shortcut.key.to_uppercase();
    match shortcut.with_control {
        true => vec!["Ctrl".to_owned(), key],
        false => vec![key],
    }
}

/// Keys that regions of the page answer themselves, and what they do.
pub(crate) const OTHER_KEYS: [(&[&str], &str); 4] = [
    (&["←", "→"], "The photo before, the photo after"),
    (
        &["Home", "End"],
        "In the row of photos: the first, the last",
    ),
    (&["Delete"], "Remove the photo"),
    (&["Esc"], "Close, or go back to all photos"),
];

/// Where those work.
pub(crate) const IN_LARGE_VIEW: &str = "With one photo open";
pub(crate) const WITHOUT_SINGLE_KEYS: &str = "With single keys turned off in the settings, Ctrl Z and Esc still work, and in the row of photos the arrows, Home and End.";

/// The page's version and the server's.
pub(crate) fn versions(page: &str, server: Option<(&str, &str)>) -> String {
    match server {
        Some((server, engine)) => {
            format!("This page is of {NAME} {page}; the server is {NAME} {server}, with {engine}.")
        }
        None => format!("This page is of {NAME} {page}; the server does not answer."),
    }
}

/// The page and the server are of different versions.
pub(crate) fn other_version(page: &str, server: &str) -> String {
    format!(
        "This page is of {NAME} {page}, but the server is {NAME} {server}: they may not understand each other. Reload the page to have the server’s own; the photos on the page come along."
    )
}

/// The footer while a server answers that has nothing that runs models.
pub(crate) fn server(version: &str) -> String {
    format!("{NAME} {version}.")
}
