//! Which browser this is, as far as its settings lie in other places: read from its user agent, for
//! nothing but the words that help its person.

/// Browsers by where a site's permissions are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chrome and its kin on Android.
    ChromeAndroid,
    /// Chrome, Edge and their kin on a computer.
    ChromeDesktop,
    FirefoxAndroid,
    FirefoxDesktop,
    /// Safari on iPhone and iPad.
    SafariIos,
    /// Another browser there: its permissions are in the system's settings.
    OtherIos,
    SafariMac,
    Unknown,
}

/// Systems by where a browser's permissions are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Android,
    Ios,
    Mac,
    Windows,
    Other,
}

/// Reads a user agent. `has_touch`: an iPad says that it is a Mac, and Macs have no touch screen.
pub(crate) fn of_agent(agent: &str, has_touch: bool) -> (Browser, System) {
    let has = |word: &str| agent.contains(word);
    let is_ios = has("iPhone") || has("iPad") || (has("Macintosh") && has_touch);
    let system = if has("Android") {
        System::Android
    } else if is_ios {
        System::Ios
    } else if has("Macintosh") {
        System::Mac
    } else if has("Windows") {
        System::Windows
    } else {
        System::Other
    };
    let is_firefox = has("Firefox/");
    let is_chrome = has("Chrome/");
    let browser = match system {
        System::Ios if ["CriOS", "FxiOS", "EdgiOS"].iter().any(|it| has(it)) => Browser::OtherIos,
        System::Ios => Browser::SafariIos,
        System::Android if is_firefox => Browser::FirefoxAndroid,
        System::Android if is_chrome => Browser::ChromeAndroid,
        _ if is_firefox => Browser::FirefoxDesktop,
        _ if is_chrome => Browser::ChromeDesktop,
        System::Mac if has("Safari/") => Browser::SafariMac,
        _ => Browser::Unknown,
    };
    (browser, system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_browsers_are_known() {
        let chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
        assert_eq!(
            of_agent(chrome, true),
            (Browser::ChromeAndroid, System::Android)
        );
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
        assert_eq!(
            of_agent(edge, true),
            (Browser::ChromeDesktop, System::Windows)
        );
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
        assert_eq!(
            of_agent(firefox, false),
            (Browser::FirefoxDesktop, System::Other)
        );
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
        assert_eq!(of_agent(iphone, true), (Browser::SafariIos, System::Ios));
    }

    #[test]
    fn an_ipad_is_no_mac() {
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
        assert_eq!(of_agent(safari, false), (Browser::SafariMac, System::Mac));
        assert_eq!(of_agent(safari, true), (Browser::SafariIos, System::Ios));
    }

    #[test]
    fn an_unknown_browser_is_unknown() {
        assert_eq!(of_agent("", false), (Browser::Unknown, System::Other));
    }
}
