//! MPEG audio seen from outside: frames, header frames, lengths, and copying, cutting and joining without decoding.

pub(crate) mod copy;
pub(crate) mod cut;
mod each_frame;
pub(crate) mod frame_map;
pub(crate) mod frames;
pub(crate) mod gain;
pub(crate) mod header_frame;
pub(crate) mod holes;
pub(crate) mod join;
pub(crate) mod length;
pub(crate) mod pass;
pub(crate) mod reservoir;
pub(crate) mod side_info;
pub(crate) mod walk;

use std::io;

/// What went wrong while walking or copying.
#[derive(Debug)]
pub(crate) enum CopyProblem {
    Cancelled,
    Source(io::Error),
    Out(io::Error),
    Broken(String),
}
