//! What Spotify does when it is asked too much, breaks off, or has had enough of a token.

use std::fs;
use std::time::Duration;

use ferrotape_testkit::fake_spotify::{FakeLibrary, FakePlaylist, Trouble};
use serde_json::Value;

use crate::account::{Account, count, lists};
use crate::home::list;

#[test]
fn short_troubles_are_waited_out() {
    let whole = Account::connected(FakeLibrary::small());
    let expected = lists(&whole.json("pull"));
    for trouble in [
        Trouble::TooMany(None),
        Trouble::TooMany(Some(1)),
        Trouble::Status(502),
        Trouble::Cut,
        Trouble::HungUp,
        Trouble::NotJson,
        Trouble::Slow(Duration::from_millis(400)),
    ] {
        let account = Account::connected(FakeLibrary::small());
        account.spotify.trouble("/me/tracks", 1, trouble.clone());
        account.spotify.trouble("/playlists/", 1, trouble.clone());
        let result = account.json("pull");
        assert_eq!(lists(&result), expected, "{trouble:?}: {result}");
        let again = usize::from(!matches!(trouble, Trouble::Slow(_)));
        let (asked, alone) = (account.spotify.asked(), whole.spotify.asked());
        assert_eq!(asked.len(), alone.len() + 2 * again, "{trouble:?}");
    }
}

#[test]
fn trouble_that_does_not_end_ends_the_pull_and_loses_nothing() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/albums", 99, Trouble::Status(500));
    let said = account.run("pull");
    assert!(said.code == 1 && said.err.contains("4 times in a row"), "{said:?}");
    assert_eq!(count(&account.spotify.asked(), "/me/albums"), 4);
    assert_eq!(count(&account.spotify.asked(), "/me/tracks"), 3);
}

#[test]
fn a_quota_that_is_used_up_stops_the_pull_until_the_time_it_names() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble_after("/me/albums", 1, 1, Trouble::Quota(48_925));
    let stopped = account.json("pull");
    assert_eq!((stopped["event"].as_str(), stopped["code"].as_u64()), (Some("error"), Some(1)), "{stopped}");
    assert!(stopped["message"].as_str().unwrap().contains("continue after"), "{stopped}");
    let then = stopped["continue_after"].as_i64().unwrap();
    assert_eq!(account.json("status")["continue_after"], then);
    let asked = account.spotify.requests().len();
    let again = account.run("pull");
    assert!(again.code == 1 && again.err.contains("continue after"), "{again:?}");
    assert_eq!(account.spotify.requests().len(), asked, "nothing is asked before its time");
    let policies = account.home.json("--library library policy");
    assert_eq!(list(&policies, "/lists").len(), 0, "half a pull is not recorded");
}

#[test]
fn after_the_pause_a_pull_goes_on_where_it_was() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble_after("/me/albums", 1, 1, Trouble::Quota(1));
    assert_eq!(account.run("pull").code, 1);
    let result = loop {
        let result = account.json("pull");
        if result["event"] == "result" {
            break result;
        }
        // The clock's next second; how long that takes does not matter.
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(lists(&result).len(), 7, "{result}");
    let asked = account.spotify.asked();
    assert_eq!(count(&asked, "/me/tracks"), 3, "{asked:?}");
    assert_eq!(count(&asked, "/me/albums?limit=50&offset=0"), 1, "{asked:?}");
    assert_eq!(count(&asked, "/me/albums?limit=50&offset=2"), 2, "the one that got no answer: {asked:?}");
}

#[test]
fn a_wait_over_a_minute_is_not_slept_through() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/shows", 1, Trouble::TooMany(Some(61)));
    let stopped = account.json("pull");
    assert!(stopped["continue_after"].is_i64(), "{stopped}");
}

#[test]
fn a_dead_token_is_thrown_away_and_never_tried_again() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/albums", 1, Trouble::Status(401));
    account.spotify.end_agreement();
    let said = account.run("pull");
    assert!(said.code == 1 && said.err.contains("spotify connect"), "{said:?}");
    let file: Value = serde_json::from_slice(&fs::read(account.token_file()).unwrap()).unwrap();
    assert_eq!((&file["refresh_token"], &file["access_token"]), (&Value::Null, &Value::Null));
    account.spotify.clear();
    assert_eq!(account.run("pull").code, 1);
    assert_eq!(account.spotify.requests(), Vec::<String>::new(), "nobody asks with a dead token");
    assert_eq!(account.json("status")["connection"]["connected"], false);
    assert_eq!(account.connect("").code, 0);
    assert_eq!(account.run("pull").code, 0);
}

