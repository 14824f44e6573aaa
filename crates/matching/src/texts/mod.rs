//! Texts made comparable: folding, scripts, wrong encodings, numbers, edits.

pub(crate) mod articles;
pub(crate) mod dashes;
pub(crate) mod mojibake;
pub(crate) mod normalise;
pub(crate) mod numerals;
pub(crate) mod phrases;
pub(crate) mod scripts;
pub(crate) mod typos;
