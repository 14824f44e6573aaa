//! Openly licensed catalogues of our own on this computer: what they answer has the shape that the true ones answer in.
//!
//! One server stands in for all of them ([`FakeCatalogues`]); it is asked `https://HOST/PATH` as `/HOST/PATH`. Everything in
//! them is invented. When they are told to be hostile, each list that they answer with holds each of its entries again,
//! spoilt in every way that `spoilt` knows.

mod archive;
mod commons;
mod jamendo;
mod librivox;
mod openverse;
mod spoilt;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use md5::Md5;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::{HttpAnswer, HttpRequest, HttpServer, Random};

/// A recording in all of the catalogues, or of a book a section.
#[derive(Debug, Clone)]
pub struct FakeTrack {
    /// Its title.
    pub title: String,
    /// Its artist, or the book's author.
    pub artist: String,
    /// Its album, or the book.
    pub album: String,
    /// Its number.
    pub number: u32,
    /// The address of its licence; without one nothing says that it may be copied.
    pub licence: Option<String>,
    /// Whether it was taken at a concert whose artist permits it.
    pub is_live: bool,
    /// Whether it is a section of a book.
    pub is_spoken: bool,
    /// How long it plays, in seconds.
    pub seconds: f64,
    /// The bytes of its file; `None` for such as are no audio.
    pub sound: Option<Vec<u8>>,
}

/// What is at the catalogues, and how they behave.
struct Shelf {
    tracks: Vec<FakeTrack>,
    /// Which part of the spoilt entries lists hold, from 1; 0 for none.
    hostile: AtomicUsize,
}

/// The running server.
pub struct FakeCatalogues {
    server: HttpServer,
    shelf: Arc<Shelf>,
}

/// The one client id that the fake Jamendo knows.
pub const JAMENDO_CLIENT_ID: &str = "9c0ffee9";

/// Parts of the ways in which entries are spoilt.
pub const HOSTILE_PARTS: usize = 24;
/// Spoilt entries in one answer: few enough that no limit cuts them off.
const SPOILT_AT_ONCE: usize = 40;

impl FakeTrack {
    /// A recording under CC BY-SA 4.0.
    pub fn new(artist: &str, album: &str, number: u32, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            artist: artist.to_owned(),
            album: album.to_owned(),
            number,
            licence: Some("http://creativecommons.org/licenses/by-sa/4.0/".to_owned()),
            is_live: false,
            is_spoken: false,
            seconds: 213.4,
            sound: None,
        }
    }

    /// The same under another licence, or none.
    #[must_use]
    pub fn licensed(self, licence: Option<&str>) -> Self {
        Self { licence: licence.map(str::to_owned), ..self }
    }

    /// The same, taken at a concert.
    #[must_use]
    pub fn live(self) -> Self {
        Self { is_live: true, licence: None, ..self }
    }

    /// The same, read aloud.
    #[must_use]
    pub fn spoken(self) -> Self {
        Self { is_spoken: true, ..self }
    }

    /// The same with a file that plays.
    #[must_use]
    pub fn sounding(self, sound: Vec<u8>, seconds: f64) -> Self {
        Self { sound: Some(sound), seconds, ..self }
    }

    /// The bytes of its file; made up, and no audio, where it was given none.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(sound) = &self.sound {
            return sound.clone();
        }
        let seed = self
            .title
            .bytes()
            .fold(u64::from(self.number), |seed, byte| seed * 31 % 1_000_003 + u64::from(byte));
        let mut random = Random::seeded(seed);
        let mut bytes = b"fLaC".to_vec();
        bytes.extend((0..30_000).map(|_| (random.next_u64() >> 32) as u8));
        bytes
    }

    fn slug(&self) -> String {
        let plain =
            |text: &str| text.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "");
        format!("{}-{}", plain(&self.artist), plain(&self.album))
    }

    /// Whether a search's words name it.
    fn is_named_by(&self, query: &str) -> bool {
        let query = query.to_lowercase();
        let named = |text: &str| query.contains(&text.to_lowercase());
        named(&self.artist) && (named(&self.title) || named(&self.album))
    }
}

impl FakeCatalogues {
    /// Starts it with these recordings.
    pub fn start(tracks: Vec<FakeTrack>) -> io::Result<Self> {
        let shelf = Shelf::of(tracks);
        let of_server = Arc::clone(&shelf);
        let server = HttpServer::start(move |request| answer(&of_server, request))?;
        Ok(Self { server, shelf })
    }

    /// What they answer, for a server that stands in for others as well.
    pub fn answers(tracks: Vec<FakeTrack>) -> impl Fn(&HttpRequest) -> HttpAnswer + Send + Sync + 'static {
        let shelf = Shelf::of(tracks);
        move |request| answer(&shelf, request)
    }

    /// The server, to look at what it was asked and to spoil its answers.
    pub fn server(&self) -> &HttpServer {
        &self.server
    }

    /// From now on lists hold some of their entries spoilt, too: another part of all ways for each number below
    /// [`HOSTILE_PARTS`].
    pub fn be_hostile(&self, part: usize) {
        self.shelf.hostile.store(part + 1, Ordering::SeqCst);
    }
}

impl Shelf {
    fn of(tracks: Vec<FakeTrack>) -> Arc<Self> {
        Arc::new(Self { tracks, hostile: AtomicUsize::new(0) })
    }

    fn named_by(&self, query: &str) -> impl Iterator<Item = (usize, &FakeTrack)> {
        let tracks = self.tracks.iter().enumerate().filter(|(_, track)| !track.is_spoken);
        let query = query.to_owned();
        tracks.filter(move |(_, track)| track.is_named_by(&query))
    }

    /// A list of entries, with spoilt ones behind them if need be.
    fn list(&self, entries: Vec<Value>) -> Value {
        let Some(part) = self.hostile.load(Ordering::SeqCst).checked_sub(1) else {
            return Value::Array(entries);
        };
        let worse = entries.iter().flat_map(spoilt::spoilt).skip(part * SPOILT_AT_ONCE).take(SPOILT_AT_ONCE);
        let worse: Vec<Value> = worse.collect();
        Value::Array(entries.into_iter().chain(worse).collect())
    }
}

fn answer(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let path = request.plain_path();
    let path = path.trim_start_matches('/');
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    match host {
        "archive.org" | "ia800000.us.archive.org" => archive::answer(shelf, host, path, request),
        "librivox.org" => librivox::answer(shelf, request),
        "api.jamendo.com" | "prod-1.storage.jamendo.com" => jamendo::answer(shelf, path, request),
        "commons.wikimedia.org" | "upload.wikimedia.org" => commons::answer(shelf, path, request),
        "api.openverse.org" | "files.example.org" => openverse::answer(shelf, path, request),
        _ => HttpAnswer::status(502),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
