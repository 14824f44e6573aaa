//! What a player ends up with, seen from outside: through the public API and the folder itself.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod claims;
mod companions;
mod contract;
#[cfg(target_os = "linux")]
mod detect;
mod earlier_sums;
mod fat;
mod folders;
mod names;
mod not_removed;
mod playlists;
mod profiled;
mod profiles;
mod recovery;
mod renames;
mod retagged;
mod room;
mod support;
mod sync;
mod whose;