#[test]
fn connecting_again_goes_on_with_the_pull_that_lost_its_token() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/shows", 99, Trouble::Status(500));
    assert_eq!(account.run("pull").code, 1);
    account.spotify.end_agreement();
    assert_eq!(account.run("pull").code, 1);
    account.spotify.clear();
    assert_eq!(account.connect("").code, 0);
    account.spotify.clear();
    account.run("pull");
    assert_eq!(count(&account.spotify.asked(), "/me/tracks"), 0);
}

#[test]
fn who_may_see_nothing_is_told_why_and_asks_no_further() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/tracks", 1, Trouble::Forbidden);
    let said = account.run("pull");
    assert!(said.code == 1 && said.err.contains("Premium"), "{said:?}");
    assert_eq!(account.spotify.asked().len(), 1);
}

#[test]
fn a_part_that_is_not_given_costs_no_other() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/me/audiobooks", 1, Trouble::Forbidden);
    let result = account.json("pull");
    assert_eq!(lists(&result).len(), 6, "{result}");
    let named =
        list(&result, "/import/problems").iter().any(|p| p["file"] == "Spotify account/saved audiobooks");
    assert!(named, "{result}");
}

#[test]
fn a_list_that_comes_back_short_loses_nothing_and_is_asked_for_again() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    account.spotify.change(|library| {
        let rows = ["Undertow", "Tin Roof", "Undertow", "Brand New", "Low Water"];
        library.playlists[0] =
            FakePlaylist { snapshot: "another".into(), ..FakePlaylist::own("Road Trip", &rows) };
        library.tracks.insert(0, "Newest".into());
        library.tracks.remove(3);
    });
    for path in ["/playlists/", "/me/tracks"] {
        account.spotify.trouble_after(path, 1, 2, Trouble::Empty);
    }
    let short = account.json("pull");
    let problems = list(&short, "/import/problems");
    for file in ["Spotify account/saved tracks", "Spotify account/playlist “Road Trip”"] {
        let told = problems.iter().find(|problem| problem["file"] == file);
        let told = told.unwrap_or_else(|| panic!("{file} is not told: {short:#}"));
        assert!(told["reason"].as_str().unwrap().contains("holds only part"), "{told}");
    }
    let removed = |result: &Value| -> u64 {
        list(result, "/import/playlists").iter().map(|list| list["removed"].as_u64().unwrap()).sum()
    };
    assert_eq!(removed(&short), 0, "{short:#}");
    account.spotify.calm();
    let whole = account.json("pull");
    assert!(lists(&whole).contains(&("Road Trip".into(), 5)), "{whole:#}");
    assert!(lists(&whole).contains(&("Liked Songs".into(), 5)), "{whole:#}");
    assert_eq!(removed(&whole), 2, "what is true is taken over: a like, an episode");
}

#[test]
fn a_playlist_of_ones_own_that_is_refused_once_is_asked_for_again() {
    let account = Account::connected(FakeLibrary::small());
    account.spotify.trouble("/playlists/", 1, Trouble::Status(404));
    assert_eq!(lists(&account.json("pull")).len(), 6);
    let again = account.json("pull");
    assert!(lists(&again).contains(&("Road Trip".into(), 4)), "{again:#}");
}

#[test]
fn saved_lists_that_come_back_empty_are_kept_until_the_user_agrees() {
    let account = Account::connected(FakeLibrary::small());
    account.run("pull");
    account.spotify.change(|library| {
        library.tracks.clear();
        library.audiobooks.clear();
    });
    let empty = account.json("pull");
    for name in ["Liked Songs", "Saved Audiobooks"] {
        let kept = list(&empty, "/import/playlists").iter().find(|list| list["name"] == name).unwrap();
        assert!(kept["kept_back"].as_str().unwrap().contains("came back empty"), "{empty:#}");
    }
    let agreed = account.json("pull --accept-shrink");
    assert!(lists(&agreed).contains(&("Liked Songs".into(), 0)), "{agreed:#}");
}

#[test]
fn saved_lists_that_never_held_anything_are_none() {
    let account = Account::connected(FakeLibrary { audiobooks: Vec::new(), ..FakeLibrary::small() });
    let result = account.json("pull");
    assert!(lists(&result).iter().all(|(name, _)| name != "Saved Audiobooks"), "{result:#}");
}
