//! Help, keys, settings, versions.
