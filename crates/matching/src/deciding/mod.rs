//! From weighed files to an answer: one recording, the tracks of a release, a saved album.

pub(crate) mod album;
mod albums_of_server;
pub(crate) mod assignment;
pub(crate) mod copies;
pub(crate) mod editions;
pub(crate) mod one;
pub(crate) mod release;
