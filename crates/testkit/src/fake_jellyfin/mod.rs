//! A Jellyfin server of our own on this computer, of the few calls that we make, in the form of its published interface.
//!
//! Users are told by the `MediaBrowser` header; ids are 32 hex digits; files have a date and no ETag, as real ones do.

mod answers;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{FakeCollection, HttpServer};

/// The user that the server knows.
pub const JELLYFIN_USER: &str = "bea";
/// That user's password.
pub const JELLYFIN_PASSWORD: &str = "Quite \"secret\"";
/// That user's token, however it was got.
pub const JELLYFIN_TOKEN: &str = "0f3c5e7a9b1d";
/// An API key.
pub const JELLYFIN_KEY: &str = "7a77c0ffee77";
/// The code that is shown for Quick Connect.
pub const JELLYFIN_CODE: &str = "314159";
pub(crate) const SECRET: &str = "quick-0123456789abcdef";

struct State {
    collection: FakeCollection,
    /// Whether the user may download; else they may only stream.
    downloads: bool,
    /// Whether Quick Connect is switched on, and whether the code was typed in.
    quick: (bool, bool),
    /// How many tracks fewer the listing has than it counts.
    hidden: usize,
}

/// The running server.
pub struct FakeJellyfin {
    state: Arc<Mutex<State>>,
    server: HttpServer,
}

impl FakeJellyfin {
    /// Starts a server that has these tracks.
    pub fn start(collection: FakeCollection) -> io::Result<Self> {
        let state = State { collection, downloads: true, quick: (true, false), hidden: 0 };
        let state = Arc::new(Mutex::new(state));
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

    /// Takes the right to download away.
    pub fn forbid_downloads(&self) {
        lock(&self.state).downloads = false;
    }

    /// Switches Quick Connect off.
    pub fn switch_quick_connect_off(&self) {
        lock(&self.state).quick.0 = false;
    }

    /// Types the code in where the user is signed in.
    pub fn enter_code(&self) {
        lock(&self.state).quick.1 = true;
    }

    /// The listing ends so many tracks before what it counts.
    pub fn hide(&self, tracks: usize) {
        lock(&self.state).hidden = tracks;
    }

    /// The id of a track.
    pub fn id(track: usize) -> String {
        format!("{:032x}", 0xfe00_0000_0000_u64 + track as u64)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
