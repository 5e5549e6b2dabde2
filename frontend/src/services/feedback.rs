//! What the device can say without being looked at: a tick of its motor (W3C Vibration), words in its
//! own voice (W3C Web Speech).

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{SpeechSynthesis, SpeechSynthesisUtterance};

use crate::js::{get, method};

/// How long a tick is, milliseconds: felt, and not heard.
const TICK_MS: u32 = 20;
/// What the labels are written in.
const LANGUAGE: &str = "en";

/// Whether the browser lets pages tick. Those on computers do, and have nothing to do it with.
pub(crate) fn can_tick() -> bool {
    method(&window().navigator(), "vibrate").is_some()
}

/// A tick. Does nothing where there is no motor.
pub(crate) fn tick() {
    if can_tick() {
        window().navigator().vibrate_with_duration(TICK_MS);
    }
}

/// Whether the browser can speak.
pub(crate) fn can_speak() -> bool {
    voice().is_some()
}

/// Says it, and nothing of what was said before.
pub(crate) fn speak(words: &str) {
    let words = SpeechSynthesisUtterance::new_with_text(words);
    if let Some((voice, Ok(words))) = voice().map(|voice| (voice, words)) {
        voice.cancel();
        words.set_lang(LANGUAGE);
        voice.speak(&words);
    }
}

/// Ends what is being said.
pub(crate) fn hush() {
    if let Some(voice) = voice() {
        voice.cancel();
    }
}

fn voice() -> Option<SpeechSynthesis> {
    let voice = get(&window(), "speechSynthesis");
    method(&voice, "speak").map(|_| voice.unchecked_into())
}
