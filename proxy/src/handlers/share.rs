//! `POST /share`: a photo that another app shares with Conch. The browser's service worker takes it
//! (`frontend/sw.js`); here it comes where there is none yet, and photos are not for the server to read.

use axum::response::Redirect;

/// Sends the browser to the page, which says what happened. What came is not looked at.
pub async fn share() -> Redirect {
    Redirect::to("/?share=unread")
}
