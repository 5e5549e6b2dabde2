//! The small signs on buttons that have no words: arrows, plus, minus. Decoration to a screen
//! reader; the button says in words what they mean.

use leptos::prelude::*;

/// An arrow to the left, as a path in a box of 24 units.
pub(crate) const LEFT: &str = "M19 12H5M11 6l-6 6 6 6";
/// To the right.
pub(crate) const RIGHT: &str = "M5 12h14M13 6l6 6-6 6";
/// Up.
pub(crate) const UP: &str = "M12 19V5M6 11l6-6 6 6";
/// Down.
pub(crate) const DOWN: &str = "M12 5v14M6 13l6 6 6-6";
/// Larger.
pub(crate) const PLUS: &str = "M12 5v14M5 12h14";
/// Smaller.
pub(crate) const MINUS: &str = "M5 12h14";

/// One of them.
#[component]
pub(crate) fn Glyph(path: &'static str) -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path />
        </svg>
    }
}
