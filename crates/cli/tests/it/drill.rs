//! A drill counts what is seen now: what was on a player once is no comfort, and an MP3 is no copy of its original.

use std::fs;
use std::path::PathBuf;

use ferrotape_testkit::fake_catalogues::{FakeCatalogues, FakeTrack};
use ferrotape_testkit::{HttpServer, MadeTrack, Track, make_music, make_track};
use serde_json::{Value, json};

use crate::collection::{music, track};
use crate::home::{Home, list, text};
use crate::inbox::age;
use crate::podcasts::five_seconds;

/// A home with one original, which was converted to the player.
fn filled() -> (Home, PathBuf) {
    let home = Home::new();
    home.csv("a.csv", &[track("Ebb")]);
    fs::create_dir(home.path("own")).unwrap();
    fs::copy(music().join("Mara Quill/Low Water/01 Ebb.flac"), home.path("own/ebb.flac")).unwrap();
    home.json("convert a.csv --from own --to ./player");
    assert_eq!(home.mp3s().len(), 1);
    let original = home.path("own/ebb.flac").canonicalize().unwrap();
    (home, original)
}

#[test]
fn an_mp3_on_a_player_is_no_second_copy_of_the_original() {
    let (home, original) = filled();
    let drilled = home.json("drill --down all");
    assert_eq!(drilled["several_copies"], 0, "{drilled:#}");
    assert_eq!(list(&drilled, "/single_copies"), [text(&original)], "{drilled:#}");
    let mp3s = &list(&drilled, "/mp3s_of_single_copies")[0];
    let player = home.player().canonicalize().unwrap();
    assert_eq!(list(mp3s, "/on"), [text(&player)], "{mp3s}");
    let said = home.well("drill --down all").out;
    let named = format!("the only original; an MP3 of it is on {}", text(&player));
    assert!(said.contains(&named), "{said}");
    // A second copy is another file, not another name of the same.
    fs::hard_link(&original, home.path("own/again.flac")).unwrap();
    home.well("scan own");
    assert_eq!(home.json("drill --down all")["several_copies"], 0);
    fs::remove_file(home.path("own/again.flac")).unwrap();
    fs::copy(&original, home.path("own/again.flac")).unwrap();
    home.well("scan own");
    assert_eq!(home.json("drill --down all")["several_copies"], 1);
}

#[test]
fn an_emptied_player_holds_nothing_and_one_that_is_gone_is_told_apart() {
    let (home, original) = filled();
    let player = home.player().canonicalize().unwrap();
    fs::remove_dir_all(home.path("player/Music")).unwrap();
    let emptied = home.json("drill --down all");
    assert_eq!(list(&emptied, "/single_copies"), [text(&original)], "{emptied:#}");
    assert!(list(&emptied, "/mp3s_of_single_copies/0/on").is_empty(), "{emptied:#}");
    let target = &list(&emptied, "/targets")[0];
    assert!(target["is_there"] == true && target["gone"] == 1, "{target}");
    let said = home.well("drill --down all").out;
    assert!(said.contains("is there and was emptied") && said.contains("last filled on"), "{said}");

    // Without the original it is nowhere, and not on a player that only has to be plugged in.
    let aside = home.path("aside.flac");
    fs::rename(&original, &aside).unwrap();
    let lost = home.json("drill --down all");
    assert_eq!(
        (&lost["on_absent_players"]["things"], &lost["gone_from_players"]["things"]),
        (&0.into(), &1.into())
    );

    fs::rename(&aside, &original).unwrap();
    fs::remove_dir_all(home.player()).unwrap();
    let gone = home.json("drill --down all");
    assert_eq!((&gone["several_copies"], list(&gone, "/single_copies").len()), (&0.into(), 1), "{gone:#}");
    assert_eq!(gone["targets"][0]["is_there"], false);
    let said = home.well("drill --down all").out;
    let was = format!("an MP3 of it was on {} on 2", text(&player));
    assert!(said.contains("cannot be seen now") && said.contains(&was), "{said}");
}

#[test]
fn a_file_on_a_player_that_was_cut_short_does_not_play() {
    let (home, original) = filled();
    let mp3 = home.player().join(&home.mp3s()[0]);
    fs::remove_file(original).unwrap();
    assert_eq!(home.json("drill --down all")["plays_on_players"]["things"], 1);
    fs::write(mp3, "short").unwrap();
    let cut = home.json("drill --down all");
    assert_eq!(
        (&cut["plays_on_players"]["things"], &cut["gone_from_players"]["things"]),
        (&0.into(), &1.into())
    );
}

