//! The test kit itself, through its public API.

mod exports;
mod http;
mod judges;
mod music;
