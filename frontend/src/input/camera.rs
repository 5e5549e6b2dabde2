//! The device's cameras: asked for, listed, let go of. Whoever drops a [`Camera`] turns its light off.

pub(crate) mod frame;

use std::cell::Cell;

use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamTrack,
    MediaStreamTrackState, PermissionState, PermissionStatus,
};

use super::{Content, ImageSource};
use crate::camera::is_front;
use crate::camera::trouble::{Known, Trouble};

/// What is wished of the first camera: one that looks away from the person, pictures with enough
/// pixels to keep. None of it is a must.
const WISH: &str = r#"{"audio":false,"video":{"facingMode":{"ideal":"environment"},"width":{"ideal":1920},"height":{"ideal":1080}}}"#;
/// Whatever camera there is.
const ANY: &str = r#"{"audio":false,"video":true}"#;

thread_local! {
    /// Photos that were taken since the page was opened.
    static TAKEN: Cell<u32> = const { Cell::new(0) };
}

/// What happens to a camera by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// It is gone.
    Ended,
    /// It sends nothing for now, or does again.
    Muted,
}

/// A camera of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// The browser's own for it.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// How far a camera can be zoomed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Zoom {
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) step: f64,
    pub(crate) now: f64,
}

/// A camera that is on. Dropped, it is off.
pub(crate) struct Camera {
    stream: MediaStream,
    track: MediaStreamTrack,
    _on_event: Closure<dyn Fn(Event)>,
}

