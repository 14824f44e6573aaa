//! The connected account, through the real program and a Spotify of our own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use ferrotape_testkit::fake_spotify::{CLIENT_ID, FakeLibrary, FakePlaylist, FakeSpotify, agree};
use serde_json::Value;

use crate::account_kills::kill_at;
use crate::home::{Home, Said, list, said};

/// A home and the account that is connected there.
pub(crate) struct Account {
    pub(crate) home: Home,
    pub(crate) spotify: FakeSpotify,
    /// Everything that was said so far.
    pub(crate) heard: std::cell::RefCell<String>,
}

impl Account {
    pub(crate) fn new(library: FakeLibrary) -> Self {
        let spotify = FakeSpotify::start(library).unwrap();
        Self { home: Home::new(), spotify, heard: std::cell::RefCell::default() }
    }

    /// With an agreement.
    pub(crate) fn connected(library: FakeLibrary) -> Self {
        let account = Self::new(library);
        let said = account.connect(&format!("--client-id {CLIENT_ID}"));
        assert_eq!(said.code, 0, "{said:?}");
        account.spotify.clear();
        account
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let address = self.spotify.address();
        let mut command = self.home.command();
        command.args(["--library", "library", "spotify", "--api-address", &address]);
        command.args(["--accounts-address", &address]).args(line.split_whitespace());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Said {
        self.remember(said(self.command(line).output().unwrap(), line))
    }

    /// As [`Account::run`], with `--json`; gives the last object.
    pub(crate) fn json(&self, line: &str) -> Value {
        self.run(&format!("{line} --json")).last_object()
    }

    fn remember(&self, said: Said) -> Said {
        self.heard.borrow_mut().push_str(&said.all());
        said
    }

    /// Connects; the test is the browser.
    pub(crate) fn connect(&self, more: &str) -> Said {
        let mut command = self.command(&format!("connect --no-browser {more}"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        let event = serde_json::from_str::<Value>(&address).unwrap_or_default();
        let to = event["address"].as_str().unwrap_or(address.trim());
        if to.starts_with("http") {
            agree(to).unwrap();
        }
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        let mut output = child.wait_with_output().unwrap();
        output.stdout = format!("{address}{rest}").into_bytes();
        self.remember(said(output, "connect"))
    }

    /// Makes the agreement older.
    pub(crate) fn agreed_days_ago(&self, days: i64) {
        let text = fs::read_to_string(self.token_file()).unwrap();
        let mut file: Value = serde_json::from_str(&text).unwrap();
        let agreed = file["authorised_at"].as_i64().unwrap();
        file["authorised_at"] = (agreed - days * 86400).into();
        fs::write(self.token_file(), file.to_string()).unwrap();
    }

    pub(crate) fn token_file(&self) -> PathBuf {
        self.home.path("library/account.json")
    }
}

/// How many requests held this.
pub(crate) fn count(requests: &[String], part: &str) -> usize {
    requests.iter().filter(|request| request.contains(part)).count()
}

/// The lists of an import as `(name, entries)`.
pub(crate) fn lists(result: &Value) -> Vec<(String, u64)> {
    let one = |list: &Value| (list["name"].as_str().unwrap().to_owned(), list["entries"].as_u64().unwrap());
    list(result, "/import/playlists").iter().map(one).collect()
}

#[test]
fn a_pull_brings_everything_that_may_be_had_and_names_the_rest() {
    let account = Account::connected(FakeLibrary::small());
    let result = account.json("pull");
    assert_eq!(result["event"], "result", "{result}");
    let expected = [
        ("Liked Songs", 5),
        ("Saved Albums", 3),
        ("Saved Episodes", 1),
        ("Saved Shows", 1),
        ("Saved Audiobooks", 1),
        ("Road Trip", 4),
        ("Quiet", 1),
    ];
    assert_eq!(lists(&result), expected.map(|(name, entries)| (name.to_owned(), entries)));
    let problems = list(&result, "/import/problems");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0]["file"].as_str().unwrap().contains("Somebody Else's Hits"));
    assert!(problems[0]["reason"].as_str().unwrap().contains("only for your own playlists"));
    let accounts = list(&result, "/import/accounts");
    for one in accounts {
        let sum: u64 =
            ["entries", "plays", "noted", "problems"].iter().map(|key| one[*key].as_u64().unwrap()).sum();
        assert_eq!(one["rows"], sum, "{one}");
    }
    let noted: u64 = accounts.iter().map(|one| one["noted"].as_u64().unwrap()).sum();
    assert_eq!(noted, 3, "the artists followed");
    let track = account.home.json("--library library explain Undertow");
    assert!(track["explained"]["wanted"]["isrc"].as_str().unwrap().starts_with("QZFKE"), "{track}");
}

#[test]
fn a_second_pull_asks_only_what_may_have_changed() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    let first = account.spotify.asked();
    account.spotify.clear();
    let result = account.json("pull");
    assert_eq!(result["import"]["unchanged"], true, "{result}");
    let asked = account.spotify.asked();
    assert_eq!(count(&asked, "/playlists/"), 1, "no snapshot changed; only what was refused: {asked:?}");
    for list in ["tracks", "albums", "episodes", "shows", "audiobooks"] {
        assert_eq!(count(&asked, &format!("/me/{list}?")), 1, "{asked:?}");
    }
    assert!(asked.len() + 5 <= first.len(), "{} after {}", asked.len(), first.len());
}

