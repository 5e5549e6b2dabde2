//! What is said around the camera: what is in its way, and what it sees.

use crate::camera::Mode;
use crate::camera::browser::{Browser, System};
use crate::camera::rate::Speed;
use crate::camera::trouble::Trouble;

pub(crate) const CAMERA: &str = "Camera";
pub(crate) const MODE: &str = "What the camera is for";
pub(crate) const PICTURE: &str = "What the camera shows";
pub(crate) const OPENING: &str =
    "The camera is starting. If the browser asks whether this page may use it, please allow it.";
pub(crate) const RETAKE: &str = "Retake";
pub(crate) const TAKEN: &str = "The picture stands still. Keep it, or take it once more.";
pub(crate) const NOT_TAKEN: &str = "The picture could not be taken. Please try once more.";
pub(crate) const TORCH: &str = "Light";
pub(crate) const ZOOM: &str = "Zoom";
pub(crate) const SPEAK: &str = "Say the label aloud";
pub(crate) const SYSTEM_CAMERA: &str = "Use the system’s camera";

/// Over plain HTTP, where the server speaks HTTPS as well.
pub(crate) const ENCRYPTS: &str =
    "This server speaks HTTPS too. Your device has to trust it first: once, two minutes.";
/// The link that says how.
pub(crate) const TRUST: &str = "Set up the live camera";

pub(crate) const LABELS: &str = "What the model sees now";
pub(crate) const LOOKING: &str = "Looking …";
pub(crate) const AWAY: &str =
    "The server does not answer. The labels go on by themselves when it is back.";
pub(crate) const BUSY: &str = "The server has much to do. The labels go on in a moment.";
pub(crate) const NO_MODEL: &str =
    "The server has no model that is ready. The labels go on by themselves when it has one.";
pub(crate) const NO_CANVAS: &str = "This browser does not let the page read the camera’s pixels. Some do so for privacy; look for it in the site’s settings.";

/// The help's part on it.
pub(crate) const HELP_TITLE: &str = "The camera";
pub(crate) const HELP: [&str; 4] = [
    "Photo takes pictures and puts them beside your other photos. Live names what the camera sees while you move; Hold keeps what you see as a photo.",
    "Live labels are an average of the last third of a second, so that they do not flicker. The first label changes only when another one is ahead by 10 points, or for a second.",
    "A first label that has stayed for a second can be felt or heard, with the settings below. A screen reader says it by itself, and leaves it to this page’s own voice where you switch that on.",
    "The square in the picture is what the model sees. The camera is off as soon as you close it or look at another page.",
];

/// A mode's name.
pub(crate) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Photo => "Photo",
        Mode::Live => "Live",
    }
}

/// What the large button does.
pub(crate) fn shutter(mode: Mode, is_frozen: bool) -> &'static str {
    match (mode, is_frozen) {
        (Mode::Photo, false) => "Take photo",
        (Mode::Photo, true) => "Keep",
        (Mode::Live, false) => "Hold",
        (Mode::Live, true) => "Go on",
    }
}

/// A photo that was kept.
pub(crate) fn kept(name: &str) -> String {
    format!("Kept as {name}.")
}

/// The button that leads to what was kept.
pub(crate) fn show_kept(count: usize) -> String {
    match count {
        1 => "Show the 1 photo that you kept".to_owned(),
        count => format!("Show the {count} photos that you kept"),
    }
}

/// The button that turns to the next camera; `name`: the one that is on.
pub(crate) fn switch(name: &str) -> String {
    match name {
        "" => "Switch camera".to_owned(),
        name => format!("Switch camera, now {name}"),
    }
}

/// The first label, spoken.
pub(crate) fn sees(label: &str) -> String {
    format!("{label}.")
}

/// How fast live labels come.
pub(crate) fn speed(speed: Speed, saves: bool) -> String {
    let Speed {
        frames,
        latency,
        bytes,
    } = speed;
    let frames = match frames < 9.95 {
        true => format!("{frames:.1}"),
        false => format!("{frames:.0}"),
    };
    let amount = match bytes < 999_500.0 {
        true => format!("{:.0} kB/s", bytes / 1e3),
        false => format!("{:.1} MB/s", bytes / 1e6),
    };
    let saves = if saves { " · sparing this device" } else { "" };
    format!(
        "{frames} frames/s · {} · {amount}{saves}",
        super::duration(latency)
    )
}

/// What is in the way, in a few words.
pub(crate) fn title(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NotEncrypted => "No live camera over plain HTTP",
        Trouble::NoSupport => "This browser has no camera for pages",
        Trouble::Denied => "The camera is blocked for this page",
        Trouble::Dismissed => "The browser’s question was closed",
        Trouble::BySystem => "The system keeps the camera from the browser",
        Trouble::ByPolicy => "The camera is not allowed here",
        Trouble::NoCamera => "There is no camera",
        Trouble::InUse => "The camera is in use",
        Trouble::Impossible => "The camera cannot do what is asked",
        Trouble::Aborted => "The camera did not start",
        Trouble::NoAnswer => "Still waiting for your permission",
        Trouble::Unplugged => "The camera is gone",
        Trouble::Lost => "The camera sends nothing any more",
        Trouble::NoPicture => "The camera sends no picture",
        Trouble::NotPlaying => "The browser holds the picture back",
        Trouble::Unknown => "The camera does not work",
    }
}

