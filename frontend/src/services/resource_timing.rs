//! What the browser noticed of a request (W3C Resource Timing).

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::PerformanceResourceTiming;

use crate::timing::{Marks, entry_of};

/// Entries of one address after which the browser's buffer is emptied: it holds 250 of all
/// addresses, and takes no more when it is full.
const MANY: usize = 50;

/// Now, on the page's clock, milliseconds.
pub(crate) fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// The marks of a request to `address`, in full, that was asked for at `asked` and whose answer was
/// read at `read`; `None` where the browser does not tell.
pub(crate) fn marks(address: &str, asked: f64, read: f64) -> Option<Marks> {
    let performance = window().performance()?;
    let entries = performance.get_entries_by_name_with_entry_type(address, "resource");
    let entries: Vec<PerformanceResourceTiming> = entries
        .iter()
        .filter_map(|entry| entry.dyn_into().ok())
        .collect();
    let spans: Vec<(f64, f64)> = entries
        .iter()
        .map(|entry| (entry.start_time(), entry.response_end()))
        .collect();
    let found = entry_of(&spans, asked, read);
    if found.is_none() || entries.len() >= MANY {
        performance.clear_resource_timings();
    }
    let entry = &entries[found?];
    // Both are 0 where the browser hides them.
    (entry.request_start() > 0.0).then(|| Marks {
        request_start: (entry.request_start() - asked).max(0.0),
        response_start: entry.response_start() - asked,
    })
}
