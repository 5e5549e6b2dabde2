//! Regions of the page that have state. No panel knows another: they meet in the store, at the desk,
//! and in the page's address.

pub(crate) mod answer;
pub(crate) mod camera;
pub(crate) mod compare;
pub(crate) mod drop_zone;
pub(crate) mod filmstrip;
pub(crate) mod help;
pub(crate) mod inside;
pub(crate) mod models;
pub(crate) mod notice;
pub(crate) mod phone;
pub(crate) mod photo_bar;
pub(crate) mod results;
pub(crate) mod shortcuts;
pub(crate) mod source;
pub(crate) mod stage;
pub(crate) mod status;
pub(crate) mod why;
