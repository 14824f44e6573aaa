//! A player without room for more: what is wanted comes as far as it can, the music goes on, and it is said what helps.

use std::fs;

use ferrotape_domain::AudioFormat;
use ferrotape_testkit::{MadeTrack, Track, make_music};

use crate::home::{Home, Said, files_below};
use crate::order_on_disk::Stick;
use crate::survival::{long_haul, miles};

/// Runs a script in a mount namespace of its own, with a player of so many kilobytes; `ft` is the program. `None` when this
/// system lets nobody mount.
fn on_player(home: &Home, kilobytes: u32, script: &str) -> Option<Said> {
    let script = format!(
        "mkdir -p player; mount -t tmpfs -o size={kilobytes}k none player || exit 99
         ft() {{ \"$FERROTAPE\" \"$@\"; }}
         music() {{ (cd player/Music && find . -name '*.mp3' | sort | sed 's/.*Mile //; s/.mp3//' | tr '\\n' ' '); }}
         {script}"
    );
    home.with_own_mounts(&script)
}

/// Two lists that do not fit together: at 320 kbit/s each of their tracks takes about 600 kB.
fn two_lists() -> Home {
    let home = long_haul();
    home.csv("a.csv", &miles(&["One", "Two", "Three"]));
    home.csv("b.csv", &miles(&["Four", "Five", "Six"]));
    home.csv("c.csv", &miles(&["One"]));
    home
}

#[test]
fn another_list_on_a_full_player_does_not_empty_it() {
    let home = two_lists();
    let script = "ft convert a.csv --from long --to ./player --preset 320 || exit 98
        ft convert b.csv --from long --to ./player --only -y; echo \"ended with $?\"
        echo \"first: $(music) and $(ls player/Playlists)\"
        ft convert b.csv --from long --to ./player --only --delete -y
        echo \"then: $(music) and $(ls player/Playlists)\"";
    let Some(said) = on_player(&home, 3_060, script) else { return };
    assert!(said.out.contains("ended with 0"), "{said:?}");
    assert!(said.out.contains("first: One Three Two  and a.m3u8"), "{said:?}");
    assert!(
        said.out.contains("3 no longer wanted, which stay until all that is wanted has come"),
        "{said:?}"
    );
    assert!(said.out.contains("`--delete` makes room for 3 files"), "{said:?}");
    assert!(said.out.contains("the player is full; `--delete` makes room, of what is"), "{said:?}");
    assert!(said.out.contains("then: Five Four Six  and b.m3u8"), "{said:?}");
}

#[test]
fn the_trash_of_a_full_player_is_named_and_emptied_when_told_so() {
    let home = two_lists();
    let script = "ft convert a.csv --from long --to ./player --preset 320 || exit 98
        ft convert c.csv --from long --to ./player --only || exit 98
        ft convert b.csv --from long --to ./player; echo \"first: $(music)\"
        ft doctor --player ./player
        ft convert b.csv --from long --to ./player --delete; echo \"not agreed: $?, $(music)\"
        ft convert b.csv --from long --to ./player --delete -y
        echo \"then: $(music | wc -w), in the trash: $(find player/.ferrotape/trash -name '*.mp3' | wc -l)\"";
    let Some(said) = on_player(&home, 3_060, script) else { return };
    assert!(said.out.contains("first: One \n"), "{said:?}");
    assert!(said.out.contains("`--delete` makes room for 2 files"), "{said:?}");
    assert!(said.out.contains("the player's trash holds 2 MB, and `--delete` makes room of it"), "{said:?}");
    assert!(said.out.contains("its trash (.ferrotape/trash) holds 3 files, 2 MB"), "{said:?}");
    assert!(said.out.contains("not agreed: 4, One \n"), "{said:?}");
    assert!(said.out.contains("then: 3, in the trash: 0"), "{said:?}");
}

#[test]
fn of_lists_that_are_named_the_first_goes_first() {
    let home = two_lists();
    let script = "ft import a.csv || exit 98; ft import b.csv || exit 98
        ft convert --list b --list a --from long --to ./player --preset 320; echo \"there: $(music)\"";
    let Some(said) = on_player(&home, 3_060, script) else { return };
    assert!(said.out.contains("there: Five Four Six \n"), "{said:?}");
}

/// Sizes are guesses at first, so there may be room for more than was planned: what that takes off is asked about, and what came
/// before stays and is told whatever the answer.
#[test]
fn what_came_is_told_where_what_would_come_next_is_not_agreed_to() {
    let home = long_haul();
    home.csv("a.csv", &miles(&["One", "Two"]));
    home.csv("b.csv", &miles(&["Four"]));
    let script = "ft import a.csv || exit 98; ft import b.csv || exit 98
        ft convert --list b --from long --to ./player --loudness off || exit 98
        free=$(df --output=avail -k player | tail -1)
        head -c $(( (free - 1630) * 1024 )) /dev/zero > player/own.bin
        ft convert --list a --list b --to ./player --loudness off --delete; echo \"ended with $?: $(music)\"
        ft report; ft convert --list a --list b --to ./player --loudness off --delete -y; echo \"then $?: $(music)\"";
    let Some(said) = on_player(&home, 8_000, script) else { return };
    let (first, then) = said.out.split_once("ended with").unwrap_or_default();
    assert!(first.contains("Done: 1 track: 1 encoded") && first.contains("What came stays."), "{said:?}");
    assert!(then.starts_with(" 4: Four One \n") && then.contains("2  on the player"), "{said:?}");
    assert!(then.contains("then 0: One Two \n"), "{said:?}");
}

/// Room for so many more files and folders: not even for the journal, for that and none, some or all of the lists, and for everything.
#[test]
fn an_end_without_room_is_told_and_the_next_run_makes_up_for_it() {
    let home = two_lists();
    for name in ["b", "c", "d"] {
        home.csv(&format!("{name}.csv"), &miles(&["One"]));
    }
    let script = "ft convert a.csv --from long --to ./player --preset 320 || exit 98
        cp -a player filled; cp -a .local before; used=$(df --output=iused player | tail -1)
        lists() { (cd player/Playlists && echo $(ls)); }
        small() { find player/Music -name 'Mile One.mp3' -size -400k | wc -l; }
        for more in 1 2 3 4 5 6; do
            rm -rf .local player/* player/.ferrotape; cp -a before .local; cp -a filled/. player/
            mount -o remount,nr_inodes=$((used + more)) player
            ft convert b.csv c.csv d.csv --to ./player --preset 128; echo \"ended with $?: $(lists).\"
            mount -o remount,nr_inodes=9999 player
            ft convert b.csv c.csv d.csv --to ./player --preset 128; echo \"then $?: $(lists), $(music), $(small).\"
        done";
    let Some(said) = on_player(&home, 20_000, script) else { return };
    assert_eq!(
        said.out.matches("then 0: a.m3u8 b.m3u8 c.m3u8 d.m3u8, One Three Two , 1.").count(),
        6,
        "{said:?}"
    );
    let whole = said.out.matches("ended with 0: a.m3u8 b.m3u8 c.m3u8 d.m3u8.").count();
    assert!(said.out.contains("ended with 3: a.m3u8.") && whole > 0, "{said:?}");
    assert!(said.out.contains("ended with 3: a.m3u8 b.m3u8."), "{said:?}");
    assert_eq!(said.out.matches("its lists may not be up to date").count(), 6 - whole, "{said:?}");
}

/// On a card of 64 GB and more a folder takes 128 kB, and each of these albums has two.
#[test]
fn folders_take_their_room_and_leave_the_lists_theirs() {
    let home = Home::new();
    let Some(mut stick) = Stick::new(&home, &["-c", "128K"]) else {
        eprintln!("mkfs.exfat (of exfatprogs) is not there: not judged");
        return;
    };
    if stick.plug_in().is_none() {
        eprintln!("no loop device or no exfat-fuse, or not root: not judged");
        return;
    }
    let titled = |at| format!("Wave {at}");
    let made =
        |at| MadeTrack::new(&format!("Artist {at}"), &format!("Album {at}"), 1, &titled(at)).seconds(1.3);
    let made: Vec<MadeTrack> = (10..60).map(made).collect();
    make_music(&home.path("music"), &made).unwrap();
    let wishes = made.iter().map(|made| Track::new(&made.artist, &made.album, &made.title));
    home.csv("Waves.csv", &wishes.collect::<Vec<_>>());
    let said = home.run("convert Waves.csv --from music --to ./stick");
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("files will not fit: the player is full"), "{said:?}");
    let list = fs::read_to_string(home.path("stick/Playlists/Waves.m3u8")).unwrap();
    let there = files_below(&home.path("stick/Music"));
    assert!((20..45).contains(&there.len()), "{said:?}");
    assert_eq!(list.matches(".mp3").count(), there.len(), "{list}");
    let again = home.well("convert Waves.csv --to ./stick");
    assert!(again.out.contains("(0 B written)"), "{again:?}");
}

#[test]
fn a_trash_without_room_for_its_folders_keeps_no_list_from_being_written() {
    let home = two_lists();
    let script = "ft convert a.csv --from long --to ./player --preset 320 || exit 98
        used=$(df --output=iused player | tail -1); mount -o remount,nr_inodes=$((used + 4)) player
        head -2 a.csv > one.csv; mv one.csv a.csv
        ft convert a.csv --to ./player; echo \"ended with $?: $(music), $(grep -c mp3 player/Playlists/a.m3u8)\"
        mount -o remount,nr_inodes=9999 player
        ft convert a.csv --to ./player; echo \"then $?: $(music), $(find player/.ferrotape/trash -name '*.mp3' | wc -l)\"";
    let Some(said) = on_player(&home, 20_000, script) else { return };
    assert!(said.out.contains("ended with 0: One Three Two , 1"), "{said:?}");
    let told = said.err.matches("could not be removed and stays for now – no space left").count();
    assert_eq!(told, 2, "{said:?}");
    assert!(said.out.contains("then 0: One , 2"), "{said:?}");
}

/// Fills a player with five files of 600 kB, and all but so many kilobytes of the rest with a file of the owner's.
fn filled_up(left: u32) -> String {
    format!(
        "ft convert few.csv --from long --to ./player --preset 320 || exit 98
        free=$(df --output=avail -k player | tail -1)
        head -c $(( (free - {left}) * 1024 )) /dev/zero > player/own.bin; before=$(cksum player/own.bin)
        ft convert few.csv --from long --to ./player --preset 128 || exit 97
        [ \"$before\" = \"$(cksum player/own.bin)\" ] || exit 96
        echo \"there: $(music | wc -w), large: $(find player/Music -name '*.mp3' -size +400k | wc -l)\"
        ft report"
    )
}

#[test]
fn smaller_files_take_the_places_of_larger_ones_on_a_full_player() {
    let home = long_haul();
    home.csv("few.csv", &miles(&["One", "Two", "Three", "Four", "Five"]));
    let Some(said) = on_player(&home, 4_400, &filled_up(700)) else { return };
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("there: 5, large: 0"), "{said:?}");
    assert!(!said.out.contains("waiting"), "{said:?}");
}

#[test]
fn what_finds_no_room_to_be_written_anew_is_said_to_be_on_the_player() {
    let home = long_haul();
    home.csv("few.csv", &miles(&["One", "Two", "Three", "Four", "Five"]));
    let Some(said) = on_player(&home, 4_400, &filled_up(300)) else { return };
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("there: 5, large: 5"), "{said:?}");
    assert!(said.out.contains("5 files stay as an earlier run wrote them"), "{said:?}");
    assert!(said.out.contains("more once, and smaller files take the places of larger ones"), "{said:?}");
    assert!(!said.out.contains("waiting"), "{said:?}");
}

#[test]
fn what_plays_is_not_deleted_for_the_room_of_a_better_file_that_turns_out_to_be_broken() {
    let home = Home::new();
    let titles = ["Mile One", "Mile Two", "Mile Three"];
    let mile = |format| {
        (1..).zip(titles).map(move |(number, title)| {
            MadeTrack::new("Long Haul", "Road", number, title).seconds(25.0).format(format)
        })
    };
    // 600 kB each, and 400 kB of each of the better ones.
    make_music(&home.path("lossy"), &mile(AudioFormat::Mp3).collect::<Vec<_>>()).unwrap();
    let better = make_music(&home.path("better"), &mile(AudioFormat::Flac).collect::<Vec<_>>()).unwrap();
    let whole = fs::read(&better[0]).unwrap();
    fs::write(&better[0], &whole[..whole.len() * 2 / 5]).unwrap();
    home.csv("few.csv", &miles(&["One", "Two", "Three"]));
    let script = "ft convert few.csv --from lossy --to ./player --preset 128 --loudness off || exit 98
        rm -r lossy
        ft convert few.csv --from better --to ./player --delete -y
        echo \"there: $(music | wc -w), small: $(find player/Music -name '*.mp3' -size -500k | wc -l)\"";
    let Some(said) = on_player(&home, 3_650, script) else { return };
    assert!(said.out.contains("there: 3, small: 2"), "{said:?}");
}

#[test]
fn a_dry_run_warns_where_the_player_is_mounted_read_only() {
    let home = two_lists();
    let script = "ft convert c.csv --from long --to ./player --dry-run || exit 98
        mount -o remount,ro none player || exit 99
        echo \"and now\"; ft convert c.csv --from long --to ./player --dry-run; echo \"ended with $?\"
        ft convert c.csv --from long --to ./player; echo \"really with $?\"";
    let Some(said) = on_player(&home, 3_060, script) else { return };
    let (before, then) = said.out.split_once("and now").unwrap_or_default();
    assert!(!before.contains("a real run would stop"), "{said:?}");
    let all = said.all();
    assert!(all.contains("a real run would stop") && all.contains("cannot be written to"), "{said:?}");
    assert!(then.contains("ended with 0") && then.contains("really with 1"), "{said:?}");
}

/// An album of eight tracks, and a list of seven of them.
fn album_of_eight() -> Home {
    let home = Home::new();
    let titles = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"];
    let made = (1..).zip(titles).map(|(number, title)| {
        MadeTrack::new("Long Haul", "Road", number, &format!("Mile {title}")).seconds(15.0)
    });
    make_music(&home.path("long"), &made.collect::<Vec<_>>()).unwrap();
    home.csv("seven.csv", &miles(&titles[..7]));
    home.csv("eight.csv", &miles(&titles));
    home
}

/// How many files have the loudness of their album.
const IN_ALBUM: &str = "in_album() {
        for file in player/Music/*/*/*.mp3; do ffprobe -v error -show_format \"$file\"; done | grep -ci replaygain_album_gain
    }";

/// The tracks of an album wait for each other until its loudness is known, and had no room to wait in: all were written without
/// it, and again, for ever.
#[test]
fn an_album_that_has_no_room_to_wait_beside_its_older_files_is_written_once() {
    let script = format!(
        "{IN_ALBUM}
        ft convert seven.csv --from long --to ./player --preset 320 || exit 98
        timeout 300 \"$FERROTAPE\" convert eight.csv --to ./player --preset 320; echo \"ended with $?\"
        echo \"there: $(music | wc -w), $(in_album) of an album\"
        ft convert eight.csv --to ./player --preset 320"
    );
    let Some(said) = on_player(&album_of_eight(), 6_100, &script) else { return };
    assert!(said.out.contains("ended with 0"), "{said:?}");
    assert!(said.out.contains("Done: 8 tracks"), "{said:?}");
    assert!(said.out.contains("there: 8, 8 of an album"), "{said:?}");
    assert!(said.out.contains("Nothing to change: 8 files"), "{said:?}");
}

/// Sizes are guessed before anything is encoded; what is in the cache has one.
#[test]
fn what_the_cache_knows_to_be_small_enough_fits_and_is_written_anew_for_its_album() {
    let script = format!(
        "{IN_ALBUM}
        ft convert eight.csv --from long --to ./player || exit 98
        echo \"second\"; ft convert eight.csv --to ./player
        echo \"there: $(music | wc -w), $(in_album) of an album\"
        rm -r player/* player/.ferrotape; echo \"emptied\"; ft convert eight.csv --to ./player --dry-run --yes"
    );
    let Some(said) = on_player(&album_of_eight(), 4_626, &script) else { return };
    let (first, then) = said.out.split_once("second").unwrap_or_default();
    let (then, emptied) = then.split_once("emptied").unwrap_or_default();
    assert!(first.contains("1 file will not fit") && first.contains("8  on the player"), "{said:?}");
    assert!(then.contains("there: 8, 8 of an album") && !then.contains("stay as an earlier run"), "{said:?}");
    assert!(emptied.contains("8 files to write") && !emptied.contains("will not fit"), "{said:?}");
}

/// What is guessed too large makes an album one that does not fit. Once all of it is there the same run makes it whole.
#[test]
fn an_album_that_has_room_after_all_is_whole_after_one_run() {
    let home = album_of_eight();
    home.csv("four.csv", &miles(&["One", "Two", "Three", "Four"]));
    let script = format!(
        "{IN_ALBUM}
        ft convert four.csv --from long --to ./player || exit 98
        free=$(df --output=avail -k player | tail -1)
        head -c $(( (free - 3700) * 1024 )) /dev/zero > player/own.bin
        ft convert eight.csv --to ./player; echo \"there: $(music | wc -w), $(in_album) of an album\"
        ft convert eight.csv --from long --to ./player"
    );
    let Some(said) = on_player(&home, 9_000, &script) else { return };
    assert!(said.out.contains("Done: 8 tracks"), "each is counted once: {said:?}");
    assert!(said.out.contains("there: 8, 8 of an album"), "{said:?}");
    assert!(said.out.contains("Nothing to change: 8 files"), "{said:?}");
}
