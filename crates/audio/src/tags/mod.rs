//! Tags and covers: read from every format, written as ID3.

pub(crate) mod cover;
pub(crate) mod gain;
pub(crate) mod ogg_flac;
pub(crate) mod read;
pub(crate) mod table;
pub(crate) mod write;
