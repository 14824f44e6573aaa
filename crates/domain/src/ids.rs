//! Identifiers, parsed once at the edge and never carried as bare strings.

use std::fmt;

/// Why a text is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId {
    /// What was expected, e.g. `Spotify id`.
    pub expected: &'static str,
    /// The text as it was given, shortened to 64 characters.
    pub found: String,
}

impl NotAnId {
    fn new(expected: &'static str, found: &str) -> Self {
        Self { expected, found: found.chars().take(64).collect() }
    }
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” is not a valid {}", self.found, self.expected)
    }
}

impl std::error::Error for NotAnId {}

/// A 22-character base-62 identifier (alphabet `0-9a-zA-Z`, value below 2^128).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpotifyId(String);

impl SpotifyId {
    /// Parses an id; 22 characters of the alphabet may still overflow 128 bits and are refused then.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let refuse = || NotAnId::new("Spotify id (22 letters and digits)", text);
        if text.len() != 22 {
            return Err(refuse());
        }
        let mut value: u128 = 0;
        for byte in text.bytes() {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'z' => byte - b'a' + 10,
                b'A'..=b'Z' => byte - b'A' + 36,
                _ => return Err(refuse()),
            };
            value =
                value.checked_mul(62).and_then(|v| v.checked_add(u128::from(digit))).ok_or_else(refuse)?;
        }
        Ok(Self(text.to_owned()))
    }

    /// The 22 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What kind of thing a [`SpotifyUri`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are Spotify's own")]
pub enum SpotifyKind {
    Track,
    Album,
    Artist,
    Playlist,
    Show,
    Episode,
    Audiobook,
    Chapter,
}

impl SpotifyKind {
    /// Every kind, in the order of the grammar.
    pub const ALL: [Self; 8] = [
        Self::Track,
        Self::Album,
        Self::Artist,
        Self::Playlist,
        Self::Show,
        Self::Episode,
        Self::Audiobook,
        Self::Chapter,
    ];

    /// The word used in URIs and web addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Album => "album",
            Self::Artist => "artist",
            Self::Playlist => "playlist",
            Self::Show => "show",
            Self::Episode => "episode",
            Self::Audiobook => "audiobook",
            Self::Chapter => "chapter",
        }
    }

    /// The kind a word of the grammar names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// `spotify:{kind}:{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpotifyUri {
    /// What it names.
    pub kind: SpotifyKind,
    /// Which one.
    pub id: SpotifyId,
}

impl SpotifyUri {
    /// Parses the canonical form `spotify:kind:id` only; the whole link grammar lives in `import`.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let refuse = || NotAnId::new("Spotify URI", text);
        let rest = text.strip_prefix("spotify:").ok_or_else(refuse)?;
        let (kind, id) = rest.split_once(':').ok_or_else(refuse)?;
        let kind = SpotifyKind::from_word(kind).ok_or_else(refuse)?;
        Ok(Self { kind, id: SpotifyId::parse(id)? })
    }

    /// The address a person can open.
    pub fn web_address(&self) -> String {
        format!("https://open.spotify.com/{}/{}", self.kind.as_str(), self.id.as_str())
    }
}

impl fmt::Display for SpotifyUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spotify:{}:{}", self.kind.as_str(), self.id.as_str())
    }
}

/// International Standard Recording Code (ISO 3901), upper case without hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Isrc(String);

impl Isrc {
    /// Parses an ISRC, forgiving hyphens, spaces, an `ISRC` prefix and lower case.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let mut code: String =
            text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        if code.len() == 16 && code.starts_with("ISRC") {
            code.drain(..4);
        }
        let bytes = code.as_bytes();
        let shaped = bytes.len() == 12
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[5..].iter().all(u8::is_ascii_digit);
        if shaped { Ok(Self(code)) } else { Err(NotAnId::new("ISRC", text)) }
    }

    /// The twelve characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Isrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A MusicBrainz identifier: a UUID in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mbid(String);

impl Mbid {
    /// Parses the 8-4-4-4-12 form.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let id = text.trim().to_ascii_lowercase();
        let shaped = id.len() == 36
            && id.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if shaped { Ok(Self(id)) } else { Err(NotAnId::new("MusicBrainz id", text)) }
    }

    /// The 36 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Mbid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spotify_ids_are_22_base62_characters_below_2_to_the_128() {
        assert!(SpotifyId::parse("6rqhFgbbKwnb9MLmUQDhG6").is_ok());
        assert!(SpotifyId::parse("6rqhFgbbKwnb9MLmUQDhG").is_err());
        assert!(SpotifyId::parse("6rqhFgbbKwnb9MLmUQDh-6").is_err());
        assert!(SpotifyId::parse("ZZZZZZZZZZZZZZZZZZZZZZ").is_err(), "overflows 128 bits");
    }

    #[test]
    fn isrcs_are_normalised() {
        assert_eq!(Isrc::parse("gb-lv6-21-22216").unwrap().as_str(), "GBLV62122216");
        assert_eq!(Isrc::parse("ISRC GBLV62122216").unwrap().as_str(), "GBLV62122216");
        assert!(Isrc::parse("GBLV6212221").is_err());
    }

    #[test]
    fn mbids_are_uuids() {
        assert!(Mbid::parse("F4A31F0A-51DD-4FA7-986D-3095C40C5ED9").is_ok());
        assert!(Mbid::parse("f4a31f0a51dd4fa7986d3095c40c5ed9").is_err());
    }
}
