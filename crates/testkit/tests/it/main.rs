//! The test kit itself, through its public API.

mod exports;
mod judges;
mod music;
