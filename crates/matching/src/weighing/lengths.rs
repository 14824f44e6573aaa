//! How far two playing times may be apart, in milliseconds, and still be taken for one.

/// Nearly to the second: they are equal.
pub(crate) const AS_LONG: u32 = 1_100;
/// Players and editions of one recording count so differently.
pub(crate) const CLOSE: u32 = 2_000;
