//! Gains on the player: of tracks, of whole albums, or none.

use std::collections::BTreeSet;
use std::fs;

use ferrotape_testkit::{MadeTrack, Track, make_music, mutagen_tags, tree_snapshot};
use serde_json::Value;

use crate::home::{Home, list, row_of};

fn gain_of(home: &Home, last: &Value, title: &str, tag: &str) -> Option<f64> {
    let path = home.player().join(row_of(&last["report"], title)["says"].as_str().unwrap());
    let tags = mutagen_tags(&path).unwrap();
    let text = tags.get(&format!("TXXX:{tag}")).and_then(|values| values.first())?;
    Some(text.trim_end_matches(" dB").parse().unwrap())
}

#[test]
fn a_whole_album_has_one_gain_and_a_part_of_one_has_none() {
    let home = Home::with_wishes();
    let last = home.fill("wishes.zip");
    let brass = ["March Home", "Drum Shed", "Last Post"];
    let album: BTreeSet<String> = brass
        .iter()
        .map(|title| format!("{:?}", gain_of(&home, &last, title, "REPLAYGAIN_ALBUM_GAIN").unwrap()))
        .collect();
    assert_eq!(album.len(), 1, "{album:?}");
    let album: f64 = album.first().unwrap().parse().unwrap();
    let tracks = brass.map(|title| gain_of(&home, &last, title, "REPLAYGAIN_TRACK_GAIN").unwrap());
    let (least, most) = (tracks.into_iter().fold(99.0, f64::min), tracks.into_iter().fold(-99.0, f64::max));
    assert!((least..=most).contains(&album), "{album} {tracks:?}");
    // “Polar Night” of the same album is among the music and not wanted.
    assert_eq!(gain_of(&home, &last, "Green Light", "REPLAYGAIN_ALBUM_GAIN"), None);
    assert!(gain_of(&home, &last, "Green Light", "REPLAYGAIN_TRACK_GAIN").is_some());

    let again = home.fill("wishes.zip");
    assert_eq!(again["performed"]["written"], 0, "a second run writes nothing");
    assert_eq!(list(&again, "/plan/writes").len(), 0);
}

#[test]
fn off_and_r128_are_other_recipes() {
    let home = Home::with_wishes();
    home.fill("wishes.zip");
    let last = home.fill("wishes.zip --loudness r128");
    assert_eq!(last["plan"]["loudness"], "r128");
    let r128 = gain_of(&home, &last, "Last Post", "R128_ALBUM_GAIN");
    assert!(r128.is_some_and(|steps| steps.fract() == 0.0), "{r128:?}");
    assert_eq!(gain_of(&home, &last, "Last Post", "REPLAYGAIN_TRACK_GAIN"), None);
    let last = home.fill("wishes.zip --loudness off");
    for tag in ["R128_TRACK_GAIN", "R128_ALBUM_GAIN", "REPLAYGAIN_TRACK_GAIN"] {
        assert_eq!(gain_of(&home, &last, "Last Post", tag), None);
    }
}

const LOUD: &str = "Ebb";
const SOFT: &str = "Flood";

/// A home with an album of a loud and a soft track, a list of both, and one of the soft track alone.
fn of_one_album() -> Home {
    let home = Home::new();
    let made = [(1, LOUD, 0.5), (2, SOFT, 0.04)].map(|(number, title, level)| {
        let mut made = MadeTrack::new("Mara Quill", "Low Water", number, title);
        made.sound.level = level;
        made
    });
    make_music(&home.path("own"), &made).unwrap();
    let tracks = [LOUD, SOFT].map(|title| Track::new("Mara Quill", "Low Water", title));
    home.csv("all.csv", &tracks);
    home.csv("fav.csv", &tracks[1..]);
    home
}

fn written(home: &Home, line: &str) -> u64 {
    let last = home.json(line);
    last.pointer("/performed/written").and_then(Value::as_u64).unwrap_or_else(|| panic!("{last:#}"))
}

