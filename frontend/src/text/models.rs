//! Models, and two of them side by side.
