//! What a file is, by its first bytes. Its name counts only where the content says nothing (an empty list).

use crate::Limits;
use crate::csv::{self, Rows};
use crate::json::{self, JsonFormat};
use crate::lines::{self, LineFormat};
use crate::text::{TextBytes, is_utf16, without_mark};
use crate::xml::{self, XmlFormat};

/// How much of a file is looked at.
pub(crate) const HEAD: usize = 64 * 1024;

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recognised {
    Json(JsonFormat),
    Xml(XmlFormat),
    Table(Rows),
    Lines(LineFormat),
    /// Text of a kind that cannot be read; says what it looks like.
    Unknown(String),
    /// Pictures, audio, documents: no list.
    NoText,
}

impl Recognised {
    /// Files are read in this order: first what the user has, then what they played.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Json(JsonFormat::Library) => 0,
            Self::Json(JsonFormat::Playlists | JsonFormat::Backup | JsonFormat::Ferrotape) => 1,
            Self::Table(Rows::Alone)
            | Self::Xml(_)
            | Self::Json(JsonFormat::Spotdl | JsonFormat::Jspf | JsonFormat::AppleTracks) => 2,
            Self::Lines(_) | Self::Table(Rows::AfterOthers) | Self::Json(JsonFormat::ApplePlaylists) => 3,
            Self::Json(JsonFormat::AccountHistory) => 4,
            Self::Json(JsonFormat::ExtendedHistory) => 5,
            Self::Json(JsonFormat::Listens | JsonFormat::ListenLines)
            | Self::Table(Rows::Plays | Rows::AppleDaily | Rows::AppleActivity) => 6,
            Self::Unknown(_) | Self::NoText => 7,
        }
    }
}

/// Judges a file by up to [`HEAD`] bytes.
pub(crate) fn recognise(head: &[u8], file: &str, limits: &Limits) -> Recognised {
    let unknown = |says: &str| Recognised::Unknown(says.to_owned());
    if head.is_empty() {
        return unknown("it is empty");
    }
    if head.starts_with(b"PK\x03\x04") {
        return unknown("it is a zip inside a zip; unpack it and import it by itself");
    }
    if !is_utf16(head) && is_binary(head) {
        return Recognised::NoText;
    }
    let mut text = without_mark(head.to_vec());
    // The head may end in the middle of a character or line, which the guesses need not see.
    if head.len() >= HEAD
        && let Some(end) = memchr::memrchr(b'\n', &text)
    {
        text.truncate(end + 1);
    }
    match text.trim_ascii_start() {
        [] => return unknown("it is empty"),
        [b'<', ..] => {
            return match xml::recognise(&text, limits) {
                Ok(format) => Recognised::Xml(format),
                Err(says) => Recognised::Unknown(says),
            };
        }
        start if start.get(..10).is_some_and(|s| s.eq_ignore_ascii_case(b"[playlist]")) => {
            return Recognised::Lines(LineFormat::Pls);
        }
        [b'{' | b'[', ..] => {
            return match json::recognise(&text, file, limits.json_depth) {
                Ok(format) => Recognised::Json(format),
                Err(says) => Recognised::Unknown(says),
            };
        }
        _ => {}
    }
    let text = TextBytes::of(text);
    if let Some(format) = lines::recognise(&text) {
        Recognised::Lines(format)
    } else if let Some(rows) = csv::is_table(&text) {
        Recognised::Table(rows)
    } else if lines::are_titles(&text) {
        Recognised::Lines(LineFormat::Titles)
    } else {
        unknown("it is text, but no list that is known here")
    }
}

fn is_binary(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 8] =
        [b"%PDF", b"ID3", b"\x89PNG", b"\xff\xd8\xff", b"OggS", b"fLaC", b"RIFF", b"\x1f\x8b"];
    MAGIC.iter().any(|magic| head.starts_with(magic)) || head.contains(&0)
}
