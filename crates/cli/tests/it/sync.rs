//! The second run and what comes after: nothing new writes nothing, less wanted removes only what we put there.

use std::fs;

use ferrotape_testkit::{
    Album, Export, ExportPlaylist, MadeTrack, Row, Track, changes, make_music, tree_snapshot,
};

use crate::collection::{track, undertow, wishes};
use crate::convert::playlist_titles;
use crate::home::{Home, files_below, list};

const TRASH: &str = ".ferrotape/trash/";

#[test]
fn a_second_run_writes_not_one_byte() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let before = tree_snapshot(&home.player()).unwrap();
    let said = home.run("convert wishes.zip --from MUSIC --to ./player");
    assert!(said.out.contains("Nothing to change") || said.out.contains("nothing to change"), "{said:?}");
    // Equal in bytes and in times of change.
    assert_eq!(tree_snapshot(&home.player()).unwrap(), before);
    let last = home.fill("wishes.zip");
    assert_eq!((&last["performed"]["written"], list(&last, "/plan/writes").len()), (&0.into(), 0));
    assert_eq!(list(&last, "/plan/playlists").len(), 0);
}

#[test]
fn an_entry_taken_off_a_list_goes_to_the_trash_alone() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    fs::write(home.player().join("diary.txt"), "mine").unwrap();
    fs::write(home.player().join("Music/Tin Parade/mine.mp3"), "my own").unwrap();
    let mut less = wishes();
    less.playlists[1].rows.remove(0); // Snø og Is, which no other list names
    home.zip("later.zip", &less);
    let before = tree_snapshot(&home.player()).unwrap();

    let plan = home.json("convert later.zip --from MUSIC --to ./player --dry-run");
    let removals = list(&plan, "/plan/removals");
    assert!(removals.iter().any(|r| r["path"].as_str().unwrap().contains("Snø og Is")), "{plan:#}");
    assert!(removals.iter().all(|r| r["to_trash"] == true), "{plan:#}");
    assert_eq!(tree_snapshot(&home.player()).unwrap(), before);

    let said = home.run("convert later.zip --from MUSIC --to ./player");
    assert!(said.out.contains("Snø og Is") && said.out.contains("trash"), "the plan is shown: {said:?}");
    let after = tree_snapshot(&home.player()).unwrap();
    let changed = changes(&before, &after);
    let gone: Vec<_> = changed.iter().filter(|line| line.starts_with("removed Music/")).collect();
    assert!(gone.len() == 1 && gone[0].contains("Snø og Is"), "{changed:?}");
    // The same bytes lie in the trash.
    let (_, old) = before.iter().find(|(path, _)| path.ends_with("Snø og Is.mp3")).unwrap();
    let kept = |(path, state): (&String, &_)| path.starts_with(TRASH) && old.same_bytes(state);
    assert!(after.iter().any(kept), "{changed:?}");
    assert!(after.contains_key("diary.txt") && after.contains_key("Music/Tin Parade/mine.mp3"));
}

#[test]
fn delete_removes_for_good_only_when_agreed() {
    let home = Home::new();
    home.csv("list.csv", &[track("Ebb"), track("Flood")]);
    home.well("convert list.csv --from MUSIC --to ./player");
    home.csv("list.csv", &[track("Ebb")]);
    let before = tree_snapshot(&home.player()).unwrap();
    let said = home.run("convert list.csv --from MUSIC --to ./player --delete");
    assert_eq!(
        (said.code, changes(&before, &tree_snapshot(&home.player()).unwrap())),
        (4, vec![]),
        "{said:?}"
    );
    home.well("convert list.csv --from MUSIC --to ./player --delete --yes");
    let files = files_below(&home.player());
    assert!(!files.iter().any(|path| path.contains("Flood") || path.starts_with(TRASH)), "{files:?}");
    assert_eq!(home.mp3s().len(), 1);
}

#[test]
fn removing_much_asks_first() {
    let home = Home::new();
    let made: Vec<MadeTrack> = (1..=12)
        .map(|n| MadeTrack::new("Twelve", "Dozen", n, &format!("Part No. {n}")).seconds(0.3))
        .collect();
    make_music(&home.path("dozen"), &made).unwrap();
    let wanted: Vec<Track> = made.iter().map(|made| Track::new("Twelve", "Dozen", &made.title)).collect();
    home.csv("dozen.csv", &wanted);
    home.csv("other.csv", &[track("Ebb")]);
    home.well("convert dozen.csv --from dozen --to ./player");
    assert_eq!(home.mp3s().len(), 12);
    // Another list beside it removes nothing.
    home.well("convert other.csv --from MUSIC --from dozen --to ./player");
    assert_eq!(home.mp3s().len(), 13);
    let before = tree_snapshot(&home.player()).unwrap();
    let said = home.run("convert other.csv --from MUSIC --to ./player --only");
    assert_eq!(said.code, 4, "{said:?}");
    assert!(said.err.contains("hint:") && said.err.contains("--yes"), "{said:?}");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    home.well("convert other.csv --from MUSIC --to ./player --only --yes");
    assert_eq!(home.mp3s().len(), 1, "{:?}", home.mp3s());
    assert_eq!(playlist_titles(&home, "other"), ["Ebb"]);
}

