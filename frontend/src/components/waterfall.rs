//! The time from file to answer, part by part, on one axis.

use leptos::prelude::*;

use crate::text;
use crate::text::answer as say;
use crate::timing::{Site, Span, Times};

/// Rows that a waterfall always has room for, so that nothing moves when the times come.
const ROWS: usize = 8;

/// A row for each part, with its name, its time, and a bar where it lies on the whole.
#[component]
pub(crate) fn Waterfall(times: Times) -> impl IntoView {
    let whole = times.whole();
    let bar = |at: Span| {
        let share = |ms: f64| format!("{:.2}%", 100.0 * ms / whole.max(f64::MIN_POSITIVE));
        let class = format!("waterfall-bar {}", site_class(at.part.site()));
        view! {
            <li class="waterfall-row">
                <span class="waterfall-name">{say::part(at.part)}</span>
                <span class="waterfall-time">{text::duration(at.length)}</span>
                <span class="waterfall-track" aria-hidden="true">
                    <span
                        class=class
                        style:margin-inline-start=share(at.start)
                        style:width=share(at.length)
                    ></span>
                </span>
            </li>
        }
    };
    let bars = times.spans().into_iter().map(bar).collect_view();
    view! {
        <ol class="waterfall" role="list" aria-label=say::TIME>
            {bars}
            <li class="waterfall-row is-whole">
                <span class="waterfall-name">{text::TIME_WHOLE}</span>
                <span class="waterfall-time">{text::duration(whole)}</span>
                <span class="waterfall-track" aria-hidden="true">
                    <span class="waterfall-axis"></span>
                </span>
            </li>
        </ol>
    }
}

/// The rows' places while there are no times yet.
#[component]
pub(crate) fn EmptyWaterfall() -> impl IntoView {
    let row = |_| {
        view! {
            <div class="waterfall-row">
                <span class="waterfall-track"></span>
            </div>
        }
    };
    view! {
        <div class="waterfall is-empty" aria-hidden="true">
            {(0..ROWS).map(row).collect_view()}
        </div>
    }
}

/// Which bars are where: the words to the bars' colours and patterns.
#[component]
pub(crate) fn WaterfallLegend() -> impl IntoView {
    let site = |site| {
        view! {
            <li>
                <span class=format!("waterfall-swatch {}", site_class(site)) aria-hidden="true"></span>
                {say::site(site)}
            </li>
        }
    };
    view! {
        <ul class="waterfall-legend" role="list" aria-label=say::LEGEND>
            {[Site::Device, Site::Network, Site::Server].map(site)}
        </ul>
    }
}

fn site_class(site: Site) -> &'static str {
    match site {
        Site::Device => "is-device",
        Site::Network => "is-network",
        Site::Server => "is-server",
    }
}
