//! What the model says, the time, the receipt.
