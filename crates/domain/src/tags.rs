//! Tags: one set of fields, read from every format and written to MP3.
//!
//! What matching and sorting need stands in [`TagSet`] itself and is kept in the library. The rest is in [`MoreTags`],
//! read from the file again when it is converted: a million scanned files must fit into memory, and the file is open
//! at that moment anyway.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Isrc, Mbid, ReleaseKinds, SpotifyUri};

/// ReplayGain 2.0 values of one recording (reference −18 LUFS).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayGain {
    /// Gain in dB.
    pub gain_db: f64,
    /// Peak, 1.0 = full scale.
    pub peak: f64,
}

/// The fields ferrotape reads and writes. Multiple values keep their order.
#[derive(Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each field is the tag of that name")]
pub struct TagSet {
    pub title: Option<String>,
    /// The recording's artists; one entry when the file prints them as one text.
    pub artists: Vec<String>,
    pub album: Option<String>,
    pub album_artists: Vec<String>,
    pub track_number: Option<u32>,
    pub track_total: Option<u32>,
    pub disc_number: Option<u32>,
    pub disc_total: Option<u32>,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    pub genres: Vec<String>,
    pub composers: Vec<String>,
    pub publisher: Option<String>,
    pub copyright: Option<String>,
    pub comment: Option<String>,
    pub lyrics: Option<String>,
    pub bpm: Option<u32>,
    pub compilation: bool,
    pub isrc: Option<Isrc>,
    pub recording_mbid: Option<Mbid>,
    pub release_mbid: Option<Mbid>,
    pub release_group_mbid: Option<Mbid>,
    pub track_mbid: Option<Mbid>,
    pub artist_mbids: Vec<Mbid>,
    pub album_artist_mbids: Vec<Mbid>,
    pub title_sort: Option<String>,
    pub artist_sort: Option<String>,
    pub album_sort: Option<String>,
    pub album_artist_sort: Option<String>,
    /// Where the user wanted it from; written as a link frame.
    pub spotify: Option<SpotifyUri>,
    pub track_gain: Option<ReplayGain>,
    pub album_gain: Option<ReplayGain>,
    /// What the type of its release says of its version; what a finished track says of it is in `more`.
    pub release_kinds: ReleaseKinds,
    /// Who plays, as fields beside the artist say; what a finished track says of them is in `more`.
    pub players: Option<Box<Players>>,
    /// Whether shops mark it explicit or clean; what a finished track says of it is in `more`.
    pub advisory: Option<Advisory>,
    /// Which album it is on the server that lists it: the server's name, a space, the album's id there. Two albums of one name
    /// have two. What a server says stays said of the file that came from it; no file says it of itself.
    pub album_id: Option<Box<str>>,
    /// What only the finished track needs; `None` in what a scan found.
    pub more: Option<Box<MoreTags>>,
}

impl fmt::Debug for TagSet {
    /// What is made of a track is known by this text too: what only matching asks of it would have every track made anew.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        macro_rules! told {
            ($($field:ident),*) => {{
                let Self { release_kinds: _, players: _, advisory: _, album_id: _, $($field),* } = self;
                f.debug_struct("TagSet")$(.field(stringify!($field), $field))*.finish()
            }};
        }
        told!(
            title,
            artists,
            album,
            album_artists,
            track_number,
            track_total,
            disc_number,
            disc_total,
            date,
            genres,
            composers,
            publisher,
            copyright,
            comment,
            lyrics,
            bpm,
            compilation,
            isrc,
            recording_mbid,
            release_mbid,
            release_group_mbid,
            track_mbid,
            artist_mbids,
            album_artist_mbids,
            title_sort,
            artist_sort,
            album_sort,
            album_artist_sort,
            spotify,
            track_gain,
            album_gain,
            more
        )
    }
}

/// Who plays a recording by its fields for conductors, performers and ensembles: of a classical one the artist is often only
/// the composer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Players {
    /// Who conducts.
    pub conductors: Vec<String>,
    /// Everybody else, without instruments.
    pub others: Vec<String>,
}

/// What shops mark of a recording's words: those of the artist, or the version without the bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advisory {
    /// With bad words.
    Explicit,
    /// The version that leaves them out. A song that never had any is not marked.
    Clean,
}

