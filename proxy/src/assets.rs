//! The page: files of one folder, precompressed, with the headers that keep it safe and quick.

mod build;
mod csp;
mod index;
mod layer;

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;
use tower_http::services::ServeDir;

pub use index::Index;

/// Serves the page's folder: `FILE.br` or `FILE.gz` where a browser takes it and it is there.
///
/// Names that hold a hash of their content may be kept for ever; the rest, `index.html` first of
/// all, is asked for anew each time.
pub fn service(
    folder: &Path,
    index: Index,
) -> BoxCloneSyncService<Request<Body>, Response, std::convert::Infallible> {
    let files = ServeDir::new(folder)
        .redirect_to_trailing_slash(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(tower::service_fn(|_| async { Ok(no_file()) }));
    let headers = layer::Headers(index.clone());
    BoxCloneSyncService::new(tower::service_fn(move |request: Request<Body>| {
        let (files, headers, index) = (files.clone(), headers.clone(), index.clone());
        async move {
            let path = request.uri().path().to_owned();
            if path == "/" && !index.is_there() {
                return Ok(not_built());
            }
            if is_no_file(&path) {
                return Ok(headers.set(&path, no_file()));
            }
            let response = files.oneshot(request).await?;
            Ok(headers.set(&path, response.map(Body::new)))
        }
    }))
}

/// Longest path of a file of the page, bytes: systems take names of 255, and `.br` is put behind it.
const MAX_PATH: usize = 240;

/// Whether no file of the page can be meant, once the path is decoded as [`ServeDir`] decodes it. What
/// begins with a dot are the build's own notes; a name with a NUL, or one that is too long, the system
/// does not look up at all, and that would be a fault of ours.
fn is_no_file(path: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy();
    path.contains("/.") || path.contains('\0') || path.len() > MAX_PATH
}

fn no_file() -> Response {
    const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Not found · Conch</title>\
        <p>There is no such page. <a href=\"/\">To the photos</a>";
    (StatusCode::NOT_FOUND, Html(PAGE)).into_response()
}

fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Conch</title>\
        <p>The page is not built. Run <code>make serve</code>, which builds it, \
        or give its folder: <code>--page-dir DIR</code>. \
        The API is here all the same: <a href=\"/api/status\">/api/status</a>.";
    (StatusCode::SERVICE_UNAVAILABLE, Html(PAGE)).into_response()
}