#[test]
fn a_list_that_came_back_much_shorter_is_not_believed() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let before = home.mp3s();
    let mut short = wishes();
    short.playlists[0].rows.clear();
    short.playlists[1].rows.clear();
    short.liked.clear();
    home.zip("short.zip", &short);
    home.json("convert short.zip --from MUSIC --to ./player");
    assert_eq!(home.mp3s(), before);
}

#[test]
fn a_file_of_the_users_on_our_place_is_left_alone() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb")]);
    fs::create_dir_all(home.player().join("Music/Mara Quill/Low Water")).unwrap();
    let theirs = home.player().join("Music/Mara Quill/Low Water/01 - Ebb.mp3");
    fs::write(&theirs, "a recording of mine").unwrap();
    home.well("convert one.csv --from MUSIC --to ./player");
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "a recording of mine");
    assert_eq!(home.mp3s().len(), 2, "{:?}", home.mp3s());
    assert_eq!(playlist_titles(&home, "one"), ["Ebb"]);
}

#[test]
fn a_vanished_or_altered_file_is_put_back() {
    let home = Home::new();
    home.csv("two.csv", &[track("Ebb"), track("Slack")]);
    home.well("convert two.csv --from MUSIC --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    let files = home.mp3s();
    fs::remove_file(home.player().join(&files[0])).unwrap();
    home.well("convert two.csv --from MUSIC --to ./player");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
}

#[test]
fn what_was_changed_on_the_player_is_named_before_it_is_replaced() {
    let home = Home::new();
    home.csv("two.csv", &[track("Ebb"), track("Flood")]);
    home.well("convert two.csv --from MUSIC --to ./player");
    let ebb = home.mp3s().into_iter().find(|path| path.ends_with("Ebb.mp3")).unwrap();
    for path in [ebb.as_str(), "Playlists/two.m3u8"] {
        let mut bytes = fs::read(home.player().join(path)).unwrap();
        bytes.extend(b"# mine\n");
        fs::write(home.player().join(path), bytes).unwrap();
    }
    home.csv("two.csv", &[track("Ebb"), track("Flood"), track("Slack")]);
    let said = home.well("convert two.csv --from MUSIC --to ./player --dry-run").out;
    assert!(said.contains("2 files to write (1 new, 1 that was changed on the player; about "), "{said}");
    let named = said.split_once("2 changed on the player since, to the player's trash").unwrap().1;
    assert!(named.contains(&ebb) && named.contains("Playlists/two.m3u8"), "{said}");
    let plan = home.json("convert two.csv --from MUSIC --to ./player --dry-run");
    assert_eq!(plan["plan"]["playlists_edited"], serde_json::json!(["Playlists/two.m3u8"]));
    home.well("convert two.csv --from MUSIC --to ./player");
    let kept = files_below(&home.player()).into_iter().filter(|path| path.starts_with(TRASH)).count();
    assert_eq!(kept, 2, "{:?}", files_below(&home.player()));
    // Another quality is no new music.
    let said = home.well("convert two.csv --from MUSIC --to ./player --preset 128 --dry-run").out;
    assert!(said.contains(" in place of "), "{said}");
}

#[test]
fn an_emptied_player_is_asked_about_before_it_is_filled() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb"), undertow()]);
    home.well("convert one.csv --from MUSIC --to ./player");
    fs::remove_dir_all(home.player()).unwrap();
    fs::create_dir(home.player()).unwrap();
    assert_eq!(home.run("convert one.csv --from MUSIC --to ./player").code, 4);
    assert_eq!(files_below(&home.player()), Vec::<String>::new());
    home.well("convert one.csv --from MUSIC --to ./player --yes");
    assert_eq!(home.mp3s().len(), 1);
}

