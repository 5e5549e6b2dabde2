//! What each line of a config.pbtxt means.
