//! What listening to a file told, beside what its tags claim.

use std::time::Duration;

/// Whether a file holds the whole recording it claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nothing is wrong with it.
    Sound,
    /// Nothing but silence.
    Silent,
    /// It ends before its header says.
    CutShort,
}

impl Health {
    /// A stable word for the database and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Silent => "silent",
            Self::CutShort => "cut_short",
        }
    }

    /// The health a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sound, Self::Silent, Self::CutShort].into_iter().find(|health| health.as_str() == word)
    }
}

/// A file as it was heard: the same for every copy of a recording, whatever the format and the tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Chromaprint of the first two minutes, one value per 0.124 s; the values `fpcalc -raw` prints.
    pub fingerprint: Vec<u32>,
    /// Playing time as decoded.
    pub duration: Duration,
    /// Whether it is whole.
    pub health: Health,
}

impl Heard {
    /// The fingerprint as bytes, four to a value, the least first.
    pub fn fingerprint_bytes(&self) -> Vec<u8> {
        self.fingerprint.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// The fingerprint that [`Heard::fingerprint_bytes`] wrote; bytes that make no whole value are left out.
    pub fn fingerprint_of_bytes(bytes: &[u8]) -> Vec<u32> {
        bytes.chunks_exact(4).filter_map(|four| four.try_into().ok().map(u32::from_le_bytes)).collect()
    }
}