impl Advisory {
    /// What the number of a tag says; programs of old wrote 4 for explicit.
    #[must_use]
    pub fn of_number(text: &str) -> Option<Self> {
        match text.trim() {
            "1" | "4" => Some(Self::Explicit),
            "2" => Some(Self::Clean),
            _ => None,
        }
    }

    /// The number that tags have for it.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Explicit => 1,
            Self::Clean => 2,
        }
    }
}

/// The fields that pass from a file's tags into the finished track's, and by which nothing is decided; and what a feed says
/// to tell its episodes apart, which passes nowhere.
#[derive(Clone, Default, PartialEq)]
pub struct MoreTags {
    /// Texts, each with its values in order.
    pub texts: BTreeMap<Carried, Vec<String>>,
    /// Lyrics with a time for each line.
    pub synced_lyrics: Option<SyncedLyrics>,
    /// Chapters by their beginning.
    pub chapters: Vec<Chapter>,
    /// Fields of the user's own, by name.
    pub user: Vec<(String, Vec<String>)>,
    /// When a feed says that its episode was published, in seconds since 1970 UTC.
    pub published_at: Option<i64>,
    /// How long a feed says that it is, in milliseconds.
    pub told_ms: Option<u64>,
}

impl fmt::Debug for MoreTags {
    /// What is made of a track is known by this text, so that it says what is carried and nothing else: what only the feed
    /// tells would have every episode made anew.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { texts, synced_lyrics, chapters, user, .. } = self;
        write!(
            f,
            "MoreTags {{ texts: {texts:?}, synced_lyrics: {synced_lyrics:?}, chapters: {chapters:?}, user: {user:?} }}"
        )
    }
}

/// A field of [`MoreTags`]. `docs/tags.md` has its names in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the tag of that name")]
pub enum Carried {
    Subtitle,
    DiscSubtitle,
    Grouping,
    Work,
    WorkId,
    Movement,
    MovementNumber,
    MovementTotal,
    ShowMovement,
    Conductor,
    Lyricist,
    Remixer,
    Arranger,
    Producer,
    Engineer,
    Mixer,
    DjMixer,
    /// `Name` or `Name (instrument)`.
    Performer,
    ComposerSort,
    Mood,
    Key,
    Language,
    Script,
    EncodedBy,
    OriginalDate,
    OriginalArtist,
    OriginalAlbum,
    ReleaseDate,
    Media,
    Barcode,
    CatalogNumber,
    Asin,
    ReleaseCountry,
    ReleaseStatus,
    ReleaseType,
    AcoustId,
    /// 1 explicit, 2 clean.
    Advisory,
    /// `1` for an episode of a podcast.
    Podcast,
    PodcastId,
    PodcastFeed,
    PodcastDescription,
    PodcastKeywords,
    PodcastCategory,
    AudioPage,
    ArtistPage,
    SourcePage,
    PublisherPage,
    CopyrightPage,
    BuyPage,
}

/// Lyrics with a time for each line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncedLyrics {
    /// Three letters of ISO 639-2; empty when unknown.
    pub language: String,
    /// What tells it from other lyrics; usually empty.
    pub description: String,
    /// Milliseconds from the start, and the line.
    pub lines: Vec<(u32, String)>,
}

/// A named stretch of a recording: a book's chapter, a podcast's part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Its title; empty when it has none.
    pub title: String,
    /// Where it begins, in milliseconds from the start of the sound.
    pub start_ms: u64,
    /// Where it ends.
    pub end_ms: u64,
}

/// A picture ready to be embedded: a JPEG, or a PNG where the player shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The picture file's bytes.
    pub picture: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_feed_tells_makes_no_other_track() {
        let chapters = vec![Chapter { title: "Ebb".to_owned(), start_ms: 0, end_ms: 5 }];
        let carried = MoreTags { chapters, ..MoreTags::default() };
        let told = MoreTags { published_at: Some(5), told_ms: Some(7), ..carried.clone() };
        assert!(carried != told && format!("{carried:?}") == format!("{told:?}"));
        assert_eq!(
            format!("{told:?}"),
            "MoreTags { texts: {}, synced_lyrics: None, chapters: [Chapter { title: \"Ebb\", start_ms: 0, end_ms: 5 }], user: [] }"
        );
    }
}
