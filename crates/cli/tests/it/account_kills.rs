//! `kill -9` at every single request of a pull: the next one goes on, and asks nothing twice that it has.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use ferrotape_testkit::fake_spotify::FakeLibrary;

use crate::account::{Account, lists};

/// Long enough for the slowest machine; a pull that never asks fails the test instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a pull and kills it while its `number`th request waits for an answer.
pub(crate) fn kill_at(account: &Account, number: usize) {
    account.spotify.hold(number);
    kill_when_held(account);
}

fn kill_when_held(account: &Account) {
    let mut command = account.command("pull");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let held = account.spotify.wait_until_held(PATIENCE);
    child.kill().unwrap();
    child.wait().unwrap();
    account.spotify.release();
    assert!(held, "the request never came");
}

#[test]
fn killed_at_any_request_a_pull_goes_on_and_asks_nothing_twice() {
    let whole = Account::connected(FakeLibrary::small());
    let expected = lists(&whole.json("pull"));
    let asked = whole.spotify.asked();
    for number in 1..=asked.len() {
        let account = Account::connected(FakeLibrary::small());
        kill_at(&account, number);
        let result = account.json("pull");
        assert_eq!(lists(&result), expected, "killed at request {number}");
        // The request that got no answer is asked again, and no other one.
        let mut twice = asked.clone();
        twice.insert(number, asked[number - 1].clone());
        assert_eq!(account.spotify.asked(), twice, "killed at request {number}");
    }
}

#[test]
fn killed_at_every_request_in_turn_a_pull_still_ends() {
    let account = Account::connected(FakeLibrary::small());
    let whole = Account::connected(FakeLibrary::small());
    let expected = lists(&whole.json("pull"));
    for _ in 1..whole.spotify.asked().len() {
        kill_at(&account, 2);
    }
    assert_eq!(lists(&account.json("pull")), expected);
}

#[test]
fn a_new_refresh_token_is_on_the_disk_before_it_is_needed() {
    let account = Account::connected(FakeLibrary::small());
    let before = fs::read_to_string(account.token_file()).unwrap();
    account.spotify.expire_access();
    // The first request finds the old token dead; the one behind the refresh is the second.
    kill_at(&account, 2);
    let after = fs::read_to_string(account.token_file()).unwrap();
    assert_ne!(before, after);
    let newest = account.spotify.secrets().pop().unwrap();
    assert!(newest.contains("refresh") && after.contains(&newest), "the newest token is on the disk");
    assert_eq!(account.run("pull").code, 0);
}

#[test]
fn killed_while_it_waits_for_a_token_a_pull_goes_on() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.expire_access();
    account.spotify.hold_token();
    kill_when_held(&account);
    let result = account.json("pull");
    assert_eq!(lists(&result).len(), 7, "{result}");
}
