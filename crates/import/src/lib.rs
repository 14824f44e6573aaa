//! Bytes in, wishlist out: links, data exports, CSV, M3U. No network.

mod builder;
mod error;
mod limits;

pub use error::ImportError;
pub use limits::Limits;
