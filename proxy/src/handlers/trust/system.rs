//! The systems that trust a certificate each in its own way.

/// A system, as far as its way differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Android,
    Apple,
    Mac,
    Windows,
    ChromeOs,
    Linux,
    Firefox,
}

/// Each, what people call it, and what to do there.
pub(super) const ALL: [(System, &str, &str); 7] = [
    (System::Apple, "iPhone and iPad", include_str!("apple.html")),
    (System::Android, "Android", include_str!("android.html")),
    (System::Mac, "Mac", include_str!("mac.html")),
    (System::Windows, "Windows", include_str!("windows.html")),
    (
        System::ChromeOs,
        "Chromebook",
        include_str!("chromeos.html"),
    ),
    (System::Linux, "Linux", include_str!("linux.html")),
    (
        System::Firefox,
        "Firefox on a computer",
        include_str!("firefox.html"),
    ),
];

impl System {
    /// By what the browser calls itself; the order counts, since they all claim to be others, too.
    /// An iPad says that it is a Mac.
    pub(super) fn of(user_agent: &str) -> Self {
        let marks = [
            ("Android", Self::Android),
            ("iPhone", Self::Apple),
            ("iPad", Self::Apple),
            ("Firefox/", Self::Firefox),
            ("CrOS", Self::ChromeOs),
            ("Windows", Self::Windows),
            ("Macintosh", Self::Mac),
        ];
        let mark = marks.iter().find(|(mark, _)| user_agent.contains(mark));
        mark.map_or(Self::Linux, |(_, system)| *system)
    }
}

#[cfg(test)]
mod tests {
    use super::System;

    #[test]
    fn a_browser_is_taken_for_its_system() {
        for (agent, system) in [
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) … Chrome/140 Mobile Safari/537.36",
                System::Android,
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
                System::Android,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) … Safari/604.1",
                System::Apple,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) … Safari/605.1.15",
                System::Mac,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) … Firefox/140.0",
                System::Firefox,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) … Chrome/140",
                System::ChromeOs,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) … Chrome/140",
                System::Linux,
            ),
            ("", System::Linux),
        ] {
            assert_eq!(System::of(agent), system, "{agent}");
        }
    }
}
