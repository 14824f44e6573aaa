//! Tags and covers: read from every format, written as ID3.

pub(crate) mod cover;
pub(crate) mod fields;
pub(crate) mod gain;
pub(crate) mod lrc;
pub(crate) mod native;
pub(crate) mod ogg_flac;
mod players;
pub(crate) mod read;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod v1;
pub(crate) mod write;
