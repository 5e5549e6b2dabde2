//! The large view and the square that the model sees.
