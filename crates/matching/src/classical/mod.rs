//! Works, movements, composers and performers of classical music.

pub(crate) mod composers;
pub(crate) mod keys;
pub(crate) mod performers;
pub(crate) mod piece;
pub(crate) mod reader;
pub(crate) mod words;
pub(crate) mod work;
