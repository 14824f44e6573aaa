//! Audio that a source could give: where it is, what it is, what its tags say.

use std::path::PathBuf;
use std::time::Duration;

use crate::TagSet;

/// An audio format recognised by content, never by extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum AudioFormat {
    Flac,
    OggFlac,
    Mp3,
    Aac,
    Alac,
    Vorbis,
    Opus,
    Wav,
    Aiff,
    Mp1,
    Mp2,
    WavPack,
    WavPackLossy,
    MonkeysAudio,
    Musepack,
}

impl AudioFormat {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Flac,
        Self::OggFlac,
        Self::Mp3,
        Self::Aac,
        Self::Alac,
        Self::Vorbis,
        Self::Opus,
        Self::Wav,
        Self::Aiff,
        Self::Mp1,
        Self::Mp2,
        Self::WavPack,
        Self::WavPackLossy,
        Self::MonkeysAudio,
        Self::Musepack,
    ];

    /// A stable word for the database and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flac => "flac",
            Self::OggFlac => "ogg_flac",
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Alac => "alac",
            Self::Vorbis => "vorbis",
            Self::Opus => "opus",
            Self::Wav => "wav",
            Self::Aiff => "aiff",
            Self::Mp1 => "mp1",
            Self::Mp2 => "mp2",
            Self::WavPack => "wavpack",
            Self::WavPackLossy => "wavpack_lossy",
            Self::MonkeysAudio => "monkeys_audio",
            Self::Musepack => "musepack",
        }
    }

    /// The format a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Whether decoding gives back what went into the encoder.
    pub fn is_lossless(self) -> bool {
        matches!(
            self,
            Self::Flac
                | Self::OggFlac
                | Self::Alac
                | Self::Wav
                | Self::Aiff
                | Self::WavPack
                | Self::MonkeysAudio
        )
    }
}

/// Technical facts of an audio file, from its headers.
#[derive(Debug, Clone, PartialEq)]
pub struct AudioFacts {
    /// What it is.
    pub format: AudioFormat,
    /// Playing time; `None` where only decoding would tell.
    pub duration: Option<Duration>,
    /// Samples per second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// Bits per sample, for lossless formats.
    pub bits_per_sample: Option<u8>,
    /// Average bitrate in kbit/s.
    pub bitrate_kbps: Option<u32>,
}

/// Identity of a file's bytes: 32 hex digits over its size and samples of its content, cheap to take at scan time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(pub String);

/// One file a source could give.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Row in the library's list of files; stable for the life of the library.
    pub file_id: i64,
    /// Where the file is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Identity of its bytes.
    pub content: ContentId,
    /// What it is.
    pub facts: AudioFacts,
    /// What its tags say.
    pub tags: TagSet,
    /// Identity of the cover picture beside or inside it, empty when there is none.
    pub cover: String,
}
