//! What to make, what was made, and why nothing was made.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ferrotape_domain::{Cancel, Cover, Heard, Loudness, Part, ReplayGain, TagSet};

pub use crate::make::loudness_use::{LoudnessRequest, LoudnessUse, NotALoudnessUse};

use crate::Cores;
use crate::make::SILENT;
use crate::make::source_read::SourceRead;
use crate::mpeg::gain::GainChange;
use crate::probe::why_not_yet;
use crate::tags::style::TagStyle;

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Variable bit rate, about 260 kbit/s: no audible loss. The default.
    V0,
    /// Variable bit rate, about 200 kbit/s.
    V2,
    /// Constant bit rate in kbit/s: 320, 256, 192 or 128.
    Cbr(u16),
}

/// A word that names no preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a preset; use v0, v2, 320, 256, 192 or 128")]
pub struct NotAPreset(pub String);

impl FromStr for Preset {
    type Err = NotAPreset;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.trim().to_ascii_lowercase().as_str() {
            "v0" => Ok(Self::V0),
            "v2" => Ok(Self::V2),
            "320" => Ok(Self::Cbr(320)),
            "256" => Ok(Self::Cbr(256)),
            "192" => Ok(Self::Cbr(192)),
            "128" => Ok(Self::Cbr(128)),
            _ => Err(NotAPreset(word.chars().take(32).collect())),
        }
    }
}

impl std::fmt::Display for Preset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::V0 => f.write_str("v0"),
            Self::V2 => f.write_str("v2"),
            Self::Cbr(kbps) => write!(f, "{kbps}"),
        }
    }
}

/// How the encoder goes through a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// As fits its length; what everybody wants but those who compare the two others.
    #[default]
    ByLength,
    /// In one pass.
    Whole,
    /// In segments of so many frames (at least 100 are used), on as many cores as are spare.
    Segments(u32),
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Mp3Request<'a> {
    /// The source file; opened for reading only.
    pub source: &'a Path,
    /// How to encode, if it must be encoded.
    pub preset: Preset,
    /// The tags to write.
    pub tags: &'a TagSet,
    /// How they are written.
    pub style: TagStyle,
    /// The cover to embed.
    pub cover: Option<&'a Cover>,
    /// The player takes this MP3 as it is: copy its frames bit-exactly instead of encoding again.
    pub copy_mp3: bool,
    /// Which sample rates it takes, in Hz; 32, 44.1 and 48 kHz when empty.
    pub rates: &'a [u32],
    /// It takes only MP3s of one bit rate: one whose frames differ is encoded again.
    pub constant_rate: bool,
    /// The lowest and the highest bit rate that it takes, in kbit/s: an MP3 of another constant one is encoded again.
    pub kbps: (u32, u32),
    /// How the encoder goes through it.
    pub way: Way,
    /// What is done with its loudness.
    pub loudness: LoudnessRequest<'a>,
    /// The machine's cores, shared by everything that is made at the same time.
    pub cores: &'a Cores,
    /// The stretch of the source to make it of; the whole when `None`.
    pub part: Option<Part>,
    /// Take the fingerprint on the way, where the source is decoded.
    pub hear: bool,
    /// Take the sum of all bytes of the source on the way, where all of them are read once.
    pub sum: bool,
    /// Asked between packets.
    pub cancel: &'a Cancel,
}

/// How the audio came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Decoded and encoded.
    Encoded,
    /// Frames of the source, unchanged.
    Copied,
}

/// The finished MP3.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeMp3 {
    /// Size of the file.
    pub bytes: u64,
    /// XXH3 (128 bits) of the whole file, in hex.
    pub sum: String,
    /// Where in the file its sound lies, the header frame included; tags are before it and behind.
    pub sound: Range<u64>,
    /// Samples per channel a gapless player hears.
    pub samples: u64,
    /// Samples per second.
    pub sample_rate: u32,
    /// Encoded or copied.
    pub method: Method,
    /// The track gain written into the tags.
    pub gain: Option<ReplayGain>,
    /// The loudness of the sound at its own level, where it was measured now or before.
    pub loudness: Option<Loudness>,
    /// Whether the encoder was given the source's own samples: then only what the user asks for changes their level.
    pub exact: bool,
    /// By how much the sound was turned up or down, in dB.
    pub level_db: f64,
    /// How the copied frames' own volume was changed, where it was to be.
    pub volume: Option<GainChange>,
    /// How the source sounds: what [`crate::listen()`] would tell. Only where that was asked for and the source was
    /// decoded channel by channel; more than two are folded for an MP3.
    pub heard: Option<Heard>,
    /// What the source is, where each of its bytes was read once and its frames were copied.
    pub read: Option<SourceRead>,
    /// What the user should know, e.g. `3 damaged frames left out`.
    pub notes: Vec<String>,
}

impl MakeError {
    /// Whether the source plays, but is silent from beginning to end.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::SourceBroken { reason, .. } if reason == SILENT)
    }
}

/// Why no MP3 was made. `out` then holds rubbish and is to be deleted.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// Told to stop.
    #[error("stopped")]
    Cancelled,
    /// The source could not be read.
    #[error("{}: could not be read: {source}; check that it is there and permitted", .path.display())]
    SourceUnreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nothing sound in it, or it ends before its headers say.
    #[error("{}: broken: {reason}; get a sound copy of it", .path.display())]
    SourceBroken {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Somebody wrote to the source while it was read, or put another file there.
    #[error("{}: it changed while this run was under way", .path.display())]
    SourceChanged {
        /// Which file.
        path: PathBuf,
    },
    /// Not a format ferrotape decodes.
    #[error("{}: {}", .path.display(), why_not_yet(.format))]
    NotReadableYet {
        /// Which file.
        path: PathBuf,
        /// The format's name.
        format: &'static str,
    },
    /// The target is full.
    #[error("no space left to write the MP3 of {}: {error}; make room and run again", .path.display())]
    NoSpace {
        /// The source whose MP3 was written.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The MP3 could not be written for another reason.
    #[error("the MP3 of {} could not be written: {error}", .path.display())]
    Write {
        /// The source whose MP3 was written.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Sound that was encoded before could not be read; encoding it again may do.
    #[error("{}: what was encoded of it before could not be read: {error}", .path.display())]
    SoundLost {
        /// The source it was made of.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The encoder refused.
    #[error("{}: could not be encoded: {reason}", .path.display())]
    Encoder {
        /// Which file.
        path: PathBuf,
        /// What the encoder said.
        reason: String,
    },
}
