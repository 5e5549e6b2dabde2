//! A picture somewhere else, fetched by the browser: without cookies, without saying from where.
//! The server never fetches for anybody: it would reach what only it can reach.

use leptos::prelude::window;
use web_sys::{
    AbortController, Blob, ReferrerPolicy, RequestCredentials, RequestInit, RequestMode,
};

use super::http::{NoAnswer, fetch};
use crate::state::UserError;
use crate::text::intake as text;

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkError {
    /// Nobody wants it any more.
    Cancelled,
    /// Why, and what to do instead.
    Failed(UserError),
}

/// The file at an address, of `most` bytes at most.
///
/// # Errors
/// Why there is none, in a sentence.
pub(crate) async fn picture(
    address: &str,
    most: f64,
    controller: AbortController,
) -> Result<Blob, LinkError> {
    let options = plain(RequestMode::Cors);
    let answer = match fetch(address, &options, controller.clone()).await {
        Ok(answer) => answer,
        Err(NoAnswer::Unreachable) => {
            return Err(failed(why_not_reached(address, controller).await));
        }
        Err(reason) => return Err(reason.into()),
    };
    if !answer.is_ok() {
        let error = UserError(text::link_status(answer.status()));
        return Err(LinkError::Failed(error));
    }
    // Only what is surely none: hosts say many things of a file, and the file itself knows better.
    if answer.header("content-type").starts_with("text/html") {
        return Err(failed(text::LINK_TO_PAGE));
    }
    let file = answer.blob_within(most).await?;
    file.ok_or_else(|| failed(text::LINK_TOO_LARGE))
}

/// A browser does not say why it could not read an address: that, a page could use to spy. What it
/// lets pages find out is whether anybody is there.
async fn why_not_reached(address: &str, controller: AbortController) -> &'static str {
    let is_encrypted = window().location().protocol().is_ok_and(|p| p == "https:");
    if !window().navigator().on_line() {
        return text::LINK_OFFLINE;
    }
    let probe = plain(RequestMode::NoCors);
    probe.set_method("HEAD");
    match fetch(address, &probe, controller).await {
        Ok(_) => text::LINK_REFUSED,
        Err(_) if is_encrypted && starts_with_http(address) => text::LINK_MIXED,
        Err(_) => text::LINK_NOBODY,
    }
}

fn starts_with_http(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
}

fn plain(mode: RequestMode) -> RequestInit {
    let options = RequestInit::new();
    options.set_mode(mode);
    options.set_credentials(RequestCredentials::Omit);
    options.set_referrer_policy(ReferrerPolicy::NoReferrer);
    options
}

fn failed(sentence: &str) -> LinkError {
    LinkError::Failed(UserError(sentence.to_owned()))
}

impl From<NoAnswer> for LinkError {
    fn from(reason: NoAnswer) -> Self {
        match reason {
            NoAnswer::Cancelled => Self::Cancelled,
            NoAnswer::TimeOut => failed(text::LINK_SLOW),
            NoAnswer::Unreachable => failed(text::LINK_NOBODY),
        }
    }
}
