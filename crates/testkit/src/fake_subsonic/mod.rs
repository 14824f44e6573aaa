//! A Subsonic server of our own on this computer: of one of the kinds that there are, or as broken as a test wants it.
//!
//! What it answers has the form of what real servers were seen to answer: errors with status 200, unknown calls with 404
//! and JSON or a page. It checks sign-ins as they do. The web server beneath spoils answers when it is asked to.

mod access;
mod answers;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use access::md5_hex;

use crate::{FakeCollection, HttpServer};

/// The user that a made-up server knows.
pub const USER: &str = "ann";
/// That user's password.
pub const PASSWORD: &str = "Open, sesame & ü";
/// That user's API key.
pub const API_KEY: &str = "key-5f2b9c";

/// What a server makes of a search for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptySearch {
    /// Everything, as OpenSubsonic wants it.
    All,
    /// Nothing.
    Nothing,
    /// Error 10.
    Error,
}

/// What a server can do.
#[derive(Debug, Clone)]
pub struct SubsonicKind {
    /// Whether it speaks OpenSubsonic: names extensions, and fields that others do not have.
    pub open: bool,
    /// Which sign-ins it takes: API key, token, password.
    pub takes: (bool, bool, bool),
    /// Whether calls may be made by POST.
    pub forms: bool,
    /// Whether calls must end in `.view`.
    pub view: bool,
    /// The version that it speaks; newer clients are refused.
    pub version: &'static str,
    /// What it finds when nothing is searched for.
    pub empty_search: EmptySearch,
    /// The most rows in a page.
    pub longest_page: usize,
    /// Whether it gives other pages than the first.
    pub turns_pages: bool,
    /// Whether it tells of its last scan.
    pub scans: bool,
    /// Whether originals may be downloaded; else only streamed.
    pub downloads: bool,
    /// Whether numbers are texts, and lists of one are no lists.
    pub sloppy: bool,
    /// Whether files have an ETag; else they have a date.
    pub etags: bool,
    /// Whether errors of files are XML, and unknown calls pages.
    pub pages: bool,
}

impl SubsonicKind {
    /// One that has everything.
    pub fn open() -> Self {
        Self {
            open: true,
            takes: (true, true, true),
            forms: true,
            view: false,
            version: "1.16.1",
            empty_search: EmptySearch::All,
            longest_page: 500,
            turns_pages: true,
            scans: true,
            downloads: true,
            sloppy: false,
            etags: true,
            pages: false,
        }
    }

    /// Tokens, no API keys, files with a date.
    pub fn with_tokens() -> Self {
        Self { takes: (false, true, true), forms: false, etags: false, ..Self::open() }
    }

    /// The password only, no extensions, as supysonic is.
    pub fn with_passwords() -> Self {
        let takes = (false, false, true);
        Self { open: false, takes, forms: false, version: "1.12.0", scans: false, ..Self::open() }
    }

    /// The oldest that can be read: an own version, `.view`, no empty search, sloppy JSON, pages for errors.
    pub fn old() -> Self {
        Self {
            view: true,
            version: "1.8.0",
            empty_search: EmptySearch::Nothing,
            sloppy: true,
            pages: true,
            ..Self::with_passwords()
        }
    }
}

struct State {
    kind: SubsonicKind,
    collection: FakeCollection,
}

/// The running server.
pub struct FakeSubsonic {
    state: Arc<Mutex<State>>,
    server: HttpServer,
}

impl FakeSubsonic {
    /// Starts a server of this kind that has these tracks, and a podcast and a video.
    pub fn start(kind: SubsonicKind, collection: FakeCollection) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State { kind, collection }));
        let of_server = Arc::clone(&state);
        let server = HttpServer::start(move |request| answers::answer(&lock(&of_server), request))?;
        Ok(Self { state, server })
    }

    /// The web server: its address, what it was asked, and how to spoil answers.
    pub fn server(&self) -> &HttpServer {
        &self.server
    }

    /// What it has now.
    pub fn collection(&self) -> FakeCollection {
        lock(&self.state).collection
    }

    /// One track more.
    pub fn grow(&self) {
        lock(&self.state).collection.grow();
    }

    /// Makes it another kind of server, as an update does.
    pub fn become_kind(&self, kind: SubsonicKind) {
        lock(&self.state).kind = kind;
    }

    /// The id of a track.
    pub fn id(track: usize) -> String {
        format!("tr-{track}")
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