#[test]
fn a_file_that_was_cut_short_emptied_or_overwritten_since_it_was_looked_through_does_not_play() {
    let (home, original) = filled();
    let whole = fs::read(&original).unwrap();
    let copy = home.path("own/again.flac");
    fs::write(&copy, &whole).unwrap();
    home.well("scan own");
    let drilled = home.json("drill --down all");
    assert_eq!((&drilled["several_copies"], &drilled["plays_here"]["things"]), (&1.into(), &1.into()));
    assert!(list(&drilled, "/changed_files").is_empty(), "{drilled:#}");

    fs::write(&copy, vec![0; whole.len()]).unwrap();
    let overwritten = home.json("drill --down all");
    assert_eq!(overwritten["several_copies"], 0, "{overwritten:#}");
    assert_eq!(list(&overwritten, "/single_copies"), [text(&original)]);
    assert_eq!(list(&overwritten, "/changed_files"), [text(&copy.canonicalize().unwrap())]);

    fs::remove_dir_all(home.player()).unwrap();
    for left in [whole.len() / 3, 0] {
        fs::write(&original, &whole[..left]).unwrap();
        let cut = home.json("drill --down all");
        let things = |share: &str| cut[share]["things"].as_u64().unwrap();
        assert_eq!((things("plays_here"), things("on_absent_players")), (0, 1), "{cut:#}");
        assert!(list(&cut, "/single_copies").is_empty(), "{cut:#}");
        assert_eq!(list(&cut, "/changed_files").len(), 2, "{cut:#}");
    }
    let said = home.well("drill --down all").out;
    assert!(said.contains("2 files were changed") && said.contains("ferrotape scan"), "{said}");
    // Other rights are no change of what it plays.
    fs::write(&original, &whole).unwrap();
    home.well("scan own");
    fs::hard_link(&original, home.path("link.flac")).unwrap();
    assert_eq!(home.json("drill --down all")["plays_here"]["things"], 1);
}