#[test]
fn new_likes_cost_one_request_and_a_changed_playlist_its_own() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    account.spotify.clear();
    account.spotify.change(|library| {
        library.tracks.insert(0, "Brand New".into());
        library.playlists[1] = FakePlaylist {
            snapshot: "another".into(),
            ..FakePlaylist::own("Quiet", &["Brand New", "Paper Kites"])
        };
    });
    let result = account.json("pull");
    let asked = account.spotify.asked();
    assert_eq!(count(&asked, "/me/tracks?"), 1, "{asked:?}");
    assert_eq!(count(&asked, "/playlists/"), 2, "and that of somebody else: {asked:?}");
    assert!(lists(&result).contains(&("Liked Songs".into(), 6)), "{result}");
    assert!(lists(&result).contains(&("Quiet".into(), 2)), "{result}");
    assert_eq!(result["import"]["wanted_new"], 1);
}

#[test]
fn a_like_taken_back_is_seen() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    account.spotify.change(|library| _ = library.tracks.remove(4));
    let result = account.json("pull");
    assert!(lists(&result).contains(&("Liked Songs".into(), 4)), "{result}");
}

#[test]
fn a_list_that_changes_while_it_is_read_is_read_again() {
    let account = Account::connected(FakeLibrary::small());
    kill_at(&account, 2);
    account.spotify.change(|library| library.tracks.insert(0, "Brand New".into()));
    account.spotify.clear();
    let result = account.json("pull");
    assert!(lists(&result).contains(&("Liked Songs".into(), 6)), "{result}");
    // The second page tells of it; then all three.
    assert_eq!(count(&account.spotify.asked(), "/me/tracks?"), 4, "{:?}", account.spotify.asked());
}

#[test]
fn what_is_empty_or_of_last_year_costs_no_row() {
    let mut library = FakeLibrary::small();
    library.tracks.insert(1, "null:".into());
    library.playlists = vec![FakePlaylist::own("Odd", &["old:Tin Roof", "gone:", "Undertow"])];
    let account = Account::connected(library);
    let result = account.json("pull");
    assert!(lists(&result).contains(&("Odd".into(), 3)), "{result}");
    assert!(lists(&result).contains(&("Liked Songs".into(), 6)), "{result}");
    assert_eq!(list(&result, "/import/problems").len(), 0, "{result}");
}

