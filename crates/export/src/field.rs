//! What an entry may say, and which format has a place for it: the table behind docs/exports.md.

use ferrotape_domain::{ArtistCredit, SpotifyKind, Wanted, WantedKind};

use crate::Format;
use crate::list::Entry;
use crate::places::is_local;

/// Something an entry may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Kind,
    Link,
    Artists,
    SplitArtists,
    JoinPhrases,
    Release,
    ReleaseArtists,
    TrackNumber,
    DiscNumber,
    Released,
    Duration,
    Milliseconds,
    Isrc,
    RecordingMbid,
    Explicit,
    ReleaseLink,
    Feed,
    Added,
}

impl Field {
    pub(crate) const ALL: [Self; 18] = [
        Self::Kind,
        Self::Link,
        Self::Artists,
        Self::SplitArtists,
        Self::JoinPhrases,
        Self::Release,
        Self::ReleaseArtists,
        Self::TrackNumber,
        Self::DiscNumber,
        Self::Released,
        Self::Duration,
        Self::Milliseconds,
        Self::Isrc,
        Self::RecordingMbid,
        Self::Explicit,
        Self::ReleaseLink,
        Self::Feed,
        Self::Added,
    ];

    /// For people: what is not in the file.
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Kind => "that it is a file of your own computer",
            Self::Link => "its Spotify link",
            Self::Artists => "its artists",
            Self::SplitArtists => "where one artist's name ends and the next begins",
            Self::JoinPhrases => "how the artists' names are joined (“feat.”, “&”)",
            Self::Release => "its album",
            Self::ReleaseArtists => "the album's artists",
            Self::TrackNumber => "its track number",
            Self::DiscNumber => "its disc number",
            Self::Released => "its release date",
            Self::Duration => "its playing time",
            Self::Milliseconds => "its playing time beyond whole seconds",
            Self::Isrc => "its ISRC",
            Self::RecordingMbid => "its MusicBrainz id",
            Self::Explicit => "whether it is explicit",
            Self::ReleaseLink => "its album's link",
            Self::Feed => "its feed",
            Self::Added => "when you added it",
        }
    }

    /// Whether an entry says this.
    pub(crate) fn is_said(self, wanted: &Wanted, added: Option<&str>) -> bool {
        let credits = [&wanted.artists, &wanted.release_artists];
        match self {
            Self::Kind => is_local(wanted),
            Self::Link => wanted.spotify.is_some(),
            Self::Artists => !wanted.artists.is_empty(),
            Self::SplitArtists => credits.iter().any(|credit| credit.credited().len() > 1),
            Self::JoinPhrases => credits.iter().any(|credit| !is_plainly_joined(credit)),
            Self::Release => wanted.release.is_some(),
            Self::ReleaseArtists => !wanted.release_artists.is_empty(),
            Self::TrackNumber => wanted.track_number.is_some(),
            Self::DiscNumber => wanted.disc_number.is_some(),
            Self::Released => wanted.released.is_some(),
            Self::Duration => wanted.duration.is_some(),
            Self::Milliseconds => wanted.duration.is_some_and(|time| time.subsec_millis() != 0),
            Self::Isrc => wanted.isrc.is_some(),
            Self::RecordingMbid => wanted.recording_mbid.is_some(),
            Self::Explicit => wanted.explicit.is_some(),
            Self::ReleaseLink => wanted.spotify_release.is_some(),
            Self::Feed => wanted.feed.is_some(),
            Self::Added => added.is_some(),
        }
    }

    /// Whether a file of this format says it, too.
    pub(crate) fn is_carried(self, format: Format, entry: &Entry<'_>) -> bool {
        let wanted = entry.wanted;
        // An empty row is all there is to say that something is gone.
        if format == Format::Exportify && wanted.kind == WantedKind::Unavailable {
            return self == Self::Added;
        }
        match format {
            Format::Json | Format::Jspf => true,
            Format::Xspf => self != Self::JoinPhrases,
            Format::M3u8 => match self {
                Self::Kind | Self::Link if !entry.files.is_empty() => false,
                Self::Kind | Self::Link | Self::Artists | Self::Release | Self::Duration => true,
                // The one line that an entry has is the file, or the link where there is one.
                Self::RecordingMbid if !entry.files.is_empty() => false,
                Self::RecordingMbid => wanted.spotify.is_none() && !is_local(wanted),
                _ => false,
            },
            Format::Exportify => match self {
                Self::JoinPhrases | Self::RecordingMbid | Self::Feed => false,
                // Readers take a local file's artists from its link, where they are one text.
                Self::SplitArtists => !is_local(wanted) || wanted.artists.credited().len() < 2,
                Self::ReleaseLink => {
                    wanted.spotify_release.as_ref().is_some_and(|link| link.kind == SpotifyKind::Album)
                }
                _ => true,
            },
            Format::TuneMyMusic => {
                matches!(self, Self::Link | Self::Artists | Self::Release | Self::Isrc)
            }
            Format::Opml => matches!(self, Self::Link | Self::Feed),
        }
    }
}

/// Whether a credit is its names with `, ` between them and nothing else.
pub(crate) fn is_plainly_joined(credit: &ArtistCredit) -> bool {
    let names: Vec<&str> = credit.names().collect();
    ArtistCredit::of_names(&names) == *credit
}
