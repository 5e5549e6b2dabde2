//! The version of a loaded `libonnxruntime`, in its own words.

use std::ffi::CStr;
use std::path::Path;

use libloading::{Library, Symbol};
use ort::sys::OrtApiBase;

/// Asks the library for its version, `1.31.1` for one. It is loaded already, so opening it again
/// gives the same one.
#[expect(
    unsafe_code,
    reason = "ort keeps the version to itself; these are the calls it makes too"
)]
pub(super) fn of(library: &Path) -> Option<String> {
    // SAFETY: ort has loaded the library and called this very function; its signature is the one
    // in onnxruntime_c_api.h, its result lives as long as the process or is null.
    unsafe {
        let library = Library::new(library).ok()?;
        let base: Symbol<'_, unsafe extern "C" fn() -> *const OrtApiBase> =
            library.get(b"OrtGetApiBase").ok()?;
        let version = (base().as_ref()?.GetVersionString)();
        if version.is_null() {
            return None;
        }
        CStr::from_ptr(version).to_str().ok().map(str::to_owned)
    }
}