#[test]
fn a_followed_playlist_leaves_no_empty_list_behind() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    let policies = account.home.json("--library library policy");
    let names: Vec<&str> =
        list(&policies, "/lists").iter().map(|list| list["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Road Trip") && !names.contains(&"Somebody Else's Hits"), "{names:?}");
}

#[test]
fn status_disconnect_and_purge_say_what_they_did() {
    let account = Account::new(FakeLibrary::small());
    let said = account.run("pull");
    assert!(said.code == 1 && said.err.contains("spotify connect --client-id"), "{said:?}");
    assert_eq!(account.json("status")["connection"], Value::Null);
    assert_eq!(account.connect(&format!("--client-id {CLIENT_ID}")).code, 0);
    account.run("pull");
    let status = account.json("status");
    let days = (status["connection"]["ends_at"].as_i64().unwrap()
        - status["connection"]["authorised_at"].as_i64().unwrap())
        / 86400;
    assert_eq!((status["connection"]["connected"].as_bool(), days), (Some(true), 181));
    assert!(status["last_pull"].is_i64() && status["answers"].as_u64().unwrap() > 5, "{status}");
    assert_eq!(account.json("purge")["answers_deleted"], 0, "nothing is that old");
    assert!(account.json("purge --older-than 0")["answers_deleted"].as_u64().unwrap() > 5);
    assert_eq!(account.json("status")["answers"], 0);
    let result = account.json("pull");
    assert_eq!(result["import"]["unchanged"], true, "what was imported stays: {result}");
    let gone = account.json("disconnect");
    assert_eq!(gone["tokens_deleted"], true);
    assert!(!account.token_file().exists());
    assert_eq!(account.json("status")["connection"], Value::Null);
    assert_eq!(account.json("status")["answers"], 0);
    assert_eq!(account.run("pull").code, 1);
}

#[test]
fn the_end_of_the_agreement_is_announced_in_time() {
    let account = Account::connected(FakeLibrary::small());
    assert!(!account.run("pull").err.contains("agreement ends"));
    account.agreed_days_ago(168);
    let said = account.run("pull");
    assert!(said.code == 0 && said.err.contains("spotify connect` renews it"), "{said:?}");
    assert_eq!(account.connect("").code, 0, "the client id is known");
    assert!(!account.run("pull").err.contains("agreement ends"));
}

#[test]
fn another_account_is_not_mixed_into_this_one() {
    let account = Account::connected(FakeLibrary::small());
    let before = fs::read(account.token_file()).unwrap();
    account.spotify.change(|library| library.account_id = "somebody-else".into());
    let said = account.connect("");
    assert!(said.code == 1 && said.err.contains("another account"), "{said:?}");
    assert_eq!(fs::read(account.token_file()).unwrap(), before);
}

#[test]
fn tokens_are_not_sent_over_the_network_in_the_clear() {
    let account = Account::connected(FakeLibrary::small());
    let said = account.home.run("--library library spotify --api-address http://api.example.org pull");
    assert!(said.code == 1 && said.err.contains("neither an https address"), "{said:?}");
}

#[test]
fn connecting_waits_for_the_browser_and_holds_nobody_up() {
    let account = Account::new(FakeLibrary::small());
    let mut command = account.command(&format!("connect --no-browser --client-id {CLIENT_ID}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
    account.home.csv("a.csv", &[crate::collection::track("Ebb")]);
    let meanwhile = account.home.well("import a.csv --library library");
    assert!(!meanwhile.err.contains("is using the library"), "{meanwhile:?}");
    agree(address.trim()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(account.run("pull").code, 0);
}

#[test]
fn who_has_no_client_id_or_a_wrong_one_is_told_where_one_comes_from() {
    let account = Account::new(FakeLibrary::small());
    for line in ["connect --no-browser", "connect --no-browser --client-id abc"] {
        let said = account.run(line);
        assert!(said.code == 1 && said.err.contains("developer.spotify.com/dashboard"), "{said:?}");
        assert_eq!(said.out, "", "nothing was opened");
    }
}
