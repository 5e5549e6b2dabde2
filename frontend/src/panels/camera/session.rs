//! One camera after the other, from the question to the last frame: what stands between a device and
//! the page. Leaving in any way, and hiding the page, turns the camera off.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, VisibilityState};

use crate::camera::trouble::{Known, Trouble};
use crate::input::camera::{self, Camera, Device, Happening, Zoom};

/// How long a question to the person, or a device, may stay without an answer before the page says so.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a camera may send nothing, or pictures without pixels.
const EMPTY: Duration = Duration::from_secs(3);

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Somebody is asked, or the camera starts.
    Opening,
    /// It shows a picture.
    Running,
    /// It does not.
    Trouble(Trouble),
}

/// What the camera that is on can do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Abilities {
    /// Its name; empty where the browser does not tell.
    pub(super) name: String,
    /// Whether its preview is a mirror.
    pub(super) is_front: bool,
    /// Whether it has a lamp.
    pub(super) has_torch: bool,
    /// How far it zooms.
    pub(super) zoom: Option<Zoom>,
}

/// A handle to the camera of this sheet.
#[derive(Clone, Copy)]
pub(super) struct Session {
    pub(super) stage: RwSignal<Stage>,
    /// Pixels a row, and rows, of the picture as it is now: a phone that is turned changes them.
    pub(super) size: RwSignal<(u32, u32)>,
    pub(super) abilities: RwSignal<Abilities>,
    pub(super) devices: RwSignal<Vec<Device>>,
    pub(super) is_torch_on: RwSignal<bool>,
    pub(super) video: NodeRef<html::Video>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
    /// The camera that somebody chose.
    chosen: StoredValue<Option<String>>,
    /// Which attempt this is: what comes of earlier ones is turned off.
    attempt: StoredValue<u32>,
}

impl Session {
    /// Sets it up, and turns the camera on once the video is on the page. In the current owner, with
    /// which it ends.
    pub(super) fn new() -> Self {
        let session = Self {
            stage: RwSignal::new(Stage::Opening),
            size: RwSignal::new((0, 0)),
            abilities: RwSignal::new(Abilities::default()),
            devices: RwSignal::new(Vec::new()),
            is_torch_on: RwSignal::new(false),
            video: NodeRef::new(),
            camera: StoredValue::new_local(None),
            chosen: StoredValue::new(None),
            attempt: StoredValue::new(0),
        };
        Effect::new(move || {
            if session.video.get().is_some() {
                session.open();
            }
        });
        let listeners = [
            window_event_listener(leptos::ev::visibilitychange, move |_| session.looked_at()),
            // A page that is kept for Back must not keep the camera.
            window_event_listener_untyped("pagehide", move |_| session.stop()),
        ];
        on_cleanup(move || {
            listeners.into_iter().for_each(WindowListenerHandle::remove);
            session.stop();
        });
        session
    }

    /// Turns the camera on, once more or for the first time.
    pub(super) fn open(self) {
        self.stop();
        let Some(attempt) = self.attempt.try_get_value() else {
            return;
        };
        self.stage.set(Stage::Opening);
        // The answer may still come, and is taken then.
        let waited = move || {
            if self.is_current(attempt) && self.stage.get_untracked() == Stage::Opening {
                self.stage.set(Stage::Trouble(Trouble::NoAnswer));
            }
        };
        let limit = set_timeout_with_handle(waited, PATIENCE).ok();
        let chosen = self.chosen.get_value();
        let hear = move |happening| self.hear(attempt, happening);
        // Not ended with the sheet: a camera that comes too late must be turned off.
        spawn_local(async move {
            let opened = Camera::open(chosen.as_deref(), hear).await;
            if let Some(limit) = limit {
                limit.clear();
            }
            match opened {
                _ if !self.is_current(attempt) => {}
                Ok(camera) => self.show(attempt, camera),
                Err(trouble) => self.fail(trouble),
            }
        });
    }

    /// The next camera of the device.
    pub(super) fn switch(self) {
        let devices = self.devices.get_untracked();
        let now = self
            .camera
            .with_value(|it| it.as_ref().and_then(Camera::id));
        let at = devices.iter().position(|it| Some(&it.id) == now.as_ref());
        let next = at.map_or(0, |at| at + 1) % devices.len().max(1);
        if let Some(device) = devices.get(next) {
            self.chosen.set_value(Some(device.id.clone()));
            self.open();
        }
    }

    /// Turns the lamp on or off.
    pub(super) fn toggle_torch(self) {
        self.is_torch_on.update(|it| *it ^= true);
        let is_on = self.is_torch_on.get_untracked();
        self.with_camera(|camera| camera.set_torch(is_on));
    }

