//! Regions of the page that have state. No panel knows another: they meet in the store and at the
//! desk.

pub(crate) mod models;
pub(crate) mod results;
pub(crate) mod source;
pub(crate) mod status;
