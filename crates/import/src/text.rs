//! Bytes of text files: which encoding, decided line by line.
//!
//! Files glued together by hand mix encodings. A line that is valid UTF-8 is UTF-8; the others share one guess, made
//! from all of them together, because a single line is too short to guess by.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// A file's bytes with what is known of their encoding.
#[derive(Debug)]
pub(crate) struct TextBytes {
    bytes: Vec<u8>,
    /// For the lines that are not UTF-8.
    guess: Option<&'static Encoding>,
    mixed: bool,
}

impl TextBytes {
    /// Takes a whole file; UTF-16 is turned into UTF-8, a byte order mark is dropped.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let bytes = without_mark(bytes);
        if std::str::from_utf8(&bytes).is_ok() {
            return Self { bytes, guess: None, mixed: false };
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut mixed = false;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match std::str::from_utf8(line) {
                Ok(line) => mixed |= !line.is_ascii(),
                Err(_) => _ = detector.feed(line, false),
            }
        }
        detector.feed(b"", true);
        let guess = Some(detector.guess(None, Utf8Detection::Deny));
        Self { bytes, guess, mixed }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A part of the file as text.
    pub(crate) fn decode<'t>(&self, part: &'t [u8]) -> Cow<'t, str> {
        match std::str::from_utf8(part) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => self.guess.unwrap_or(encoding_rs::WINDOWS_1252).decode_without_bom_handling(part).0,
        }
    }

    /// What to tell about the file when all of it is in one older encoding.
    pub(crate) fn remark(&self) -> Option<String> {
        let guess = self.guess.filter(|_| !self.mixed)?;
        Some(format!(
            "the file is not UTF-8; it was read as {}, a guess – check that its names look right",
            guess.name()
        ))
    }

    /// What to tell about one part of a file that mixes encodings.
    pub(crate) fn remark_on(&self, part: &[u8]) -> Option<String> {
        let guess = self.guess.filter(|_| self.mixed && std::str::from_utf8(part).is_err())?;
        Some(format!(
            "it is not UTF-8 as the rest; it was read as {}, a guess – check its names",
            guess.name()
        ))
    }
}

/// UTF-16 as UTF-8, and without a byte order mark.
pub(crate) fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) if encoding == encoding_rs::UTF_8 => {
            bytes.drain(..mark);
            bytes
        }
        Some((encoding, _)) => encoding.decode(&bytes).0.into_owned().into_bytes(),
        None => bytes,
    }
}

/// Whether a file's head says UTF-16.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    matches!(Encoding::for_bom(head), Some((encoding, _)) if encoding != encoding_rs::UTF_8)
}

/// A name from outside made fit to be shown: nothing that moves a terminal's cursor or turns the reading direction.
pub(crate) fn shown(name: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    let mut kept: String = name.chars().take(300).map(|c| if odd(c) { '\u{fffd}' } else { c }).collect();
    if name.chars().nth(300).is_some() {
        kept.push('…');
    }
    kept
}

/// The name of a list after its file: without folder and ending, and with spaces where the exporter wrote `_`.
pub(crate) fn list_name(file: &str) -> String {
    let base = base_name(file);
    let stem = match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => base,
    };
    let spaced = if stem.contains(' ') { stem.to_owned() } else { stem.replace('_', " ") };
    let spaced = shown(spaced.trim());
    if spaced.is_empty() { "Playlist".to_owned() } else { spaced }
}

/// Whether a list's name is that of the liked tracks.
pub(crate) fn is_liked(name: &str) -> bool {
    let folded: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    matches!(folded.as_str(), "liked" | "likedsongs" | "likedtracks")
}

/// The last part of a path, with either separator.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Says that so many rows are not read.
pub(crate) fn left_out(rows: u64) -> String {
    match rows {
        0 => "it holds no rows".to_owned(),
        1 => "its only row is left out".to_owned(),
        rows => format!("its {rows} rows are left out"),
    }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and not Spotify's `0000`; what follows a whole date (a time) is left out.
pub(crate) fn date(text: &str) -> Option<String> {
    let day = text.get(..10).filter(|day| is_date(day));
    day.or(Some(text).filter(|text| is_date(text))).map(str::to_owned)
}

fn is_date(text: &str) -> bool {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.splitn(3, '-');
    parts.next().is_some_and(|year| digits(year, 4) && year != "0000") && parts.all(|part| digits(part, 2))
}
