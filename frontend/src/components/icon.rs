//! Drawings: the shell, the mark, and the few signs on buttons. All are decoration to a screen
//! reader; whatever they mean is also said in words.

use leptos::prelude::*;

/// A logarithmic spiral, three whorls, each 2.9 times as wide as the one before.
const WHORLS: &str = "\
    M4.44 4.44C3.48 5.78 1.91 6.83 0.05 7.16C-1.80 7.49 -3.92 7.08 -5.69 5.86\
    C-7.46 4.65 -8.86 2.62 -9.32 0.21C-9.78 -2.20 -9.29 -4.96 -7.74 -7.29\
    C-6.19 -9.62 -3.58 -11.48 -0.45 -12.13C2.67 -12.78 6.28 -12.19 9.34 -10.22\
    C12.40 -8.25 14.87 -4.88 15.77 -0.83C16.68 3.23 15.99 7.94 13.48 11.96\
    C10.97 15.98 6.64 19.25 1.38 20.51C-3.88 21.77 -10.02 20.97 -15.30 17.78\
    C-20.58 14.59 -24.93 9.02 -26.67 2.20C-28.41 -4.62 -27.48 -12.63 -23.44 -19.57\
    C-19.39 -26.50 -12.22 -32.27 -3.38 -34.67C5.46 -37.07 15.90 -36.01 25.01 -30.89\
    C34.12 -25.76 41.76 -16.54 45.06 -5.08C48.35 6.38 47.18 20.00 40.69 31.95\
    C34.19 43.90 22.34 54.03 7.48 58.54C-7.37 63.06 -25.11 61.80 -40.79 53.57\
    C-56.48 45.35 -69.89 30.12 -76.05 10.88C-82.21 -8.36 -80.92 -31.47 -70.52 -52.05\
    C-60.13 -72.62 -40.57 -90.37 -15.64 -98.77";
/// The walls between the chambers.
const CHAMBERS: &str = "\
    M-47.8 -80.7Q-45.9 -46.2 -16.5 -27.8M-72.5 -47.9Q-56.9 -19.9 -25.0 -16.5M-79.8 -10.6\
    Q-55.4 6.5 -27.5 -3.7M-70.7 23.5Q-43.6 27.8 -24.4 8.1M-49.4 48.2Q-25.0 40.8 -17.0 16.6\
    M-21.7 60.2Q-4.3 44.1 -7.5 20.7M6.3 58.9Q14.3 38.5 2.2 20.3M29.1 46.5Q27.5 26.3 10.0 16.0\
    M43.1 27.0Q33.6 10.8 14.9 9.3M46.8 5.0Q32.3 -4.6 16.1 1.7M41.0 -14.8Q25.1 -16.9 14.1 -5.1\
    M28.2 -28.9Q14.0 -24.2 9.7 -10.0M11.8 -35.5Q1.9 -25.9 4.1 -12.2M-4.6 -34.3\
    Q-8.9 -22.3 -1.6 -11.8M-17.7 -26.8Q-16.5 -15.0 -6.1 -9.2";

/// A shell in section, for the empty page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    view! {
        <svg class="shell" viewBox="-84 -106 138 172" aria-hidden="true" focusable="false">
            <defs>
                <linearGradient id="nacre" x1="0" y1="0" x2="1" y2="1">
                    <stop offset="0" />
                    <stop offset="0.3" />
                    <stop offset="0.6" />
                    <stop offset="0.8" />
                    <stop offset="1" />
                </linearGradient>
            </defs>
            <path class="shell-nacre" d=WHORLS fill="url(#nacre)" />
            <path class="shell-chambers" d=CHAMBERS />
            <path class="shell-whorls" d=WHORLS />
        </svg>
    }
}

/// The mark beside the name, and what turns while a photo is on the way.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="-84 -106 138 172" aria-hidden="true" focusable="false">
            <path d=WHORLS />
        </svg>
    }
}

/// A cross: remove.
#[component]
pub(crate) fn Cross() -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M6 6l12 12M18 6L6 18" />
        </svg>
    }
}

/// A sign of warning.
#[component]
pub(crate) fn Warning() -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M12 3.5L22 20.5H2zM12 10v5M12 17.6v.4" />
        </svg>
    }
}

/// A phone: onto one.
#[component]
pub(crate) fn Phone() -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M7.5 2.5h9a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM10.5 18.5h3" />
        </svg>
    }
}

/// A tick: this one.
#[component]
pub(crate) fn Check() -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M5 12.5l4.5 4.5L19 7" />
        </svg>
    }
}
