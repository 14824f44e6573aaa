//! The account against a Spotify of our own, with a clock that tests set.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use ferrotape_domain::{AccountSource, AnswerCache, Cancel, Fault, FaultKind, Pulled, Silent};
use ferrotape_services::spotify_account::{Addresses, Clock, SpotifyAccount};
use ferrotape_testkit::fake_spotify::{CLIENT_ID, FakeLibrary, FakeSpotify, agree};

/// Seconds since 1970; sleeping takes no time.
#[derive(Clone, Default)]
struct Set(Arc<AtomicI64>);

impl Clock for Set {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn running(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _time: Duration, _cancel: &Cancel) {}
}

/// Answers in memory.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, (i64, Vec<u8>)>>);

impl AnswerCache for Memory {
    fn answer(&self, asked: &str) -> Result<Option<(i64, Vec<u8>)>, Fault> {
        Ok(self.0.lock().unwrap().get(asked).cloned())
    }

    fn keep(&self, asked: &str, at: i64, answer: &[u8]) -> Result<(), Fault> {
        self.0.lock().unwrap().insert(asked.to_owned(), (at, answer.to_vec()));
        Ok(())
    }
}

struct Bench {
    spotify: FakeSpotify,
    account: SpotifyAccount,
    clock: Set,
    cache: Memory,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn connected() -> Self {
        let spotify = FakeSpotify::start(FakeLibrary::small()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Set::default();
        let addresses = Addresses { accounts: spotify.address(), api: spotify.address() };
        let account = SpotifyAccount::new(folder.path(), addresses, Box::new(clock.clone())).unwrap();
        let login = account.begin_login(Some(CLIENT_ID)).unwrap();
        let address = login.address();
        thread::scope(|scope| {
            let browser = scope.spawn(|| agree(&address).unwrap());
            login.finish(&Cancel::default()).unwrap();
            assert!(browser.join().unwrap().text.contains("Thank you"));
        });
        spotify.clear();
        Self { spotify, account, clock, cache: Memory::default(), _folder: folder }
    }

    fn pull(&self) -> Result<Pulled, Fault> {
        let pulled = self.account.pull(&self.cache, &Silent, &Cancel::default())?;
        self.account.recorded(&self.cache)?;
        Ok(pulled)
    }

    fn age(&self, key: &str) -> i64 {
        self.cache.0.lock().unwrap()[key].0
    }
}

#[test]
fn rows_that_were_not_asked_for_again_keep_their_age() {
    let bench = Bench::connected();
    bench.clock.0.store(1000, Ordering::SeqCst);
    bench.pull().unwrap();
    bench.clock.0.store(2000, Ordering::SeqCst);
    bench.spotify.change(|library| library.tracks.insert(0, "Brand New".into()));
    let pulled = bench.pull().unwrap();
    assert!(pulled.kept_rows > 0);
    assert_eq!(bench.age("list /me/tracks"), 1000, "else the oldest rows would never expire");
    assert_eq!(bench.age("list /me/following?type=artist"), 2000);
}

#[test]
fn an_access_token_that_ends_soon_is_refreshed_before_it_is_used() {
    let bench = Bench::connected();
    bench.clock.0.store(3590, Ordering::SeqCst);
    bench.pull().unwrap();
    assert_eq!(bench.spotify.requests().first().map(String::as_str), Some("POST /api/token"));
}

#[test]
fn two_tokens_that_are_refused_are_the_users_to_solve() {
    let bench = Bench::connected();
    bench.spotify.trouble("/me/tracks", 2, ferrotape_testkit::fake_spotify::Trouble::Status(401));
    let fault = bench.pull().unwrap_err();
    assert_eq!(fault.kind, FaultKind::NeedsUser, "{fault}");
    assert_eq!(bench.spotify.requests().len(), 3, "asked, refreshed, asked: {:?}", bench.spotify.requests());
}

#[test]
fn pictures_and_markets_are_not_kept() {
    let bench = Bench::connected();
    bench.pull().unwrap();
    for (key, (_, text)) in bench.cache.0.lock().unwrap().iter() {
        assert!(!String::from_utf8_lossy(text).contains("pictures.invalid"), "{key}");
    }
}

#[test]
fn a_client_id_that_is_none_is_refused_before_anything_is_opened() {
    let bench = Bench::connected();
    for id in ["", "with space", "a&scope=everything", &"a".repeat(65)] {
        assert!(bench.account.begin_login(Some(id)).is_err(), "{id}");
    }
}
