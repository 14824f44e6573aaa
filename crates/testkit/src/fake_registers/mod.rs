//! Those who know recordings, sounds, covers and lyrics, on this computer: MusicBrainz, Deezer, AcoustID, the Cover Art
//! Archive and LRCLIB answer from one small table, in the shapes that the true ones answer in.
//!
//! One server stands in for all ([`FakeRegisters`]); it is asked `https://HOST/PATH` as `/HOST/PATH`. What other hosts are
//! asked is answered as a test says ([`FakeRegisters::start_beside`]), so that they can stand beside other fakes.
//!
//! ```no_run
//! use ferrotape_testkit::fake_registers::{FakeRecording, FakeRegisters, FakeTable};
//! let mut table = FakeTable::default();
//! table.recordings.push(FakeRecording::new("0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b", "Mara Quill", "Ebb", 200_000));
//! let fakes = FakeRegisters::start(table)?;
//! // `--stand-in` is given `fakes.server().address()`.
//! assert_eq!(fakes.asked("musicbrainz.org"), 0);
//! # std::io::Result::Ok(())
//! ```

mod lookups;
mod musicbrainz;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{HttpAnswer, HttpRequest, HttpServer};

/// The one key that the fake AcoustID knows.
pub const ACOUSTID_KEY: &str = "k3yF0rT3sts";
/// The hosts that are answered for.
pub const HOSTS: [&str; 6] = [
    "musicbrainz.org",
    "api.deezer.com",
    "api.acoustid.org",
    "coverartarchive.org",
    "archive.org",
    "lrclib.net",
];

/// All that there is.
#[derive(Debug, Clone, Default)]
pub struct FakeTable {
    /// Recordings.
    pub recordings: Vec<FakeRecording>,
    /// Sounds, as AcoustID knows them.
    pub sounds: Vec<FakeSound>,
    /// The bytes of front covers, by the id of a release or of a release group.
    pub covers: Vec<(String, Vec<u8>)>,
    /// Lyrics.
    pub lyrics: Vec<FakeLyrics>,
}

/// A recording.
#[derive(Debug, Clone, Default)]
pub struct FakeRecording {
    /// Its id at MusicBrainz.
    pub mbid: String,
    /// Its title.
    pub title: String,
    /// Its artist.
    pub artist: String,
    /// Its length in milliseconds.
    pub ms: u64,
    /// Its codes.
    pub isrcs: Vec<String>,
    /// Its links at MusicBrainz, as `spotify:track:ID`.
    pub links: Vec<String>,
    /// Whether it is a film.
    pub is_video: bool,
    /// Its number at Deezer; it is there under the first of its codes.
    pub deezer: Option<u64>,
    /// The releases that it is on.
    pub releases: Vec<FakeRelease>,
}

impl FakeRecording {
    /// One that nothing more is known of.
    pub fn new(mbid: &str, artist: &str, title: &str, ms: u64) -> Self {
        let (mbid, title, artist) = (mbid.to_owned(), title.to_owned(), artist.to_owned());
        Self { mbid, title, artist, ms, ..Self::default() }
    }

    /// The same with a code.
    #[must_use]
    pub fn isrc(mut self, isrc: &str) -> Self {
        self.isrcs.push(isrc.to_owned());
        self
    }

    /// The same with a link, as `spotify:track:ID`.
    #[must_use]
    pub fn link(mut self, uri: &str) -> Self {
        self.links.push(uri.to_owned());
        self
    }

    /// The same on a release.
    #[must_use]
    pub fn on(mut self, release: FakeRelease) -> Self {
        self.releases.push(release);
        self
    }

    /// The same with a number at Deezer.
    #[must_use]
    pub fn at_deezer(self, number: u64) -> Self {
        Self { deezer: Some(number), ..self }
    }
}

/// A release that a recording is on.
#[derive(Debug, Clone, Default)]
pub struct FakeRelease {
    /// Its id at MusicBrainz.
    pub mbid: String,
    /// Its title.
    pub title: String,
    /// The id of its group.
    pub group: String,
    /// Its links at MusicBrainz, as `spotify:album:ID`.
    pub links: Vec<String>,
}

impl FakeRelease {
    /// One without links.
    pub fn new(mbid: &str, title: &str, group: &str) -> Self {
        let (mbid, title, group) = (mbid.to_owned(), title.to_owned(), group.to_owned());
        Self { mbid, title, group, links: Vec::new() }
    }

    /// The same with a link, as `spotify:album:ID`.
    #[must_use]
    pub fn link(mut self, uri: &str) -> Self {
        self.links.push(uri.to_owned());
        self
    }
}

/// That a sound is a recording.
#[derive(Debug, Clone, Default)]
pub struct FakeSound {
    /// How the text of its fingerprint begins; empty for any sound.
    pub begins: String,
    /// The id of the recording; title and artist are those of the table.
    pub recording: String,
    /// How alike they are, from 0 to 1.
    pub score: f64,
}

