//! Which column means what: by English names, or, for Exportify's translated headers, by their constant order.

use crate::links::{Link, parse_link};

/// Who wrote a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// github.com/watsonbox/exportify and what descends from it.
    Watsonbox,
    /// exportify.net by pavelkomarov.
    ExportifyNet,
    TuneMyMusic,
    Soundiiz,
    /// YouTube Music's library: which song each video is.
    YouTubeSongs,
    /// One of its playlists: videos alone, so that the library tells what they are.
    YouTubePlaylist,
    /// The names of its playlists.
    YouTubeTitles,
    /// What was scrobbled to Last.fm.
    LastFm,
    /// Apple's plays by day, with their artists.
    AppleDaily,
    /// Each of Apple's plays, as a rule without an artist.
    AppleActivity,
    Generic,
}

impl Dialect {
    /// For [`ferrotape_domain::FileAccount::format`].
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Watsonbox => "Exportify CSV",
            Self::ExportifyNet => "Exportify CSV (exportify.net)",
            Self::TuneMyMusic => "TuneMyMusic CSV",
            Self::Soundiiz => "Soundiiz CSV",
            Self::YouTubeSongs => "YouTube Music library (Takeout CSV)",
            Self::YouTubePlaylist => "YouTube Music playlist (Takeout CSV)",
            Self::YouTubeTitles => "YouTube Music playlist names (Takeout CSV)",
            Self::LastFm => "Last.fm scrobbles (CSV)",
            Self::AppleDaily => "Apple Music plays by day (privacy package)",
            Self::AppleActivity => "Apple Music play activity (privacy package)",
            Self::Generic => "CSV with titles and artists",
        }
    }

    /// Whether its rows are plays.
    pub(crate) fn is_history(self) -> bool {
        matches!(self, Self::LastFm | Self::AppleDaily | Self::AppleActivity)
    }
}

/// Where each meaning stands, counted from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) link: Option<usize>,
    /// Whether the link column always holds Spotify's links, so that another content is a defect.
    pub(crate) link_is_spotify: bool,
    pub(crate) title: Option<usize>,
    pub(crate) artist: Option<usize>,
    pub(crate) artist_links: Option<usize>,
    pub(crate) album: Option<usize>,
    pub(crate) album_link: Option<usize>,
    pub(crate) album_artist: Option<usize>,
    pub(crate) album_artist_links: Option<usize>,
    pub(crate) released: Option<usize>,
    pub(crate) disc: Option<usize>,
    pub(crate) track: Option<usize>,
    pub(crate) duration: Option<usize>,
    /// Whether the header says that durations are milliseconds.
    pub(crate) duration_in_ms: bool,
    pub(crate) explicit: Option<usize>,
    pub(crate) isrc: Option<usize>,
    pub(crate) recording_mbid: Option<usize>,
    pub(crate) added: Option<usize>,
    pub(crate) playlist: Option<usize>,
    pub(crate) kind: Option<usize>,
    /// An id of another service, by which files of one input refer to each other.
    pub(crate) foreign_id: Option<usize>,
    /// Of a play: when, in a form for programs.
    pub(crate) time: Option<usize>,
    /// Of a play: when, in a form for people, or when it began.
    pub(crate) spoken_time: Option<usize>,
    /// Of plays on one day: the hours.
    pub(crate) hours: Option<usize>,
    /// Of a play: what happened.
    pub(crate) event: Option<usize>,
}

/// A recognised table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    pub(crate) columns: Columns,
    /// Cells of the header; `None` when the first record is already a row.
    pub(crate) header: Option<usize>,
    /// Records before the first row.
    pub(crate) before: usize,
    /// The list's name, where the table tells it.
    pub(crate) title: Option<String>,
}

impl Layout {
    /// A table with a header of so many cells.
    pub(super) fn new(dialect: Dialect, columns: Columns, header: usize) -> Self {
        Self { dialect, columns, header: Some(header), before: 1, title: None }
    }
}

/// Exportify's column orders by their number of columns, oldest first. From 2020 more columns may follow.
const POSITIONS: [(usize, Columns); 4] = [
    (6, Columns { title: Some(1), artist: Some(2), album: Some(3), added: Some(5), ..NONE }),
    (
        9,
        Columns {
            title: Some(1),
            artist: Some(2),
            album: Some(3),
            disc: Some(4),
            track: Some(5),
            duration: Some(6),
            duration_in_ms: true,
            added: Some(8),
            ..NONE
        },
    ),
    (
        14,
        Columns {
            title: Some(1),
            artist_links: Some(2),
            artist: Some(3),
            album_link: Some(4),
            album: Some(5),
            released: Some(6),
            disc: Some(7),
            track: Some(8),
            duration: Some(9),
            duration_in_ms: true,
            explicit: Some(10),
            added: Some(13),
            ..NONE
        },
    ),
    (
        19,
        Columns {
            title: Some(1),
            artist_links: Some(2),
            artist: Some(3),
            album_link: Some(4),
            album: Some(5),
            album_artist_links: Some(6),
            album_artist: Some(7),
            released: Some(8),
            disc: Some(10),
            track: Some(11),
            duration: Some(12),
            duration_in_ms: true,
            explicit: Some(14),
            isrc: Some(16),
            added: Some(18),
            ..NONE
        },
    ),
];

