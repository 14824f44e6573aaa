//! The library, through its public API.