/// Why, and what to do.
pub(crate) fn why(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NotEncrypted => {
            "Browsers give a page the camera only over an encrypted connection (https://), and this page came without. The system’s camera works all the same."
        }
        Trouble::NoSupport => {
            "It may be an old one, or one inside another app. Open this page in Safari, Chrome, Firefox or Edge."
        }
        Trouble::Denied => {
            "You or somebody before you did not allow it, and the browser keeps to it."
        }
        Trouble::Dismissed => "Try again, and choose Allow when the browser asks.",
        Trouble::BySystem => "The browser itself may not use the camera.",
        Trouble::ByPolicy => {
            "Whoever looks after this device does not let pages use the camera, or this page lies inside another one that does not. Open it in a window of its own, or ask them."
        }
        Trouble::NoCamera => {
            "The browser finds none. If yours has a cable or a shutter, plug it in or open it."
        }
        Trouble::InUse => {
            "Another app or another tab seems to have it, a video call perhaps. Close that one and try again."
        }
        Trouble::Impossible => {
            "Even with no wishes at all it refuses. Try again, or unplug it and plug it in."
        }
        Trouble::Aborted => {
            "It broke off while it started. Try again; if that does not help, restart the browser."
        }
        Trouble::NoAnswer => {
            "Look for the browser’s question, near the address or behind this window, and choose Allow. If there is none, try again."
        }
        Trouble::Unplugged => {
            "It was unplugged, or the system took it away. Plug it in, or try again with another one."
        }
        Trouble::Lost => "That happens after a phone woke up, or while a call comes in. Try again.",
        Trouble::NoPicture => {
            "It is on, but its pictures are empty. Open its shutter if it has one, and try again."
        }
        Trouble::NotPlaying => {
            "It saves power, perhaps, and plays nothing by itself. Try again: your press is what it waits for."
        }
        Trouble::Unknown => {
            "The browser does not say why. Try again; if that does not help, restart the browser."
        }
    }
}

/// Where that is set, on this browser and this system; `None` where nothing is to be set.
pub(crate) fn steps(trouble: Trouble, browser: Browser, system: System) -> Option<&'static str> {
    match trouble {
        Trouble::Denied => Some(of_site(browser)),
        Trouble::BySystem => Some(of_system(system)),
        Trouble::InUse if system == System::Windows => Some(of_system(system)),
        _ => None,
    }
}

fn of_site(browser: Browser) -> &'static str {
    match browser {
        Browser::ChromeAndroid => {
            "In Chrome: tap the sign left of the address, then Permissions, and allow the camera."
        }
        Browser::ChromeDesktop => {
            "Here: click the sign left of the address, switch the camera on, and try again."
        }
        Browser::FirefoxAndroid => {
            "In Firefox: tap the sign left of the address, then the blocked camera, to allow it."
        }
        Browser::FirefoxDesktop => {
            "In Firefox: click the crossed-out camera left of the address, take the block away, and try again."
        }
        Browser::SafariIos => {
            "In Safari: tap the sign beside the address, then the three dots, and set Camera to Allow. If that is so already: Settings, Apps, Safari, Camera."
        }
        Browser::OtherIos => {
            "Open the Settings app, find this browser among the apps, and switch the camera on."
        }
        Browser::SafariMac => {
            "In Safari: choose Settings for This Website in the Safari menu, and set Camera to Allow."
        }
        Browser::Unknown => {
            "Look for this site’s permissions in the browser’s settings, and allow the camera."
        }
    }
}

fn of_system(system: System) -> &'static str {
    match system {
        System::Android => {
            "Open the Settings app, then Apps, this browser, Permissions, and allow the camera. Look also for a switch for the camera in the quick settings."
        }
        System::Ios => {
            "Open the Settings app, then Privacy & Security, Camera, and switch this browser on."
        }
        System::Mac => {
            "Open System Settings, then Privacy & Security, Camera, switch this browser on, and start it anew."
        }
        System::Windows => {
            "Open Settings, then Privacy & security, Camera, and let desktop apps use it."
        }
        System::Other => "Look for the camera in the system’s privacy settings.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_written_so_that_it_can_be_read() {
        let fast = Speed {
            frames: 14.6,
            latency: 31.4,
            bytes: 2_240_000.0,
        };
        assert_eq!(speed(fast, false), "15 frames/s · 31 ms · 2.2 MB/s");
        let slow = Speed {
            frames: 1.04,
            latency: 812.0,
            bytes: 157_000.0,
        };
        assert_eq!(
            speed(slow, true),
            "1.0 frames/s · 812 ms · 157 kB/s · sparing this device"
        );
    }

    #[test]
    fn what_is_set_somewhere_says_where() {
        let chrome = (Browser::ChromeAndroid, System::Android);
        let said = |trouble| steps(trouble, chrome.0, chrome.1);
        assert!(said(Trouble::Denied).is_some_and(|it| it.contains("Permissions")));
        assert!(said(Trouble::BySystem).is_some_and(|it| it.contains("Settings app")));
        assert_eq!(said(Trouble::NoCamera), None);
    }
}
