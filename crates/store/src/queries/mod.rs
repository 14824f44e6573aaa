//! Every query, one file per concern. Written in diesel's typed language against `Db`, the connection of the module
//! above, so that the same source serves another database.
//!
//! Nothing here opens a transaction: the caller has one around everything that must hold together.

pub(crate) mod account_answers;
pub(crate) mod album_ids;
pub(crate) mod counts;
pub(crate) mod decisions;
pub(crate) mod elsewhere;
pub(crate) mod entries;
pub(crate) mod files;
pub(crate) mod forget;
pub(crate) mod former;
pub(crate) mod heard;
pub(crate) mod imports;
mod list_identity;
pub(crate) mod loudness;
pub(crate) mod offers;
pub(crate) mod playlists;
pub(crate) mod plays;
pub(crate) mod registers;
pub(crate) mod runs;
pub(crate) mod same;
pub(crate) mod service_memory;
pub(crate) mod versions;
pub(crate) mod wanted;
mod wanted_groups;
mod wanted_index;
mod wanted_merge;
pub(crate) mod watched;

use std::borrow::Cow;

use super::Db;

/// Rows per statement: below the limit of bound values of SQLite (32,766) and PostgreSQL (65,535) for every table.
const CHUNK: usize = 500;

/// Text without NUL characters: PostgreSQL cannot hold them, and no name means them.
fn no_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}
