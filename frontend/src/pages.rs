//! One module a route.

pub(crate) mod home;