/// A home that wants a saved album.
fn with_a_saved_album() -> Home {
    let home = Home::new();
    let library = json!({ "tracks": [], "shows": [], "episodes": [], "artists": [],
        "albums": [{ "artist": "Band", "album": "Album", "uri": "spotify:album:0aB1cD2eF3gH4iJ5kL6mN7" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    home.well("import YourLibrary.json");
    home
}

#[test]
fn a_part_of_a_saved_album_is_a_part_for_the_inbox_the_shop_and_the_drill() {
    let home = with_a_saved_album();
    let made = |number: u32| MadeTrack::new("Band", "Album", number, &format!("Song {number}")).seconds(2.0);
    let drop = |numbers: &[u32]| {
        let paths =
            make_music(&home.path("in"), &numbers.iter().map(|n| made(*n)).collect::<Vec<_>>()).unwrap();
        paths.iter().for_each(|path| age(path, 60));
        home.json("inbox in --move")
    };
    let in_part = |last: &Value| -> String {
        assert!(list(last, "/ticked_off").is_empty() && list(last, "/in_part").len() == 1, "{last:#}");
        last["in_part"][0]["wanted"].as_str().unwrap().to_owned()
    };
    let first = in_part(&drop(&[5]));
    assert!(first.contains("Band – Album") && first.contains("1 of at least 5 tracks"), "{first}");
    assert_eq!(list(&home.json("shop --all"), "/purchases").len(), 1);
    let drilled = home.json("drill --down all");
    let things = |share: &str| drilled[share]["things"].as_u64().unwrap();
    assert_eq!((things("plays_here"), things("plays_in_part")), (0, 1), "{drilled:#}");
    assert_eq!(drilled["tracks_in_part"], json!({ "have": 1, "of": 5 }));
    let said = home.well("drill --down all").out;
    assert!(said.contains("play in part: 1 of at least 5 tracks are here"), "{said}");

    assert!(in_part(&drop(&[1, 2])).contains("3 of at least 5 tracks"));
    let whole = drop(&[3, 4]);
    assert_eq!((list(&whole, "/ticked_off").len(), list(&whole, "/in_part").len()), (1, 0), "{whole:#}");
    assert!(list(&home.json("shop --all"), "/purchases").is_empty());
    assert_eq!(home.json("drill --down all")["plays_here"]["things"], 1);
}

#[test]
fn one_song_is_no_whole_album_where_another_of_it_is_wanted() {
    let home = with_a_saved_album();
    let first = make_music(&home.path("in"), &[MadeTrack::new("Band", "Album", 1, "Song 1").seconds(2.0)]);
    first.unwrap().iter().for_each(|path| age(path, 60));
    let unknown = "1 file; how many tracks it has is not known";
    let told = home.json("inbox in --move");
    assert_eq!(told["ticked_off"][0]["wanted"], format!("Band – Album ({unknown})"), "{told:#}");
    assert!(home.well("explain Album").out.contains(unknown));
    assert_eq!(home.json("shop --all")["missing"], 0, "it may be all of it");

    home.csv("list.csv", &[Track::new("Band", "Album", "Ash & Ember")]);
    home.well("import list.csv");
    let part = "a part of it: “Ash & Ember” is wanted of this album, too, and no file is it";
    let said = home.well("explain Album").out;
    assert!(said.contains(part) && !said.contains(unknown), "{said}");
    assert_eq!(home.json("shop --all")["missing"], 2, "the song and the album");

    let second =
        make_music(&home.path("in"), &[MadeTrack::new("Band", "Album", 2, "Ash & Ember").seconds(2.0)]);
    second.unwrap().iter().for_each(|path| age(path, 60));
    let last = home.json("inbox in --move");
    assert_eq!((list(&last, "/ticked_off").len(), list(&last, "/in_part").len()), (2, 0), "{last:#}");
    assert_eq!(home.json("shop --all")["missing"], 0, "nothing tells that there is more");
}

#[test]
fn a_collection_that_is_not_there_is_said_and_its_files_are_counted_as_away() {
    let home = with_a_saved_album();
    let paths =
        make_music(&home.path("in"), &[MadeTrack::new("Band", "Album", 1, "Song").seconds(2.0)]).unwrap();
    age(&paths[0], 60);
    home.well("inbox in --move");
    let here = home.json("convert --to ./player");
    assert_eq!(list(&here, "/report/came_from").len(), 1, "{here:#}");
    assert!(list(&here, "/known_music/away").is_empty(), "{here:#}");
    let collection = home.path(".local/share/ferrotape/collection");
    fs::rename(&collection, home.path("away")).unwrap();

    let gone = home.json("convert --to ./player");
    assert_eq!(gone["known_music"]["files"], 0, "{gone:#}");
    assert_eq!(gone["known_music"]["away"][0]["files"], 1, "{gone:#}");
    assert!(list(&gone, "/report/came_from").is_empty(), "{gone:#}");
    let said = home.run("convert --to ./player").out;
    assert!(said.contains("collection: the folder is not there") && said.contains("as away"), "{said}");
    assert!(!said.contains("looked through just now") && !said.contains("came from"), "{said}");

    let new = make_music(&home.path("in"), &[MadeTrack::new("Other", "New", 1, "One").seconds(2.0)]).unwrap();
    age(&new[0], 60);
    let said = home.well("inbox in --move").out;
    assert!(said.contains("1 file that was in the collection is gone"), "{said}");
}

/// Of several, those that are left are counted; a run of another list does not hide what an earlier one left.
#[test]
fn what_an_earlier_run_left_is_seen_as_well() {
    let home = Home::new();
    let lists: [(&str, Track); 2] = [("a.csv", track("Ebb")), ("b.csv", track("Flood"))];
    for (name, wanted) in lists {
        home.csv(name, &[wanted]);
        home.json(&format!("convert {name} --from MUSIC --to ./player"));
    }
    let drilled = home.json("drill --down all");
    assert!(
        list(&drilled, "/mp3s_of_single_copies").iter().all(|one| list(one, "/on").len() == 1),
        "{drilled:#}"
    );
    assert_eq!(list(&drilled, "/mp3s_of_single_copies").len(), 2, "{drilled:#}");
}

#[test]
fn every_service_that_can_be_asked_may_be_named_and_one_that_is_not_in_use_is_called_so() {
    let (home, _) = filled();
    let drilled = home.json("drill --down spotify,musicbrainz");
    assert_eq!(drilled["~code"], 0, "the example of --help: {drilled:#}");
    assert_eq!(list(&drilled, "/not_in_use"), ["spotify", "musicbrainz"]);
    let said = home.well("drill --down accuraterip").out;
    assert!(said.contains("accuraterip is not in use here"), "{said}");
    home.well("source add musicbrainz");
    assert!(list(&home.json("drill --down musicbrainz,all"), "/not_in_use").is_empty());
    // Who knows something of music is refused as well, and it is said that nothing of this needs it.
    home.well("source add lrclib");
    let drilled = home.json("drill --down musicbrainz,lrclib");
    let refused = |other: &Value| {
        assert_eq!(other["fault"], "it is down, says the drill", "{drilled:#}");
        other["name"].as_str().unwrap().to_owned()
    };
    let others: Vec<String> = list(&drilled, "/other_services").iter().map(refused).collect();
    assert_eq!(others, ["lrclib", "musicbrainz"]);
    let said = home.well("drill --down musicbrainz,lrclib").out;
    for name in others {
        let line = said.lines().find(|line| line.starts_with(&name));
        let is_told = |line: &str| line.contains("says the drill; nothing of this needs it");
        assert!(line.is_some_and(is_told), "{name}: {said}");
    }
    // Whatever can be added can be named.
    for kind in list(&home.json("source kinds"), "/kinds") {
        let kind = kind["kind"].as_str().unwrap();
        assert_eq!(home.json(&format!("drill --down {kind}"))["~code"], 0, "{kind}");
    }
    let unknown = home.run("drill --down napster");
    assert!(unknown.code == 1 && unknown.err.contains("musicbrainz"), "{unknown:?}");
}

#[test]
fn what_would_still_play_is_counted_in_hours_of_listening() {
    let (home, _) = filled();
    home.csv("more.csv", &[track("Ebb"), track("Flood")]);
    let plays: Vec<_> = [("Ebb", 2), ("Flood", 4)]
        .iter()
        .map(|(title, hours)| {
            json!({ "ts": "2023-01-01T10:00:00Z", "ms_played": hours * 3_600_000, "master_metadata_track_name": title,
                "master_metadata_album_artist_name": "Mara Quill", "master_metadata_album_album_name": "Low Water" })
        })
        .collect();
    let history = home.path("Streaming_History_Audio_2023_0.json");
    fs::write(&history, serde_json::to_string(&plays).unwrap()).unwrap();
    home.well(&format!("import more.csv {}", text(&history)));
    let drilled = home.json("drill --down all");
    let played = |share: &str| drilled[share]["played_ms"].as_u64();
    assert_eq!(played("plays_here"), Some(2 * 3_600_000), "{drilled:#}");
    assert_eq!((played("missing"), played("all")), (Some(4 * 3_600_000), Some(6 * 3_600_000)), "{drilled:#}");
    let said = home.well("drill --down all").out;
    assert!(said.contains("2.0 h  33.3 % of listening"), "{said}");
}

/// A home that wants a recording and a book, and places that have them; they were searched and gave nothing yet.
fn searched() -> (Home, HttpServer) {
    let home = Home::new();
    make_track(&home.path("ebb.flac"), &MadeTrack::new("Mara Quill", "Low Water", 1, "Ebb").seconds(5.0))
        .unwrap();
    let ebb = fs::read(home.path("ebb.flac")).unwrap();
    let ebb = FakeTrack::new("Mara Quill", "Low Water", 1, "Ebb").sounding(ebb, 5.0);
    let book = FakeTrack::new("Oda Brenn", "The Salt Marsh", 1, "One").spoken();
    let book = book.sounding(five_seconds(&home, "book"), 5.0);
    let server = HttpServer::start(FakeCatalogues::answers(vec![ebb, book])).unwrap();
    let wanted = Track { duration_ms: Some(5_000), ..Track::new("Mara Quill", "Low Water", "Ebb") };
    home.csv("a.csv", &[wanted]);
    let library = json!({ "tracks": [], "albums": [], "shows": [], "episodes": [], "artists": [],
        "audiobooks": [{ "name": "The Salt Marsh", "author": "Oda Brenn" }] });
    fs::write(home.path("YourLibrary.json"), library.to_string()).unwrap();
    fs::create_dir(home.path("own")).unwrap();
    home.well("source add internet-archive");
    home.well("source add librivox");
    home.well("import a.csv YourLibrary.json");
    home.json(&format!("convert --from own --to ./player --dry-run --stand-in {}", server.address()));
    (home, server)
}

#[test]
fn what_a_search_found_before_cannot_be_fetched_while_the_service_of_its_files_is_down() {
    let (home, server) = searched();
    let before = server.requests().len();
    let drill = |down: &str| home.json(&format!("drill --down {down} --stand-in {}", server.address()));
    for (down, expected) in [
        ("musicbrainz", [2, 0]),
        // The books of LibriVox lie at the archive.
        ("librivox", [1, 1]),
        ("internet-archive", [0, 2]),
        ("all", [0, 2]),
    ] {
        let drilled = drill(down);
        let things = ["can_be_fetched", "waits"].map(|share| drilled[share]["things"].as_u64().unwrap());
        assert_eq!(things, expected, "{down}: {drilled:#}");
    }
    assert_eq!(server.requests().len(), before, "what was found is kept");
    let archive = list(&drill("internet-archive"), "/places")[0].clone();
    assert!(
        archive["name"] == "internet-archive" && archive["fault"] == "it is down, says the drill",
        "{archive}"
    );
}
