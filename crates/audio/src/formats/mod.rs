//! What a file is: told by its first bytes, never by its name.

pub(crate) mod adts;
pub(crate) mod extent;
pub(crate) mod flac;
pub(crate) mod large_wave;
pub(crate) mod mp4;
pub(crate) mod mp4_chapters;
pub(crate) mod ogg;
pub(crate) mod sniff;
pub(crate) mod watched;
pub(crate) mod wavpack;
