//! Which kind of recording a text claims to be, and which kinds may stand in for one another.

pub(crate) mod album_claims;
pub(crate) mod album_pieces;
pub(crate) mod album_words;
pub(crate) mod claims;
pub(crate) mod languages;
pub(crate) mod productions;
pub(crate) mod table;
pub(crate) mod words;
