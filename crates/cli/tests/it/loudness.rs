//! Gains on the player: of tracks, of whole albums, or none.

use std::collections::BTreeSet;

use ferrotape_testkit::mutagen_tags;
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
