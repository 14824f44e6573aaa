//! What the user wants: recordings, episodes, books, and the playlists that name them.

use std::time::Duration;

use crate::{ArtistCredit, Isrc, Mbid, SpotifyUri, may_hold_a_key};

/// What kind of thing is wanted. [`WantedKind::Unavailable`] cannot be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WantedKind {
    /// One recording of music.
    Recording,
    /// A saved album: whatever of it the user's sources hold.
    Release,
    /// A podcast episode.
    Episode,
    /// A podcast.
    Show,
    /// An audiobook, or a chapter of one.
    Audiobook,
    /// A file of the user's own computer that Spotify only points to.
    LocalFile,
    /// A row that Spotify left empty (`null`): something was here and is gone.
    Unavailable,
}

impl WantedKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Recording,
        Self::Release,
        Self::Episode,
        Self::Show,
        Self::Audiobook,
        Self::LocalFile,
        Self::Unavailable,
    ];

    /// A stable word for files and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Release => "release",
            Self::Episode => "episode",
            Self::Show => "show",
            Self::Audiobook => "audiobook",
            Self::LocalFile => "local_file",
            Self::Unavailable => "unavailable",
        }
    }

    /// The kind a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One wanted thing as an input described it. Every field but the kind may be unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// What kind of thing this is.
    pub kind: WantedKind,
    /// The recording's, episode's, chapter's or album's title; empty when only a link is known.
    pub title: String,
    /// The artists; a podcast's publisher or a book's author stand here too.
    pub artists: ArtistCredit,
    /// The album; for an episode its show, for a chapter its book.
    pub release: Option<String>,
    /// The album's artists, where an input tells them apart from the recording's.
    pub release_artists: ArtistCredit,
    /// Track number on its medium, from 1.
    pub track_number: Option<u32>,
    /// Medium (disc) number, from 1.
    pub disc_number: Option<u32>,
    /// Release date as given: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub released: Option<String>,
    /// Playing time.
    pub duration: Option<Duration>,
    /// ISRC of the recording.
    pub isrc: Option<Isrc>,
    /// MusicBrainz id of the recording.
    pub recording_mbid: Option<Mbid>,
    /// Whether the lyrics are marked explicit.
    pub explicit: Option<bool>,
    /// Link of the thing itself.
    pub spotify: Option<SpotifyUri>,
    /// Link of its album.
    pub spotify_release: Option<SpotifyUri>,
    /// Address of a podcast's public feed, as given; `http` or `https`.
    pub feed: Option<String>,
}

impl Wanted {
    /// A wanted thing of which only the kind is known yet.
    pub fn of_kind(kind: WantedKind) -> Self {
        Self {
            kind,
            title: String::new(),
            artists: ArtistCredit::default(),
            release: None,
            release_artists: ArtistCredit::default(),
            track_number: None,
            disc_number: None,
            released: None,
            duration: None,
            isrc: None,
            recording_mbid: None,
            explicit: None,
            spotify: None,
            spotify_release: None,
            feed: None,
        }
    }

    /// Whether a file is looked for as for a recording of music. A file of the user's own computer is one wherever it has
    /// a name: the music that Spotify only points to is often among the user's folders.
    pub fn is_song(&self) -> bool {
        match self.kind {
            WantedKind::Recording => true,
            WantedKind::LocalFile => !self.title.trim().is_empty(),
            _ => false,
        }
    }

    /// The identity by names, for inputs that carry no link: kind, first artist, title and album, in lower case.
    ///
    /// Two things with equal keys were described in the same words; it is no proof they are one recording.
    pub fn name_key(&self) -> String {
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let artist = self.artists.first().unwrap_or_default();
        [
            self.kind.as_str(),
            &fold(artist),
            &fold(&self.title),
            &fold(self.release.as_deref().unwrap_or_default()),
        ]
        .join("\u{1f}")
    }

    /// How a message names this thing: `Artist – Title`, or its link.
    pub fn label(&self) -> String {
        match (self.artists.is_empty(), self.title.is_empty(), &self.spotify) {
            (false, false, _) => format!("{} – {}", self.artists, self.title),
            (true, false, _) => self.title.clone(),
            (_, true, Some(uri)) => uri.to_string(),
            (false, true, None) => format!("{} – (no title)", self.artists),
            (true, true, None) => match &self.feed {
                // Messages and reports are shown around.
                Some(feed) if may_hold_a_key(feed) => "(a private feed without a name)".to_owned(),
                Some(feed) => feed.clone(),
                None => "(an entry without name or link)".to_owned(),
            },
        }
    }
}

/// What two addresses of one feed share: neither the scheme nor a slash at the end makes another feed.
pub fn feed_key(feed: &str) -> String {
    let rest = feed.split_once("://").map_or(feed, |(_, rest)| rest).trim_end_matches('/');
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    host.to_lowercase() + path
}

/// What a list of wanted things is in the user's library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaylistKind {
    /// A playlist with a name.
    Playlist,
    /// The liked or saved tracks.
    LikedTracks,
    /// The saved albums.
    SavedAlbums,
    /// The saved podcasts.
    SavedShows,
    /// The podcasts that another program follows, with a name.
    Subscriptions,
    /// The saved episodes.
    SavedEpisodes,
    /// The saved audiobooks.
    SavedAudiobooks,
    /// Files of the user's own computer listed in the library.
    LocalFiles,
}

