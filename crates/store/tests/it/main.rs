//! The library, through its public API.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod album_ids;
mod decisions;
mod elsewhere;
mod files;
mod heard;
mod history;
mod imports;
mod lock;
mod plays;
mod registers;
mod safety;
mod same;
mod services;
mod sources;
mod wanted;
mod wishlists;