const NONE: Columns = Columns {
    link: Some(0),
    link_is_spotify: true,
    title: None,
    artist: None,
    artist_links: None,
    album: None,
    album_link: None,
    album_artist: None,
    album_artist_links: None,
    released: None,
    disc: None,
    track: None,
    duration: None,
    duration_in_ms: false,
    explicit: None,
    isrc: None,
    recording_mbid: None,
    added: None,
    playlist: None,
    kind: None,
    foreign_id: None,
    time: None,
    spoken_time: None,
    hours: None,
    event: None,
};

/// Where the newest Exportify has its one column that no translation changes.
const ISRC_AT: usize = 16;

/// Recognises a table by its first records, the header among them.
pub(crate) fn recognise(sample: &[Vec<String>]) -> Option<Layout> {
    let first = sample.first()?;
    let names: Vec<String> = first.iter().map(|cell| folded(cell)).collect();
    let names = names.as_slice();
    let unlike_others =
        super::histories::recognise(names, sample).or_else(|| super::takeout::by_names(names, sample));
    if unlike_others.is_some() {
        return unlike_others;
    }
    let watsonbox = |columns| Layout::new(Dialect::Watsonbox, columns, first.len());
    // Some translations look half English, so the order is asked before the names.
    let in_order = names.len() >= 19
        && names.get(ISRC_AT).is_some_and(|name| name == "isrc")
        && names.first().is_some_and(|name| name.contains("uri"));
    if in_order {
        return by_position(first.len()).map(watsonbox);
    }
    if let Some((dialect, columns)) = by_names(names) {
        return Some(Layout::new(dialect, columns, first.len()));
    }
    if first.first().is_some_and(|cell| is_track_link(cell)) {
        let layout = watsonbox(by_position(first.len())?);
        return Some(Layout { header: None, before: 0, ..layout });
    }
    let has_rows = sample.get(1).and_then(|row| row.first()).is_some_and(|cell| is_track_link(cell));
    if has_rows {
        return by_position(first.len()).map(watsonbox);
    }
    super::takeout::by_shape(names, sample)
}

fn by_position(cells: usize) -> Option<Columns> {
    let (_, columns) = POSITIONS.iter().find(|(count, _)| *count == cells || (cells > 19 && *count == 19))?;
    Some(columns.clone())
}

fn is_track_link(cell: &str) -> bool {
    matches!(parse_link(cell), Ok(Link::Spotify(_) | Link::LocalFile(_)))
}

/// Letters and digits in lower case: `Artist Name(s)` and `artist_names` are the same header.
pub(super) fn folded(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn by_names(names: &[String]) -> Option<(Dialect, Columns)> {
    let at = |wanted: &[&str]| wanted.iter().find_map(|name| names.iter().position(|n| n == name));
    let spotify = at(&["trackuri", "spotifyuri", "spotifyid", "spotifytrackid", "spotifyurl", "spotifylink"]);
    let columns = Columns {
        link: spotify.or_else(|| at(&["uri", "url", "link", "trackid"])),
        link_is_spotify: spotify.is_some(),
        title: at(&["trackname", "title", "tracktitle", "songname", "songtitle", "song", "track", "name"]),
        artist: at(&["artistnames", "artistname", "artists", "artist"]),
        artist_links: at(&["artisturis", "artisturi", "artistids"]),
        album: at(&["albumname", "album", "albumtitle"]),
        album_link: at(&["albumuri"]),
        album_artist: at(&["albumartistnames", "albumartistname", "albumartist"]),
        album_artist_links: at(&["albumartisturis"]),
        released: at(&["albumreleasedate", "releasedate"]),
        disc: at(&["discnumber"]),
        track: at(&["tracknumber"]),
        duration: at(&["trackdurationms", "durationms", "duration"]),
        duration_in_ms: at(&["trackdurationms", "durationms"]).is_some(),
        explicit: at(&["explicit"]),
        isrc: at(&["isrc"]),
        recording_mbid: at(&["musicbrainzrecordingid", "recordingmbid", "mbid"]),
        added: at(&["addedat", "addeddate", "dateadded"]),
        playlist: at(&["playlistname", "playlist"]),
        kind: at(&["type"]),
        ..Columns::default()
    };
    let named = columns.title.is_some() && columns.artist.is_some();
    if !named && spotify.is_none() {
        return None;
    }
    let has = |name: &str| names.iter().any(|n| n == name);
    let dialect = if columns.playlist.is_some() && columns.kind.is_some() {
        Dialect::TuneMyMusic
    } else if has("addedby") && has("artistnames") && !has("artisturis") {
        Dialect::ExportifyNet
    } else if has("addedby") && spotify.is_some() {
        Dialect::Watsonbox
    } else if names.iter().take(4).eq(["title", "artist", "album", "isrc"].iter()) {
        Dialect::Soundiiz
    } else {
        Dialect::Generic
    };
    Some((dialect, columns))
}
