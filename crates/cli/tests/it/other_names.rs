//! Files on the player that only get another name: one that cannot have it costs nothing else.

use std::fs;

use crate::collection::track;
use crate::home::{Home, Said, files_below};

/// A home with a list, and a profile by which everything on the player has another name.
fn home() -> Home {
    let home = Home::new();
    home.csv("list.csv", &["Ebb", "Flood", "Slack", "Cold Sky", "Green Light"].map(track));
    fs::write(
        home.path("tracks.toml"),
        "name = \"tracks\"\ntitle = \"Tracks\"\n[folders]\nmusic = \"Tracks\"\n",
    )
    .unwrap();
    home
}

/// Fills a player of `size` in a mount namespace of its own, does what `meanwhile` says, and fills it by the other profile;
/// its files are copied to `player-copy`. `None` when this system lets nobody mount.
fn filled_twice(home: &Home, size: &str, meanwhile: &str, options: &str) -> Option<Said> {
    let script = format!(
        "mkdir -p player player-copy; mount -t tmpfs -o size={size} none player || exit 99
         convert() {{ \"$FERROTAPE\" convert list.csv --from \"$MUSIC\" --to ./player --yes \"$@\"; }}
         convert >first.txt 2>&1 || {{ cat first.txt; exit 98; }}
         {meanwhile}
         convert --profile ./tracks.toml {options}; code=$?; cp -r player/. player-copy/; exit $code"
    );
    home.with_own_mounts(&script)
}

/// The tracks on the player as it was left.
fn mp3s(home: &Home) -> Vec<String> {
    let mut files = files_below(&home.path("player-copy"));
    files.retain(|path| path.ends_with(".mp3") && !path.starts_with('.'));
    files
}

fn every_list_names_what_is_there(home: &Home) {
    let lists = home.path("player-copy/Playlists");
    for path in files_below(&lists) {
        let text = fs::read_to_string(lists.join(&path)).unwrap();
        let named: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(!named.is_empty() && named.iter().all(|line| lists.join(line).is_file()), "{text}");
    }
}

#[test]
fn one_that_fails_stops_no_other_and_is_told_of() {
    let home = home();
    // Another disk there: no file of this one can be renamed to it.
    let meanwhile =
        "mkdir -p player/Tracks/Nordlys; mount -t tmpfs -o size=1m none player/Tracks/Nordlys || exit 99";
    let Some(filled) = filled_twice(&home, "20m", meanwhile, "") else { return };
    assert_eq!(filled.code, 0, "{filled:?}");
    let told = filled.err.matches("keeps its name for now").count();
    assert!(told == 2 && filled.err.contains("Music/Nordlys/Aurora/01"), "{filled:?}");
    let there = mp3s(&home);
    let of = |folder: &str| there.iter().filter(|path| path.starts_with(folder)).count();
    assert_eq!((of("Tracks/Mara Quill"), of("Music/Nordlys"), there.len()), (3, 2, 5), "{there:?}");
    every_list_names_what_is_there(&home);
    // The report names the places they are at.
    let report = home.json("report --all");
    assert!(report.to_string().contains("Music/Nordlys/Aurora"), "{report:#}");
}

/// Not one byte is free.
const FULL: &str = "dd if=/dev/zero of=player/ballast bs=4k 2>/dev/null";

#[test]
fn on_a_full_player_what_is_deleted_for_good_makes_room_for_other_names() {
    let home = home();
    home.csv("fewer.csv", &["Ebb", "Flood", "Slack"].map(track));
    let meanwhile = format!("cp fewer.csv list.csv; {FULL}");
    let Some(filled) = filled_twice(&home, "8m", &meanwhile, "--delete") else { return };
    assert_eq!(filled.code, 0, "{filled:?}");
    let there = mp3s(&home);
    assert!(there.len() == 3 && there.iter().all(|path| path.starts_with("Tracks/Mara Quill/")), "{there:?}");
    every_list_names_what_is_there(&home);
}

#[test]
fn on_a_full_player_files_keep_their_names_and_play_on() {
    let home = home();
    let Some(filled) = filled_twice(&home, "8m", FULL, "") else { return };
    assert_eq!(filled.code, 0, "{filled:?}");
    assert!(filled.err.contains("5 files keep their names for now – no space left"), "{filled:?}");
    let there = mp3s(&home);
    assert!(there.len() == 5 && there.iter().all(|path| path.starts_with("Music/")), "{there:?}");
    every_list_names_what_is_there(&home);
}
