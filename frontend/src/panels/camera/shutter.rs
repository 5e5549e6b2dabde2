//! The shutter: freezes the picture, and hands it to the desk once it is wanted.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::session::{Session, Stage};
use crate::camera::Mode;
use crate::desk::Desk;
use crate::input::camera::{self, frame};
use crate::text::camera as say;

/// A handle to the shutter of this sheet.
#[derive(Clone, Copy)]
pub(super) struct Shutter {
    session: Session,
    mode: RwSignal<Mode>,
    desk: Desk,
    spoken: RwSignal<String>,
    /// Whether the picture stands still.
    pub(super) is_frozen: RwSignal<bool>,
    pub(super) button: NodeRef<html::Button>,
    /// Photos that were kept.
    pub(super) kept: RwSignal<usize>,
    /// The frozen picture, until somebody keeps it.
    taken: StoredValue<Option<Blob>, LocalStorage>,
    /// Whether somebody kept it before it was a file.
    is_wanted: StoredValue<bool>,
}

impl Shutter {
    /// Sets it up, in the current owner.
    pub(super) fn new(session: Session, mode: RwSignal<Mode>, spoken: RwSignal<String>) -> Self {
        let shutter = Self {
            session,
            mode,
            desk: expect_context(),
            spoken,
            is_frozen: RwSignal::new(false),
            button: NodeRef::new(),
            kept: RwSignal::new(0),
            taken: StoredValue::new_local(None),
            is_wanted: StoredValue::new(false),
        };
        // A camera that starts anew, or another mode, shows a moving picture.
        Effect::new(move || {
            mode.track();
            if session.stage.get() != Stage::Running {
                shutter.forget();
            }
        });
        shutter
    }

    /// What the large button does now.
    pub(super) fn press(self) {
        if self.session.stage.get_untracked() != Stage::Running {
            return;
        }
        match (self.is_frozen.get_untracked(), self.mode.get_untracked()) {
            (false, _) => self.take(),
            (true, Mode::Photo) => self.keep(),
            (true, Mode::Live) => self.go_on(),
        }
    }

    /// A tap on the picture freezes it, and lets it move again.
    pub(super) fn tap(self) {
        match self.is_frozen.get_untracked() {
            true => self.go_on(),
            false => self.press(),
        }
    }

    /// Lets the picture move again; what was frozen and not kept is gone.
    pub(super) fn go_on(self) {
        if self.is_frozen.get_untracked() {
            self.forget();
            self.session.freeze(false);
        }
    }

    /// Gets the focus, when what had it goes.
    pub(super) fn focus(self) {
        if let Some(button) = self.button.get_untracked() {
            // Fails for no element that is on the page.
            _ = button.focus();
        }
    }

    fn forget(self) {
        self.taken.set_value(None);
        self.is_wanted.set_value(false);
        self.is_frozen.set(false);
    }

    fn take(self) {
        let Some(video) = self.session.video.get_untracked() else {
            return;
        };
        self.is_frozen.set(true);
        self.session.freeze(true);
        let mode = self.mode.get_untracked();
        if mode == Mode::Photo {
            self.spoken.set(say::TAKEN.to_owned());
        }
        spawn_local(async move {
            let picture = frame::picture(&video).await;
            // Gone meanwhile, or moving again.
            if self.is_frozen.try_get_untracked() != Some(true) {
                return;
            }
            match picture {
                None => {
                    self.go_on();
                    self.spoken.set(say::NOT_TAKEN.to_owned());
                }
                Some(picture) if mode == Mode::Live => self.hand_over(picture),
                picture => {
                    self.taken.set_value(picture);
                    if self.is_wanted.get_value() {
                        self.keep();
                    }
                }
            }
        });
    }

    fn keep(self) {
        match self.taken.try_update_value(Option::take).flatten() {
            Some(picture) => {
                self.hand_over(picture);
                self.go_on();
            }
            None => self.is_wanted.set_value(true),
        }
    }

    fn hand_over(self, picture: Blob) {
        let photo = camera::photo(picture);
        self.spoken.set(say::kept(&photo.name));
        self.kept.update(|it| *it += 1);
        self.desk.add(vec![photo]);
    }
}