    /// Zooms.
    pub(super) fn zoom(self, zoom: f64) {
        self.with_camera(|camera| camera.set_zoom(zoom));
    }

    /// The video's size may be another one.
    pub(super) fn measure(self) {
        let Some(video) = self.video.try_get_untracked().flatten() else {
            return;
        };
        let size = (video.video_width(), video.video_height());
        if self.size.get_untracked() != size {
            self.size.set(size);
        }
        let is_on = self.camera.with_value(Option::is_some);
        match size {
            _ if !is_on => {}
            (0, _) | (_, 0) => self.expect_a_picture(),
            _ if self.stage.get_untracked() == Stage::Running => {}
            _ => self.stage.set(Stage::Running),
        }
    }

    /// Stops or goes on showing the same picture.
    pub(super) fn freeze(self, is_frozen: bool) {
        if let Some(video) = self.video.get_untracked() {
            match is_frozen {
                // Fails for no video that is on the page.
                true => _ = video.pause(),
                false => self.play(self.attempt.get_value(), &video),
            }
        }
    }

    fn show(self, attempt: u32, camera: Camera) {
        let Some(video) = self.video.get_untracked() else {
            return;
        };
        if camera.has_ended() {
            return self.fail(Trouble::Unplugged);
        }
        video.set_src_object(Some(camera.stream()));
        self.is_torch_on.set(false);
        self.abilities.set(Abilities {
            name: camera.name(),
            is_front: camera.is_front(),
            has_torch: camera.has_torch(),
            zoom: camera.zoom(),
        });
        let is_muted = camera.is_muted();
        self.camera.set_value(Some(camera));
        self.stage.set(Stage::Opening);
        self.play(attempt, &video);
        self.measure();
        self.expect_a_picture();
        if is_muted {
            self.hear(attempt, Happening::Muted);
        }
        spawn_local(async move {
            // Only now: before somebody allowed one, they have no names.
            let devices = camera::devices().await;
            if self.is_current(attempt) {
                self.devices.set(devices);
            }
        });
    }

    fn play(self, attempt: u32, video: &HtmlVideoElement) {
        let playing = video.play();
        spawn_local(async move {
            let Ok(playing) = playing else { return };
            let Err(error) = JsFuture::from(playing).await else {
                return;
            };
            // A new stream, or the end, breaks off the play of the last one: that is an AbortError.
            let trouble = Trouble::of_error(&camera::name_of(&error), "", Known::default());
            if trouble == Trouble::Denied && self.is_current(attempt) {
                self.fail(Trouble::NotPlaying);
            }
        });
    }

    fn hear(self, attempt: u32, happening: Happening) {
        if !self.is_current(attempt) {
            return;
        }
        match happening {
            Happening::Ended => self.fail(Trouble::Unplugged),
            Happening::Muted => {
                let still = move || {
                    let is_muted = |it: &Option<Camera>| it.as_ref().is_some_and(Camera::is_muted);
                    if self.is_current(attempt) && self.camera.with_value(is_muted) {
                        self.fail(Trouble::Lost);
                    }
                };
                set_timeout(still, EMPTY);
            }
        }
    }

    fn expect_a_picture(self) {
        let attempt = self.attempt.get_value();
        let still = move || {
            if !self.is_current(attempt) {
                return;
            }
            let (width, height) = self.size.get_untracked();
            if width == 0 || height == 0 {
                self.fail(Trouble::NoPicture);
            }
        };
        set_timeout(still, EMPTY);
    }

    fn fail(self, trouble: Trouble) {
        self.stop();
        self.stage.set(Stage::Trouble(trouble));
    }

    /// Turns the camera off; what is still to come of it counts no more.
    fn stop(self) {
        // Its tracks stop when it is dropped.
        drop(self.camera.try_update_value(Option::take));
        _ = self.attempt.try_update_value(|it| *it += 1);
        if let Some(video) = self.video.try_get_untracked().flatten() {
            video.set_src_object(None);
        }
    }

    /// The page was hidden, or is seen again.
    fn looked_at(self) {
        let is_seen = document().visibility_state() == VisibilityState::Visible;
        let is_trouble = matches!(self.stage.get_untracked(), Stage::Trouble(_));
        match is_seen {
            // What was in the way may still be: it is tried again when somebody says so.
            true if is_trouble => {}
            true => self.open(),
            false => {
                self.stop();
                if !is_trouble {
                    self.stage.set(Stage::Opening);
                }
            }
        }
    }

    fn with_camera(self, act: impl FnOnce(&Camera)) {
        self.camera.with_value(|camera| {
            if let Some(camera) = camera {
                act(camera);
            }
        });
    }

    fn is_current(self, attempt: u32) -> bool {
        self.attempt.try_get_value() == Some(attempt)
    }
}