/// Lists are known by their names.
#[test]
fn a_list_that_another_persons_library_filled_is_asked_about() {
    let home = Home::new();
    for (of, titles) in
        [("his", &["Ebb", "Flood", "Ice Road", "Last Post"][..]), ("hers", &["Cold Sky", "Slack"][..])]
    {
        fs::create_dir(home.path(of)).unwrap();
        let tracks: Vec<Track> = titles.iter().map(|title| track(title)).collect();
        home.csv(&format!("{of}/Favourites.csv"), &tracks);
        home.csv(&format!("{of}/Of {of}.csv"), &tracks);
    }
    let fill = |of: &str, list: &str, more: &str| {
        let line = format!("--library {of}/library convert --from MUSIC --to ./player {more}");
        home.run_with(&line, &[&format!("{of}/{list}.csv")])
    };
    assert_eq!(fill("his", "Favourites", "").code, 0);
    let (his, before) = (home.mp3s(), tree_snapshot(&home.player()).unwrap());
    assert_eq!(his.len(), 4);
    let asked = fill("hers", "Favourites", "");
    assert_eq!(asked.code, 4, "{asked:?}");
    assert!(asked.err.contains("“Favourites”") && asked.err.contains("another name"), "{asked:?}");
    assert!(asked.out.contains("shares 0 of its 4 tracks"), "{asked:?}");
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    // Under another name it stands beside his.
    assert_eq!(fill("hers", "Of hers", "").code, 0);
    assert_eq!(home.mp3s().len(), 6);
    assert!(his.iter().all(|path| home.mp3s().contains(path)), "{:?}", home.mp3s());
    let agreed = fill("hers", "Favourites", "--yes");
    assert_eq!(agreed.code, 0, "{agreed:?}");
    assert_eq!(home.mp3s().len(), 2, "{agreed:?}");
    // It is hers from then on.
    assert_eq!(fill("hers", "Favourites", "").code, 0);
    assert_eq!(fill("his", "Favourites", "").code, 4);
}

#[test]
fn a_library_that_wants_nothing_does_not_empty_a_player() {
    let home = Home::new();
    home.csv("one.csv", &[track("Ebb"), track("Flood")]);
    home.well("convert one.csv --from MUSIC --to ./player");
    let before = tree_snapshot(&home.player()).unwrap();
    for more in ["", "--yes", "--dry-run"] {
        let refused = home.run(&format!("--library fresh convert --to ./player --only {more}"));
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(
            refused.err.contains("nothing is wanted") && refused.err.contains("--library"),
            "{refused:?}"
        );
        assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    }
    // Without that word its lists stay anyway.
    home.well("--library fresh convert --to ./player");
    assert_eq!(home.mp3s().len(), 2);
}

#[test]
fn inside_of_a_filled_folder_no_second_one_is_filled() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let before = tree_snapshot(&home.player()).unwrap();
    for inside in ["Music", ".ferrotape", "Music/new"] {
        for more in ["", " --dry-run"] {
            let said = home.run(&format!("convert wishes.zip --from MUSIC --to ./player/{inside}{more}"));
            assert!(said.code == 1 && said.err.contains("lies inside of"), "{said:?}");
            assert!(said.err.contains("name the player's own folder"), "{said:?}");
        }
    }
    assert_eq!(changes(&before, &tree_snapshot(&home.player()).unwrap()), Vec::<String>::new());
    home.run("convert wishes.zip --from MUSIC --to ./player/../beside");
    assert!(home.path("beside/Music").exists(), "it lies outside");
}

#[test]
fn what_lies_where_our_folders_belong_is_told_by_plan_and_run() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    fs::remove_dir_all(home.player().join(".ferrotape/trash")).unwrap_or_default();
    fs::write(home.player().join(".ferrotape/trash"), "no folder").unwrap();
    let mut less = wishes();
    less.playlists[1].rows.remove(0);
    home.zip("later.zip", &less);
    let dry = home.run("convert later.zip --from MUSIC --to ./player --dry-run");
    assert!(dry.err.contains("a real run would stop") && dry.err.contains("move it away"), "{dry:?}");
    let real = home.run("convert later.zip --from MUSIC --to ./player --yes");
    assert!(real.code == 1 && real.err.contains(".ferrotape/trash"), "{real:?}");
    fs::remove_file(home.player().join(".ferrotape/trash")).unwrap();
    let real = home.run("convert later.zip --from MUSIC --to ./player --yes");
    assert!(real.code == 3 && real.out.contains("1 removed"), "one of the files is broken: {real:?}");
}

#[test]
fn a_track_of_a_saved_album_has_its_own_link_whichever_was_read_first() {
    let home = Home::new();
    let made = MadeTrack::new("Nordlys", "Harbour", 1, "Gull").seconds(14.0);
    make_music(&home.path("own"), &[made]).unwrap();
    let tracks = vec![Row::Track(Track::new("Nordlys", "Harbour", "Gull"))];
    let list = ExportPlaylist { name: "Birds".into(), rows: tracks };
    let album = Album::new("Nordlys", "Harbour");
    home.zip("album.zip", &Export { albums: vec![album.clone()], ..Export::default() });
    home.zip("both.zip", &Export { albums: vec![album], playlists: vec![list], ..Export::default() });
    home.well("import album.zip");
    home.well("convert both.zip --from own --to ./player --yes");
    let mp3 = fs::read(home.player().join("Music/Nordlys/Harbour/01 - Gull.mp3")).unwrap();
    let has = |text: &[u8]| mp3.windows(text.len()).any(|bytes| bytes == text);
    assert!(has(b"open.spotify.com/track/"), "the album was read first and knows no link of the track");
}