#[test]
fn a_run_of_one_list_leaves_an_album_as_a_run_of_all_made_it() {
    for loudness in ["apply-album:-20", "tags"] {
        let home = of_one_album();
        let all = format!("convert all.csv fav.csv --from own --to ./player --yes --loudness {loudness}");
        assert_eq!(written(&home, &all), 2);
        let player = tree_snapshot(&home.player()).unwrap();
        let is_as_before = |after: &str| {
            let now = tree_snapshot(&home.player()).unwrap();
            for track in home.mp3s() {
                assert!(now[&track].same_bytes(&player[&track]), "{track} {after}");
            }
        };
        assert_eq!(written(&home, "convert --list fav --to ./player --yes"), 0, "{loudness}");
        is_as_before("after a run of one list");
        assert_eq!(written(&home, "convert --to ./player --yes"), 0, "{loudness}");
        is_as_before("after a run of all");

        // What a run of one list has to make anew goes by the loudness of the whole album.
        let soft = home.mp3s().into_iter().find(|path| path.contains(SOFT)).unwrap();
        fs::remove_file(home.player().join(soft)).unwrap();
        assert_eq!(written(&home, "convert --list fav --to ./player --yes"), 1, "{loudness}");
        is_as_before("made anew in a run of one list");
        assert_eq!(written(&home, "convert --to ./player --yes"), 0, "{loudness}");
    }
}

#[test]
fn what_finds_no_room_makes_no_album_whole() {
    let home = of_one_album();
    home.csv("loud.csv", &[Track::new("Mara Quill", "Low Water", LOUD)]);
    fs::write(home.path("small.toml"), "name = \"small\"\ntitle = \"Small\"\n[folders]\nmax_tracks = 1\n")
        .unwrap();
    let how = "--to ./player --yes --profile ./small.toml --loudness tags";
    let first = home.json(&format!("convert all.csv loud.csv --from own {how}"));
    assert_eq!((&first["performed"]["written"], home.mp3s().len()), (&1.into(), 1), "{first:#}");
    assert_eq!(gain_of(&home, &first, LOUD, "REPLAYGAIN_ALBUM_GAIN"), None);
    // Runs of one list and of all do not make it anew in turn.
    for line in ["convert --list loud", "convert", "convert --list loud"] {
        assert_eq!(written(&home, &format!("{line} {how}")), 0, "{line}");
    }
    // With room for all of it, it is a whole album.
    let all = home.json("convert --to ./player --yes --profile generic --loudness tags");
    assert!(gain_of(&home, &all, LOUD, "REPLAYGAIN_ALBUM_GAIN").is_some(), "{all:#}");
}

#[test]
fn what_leaves_the_player_makes_no_album_whole() {
    let home = of_one_album();
    assert_eq!(written(&home, "convert all.csv fav.csv --from own --to ./player --yes"), 2);
    // No list holds the loud track any more: it goes in this run, and the soft one stands alone at once.
    home.csv("all.csv", &[Track::new("Mara Quill", "Low Water", SOFT)]);
    let last = home.json("convert all.csv --from own --to ./player --yes");
    assert_eq!(last["performed"]["written"], 1, "{last:#}");
    assert_eq!(list(&last, "/plan/removals").len(), 1, "{last:#}");
    assert_eq!(gain_of(&home, &last, SOFT, "REPLAYGAIN_ALBUM_GAIN"), None);
    assert_eq!(written(&home, "convert --to ./player --yes"), 0);

    let home = of_one_album();
    assert_eq!(written(&home, "convert all.csv fav.csv --from own --to ./player --yes"), 2);
    let only = "convert fav.csv --only --from own --to ./player --yes";
    assert_eq!(written(&home, only), 1);
    assert_eq!((written(&home, only), home.mp3s().len()), (0, 1));
}
