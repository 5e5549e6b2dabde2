//! Taking photos in: ways in, copies, undo, and taking results out again.