/// The lyrics of a track.
#[derive(Debug, Clone, Default)]
pub struct FakeLyrics {
    /// Its title.
    pub title: String,
    /// Its artist.
    pub artist: String,
    /// Its album.
    pub album: String,
    /// Its length.
    pub seconds: f64,
    /// The words alone.
    pub plain: Option<String>,
    /// The words with times.
    pub synced: Option<String>,
    /// Whether nobody sings.
    pub is_instrumental: bool,
}

/// How a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// In trouble: status 500.
    Down,
    /// Asked too often, as it says so itself: Deezer in a good answer with code 4, MusicBrainz and the Cover Art Archive
    /// with 503, the others with 429.
    OverQuota,
}

struct State {
    table: FakeTable,
    moods: Mutex<BTreeMap<String, Mood>>,
    /// Links that MusicBrainz takes at once.
    most_links: Mutex<usize>,
    /// What all say to everything.
    nonsense: Mutex<Option<(u16, &'static str)>>,
}

/// The running server.
pub struct FakeRegisters {
    server: HttpServer,
    state: Arc<State>,
}

impl FakeRegisters {
    /// Starts it; other hosts have nothing.
    pub fn start(table: FakeTable) -> io::Result<Self> {
        Self::start_beside(table, |_| HttpAnswer::status(404))
    }

    /// Starts it; `others` answers for all other hosts.
    pub fn start_beside(
        table: FakeTable,
        others: impl Fn(&HttpRequest) -> HttpAnswer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let (moods, nonsense) = (Mutex::default(), Mutex::default());
        let state = State { table, moods, most_links: Mutex::new(100), nonsense };
        let state = Arc::new(state);
        let of_server = Arc::clone(&state);
        let server =
            HttpServer::start(move |request| answer(&of_server, request).unwrap_or_else(|| others(request)))?;
        Ok(Self { server, state })
    }

    /// The server, to look at what it was asked and to spoil its answers.
    pub fn server(&self) -> &HttpServer {
        &self.server
    }

    /// How many questions a host of [`HOSTS`] was asked.
    pub fn asked(&self, host: &str) -> usize {
        self.server.requests().iter().filter(|request| split(request).0 == host).count()
    }

    /// From now on a host of [`HOSTS`] is like this; `None`: well again.
    pub fn set_mood(&self, host: &str, mood: Option<Mood>) {
        let mut moods = self.state.moods.lock().unwrap_or_else(PoisonError::into_inner);
        match mood {
            Some(mood) => moods.insert(host.to_owned(), mood),
            None => moods.remove(host),
        };
    }

    /// All of them are.
    pub fn set_every_mood(&self, mood: Option<Mood>) {
        HOSTS.iter().for_each(|host| self.set_mood(host, mood));
    }

    /// From now on all of them say this to everything, a status and a body; `None`: well again.
    pub fn talk_nonsense(&self, nonsense: Option<(u16, &'static str)>) {
        *self.state.nonsense.lock().unwrap_or_else(PoisonError::into_inner) = nonsense;
    }

    /// From now on MusicBrainz takes so many links at once, and answers more with 414.
    pub fn take_links(&self, most: usize) {
        *self.state.most_links.lock().unwrap_or_else(PoisonError::into_inner) = most;
    }
}

/// Host and path.
fn split(request: &HttpRequest) -> (String, String) {
    let path = request.plain_path();
    let path = path.trim_start_matches('/');
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    (host.to_owned(), path.to_owned())
}

/// `None` where another host is asked.
fn answer(state: &State, request: &HttpRequest) -> Option<HttpAnswer> {
    let (host, path) = split(request);
    if !HOSTS.contains(&host.as_str()) {
        return None;
    }
    if let Some((status, body)) = *state.nonsense.lock().unwrap_or_else(PoisonError::into_inner) {
        return Some(HttpAnswer::says(status, body));
    }
    let mood = state.moods.lock().unwrap_or_else(PoisonError::into_inner).get(&host).copied();
    Some(match (mood, host.as_str()) {
        (Some(Mood::Down), _) => HttpAnswer::status(500),
        (Some(Mood::OverQuota), "api.deezer.com") => lookups::deezer_error(4, "Quota limit exceeded"),
        (Some(Mood::OverQuota), "musicbrainz.org" | "coverartarchive.org" | "archive.org") => {
            HttpAnswer::status(503)
        }
        (Some(Mood::OverQuota), _) => HttpAnswer::status(429),
        (None, "musicbrainz.org") => {
            let most_links = *state.most_links.lock().unwrap_or_else(PoisonError::into_inner);
            musicbrainz::answer(&state.table, most_links, &path, request)
        }
        (None, "api.deezer.com") => lookups::deezer(&state.table, &path),
        (None, "api.acoustid.org") => lookups::acoustid(&state.table, request),
        (None, "coverartarchive.org") => lookups::cover(&state.table, &path),
        (None, "archive.org") => lookups::picture(&state.table, &path),
        (None, _) => lookups::lyrics(&state.table, &path, request),
    })
}
