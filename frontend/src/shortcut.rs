//! The keys that work anywhere on the page, in one table: what does them and what tells of them
//! both read it. Pure, so that it can be tested without a browser.

use crate::place::{Panel, Sheet};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Opens a sheet.
    Sheet(Sheet),
    /// Opens the file chooser.
    Add,
    /// Leads to all photos.
    Gallery,
    /// Shows a panel beside the photo.
    Panel(Panel),
    /// Light to dark, dark to light.
    Theme,
    /// Takes back what was done last.
    Undo,
}

/// A key and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shortcut {
    /// The key by its name in the browser's `KeyboardEvent.key`; a letter stands for both cases.
    pub(crate) key: &'static str,
    /// Whether it is pressed together with Ctrl, or with Command on a Mac.
    pub(crate) with_control: bool,
    /// What it does.
    pub(crate) action: Action,
}

const fn alone(key: &'static str, action: Action) -> Shortcut {
    Shortcut {
        key,
        with_control: false,
        action,
    }
}

/// All of them, in the order in which they are told.
pub(crate) const SHORTCUTS: [Shortcut; 12] = [
    alone("?", Action::Sheet(Sheet::Help)),
    alone("a", Action::Add),
    alone("c", Action::Sheet(Sheet::Camera)),
    alone("g", Action::Gallery),
    alone("1", Action::Panel(Panel::Answer)),
    alone("2", Action::Panel(Panel::Compare)),
    alone("3", Action::Panel(Panel::Why)),
    alone("4", Action::Panel(Panel::Inside)),
    alone("m", Action::Sheet(Sheet::Models)),
    alone("t", Action::Theme),
    alone("u", Action::Undo),
    Shortcut {
        key: "z",
        with_control: true,
        action: Action::Undo,
    },
];

/// A key as it was pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "as the browser tells it")]
pub(crate) struct Press<'a> {
    /// `KeyboardEvent.key`.
    pub(crate) key: &'a str,
    /// With Ctrl or Command.
    pub(crate) control: bool,
    /// With Alt.
    pub(crate) alt: bool,
    /// With Shift.
    pub(crate) shift: bool,
    /// While something has the focus into which one writes.
    pub(crate) in_text: bool,
}

/// What a press does; `single_keys`: keys without Ctrl do something.
pub(crate) fn action(press: Press, single_keys: bool) -> Option<Action> {
    // Which keys need Shift is the keyboard's affair, but for letters.
    let is_letter = press.key.chars().all(char::is_alphabetic);
    if press.in_text || press.alt || (press.shift && is_letter) {
        return None;
    }
    let shortcut = SHORTCUTS.iter().find(|shortcut| {
        shortcut.with_control == press.control && shortcut.key.eq_ignore_ascii_case(press.key)
    })?;
    (single_keys || shortcut.with_control).then_some(shortcut.action)
}

/// Whether one writes into an element: its tag, in capitals, and an input's type.
pub(crate) fn takes_text(tag: &str, kind: &str, is_editable: bool) -> bool {
    const BUTTONS: [&str; 8] = [
        "button", "checkbox", "color", "file", "radio", "range", "reset", "submit",
    ];
    match tag {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !BUTTONS.contains(&kind),
        _ => is_editable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    #[test]
    fn a_key_does_what_the_table_says() {
        let help = Some(Action::Sheet(Sheet::Help));
        let shifted = Press {
            shift: true,
            ..press("?")
        };
        assert_eq!(action(shifted, true), help);
        assert_eq!(action(press("4"), true), Some(Action::Panel(Panel::Inside)));
        // Caps Lock.
        assert_eq!(action(press("T"), true), Some(Action::Theme));
        assert_eq!(action(press("q"), true), None);
    }

    #[test]
    fn single_keys_are_silent_where_one_writes_with_modifiers_and_when_turned_off() {
        let m = press("m");
        assert!(action(m, true).is_some());
        assert_eq!(action(m, false), None);
        for other in [
            Press { in_text: true, ..m },
            Press { control: true, ..m },
            Press { alt: true, ..m },
            Press { shift: true, ..m },
        ] {
            assert_eq!(action(other, true), None);
        }
    }

    #[test]
    fn undo_with_control_works_even_without_single_keys() {
        let undo = Press {
            control: true,
            ..press("z")
        };
        assert_eq!(action(undo, false), Some(Action::Undo));
        assert_eq!(action(press("z"), true), None);
        let redo = Press {
            shift: true,
            ..undo
        };
        assert_eq!(action(redo, true), None);
    }

    #[test]
    fn one_writes_into_fields_and_not_into_switches() {
        assert!(takes_text("INPUT", "url", false));
        assert!(takes_text("TEXTAREA", "", false));
        assert!(takes_text("DIV", "", true));
        assert!(!takes_text("INPUT", "range", false));
        assert!(!takes_text("BUTTON", "", false));
    }

    #[test]
    fn no_two_shortcuts_have_the_same_key() {
        for (at, one) in SHORTCUTS.iter().enumerate() {
            let same =
                |other: &&Shortcut| (other.key, other.with_control) == (one.key, one.with_control);
            assert_eq!(SHORTCUTS.iter().position(|it| same(&it)), Some(at));
        }
    }
}
