//! What is taken by title and artist alone, from another album than the wanted one: it is told, listed, and can be refused.

use std::fs;

use ferrotape_testkit::{MadeTrack, make_track};
use serde_json::{Value, json};

use crate::home::{Home, list};

/// Shorter files are asked about as previews.
const SECONDS: f64 = 31.0;

/// A list as Spotify's own export, without playing times: one title of the album that is there, and one of another.
fn wishes() -> Value {
    let wish = |album: &str, title: &str, id: &str| {
        let uri = format!("spotify:track:{id}");
        json!({ "artist": "Mara Quill", "album": album, "track": title, "uri": uri })
    };
    let tracks = [
        wish("Best Of", "Ebb", "0aB1cD2eF3gH4iJ5kL6m00"),
        wish("Low Water", "Neap", "0aB1cD2eF3gH4iJ5kL6m01"),
    ];
    json!({ "tracks": tracks, "albums": [], "shows": [], "episodes": [], "artists": [] })
}

#[test]
fn what_is_taken_from_another_album_is_counted_listed_and_refused() {
    let home = Home::new();
    fs::write(home.path("YourLibrary.json"), wishes().to_string()).unwrap();
    fs::create_dir(home.path("own")).unwrap();
    for (number, title) in [(1, "Ebb"), (2, "Neap")] {
        let made = MadeTrack::new("Mara Quill", "Low Water", number, title).seconds(SECONDS);
        make_track(&home.path(&format!("own/{title}.flac")), &made).unwrap();
    }
    home.well("scan own");
    home.well("import YourLibrary.json");
    let planned = home.json("convert YourLibrary.json --from own --to ./player --dry-run");
    assert_eq!(planned["from_other_albums"], 1, "{planned:#}");
    let told = "1 thing is taken by title and artist alone, from another album than the wanted one: \
        `ferrotape match --other-album` lists them, `ferrotape review --none NUMBER` refuses one";
    let said = home.well("convert YourLibrary.json --from own --to ./player --dry-run").out;
    assert!(said.contains(told), "{said}");

    let said = home.well("match --other-album").out;
    assert!(said.contains(told) && said.contains("Ebb.flac") && !said.contains("Neap.flac"), "{said}");
    let matches = home.json("match --other-album");
    let [only] = list(&matches, "/matches") else { panic!("only one is of another album: {matches:#}") };
    home.well(&format!("review --none {}", only["number"]));
    let matches = home.json("match --other-album");
    assert_eq!(list(&matches, "/matches"), &[] as &[Value], "{matches:#}");
    let said = home.well("match --other-album").out;
    assert!(!said.contains("from another album"), "{said}");
}
