//! The kinds of places, and the words for them.

use serde::Serialize;

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the services' own")]
pub enum PlaceKind {
    Subsonic,
    Jellyfin,
    Program,
    InternetArchive,
    Librivox,
    Jamendo,
    WikimediaCommons,
    Openverse,
    Podcasts,
    Musicbrainz,
    Deezer,
    Acoustid,
    CoverArtArchive,
    Lrclib,
}

impl PlaceKind {
    /// Every kind, in the order in which places are preferred: the user's own first, those without audio last.
    pub const ALL: [Self; 14] = [
        Self::Subsonic,
        Self::Jellyfin,
        Self::Program,
        Self::InternetArchive,
        Self::Jamendo,
        Self::Librivox,
        Self::WikimediaCommons,
        Self::Openverse,
        Self::Podcasts,
        Self::Musicbrainz,
        Self::Deezer,
        Self::Acoustid,
        Self::CoverArtArchive,
        Self::Lrclib,
    ];

    /// The word for it in the file and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subsonic => "subsonic",
            Self::Jellyfin => "jellyfin",
            Self::Program => "program",
            Self::InternetArchive => "internet-archive",
            Self::Librivox => "librivox",
            Self::Jamendo => "jamendo",
            Self::WikimediaCommons => "wikimedia-commons",
            Self::Openverse => "openverse",
            Self::Podcasts => "podcasts",
            Self::Musicbrainz => "musicbrainz",
            Self::Deezer => "deezer",
            Self::Acoustid => "acoustid",
            Self::CoverArtArchive => "cover-art-archive",
            Self::Lrclib => "lrclib",
        }
    }

    /// The kind that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether there may be several, each with a name: servers and programs of the user's.
    pub fn has_names(self) -> bool {
        matches!(self, Self::Subsonic | Self::Jellyfin | Self::Program)
    }

    /// Whether it has audio; the others only know something of it.
    pub fn has_audio(self) -> bool {
        !matches!(
            self,
            Self::Musicbrainz | Self::Deezer | Self::Acoustid | Self::CoverArtArchive | Self::Lrclib
        )
    }

    /// What it has, in a few words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Subsonic => "your own server that speaks Subsonic: Navidrome, gonic, LMS, supysonic …",
            Self::Jellyfin => "your own Jellyfin server",
            Self::Program => "a program of yours that finds and fetches files (docs/sources/program.md)",
            Self::InternetArchive => "concerts and netlabels that may be copied",
            Self::Librivox => "audiobooks in the public domain",
            Self::Jamendo => "music under Creative Commons; needs a client id of yours",
            Self::WikimediaCommons => "music under open licences, mostly classical",
            Self::Openverse => "open licences, searched in many places at once",
            Self::Podcasts => "the public feeds of podcasts",
            Self::Musicbrainz => "which recording something is: ids, codes, releases (`ferrotape lookup`)",
            Self::Deezer => "how long the recording of a code plays (`ferrotape lookup`)",
            Self::Acoustid => "what a file's sound is called; needs a key of yours (`ferrotape lookup`)",
            Self::CoverArtArchive => "covers of albums that have none (`ferrotape lookup`)",
            Self::Lrclib => "lyrics, plain and timed (`ferrotape lookup`)",
        }
    }
}
