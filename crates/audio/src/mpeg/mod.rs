//! MPEG audio seen from outside: frames, header frames, lengths, and copying without decoding.

pub(crate) mod copy;
pub(crate) mod frames;
pub(crate) mod length;
pub(crate) mod side_info;
