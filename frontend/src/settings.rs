//! What somebody chose on this page. It is kept in the browser, one word a choice, and only where it
//! is not as usual; a browser that refuses to keep it forgets it with the page.

use conch_shared::model::ModelSpec;
use conch_shared::tensor::DataType;
use leptos::prelude::*;
use web_sys::{Storage, StorageEvent};

use crate::choice::{called, word};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The colours.
    pub(crate) theme: Theme,
    /// What a photo is sent as: `UINT8`, a byte a value, which the server normalises, or `FP32`,
    /// normalised here, four bytes a value, as the laboratory's notebook sends it.
    pub(crate) send: DataType,
    /// Whether letters and digits alone are shortcuts (WCAG 2.2, 2.1.4).
    pub(crate) single_keys: bool,
    /// Whether the device ticks when the label over a moving picture changes.
    pub(crate) tick: bool,
    /// Whether it says that label aloud.
    pub(crate) speak: bool,
}

/// The page's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has them.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// All of them, each with its word in the browser's storage and on `<html data-theme>`.
    pub(crate) const ALL: [(Self, &str); 3] = [
        (Self::System, "system"),
        (Self::Light, "light"),
        (Self::Dark, "dark"),
    ];

    /// The other one than is seen now.
    pub(crate) fn toggled(is_dark: bool) -> Self {
        match is_dark {
            true => Self::Light,
            false => Self::Dark,
        }
    }
}

/// What a photo can be sent as.
pub(crate) const SEND: [(DataType, &str); 2] =
    [(DataType::Uint8, "UINT8"), (DataType::Fp32, "FP32")];

/// What a photo goes to a model as: one that takes bytes gets bytes, whatever was chosen.
pub(crate) fn sent_as(model: &ModelSpec, chosen: DataType) -> DataType {
    match model.input.datatype {
        DataType::Uint8 => DataType::Uint8,
        _ => chosen,
    }
}

const SWITCH: [(bool, &str); 2] = [(true, "on"), (false, "off")];

/// The keys in the browser's storage. `boot.js` reads the first before the page is painted.
const THEME: &str = "conch.theme";
const SENT: &str = "conch.send";
const SINGLE_KEYS: &str = "conch.single-keys";
const TICK: &str = "conch.tick";
const SPEAK: &str = "conch.speak";

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            send: DataType::Uint8,
            single_keys: true,
            tick: false,
            speak: false,
        }
    }
}

impl Settings {
    /// The settings of words that were kept; what nobody understands is as usual.
    fn read(kept: impl Fn(&str) -> Option<String>) -> Self {
        let usual = Self::default();
        let kept = |key| kept(key).unwrap_or_default();
        let switch = |key, usual| called(&SWITCH, &kept(key)).unwrap_or(usual);
        Self {
            theme: called(&Theme::ALL, &kept(THEME)).unwrap_or(usual.theme),
            send: called(&SEND, &kept(SENT)).unwrap_or(usual.send),
            single_keys: switch(SINGLE_KEYS, usual.single_keys),
            tick: switch(TICK, usual.tick),
            speak: switch(SPEAK, usual.speak),
        }
    }

    /// A word for each key; none where it is as usual.
    fn words(self) -> [(&'static str, Option<&'static str>); 5] {
        let usual = Self::default();
        let theme = word(&Theme::ALL, self.theme);
        let send = word(&SEND, self.send);
        let switch = |now: bool, usual: bool| (now != usual).then(|| word(&SWITCH, now));
        [
            (THEME, (self.theme != usual.theme).then_some(theme)),
            (SENT, (self.send != usual.send).then_some(send)),
            (SINGLE_KEYS, switch(self.single_keys, usual.single_keys)),
            (TICK, switch(self.tick, usual.tick)),
            (SPEAK, switch(self.speak, usual.speak)),
        ]
    }
}

/// What was kept.
pub(crate) fn load() -> Settings {
    let storage = storage();
    Settings::read(|key| storage.as_ref()?.get_item(key).ok().flatten())
}

/// Keeps what is chosen, shows the theme, and hears of what is chosen in another tab, until the
/// owner is cleaned up.
pub(crate) fn follow(settings: RwSignal<Settings>) {
    Effect::new(move || {
        let settings = settings.get();
        if let Some(root) = document().document_element() {
            // Fails for no attribute that can be written. `boot.js` sets the colour around the page.
            _ = root.set_attribute("data-theme", word(&Theme::ALL, settings.theme));
        }
        if let Some(storage) = storage() {
            for (key, word) in settings.words() {
                // Fails where the browser keeps nothing: the page still does as it is told.
                _ = match word {
                    Some(word) => storage.set_item(key, word),
                    None => storage.remove_item(key),
                };
            }
        }
    });
    let listener = window_event_listener(leptos::ev::storage, move |_: StorageEvent| {
        let kept = load();
        if settings.get_untracked() != kept {
            settings.set(kept);
        }
    });
    on_cleanup(move || listener.remove());
}

/// The browser's storage; none where it is refused.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kept: &[(&str, Option<&str>)]) -> Settings {
        Settings::read(|key| {
            let (_, word) = kept.iter().find(|(k, _)| *k == key)?;
            word.map(str::to_owned)
        })
    }

    #[test]
    fn what_was_chosen_is_found_again() {
        for (theme, _) in Theme::ALL {
            for (send, _) in SEND {
                for (single_keys, tick, speak) in [
                    (true, false, true),
                    (false, true, false),
                    (false, true, true),
                ] {
                    let settings = Settings {
                        theme,
                        send,
                        single_keys,
                        tick,
                        speak,
                    };
                    assert_eq!(read(&settings.words()), settings);
                }
            }
        }
    }

    #[test]
    fn nothing_is_kept_of_what_is_as_usual() {
        let words = Settings::default().words();
        assert!(words.iter().all(|(_, word)| word.is_none()));
    }

    #[test]
    fn a_model_that_takes_bytes_gets_bytes() {
        let mut model = crate::example::model();
        let sent = |model: &ModelSpec| SEND.map(|(chosen, _)| sent_as(model, chosen));
        assert_eq!(sent(&model), [DataType::Uint8, DataType::Fp32]);
        model.input.datatype = DataType::Uint8;
        assert_eq!(sent(&model), [DataType::Uint8; 2]);
    }

    #[test]
    fn what_nobody_understands_is_as_usual() {
        let kept = [(THEME, Some("pink")), (SENT, Some("INT64"))];
        assert_eq!(read(&kept), Settings::default());
    }
}
