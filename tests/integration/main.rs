//! The one integration binary: the server in process, the embedded engine on the real model, and
//! the direction of the workspace's dependencies.

#![allow(clippy::unwrap_used, reason = "a test may panic, that is its word")]

mod access;
mod admission;
mod api;
mod assets;
mod bad_requests;
mod compose;
mod compression;
mod config_text;
mod contract;
mod cors;
mod dashboard;
mod dependencies;
mod embedded;
mod embedded_batches;
mod embedded_configs;
mod embedded_graphs;
mod embedded_versions;
mod embedded_watch;
mod framing;
mod log;
mod metrics;
mod network_faults;
mod soak;
mod support;
mod traces;
mod triton_answers;
mod triton_fixture;
mod triton_kills;
mod triton_labels;
mod triton_log;
mod triton_models;
mod triton_replicas;
mod unread;
mod v2;
mod v2_infer;
