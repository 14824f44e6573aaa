//! Entries that point to a file of the user's own computer are filled from the user's folders like any wanted recording.

use std::fs;

use ferrotape_testkit::{MadeTrack, make_music};

use crate::home::{Home, outcome_of};
use crate::review::number;

const HEADER: &str = "Track URI,Track Name,Artist Name(s),Album Name,ISRC,Track Duration (ms)";

/// A list of two files of a DJ's, one of which is there, and of one of which only the title is known.
fn own_files() -> Home {
    let home = Home::new();
    let rows = [
        "spotify:local:DJ+Ondo:Night+Tape:Harbour+Lights:4,Harbour Lights,DJ Ondo,Night Tape,,4000",
        "spotify:local:DJ+Ondo:Night+Tape:Not+Here:9,Not Here,DJ Ondo,Night Tape,,9000",
        "spotify:local:::Lanterns+Out:4,Lanterns Out,,,,4000",
    ];
    fs::write(home.path("own.csv"), format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
    let tracks = [
        MadeTrack::new("DJ Ondo", "Night Tape", 1, "Harbour Lights"),
        MadeTrack::new("Mara Quill", "Low Water", 1, "Lanterns Out"),
    ];
    make_music(&home.path("music"), &tracks).unwrap();
    home
}

#[test]
fn a_local_file_is_found_by_its_names_and_never_guessed_by_its_title_alone() {
    let home = own_files();
    let last = home.json("convert own.csv --from music --to ./player");
    let outcome = |title: &str| outcome_of(&last["report"], title).to_owned();
    assert_eq!(outcome("Harbour Lights"), "on_player", "{last:#}");
    assert_eq!(outcome("Not Here"), "not_in_sources");
    assert_eq!(outcome("Lanterns Out"), "needs_review", "a title alone is asked about");
    assert_eq!(home.mp3s().len(), 1, "{:?}", home.mp3s());

    let unsure = number(&home, "Lanterns Out");
    home.well(&format!("review --pick {unsure}=1"));
    home.well("convert own.csv --from music --to ./player");
    assert_eq!(home.mp3s().len(), 2, "what was picked is taken: {:?}", home.mp3s());
}

#[test]
fn a_local_file_that_is_not_there_is_told_the_way_out_and_nobody_is_sent_to_buy_it() {
    let home = own_files();
    home.well("convert own.csv --from music --to ./player");
    let missing = number(&home, "Not Here");
    let said = home.well(&format!("explain {missing}")).out;
    let way =
        format!("scan the folder where it lies, or name its file: `ferrotape review --file {missing}=PATH`");
    assert!(said.contains(&way) && said.contains("not in your sources"), "{said}");
    let list = home.json("shop");
    assert_eq!((&list["own_files"], &list["not_sold"], &list["missing"]), (&1.into(), &0.into(), &0.into()));
    let said = home.well("shop").out;
    assert!(said.contains("1 missing file of your own;") && !said.contains("podcast"), "{said}");
}
