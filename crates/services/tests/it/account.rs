//! The account against a Spotify of our own: tokens, agreements, and what is asked and kept.

use std::fs;
use std::sync::atomic::Ordering;

use ferrotape_domain::FaultKind;
use ferrotape_testkit::fake_spotify::Trouble;

use crate::account_bench::Bench;

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
    bench.spotify.trouble("/me/tracks", 2, Trouble::Status(401));
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
    for id in ["", "abc", "with space", "a&scope=everything", &"g".repeat(32), &"a".repeat(33)] {
        let Err(fault) = bench.account.begin_login(Some(id)) else { panic!("{id}") };
        assert!(fault.reason.contains("developer.spotify.com/dashboard"), "{fault}");
    }
}

#[test]
fn a_token_that_is_refreshed_while_connecting_is_the_one_that_is_kept() {
    let bench = Bench::connected();
    bench.spotify.trouble("/me", 1, Trouble::Status(401));
    bench.connect().unwrap();
    let newest = bench.spotify.secrets().pop().unwrap();
    assert!(newest.contains("refresh") && bench.tokens().contains(&newest), "the one before is used up");
    bench.spotify.expire_access();
    bench.pull().unwrap();
}

#[test]
fn an_agreement_outlives_trouble_and_is_verified_by_the_next_pull() {
    let bench = Bench::connected();
    let before = bench.tokens();
    bench.spotify.trouble("/me", 1, Trouble::Quota(50));
    let fault = bench.connect().unwrap_err();
    assert!(fault.reason.contains("your agreement is kept"), "{fault}");
    assert_eq!(bench.tokens(), before, "not in its place yet");
    let standing = bench.account.standing().unwrap().unwrap();
    assert!(standing.connected);
    bench.pull().unwrap();
    assert_ne!(bench.tokens(), before);
    assert!(!bench.folder.path().join("account.unverified.json").exists());
}

#[test]
fn an_agreement_that_nobody_verified_is_not_mixed_in_later() {
    let bench = Bench::connected();
    let before = bench.tokens();
    bench.spotify.trouble("/me", 1, Trouble::Quota(50));
    bench.connect().unwrap_err();
    bench.spotify.change(|library| library.account_id = "somebody-else".into());
    let fault = bench.pull().unwrap_err();
    assert!(fault.reason.contains("another account"), "{fault}");
    assert_eq!(bench.tokens(), before);
    assert!(!bench.folder.path().join("account.unverified.json").exists());
    bench.spotify.trouble("/me", 1, Trouble::Quota(50));
    bench.connect().unwrap_err();
    assert!(bench.account.forget().unwrap());
    assert_eq!(bench.account.standing().unwrap(), None);
    assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), 0, "neither tokens are left");
}
