//! The formats, and what none of their writers need to know of each other: endings, one file or many, who may enter.

use ferrotape_domain::{PlaylistKind, Wanted, WantedKind};

use crate::places::is_local;

/// A format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// ferrotape's own, which holds all that an import gives.
    Json,
    /// M3U in UTF-8.
    M3u8,
    /// XML shareable playlist.
    Xspf,
    /// Its JSON form, as ListenBrainz reads it.
    Jspf,
    /// A CSV with Exportify's columns.
    Exportify,
    /// A CSV with TuneMyMusic's columns.
    TuneMyMusic,
    /// Podcast subscriptions.
    Opml,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::Json, Self::M3u8, Self::Xspf, Self::Jspf, Self::Exportify, Self::TuneMyMusic, Self::Opml];

    /// A stable word for command lines and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::M3u8 => "m3u8",
            Self::Xspf => "xspf",
            Self::Jspf => "jspf",
            Self::Exportify => "exportify",
            Self::TuneMyMusic => "tunemymusic",
            Self::Opml => "opml",
        }
    }

    /// The format a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// How its files' names end, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Exportify | Self::TuneMyMusic => "csv",
            other => other.as_str(),
        }
    }

    /// Whether every list is a file of its own.
    pub fn has_file_per_list(self) -> bool {
        matches!(self, Self::M3u8 | Self::Xspf | Self::Jspf | Self::Exportify)
    }

    /// Whether a file says what kind of list it holds, or only the liked tracks are told by their name.
    pub(crate) fn says_kind_of_list(self) -> bool {
        matches!(self, Self::Json | Self::Jspf | Self::Xspf)
    }

    /// Whether a reader learns a list's name from the name of its file.
    pub(crate) fn is_named_by_file(self) -> bool {
        self == Self::Exportify
    }

    /// Why a thing cannot be in such a file; `None` where it can.
    pub(crate) fn refuses(self, list: PlaylistKind, wanted: &Wanted) -> Option<&'static str> {
        let is_music = wanted.kind == WantedKind::Recording || is_local(wanted);
        let no_kind =
            "the format tells what something is by its link alone, and this has none and is no recording";
        match self {
            Self::Json | Self::Xspf | Self::Jspf => None,
            Self::M3u8 if wanted.kind == WantedKind::Unavailable => {
                Some("Spotify no longer says what it was, and the format has no empty entries")
            }
            Self::M3u8 => (!is_music && wanted.spotify.is_none()).then_some(no_kind),
            Self::Exportify => {
                let is_gone = wanted.kind == WantedKind::Unavailable;
                (!is_music && !is_gone && wanted.spotify.is_none()).then_some(no_kind)
            }
            Self::TuneMyMusic if !matches!(list, PlaylistKind::Playlist | PlaylistKind::LikedTracks) => {
                Some("TuneMyMusic's tables hold playlists and liked tracks alone")
            }
            Self::TuneMyMusic if !is_music => Some("TuneMyMusic's tables hold tracks alone"),
            Self::TuneMyMusic => (wanted.title.is_empty() && wanted.spotify.is_none())
                .then_some("it has neither a title nor a link"),
            Self::Opml => (wanted.kind != WantedKind::Show).then_some("OPML holds podcasts alone"),
        }
    }
}
