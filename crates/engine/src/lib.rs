//! Convert and its single steps: plan as data, show, perform, report.
//!
//! Start reading at [`convert::convert`]. Services are reached only through the ports of `domain`; what is wanted,
//! found, planned and done are plain values that a command line or a server can show.

pub mod account;
pub mod adopt;
mod answered;
mod broken;
pub mod cache;
mod context;
pub mod convert;
mod decided;
mod disc_folders;
pub mod doctor;
pub mod drill;
mod error;
pub mod explain;
pub mod export;
mod feeds_of_others;
mod feeds_of_shows;
pub mod gather;
mod ground;
pub mod inbox;
mod listed;
mod listening;
pub mod lookup;
pub mod matching;
mod more_of_albums;
mod named_file;
mod newest;
mod partly;
pub mod player;
pub mod policies;
pub mod refresh;
pub mod report;
pub mod review;
pub mod rip;
mod same_file;
pub mod scan;
pub mod selection;
mod several_things;
mod sheets;
mod shelves;
pub mod shopping;
mod site;
mod spreadsheet;
pub mod timeline;
mod unnamed;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wanted things by number and name.
pub use answered::Things;
pub use context::Context;
pub use error::EngineError;
/// How MP3s are encoded, and what is done with their loudness.
pub use ferrotape_audio::{LoudnessUse, NotALoudnessUse, NotAPreset, Preset};
/// The player's side of a plan.
pub use ferrotape_device as device;
/// Which versions may stand in.
pub use ferrotape_matching::Allowed;
/// The library's own types that results carry.
pub use ferrotape_store as store;
/// A folder to write to.
pub use site::Site;

/// Bytes as people write them, rather more than less.
fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

/// A panic in another thread must not turn into a second one here: the data behind these locks stays consistent.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
