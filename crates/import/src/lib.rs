//! Bytes in, wishlist out: Spotify links, data packages, CSV, M3U, histories, and what other programs write. No network.
//!
//! [`read_path`] looks at what an input holds (`gather`), tells each file by its content (`recognise`), reads the
//! files in a fixed order and returns one [`Wishlist`](ferrotape_domain::Wishlist): what was understood, a problem for each thing that was not,
//! and an account per file whose counts add up. [`parse_link`] is the whole link grammar. [`Parcel`] opens the zips that
//! people get music in. Everything from outside is
//! taken for hostile and read within [`Limits`].

mod account;
mod collector;
mod csv;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod gather;
mod guard;
mod json;
mod limits;
mod lines;
mod links;
mod order;
mod parcel;
mod playlist_track;
mod read;
mod recognise;
mod text;
mod wanted;
mod xml;

pub use account::read_account;
pub use error::ImportError;
pub use gather::is_zip;
pub use limits::Limits;
pub use links::{Link, LinkError, looks_like_link, parse_link, wanted_by_link};
pub use parcel::{Member, MemberError, Parcel};
pub use read::read_path;
