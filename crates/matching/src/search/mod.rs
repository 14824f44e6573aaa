//! Candidate search: the offers themselves, and an index of their words.

pub(crate) mod album_at;
pub(crate) mod collection;
pub(crate) mod find;
pub(crate) mod index;
mod keys;
mod postings;