impl PlaylistKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Playlist,
        Self::LikedTracks,
        Self::SavedAlbums,
        Self::SavedShows,
        Self::Subscriptions,
        Self::SavedEpisodes,
        Self::SavedAudiobooks,
        Self::LocalFiles,
    ];

    /// Whether there may be several, told apart by their names.
    pub fn is_named(self) -> bool {
        matches!(self, Self::Playlist | Self::Subscriptions)
    }

    /// A stable word for files and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Playlist => "playlist",
            Self::LikedTracks => "liked_tracks",
            Self::SavedAlbums => "saved_albums",
            Self::SavedShows => "saved_shows",
            Self::Subscriptions => "subscriptions",
            Self::SavedEpisodes => "saved_episodes",
            Self::SavedAudiobooks => "saved_audiobooks",
            Self::LocalFiles => "local_files",
        }
    }

    /// The kind a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One row of a playlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaylistEntry {
    /// Index into [`Wishlist::wanted`].
    pub wanted: usize,
    /// When the user added it, as given (`YYYY-MM-DD…`).
    pub added: Option<String>,
}

/// An ordered list of wanted things; duplicates are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedPlaylist {
    /// What this list is.
    pub kind: PlaylistKind,
    /// The name the user gave it, or a plain one for the library's own lists (`Liked Songs`).
    pub name: String,
    /// Its link, where the input carries one (data exports do not).
    pub spotify: Option<SpotifyUri>,
    /// The rows in the source's order.
    pub entries: Vec<PlaylistEntry>,
    /// It is known that rows are missing: the file is cut off, a row could not be read, the account held rows back.
    /// What such a list does not name is no evidence that the source has it no more.
    pub incomplete: bool,
}

/// Which history a play was read from; they overlap, and no play must be counted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaySource {
    /// `StreamingHistory*.json` of the account data: the last year, to the minute.
    AccountHistory,
    /// `Streaming_History_*.json`: the whole time, to the second.
    ExtendedHistory,
    /// What Last.fm or ListenBrainz kept, whichever program played it. Says when a play began, not how long it was.
    Scrobbles,
    /// The play activity of Apple's privacy export.
    AppleHistory,
}

impl PlaySource {
    /// Every source.
    pub const ALL: [Self; 4] =
        [Self::AccountHistory, Self::ExtendedHistory, Self::Scrobbles, Self::AppleHistory];

    /// A stable word for files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountHistory => "account_history",
            Self::ExtendedHistory => "extended_history",
            Self::Scrobbles => "scrobbles",
            Self::AppleHistory => "apple_history",
        }
    }

    /// The source a stable word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// One play of one recording. Nothing personal beyond that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Index into [`Wishlist::wanted`].
    pub wanted: usize,
    /// When it ended, seconds since 1970 UTC; of [`PlaySource::Scrobbles`], when it began.
    pub ended_at: i64,
    /// For how long it played, in milliseconds; 0 where the source does not say.
    pub played_ms: u32,
    /// Where it was read.
    pub source: PlaySource,
}

/// A row that is kept on record but asks for no audio: a followed artist, a banned track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// A stable word, one of [`Noted::KINDS`].
    pub kind: &'static str,
    /// The name as given.
    pub name: String,
    /// Its link, when given.
    pub spotify: Option<SpotifyUri>,
}

impl Noted {
    /// The words for kinds of noted things.
    pub const KINDS: [&'static str; 4] =
        ["followed_artist", "banned_track", "banned_artist", "playlist_name"];

    /// The kind a word names.
    pub fn kind_from_word(word: &str) -> Option<&'static str> {
        Self::KINDS.into_iter().find(|kind| *kind == word)
    }
}

/// Something an input held that could not be understood or used. Never a reason to stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// The file, with its place inside an archive: `my_spotify_data.zip/MyData/Playlist1.json`.
    pub file: String,
    /// Row, line or entry number from 1, when the problem sits at one.
    pub row: Option<u64>,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
}

/// What became of one input file's rows. `rows` equals the sum of the other counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileAccount {
    /// The file, with its place inside an archive.
    pub file: String,
    /// The format recognised, e.g. `Spotify playlists (account data)`.
    pub format: String,
    /// Rows found in the file.
    pub rows: u64,
    /// Rows that became playlist or library entries.
    pub entries: u64,
    /// Rows that became plays.
    pub plays: u64,
    /// Rows kept on record ([`Noted`]).
    pub noted: u64,
    /// Rows set aside with a problem each.
    pub problems: u64,
}

impl FileAccount {
    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows == self.entries + self.plays + self.noted + self.problems
    }
}

/// Everything one import understood, and everything it did not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wishlist {
    /// The things described; playlists and plays point here. Being here alone is no wish to have it.
    pub wanted: Vec<Wanted>,
    /// The lists, in the source's order.
    pub playlists: Vec<WantedPlaylist>,
    /// The listening history.
    pub plays: Vec<Play>,
    /// Rows kept on record only.
    pub noted: Vec<Noted>,
    /// What was not understood.
    pub problems: Vec<ImportProblem>,
    /// One account per file read.
    pub accounts: Vec<FileAccount>,
}
