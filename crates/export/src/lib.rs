//! Library out, bytes out: what was imported, in the formats that other programs and services read. No I/O.
//!
//! [`export`] takes a [`Wishlist`](ferrotape_domain::Wishlist), the same value that an import gives, so that a round
//! trip can be checked value by value. [`Format`] tells the formats apart; each has a module that writes one file.
//! What a format has no place for is never dropped in silence: every entry is counted as written or left out, and
//! [`Export::remarks`] names the list, the rows and the reason. docs/exports.md has the table for users.

mod account;
mod csv_exportify;
mod csv_tunemymusic;
mod entry;
mod field;
mod format;
mod json;
mod jspf;
mod list;
mod m3u8;
mod names;
mod opml;
mod places;
mod private_feeds;
mod write;
mod xml;
mod xspf;

pub use account::{Cost, Export, ExportFile, ListAccount, Remark};
pub use format::Format;
pub use json::SCHEMA;
pub use list::StandIn;
pub use write::{Options, export};