impl Camera {
    /// Turns a camera on: the one of this id, or else the rear one, or else any. `hear` is told what
    /// happens to it.
    ///
    /// # Errors
    /// What is in the way.
    pub(crate) async fn open(
        device: Option<&str>,
        hear: impl Fn(Happening) + 'static,
    ) -> Result<Self, Trouble> {
        let Some(devices) = media_devices() else {
            return Err(match window().is_secure_context() {
                true => Trouble::NoSupport,
                false => Trouble::NotEncrypted,
            });
        };
        let wish = device.map_or_else(|| WISH.to_owned(), exactly);
        let mut stream = ask(&devices, &wish).await;
        // A camera that was there a moment ago, or a device that takes wishes for musts.
        let cannot = |error: &JsValue| text(error, "name").starts_with("Overconstrained");
        if stream.as_ref().is_err_and(cannot) {
            stream = ask(&devices, ANY).await;
        }
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => return Err(why(&error).await),
        };
        Self::of(stream, hear).ok_or(Trouble::NoCamera)
    }

    fn of(stream: MediaStream, hear: impl Fn(Happening) + 'static) -> Option<Self> {
        let track: MediaStreamTrack = stream.get_video_tracks().get(0).dyn_into().ok()?;
        let on_event = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            hear(match event.type_().as_str() {
                "ended" => Happening::Ended,
                _ => Happening::Muted,
            });
        });
        let listener = on_event.as_ref().unchecked_ref::<Function>();
        track.set_onended(Some(listener));
        track.set_onmute(Some(listener));
        track.set_onunmute(Some(listener));
        Some(Self {
            stream,
            track,
            _on_event: on_event,
        })
    }

    /// What a `<video>` plays.
    pub(crate) fn stream(&self) -> &MediaStream {
        &self.stream
    }

    /// Its name; empty where the browser does not tell.
    pub(crate) fn name(&self) -> String {
        self.track.label()
    }

    /// Its id among the devices.
    pub(crate) fn id(&self) -> Option<String> {
        self.track.get_settings().get_device_id()
    }

    /// Whether it looks at the person who holds it.
    pub(crate) fn is_front(&self) -> bool {
        let facing = self.track.get_settings().get_facing_mode();
        is_front(facing.as_deref(), &self.name())
    }

    /// Whether it is gone.
    pub(crate) fn has_ended(&self) -> bool {
        self.track.ready_state() == MediaStreamTrackState::Ended
    }

    /// Whether it sends nothing for now.
    pub(crate) fn is_muted(&self) -> bool {
        self.track.muted()
    }

    /// Whether it has a lamp.
    pub(crate) fn has_torch(&self) -> bool {
        // A list of booleans in a phone's front camera, where there is nothing to choose.
        self.capability("torch")
            .is_some_and(|it| it == JsValue::TRUE)
    }

    /// How far it zooms; `None` where it does not.
    pub(crate) fn zoom(&self) -> Option<Zoom> {
        let range = self.capability("zoom")?;
        let part = |key| Reflect::get(&range, &JsValue::from_str(key)).ok()?.as_f64();
        let (least, most) = (part("min")?, part("max")?);
        let settings = self.track.get_settings();
        let now = Reflect::get(&settings, &"zoom".into()).ok();
        (most > least).then(|| Zoom {
            least,
            most,
            step: part("step").filter(|step| *step > 0.0).unwrap_or(0.1),
            now: now.and_then(|it| it.as_f64()).unwrap_or(least),
        })
    }

    /// Turns the lamp on or off.
    pub(crate) fn set_torch(&self, is_on: bool) {
        self.wish(&format!(r#"{{"advanced":[{{"torch":{is_on}}}]}}"#));
    }

    /// Zooms.
    pub(crate) fn set_zoom(&self, zoom: f64) {
        self.wish(&format!(r#"{{"advanced":[{{"zoom":{zoom}}}]}}"#));
    }

    fn wish(&self, constraints: &str) {
        if let Ok(constraints) = JSON::parse(constraints) {
            let constraints = constraints.unchecked_into();
            if let Ok(granted) = self.track.apply_constraints_with_constraints(&constraints) {
                // Refused, the picture stays as it is, which is seen.
                spawn_local(async move { _ = JsFuture::from(granted).await });
            }
        }
    }

    /// What the camera can do of this kind. Firefox does not tell.
    fn capability(&self, key: &str) -> Option<JsValue> {
        let tell = Reflect::get(&self.track, &"getCapabilities".into()).ok()?;
        let all = tell.dyn_ref::<Function>()?.call0(&self.track).ok()?;
        let one = Reflect::get(&all, &JsValue::from_str(key)).ok()?;
        (!one.is_undefined()).then_some(one)
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.track.set_onended(None);
        self.track.set_onmute(None);
        self.track.set_onunmute(None);
        stop(&self.stream);
    }
}

/// The cameras that there are. Their names are known once one of them was allowed.
pub(crate) async fn devices() -> Vec<Device> {
    let listed = media_devices().and_then(|devices| devices.enumerate_devices().ok());
    let Some(listed) = listed else {
        return Vec::new();
    };
    let listed = JsFuture::from(listed).await.unwrap_or_default();
    let infos = Array::from(&listed).into_iter();
    infos
        .filter_map(|info| info.dyn_into::<MediaDeviceInfo>().ok())
        .filter(|info| info.kind() == MediaDeviceKind::Videoinput)
        .map(|info| Device {
            id: info.device_id(),
            name: info.label(),
        })
        .collect()
}

/// A picture that was taken, with a name of its own.
pub(crate) fn photo(picture: web_sys::Blob) -> ImageSource {
    let number = TAKEN.get() + 1;
    TAKEN.set(number);
    ImageSource {
        name: format!("camera-{number}.png"),
        content: Content::File(picture),
    }
}

/// The way to the cameras; none over plain HTTP, and in browsers that have none for pages.
fn media_devices() -> Option<MediaDevices> {
    let devices = Reflect::get(&window().navigator(), &"mediaDevices".into()).ok()?;
    let ask = Reflect::get(&devices, &"getUserMedia".into()).ok()?;
    ask.is_function().then(|| devices.unchecked_into())
}

/// A camera and no other.
fn exactly(id: &str) -> String {
    let id = String::from(JSON::stringify(&id.into()).unwrap_or_default());
    format!(
        r#"{{"audio":false,"video":{{"deviceId":{{"exact":{id}}},"width":{{"ideal":1920}},"height":{{"ideal":1080}}}}}}"#
    )
}

async fn ask(devices: &MediaDevices, constraints: &str) -> Result<MediaStream, JsValue> {
    let constraints = JSON::parse(constraints)?.unchecked_into();
    let stream = devices.get_user_media_with_constraints(&constraints)?;
    JsFuture::from(stream).await?.dyn_into()
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// What an error of `getUserMedia` means here.
async fn why(error: &JsValue) -> Trouble {
    let known = Known {
        asks_again: permission().await.map(|it| it == PermissionState::Prompt),
        is_allowed_here: is_allowed_here(),
    };
    Trouble::of_error(&text(error, "name"), &text(error, "message"), known)
}

/// What the browser remembers of somebody's answer. Firefox did not tell for long.
async fn permission() -> Option<PermissionState> {
    let permissions = window().navigator().permissions().ok()?;
    let query = JSON::parse(r#"{"name":"camera"}"#).ok()?.unchecked_into();
    let status = JsFuture::from(permissions.query(&query).ok()?).await.ok()?;
    Some(status.dyn_into::<PermissionStatus>().ok()?.state())
}

/// Whether a page may have a camera here: not inside another page that does not let it. Chromium
/// alone tells.
fn is_allowed_here() -> Option<bool> {
    let policy = Reflect::get(&document(), &"featurePolicy".into()).ok()?;
    let allows = Reflect::get(&policy, &"allowsFeature".into()).ok()?;
    let allows = allows.dyn_ref::<Function>()?;
    allows.call1(&policy, &"camera".into()).ok()?.as_bool()
}

/// The name of an error; empty for what is none.
pub(crate) fn name_of(error: &JsValue) -> String {
    text(error, "name")
}

fn text(error: &JsValue, key: &str) -> String {
    let value = Reflect::get(error, &JsValue::from_str(key)).ok();
    value.and_then(|it| it.as_string()).unwrap_or_default()
}
