//! Podcasts of our own on this computer: two directories, feeds, and hosts of sound, with the trouble that they make.
//!
//! It stands in for all of them at once: `https://HOST/PATH` is asked here as `/HOST/PATH`. Feeds have ETags, may move,
//! vanish or want a password; sound lies behind the chain of redirects of two statistics services, may have other
//! advertisements in every copy, and is spoilt as [`HttpTrouble`] says.

mod answers;
mod show;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use show::{Door, FakeEpisode, FakeShow, Listing, Sound};

use crate::{HttpAnswer, HttpRequest, HttpServer, HttpTrouble};

/// The running stand-in. It ends when it is dropped.
pub struct FakePodcasts {
    server: HttpServer,
    shows: Arc<Mutex<Vec<FakeShow>>>,
}

impl FakePodcasts {
    /// Starts one that has these shows.
    pub fn start(shows: Vec<FakeShow>) -> io::Result<Self> {
        let shows = Arc::new(Mutex::new(shows));
        let of_server = Arc::clone(&shows);
        let server = HttpServer::start(move |request| {
            let shows = of_server.lock().unwrap_or_else(PoisonError::into_inner);
            answers::answer(&shows, request)
        })?;
        Ok(Self { server, shows })
    }

    /// What they answer, for a server that stands in for others as well.
    pub fn answers(shows: Vec<FakeShow>) -> impl Fn(&HttpRequest) -> HttpAnswer + Send + Sync + 'static {
        move |request| answers::answer(&shows, request)
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Changes the shows.
    pub fn shows(&self) -> MutexGuard<'_, Vec<FakeShow>> {
        self.shows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.server.requests()
    }

    /// The requests so far whose path and query hold `part`.
    pub fn asked(&self, part: &str) -> usize {
        self.server.asked().iter().filter(|asked| asked.contains(part)).count()
    }

    /// Spoils the next answer whose path and query hold `part`; several wait for one another.
    pub fn spoil(&self, part: &str, trouble: HttpTrouble) {
        self.server.spoil(part, trouble);
    }
}
