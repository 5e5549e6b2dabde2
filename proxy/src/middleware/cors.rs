//! Which other origins' pages may use the API: those that the operator lists, none otherwise.

use conch_shared::kserve::HEADER_LENGTH;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::REQUEST_ID;
use crate::config::CorsArgs;
use crate::handlers::classify::SERVER_TIMING;

/// How long a browser may remember the answer to a preflight, seconds; Chromium's own cap.
const MAX_AGE: u64 = 7200;

pub(super) fn layer(config: &CorsArgs) -> Option<CorsLayer> {
    if config.cors_origin.is_empty() {
        return None;
    }
    let header_length = HeaderName::from_static(HEADER_LENGTH);
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(config.cors_origin.clone()))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([
                AUTHORIZATION,
                CONTENT_TYPE,
                CONTENT_ENCODING,
                header_length.clone(),
                REQUEST_ID,
            ])
            .expose_headers([header_length, SERVER_TIMING, RETRY_AFTER, REQUEST_ID])
            .max_age(std::time::Duration::from_secs(MAX_AGE)),
    )
}
