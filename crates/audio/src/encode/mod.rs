//! Sound in, MP3 frames out.

pub(crate) mod lame;
