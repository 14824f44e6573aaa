//! An account against a Spotify of our own, with a clock that tests set.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use ferrotape_domain::{AccountPart, AccountSource, AnswerCache, Cancel, Fault, Pulled, Silent};
use ferrotape_services::spotify_account::{Addresses, Clock, Login, SpotifyAccount, Standing};
use ferrotape_testkit::fake_spotify::{CLIENT_ID, FakeLibrary, FakeSpotify, Trouble, agree};
use serde_json::Value;

/// Seconds since 1970; sleeping takes no time.
#[derive(Clone, Default)]
pub(crate) struct Set(pub(crate) Arc<AtomicI64>);

impl Clock for Set {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst) * 1000
    }

    fn running(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _time: Duration, _cancel: &Cancel) {}
}

/// Answers in memory.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) Mutex<HashMap<String, (i64, Vec<u8>)>>);

impl AnswerCache for Memory {
    fn answer(&self, asked: &str) -> Result<Option<(i64, Vec<u8>)>, Fault> {
        Ok(self.0.lock().unwrap().get(asked).cloned())
    }

    fn keep(&self, asked: &str, at: i64, answer: &[u8]) -> Result<(), Fault> {
        self.0.lock().unwrap().insert(asked.to_owned(), (at, answer.to_vec()));
        Ok(())
    }
}

pub(crate) struct Bench {
    pub(crate) spotify: FakeSpotify,
    pub(crate) account: SpotifyAccount,
    pub(crate) clock: Set,
    pub(crate) cache: Memory,
    pub(crate) folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn connected() -> Self {
        Self::with(FakeLibrary::small())
    }

    pub(crate) fn with(library: FakeLibrary) -> Self {
        let spotify = FakeSpotify::start(library).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Set::default();
        let addresses = Addresses { accounts: spotify.address(), api: spotify.address() };
        let account = SpotifyAccount::new(folder.path(), addresses, Box::new(clock.clone())).unwrap();
        let login = account.begin_login(Some(CLIENT_ID)).unwrap();
        log_in(login);
        account.settle(&Cancel::default()).unwrap();
        spotify.clear();
        Self { spotify, account, clock, cache: Memory::default(), folder }
    }

    /// Agrees once more, and settles that.
    pub(crate) fn connect(&self) -> Result<Standing, Fault> {
        log_in(self.account.begin_login(None).unwrap());
        self.account.settle(&Cancel::default())
    }

    /// The tokens in their place.
    pub(crate) fn tokens(&self) -> String {
        fs::read_to_string(self.folder.path().join("account.json")).unwrap()
    }

    pub(crate) fn pull_at(&self, seconds: i64) -> Result<Pulled, Fault> {
        self.clock.0.store(seconds, Ordering::SeqCst);
        self.pull()
    }

    /// A pull that ends before it asks for this.
    pub(crate) fn pull_until(&self, path: &str, after: usize) {
        self.spotify.trouble_after(path, after, 99, Trouble::Status(500));
        self.pull().unwrap_err();
        self.spotify.calm();
        self.spotify.clear();
    }

    pub(crate) fn asked(&self, part: &str) -> usize {
        self.spotify.asked().iter().filter(|request| request.contains(part)).count()
    }

    pub(crate) fn pull(&self) -> Result<Pulled, Fault> {
        let pulled = self.account.pull(&self.cache, &Silent, &Cancel::default())?;
        self.account.recorded(&self.cache)?;
        Ok(pulled)
    }

    pub(crate) fn age(&self, key: &str) -> i64 {
        self.cache.0.lock().unwrap()[key].0
    }
}

fn log_in(login: Login<'_>) {
    let address = login.address();
    thread::scope(|scope| {
        let browser = scope.spawn(|| agree(&address).unwrap());
        login.finish(&Cancel::default()).unwrap();
        assert!(browser.join().unwrap().text.contains("Thank you"));
    });
}

/// The rows of a playlist, or of the saved tracks for no name.
pub(crate) fn rows(pulled: &Pulled, name: Option<&str>) -> Option<Vec<String>> {
    let is_it = |part: &AccountPart| match (part, name) {
        (AccountPart::Playlist { name, .. }, Some(wanted)) => name == wanted,
        (part, None) => *part == AccountPart::Tracks,
        _ => false,
    };
    let answer = pulled.answers.iter().find(|answer| is_it(&answer.part)).unwrap();
    let whole: Value = serde_json::from_slice(answer.rows.as_ref().ok()?).unwrap();
    let title =
        |row: &Value| row["item"]["name"].as_str().or(row["track"]["name"].as_str()).unwrap().to_owned();
    Some(whole["items"].as_array().unwrap().iter().map(title).collect())
}
