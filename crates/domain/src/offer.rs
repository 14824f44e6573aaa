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

/// Copies of one recording differ at most this much in playing time.
pub const COPY_APART: Duration = Duration::from_secs(2);

/// Whether two files may be copies of one recording by their playing times; `None` where one of these is not known.
pub fn last_as_long(one: Option<Duration>, other: Option<Duration>) -> Option<bool> {
    Some(one?.abs_diff(other?) <= COPY_APART)
}

/// Identity of a file's bytes: 32 hex digits over its size and samples of its content, cheap to take at scan time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(pub String);

/// Stands between the bytes and what tells the things apart that they came as.
const AS: &str = ":as-";

impl ContentId {
    /// The identity of the bytes alone, whichever part of them and whichever of several things this is.
    pub fn bytes(&self) -> &str {
        self.0.split(':').next().unwrap_or(&self.0)
    }

    /// The same bytes as a thing of another title than the one that they came as first: an episode that is sent once more under
    /// another title is an episode of its own.
    #[must_use]
    pub fn as_another(&self, title: &str) -> Self {
        // It stands in manifests on players, so it must be the same in every version: FNV-1a.
        let sum = title.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(format!("{}{AS}{sum:016x}", self.0))
    }

    /// Whether it is such another thing, or a part of one.
    pub fn is_another(&self) -> bool {
        self.0.contains(AS)
    }

    /// The identity of the file that `identity` is of, or of a part of.
    pub fn file_of(identity: &str) -> &str {
        let Some((bytes, rest)) = identity.split_once(':') else { return identity };
        let another = rest.split(':').next().filter(|part| is_mark(part));
        let length = bytes.len() + another.map_or(0, |another| another.len() + 1);
        identity.get(..length).unwrap_or(identity)
    }
}

/// Whether this is what [`ContentId::as_another`] puts behind the colon; a server may be called `as-home`.
fn is_mark(part: &str) -> bool {
    let sum = AS.get(1..).and_then(|begins| part.strip_prefix(begins)).unwrap_or_default();
    sum.len() == 16 && sum.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// A stretch of a file that is a recording of its own: a track of a cue sheet. Bounds are samples of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// Its number in the sheet.
    pub number: u32,
    /// Samples per second that the bounds count in.
    pub sample_rate: u32,
    /// The first sample.
    pub start: u64,
    /// One past the last; `None` for the end of the file.
    pub end: Option<u64>,
}

impl Part {
    /// Identity of this part of a file: the file's own, and the bounds. Equal stretches of equal files are equal.
    pub fn content(&self, file: &ContentId) -> ContentId {
        let end = self.end.map_or_else(String::new, |end| end.to_string());
        ContentId(format!("{}:{}-{end}", file.0, self.start))
    }

    /// The first sample and one past the last, counted at another rate.
    pub fn bounds(&self, sample_rate: u32) -> (u64, Option<u64>) {
        let at = |at: u64| {
            let at = u128::from(at) * u128::from(sample_rate) / u128::from(self.sample_rate.max(1));
            u64::try_from(at).unwrap_or(u64::MAX)
        };
        (at(self.start), self.end.map(at))
    }

    /// Playing time in a file that plays for `whole`.
    pub fn duration(&self, whole: Option<Duration>) -> Option<Duration> {
        let rate = f64::from(self.sample_rate.max(1));
        let time = |samples: u64| Duration::try_from_secs_f64(samples as f64 / rate).unwrap_or(Duration::MAX);
        let end = self.end.map(time).or(whole)?;
        Some(end.saturating_sub(time(self.start)))
    }
}

/// One file a source could give, or one part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Row in the library's list of files, stable for the life of the library; parts have numbers below zero.
    pub file_id: i64,
    /// Where the file is.
    pub path: PathBuf,
    /// Which part of the file it is; the whole when `None`.
    pub part: Option<Part>,
    /// Size of the file in bytes.
    pub size: u64,
    /// Identity of its bytes; see [`Part::content`].
    pub content: ContentId,
    /// What it is.
    pub facts: AudioFacts,
    /// What its tags say.
    pub tags: TagSet,
    /// Identity of the cover picture beside or inside it, empty when there is none.
    pub cover: String,
}

impl Offer {
    /// Where it is, for people: the path, and which track of it.
    pub fn place(&self) -> String {
        match &self.part {
            Some(part) => format!("{}, track {}", self.path.display(), part.number),
            None => self.path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_last_as_long_as_far_as_both_lengths_are_known() {
        let is = |one: u64, other: u64| {
            let length = |ms: u64| (ms > 0).then(|| Duration::from_millis(ms));
            last_as_long(length(one), length(other))
        };
        assert_eq!((is(12_000, 14_000), is(14_000, 12_000)), (Some(true), Some(true)));
        assert_eq!((is(12_000, 14_001), is(14_001, 12_000)), (Some(false), Some(false)));
        assert_eq!((is(0, 14_000), is(12_000, 0), is(0, 0)), (None, None, None));
    }

    #[test]
    fn equal_bytes_may_be_several_things_and_each_has_its_parts() {
        let bytes = ContentId("0a1b".to_owned());
        let again = bytes.as_another("harbour rerun");
        let part = Part { number: 1, sample_rate: 44_100, start: 0, end: Some(55) };
        let cut = [part.content(&bytes), part.content(&again)];
        for id in [&bytes, &again, &cut[0], &cut[1]] {
            assert_eq!(id.bytes(), "0a1b");
        }
        assert_eq!([&bytes, &again, &cut[0], &cut[1]].map(ContentId::is_another), [false, true, false, true]);
        assert_eq!(ContentId::file_of(&bytes.0), bytes.0);
        assert_eq!(ContentId::file_of(&again.0), again.0);
        assert_eq!(ContentId::file_of(&cut[0].0), bytes.0);
        assert_eq!(ContentId::file_of(&cut[1].0), again.0);
        assert_eq!(again.0, "0a1b:as-6a472ab7889a8e0e");
    }
}
