//! One title twice on one album: disc, track, ISRC and playing time tell which is which, or a person does.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_domain::{Choice, ContentId, Health, Heard, Isrc, SpotifyUri, Wanted};
use ferrotape_matching::{Index, Knowledge, Policy, Question, choose, worth_hearing};

use crate::catalogue::{Made, choose_each, choose_one, offers, wanted};

/// A file of `Cinders` at this place.
fn at(disc: u32, track: u32, title: &str, seconds: f64) -> Made {
    let path = format!("Oda Brenn/Cinders/{disc}-{track:02} {title}.mp3");
    Made { disc, track, ..Made::new(&path, title, "Oda Brenn", "Cinders", seconds) }
}

fn want(disc: u32, track: u32, title: &str, seconds: f64) -> Wanted {
    Wanted {
        disc_number: (disc > 0).then_some(disc),
        track_number: (track > 0).then_some(track),
        ..wanted(title, &["Oda Brenn"], "Cinders", seconds)
    }
}

fn file_of(choice: &Choice) -> Option<i64> {
    if let Choice::Chosen(found) = choice { Some(found.file_id) } else { None }
}

fn decide(files: &[Made], wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wanted)
}

fn asks(choice: &Choice) -> bool {
    matches!(choice, Choice::Review(..))
}

#[test]
fn the_same_title_on_the_other_disc_is_another_recording() {
    let studio = at(1, 2, "Ebb", 180.0);
    let live = Made { kbps: 320, ..at(2, 2, "Ebb", 182.0) };
    for files in [[studio.clone(), live.clone()], [live.clone(), studio.clone()]] {
        let choice = decide(&files, &want(1, 2, "Ebb", 180.0));
        let chosen = file_of(&choice).and_then(|id| files.get(usize::try_from(id).unwrap() - 1));
        assert_eq!(chosen.map(|file| file.disc), Some(1), "{choice:?}");
    }
    let Choice::Review(_, why) = decide(&[live], &want(1, 2, "Ebb", 180.0)) else { panic!("it is live") };
    assert!(why.contains("it is on disc 2 of this album, not on disc 1"), "{why}");
    assert!(why.starts_with("probably it, but "), "{why}");
    // Tracks may be counted on over all discs, and an ISRC says more than a number.
    let counted = decide(&[at(2, 3, "Ebb", 180.0)], &want(1, 14, "Ebb", 180.0));
    assert_eq!(file_of(&counted), Some(1), "{counted:?}");
    let isrc = Isrc::parse("QZAAA2600001").ok();
    let same = Made { isrc: "QZAAA2600001".to_owned(), ..at(2, 2, "Ebb", 180.0) };
    assert_eq!(file_of(&decide(&[same], &Wanted { isrc, ..want(1, 2, "Ebb", 180.0) })), Some(1));
}

#[test]
fn the_only_file_of_a_title_may_be_counted_otherwise() {
    let takes = |file: &Made, wish: &Wanted| file_of(&decide(std::slice::from_ref(file), wish)) == Some(1);
    let lies_in = |folder: &str, file: Made| Made { path: format!("Oda Brenn/{folder}/x.flac"), ..file };
    // Every file is tagged as of disc 1, and its folder knows better.
    for folder in ["Cinders/CD2", "Cinders CD2", "Cinders (Disc 2)/FLAC"] {
        let file = lies_in(folder, at(1, 1, "Ebb", 180.4));
        assert!(takes(&file, &want(2, 1, "Ebb", 180.0)), "{folder}");
        assert!(!takes(&file, &want(1, 1, "Ebb", 180.0)), "{folder}: that is on the other disc");
    }
    let boxed = lies_in("The Whole Box/CD2", at(1, 1, "Ebb", 180.0));
    assert!(takes(&boxed, &want(1, 1, "Ebb", 180.0)), "the second of a box, not of the album");
    // As much, though the box's folders are called by their albums; the tag is right.
    for folder in
        ["The Whole Box/CD3 Cinders", "The Whole Box/CD 3 - Cinders (1999)", "Originals/Disc 2 - Cinders"]
    {
        assert!(takes(&lies_in(folder, at(1, 1, "Ebb", 180.4)), &want(1, 1, "Ebb", 180.0)), "{folder}");
    }
    // A short first disc counted on, a record of each side, and an intro that only one edition counts.
    for (file, wish) in [
        (at(1, 4, "Ebb", 180.4), want(2, 1, "Ebb", 180.0)),
        (at(2, 1, "Ebb", 180.4), want(1, 4, "Ebb", 180.0)),
        (at(1, 5, "Ebb", 187.0), want(1, 4, "Ebb", 180.0)),
        (at(1, 2, "Intro", 61.0), want(1, 1, "Intro", 60.0)),
    ] {
        assert!(takes(&file, &wish), "{file:?}");
    }
    for (file, wish) in [
        (at(2, 1, "Ebb", 182.4), want(1, 4, "Ebb", 180.0)),
        (at(1, 2, "Intro", 61.4), want(1, 1, "Intro", 60.0)),
        (at(1, 9, "Intro", 60.0), want(1, 1, "Intro", 60.0)),
        (at(2, 1, "Intro", 60.0), want(1, 4, "Intro", 60.0)),
    ] {
        assert!(!takes(&file, &wish), "{file:?}");
    }
    // The numbers of the second record go on where the first one ends.
    let files = [at(1, 3, "Slack", 150.0), at(2, 4, "Ebb", 180.0)];
    assert_eq!(file_of(&decide(&files, &want(1, 4, "Ebb", 180.0))), Some(2));
}

#[test]
fn a_version_that_only_the_album_tells_must_be_in_its_place() {
    let album = "Cinders (Live Deluxe Edition)";
    let live = |disc, track| Wanted {
        disc_number: Some(disc),
        track_number: Some(track),
        ..wanted("Ebb - Live", &["Oda Brenn"], album, 180.0)
    };
    let studio = Made { album: album.to_owned(), ..at(1, 1, "Ebb", 180.0) };
    for (disc, track) in [(2, 1), (2, 2), (1, 12)] {
        let choice = decide(std::slice::from_ref(&studio), &live(disc, track));
        assert!(asks(&choice), "{disc}/{track}: {choice:?}");
    }
}

#[test]
fn where_the_album_has_the_title_twice_numbers_decide() {
    // A bonus disc has a longer take; neither is at the wanted place.
    let files = [at(1, 5, "Ebb", 186.0), at(2, 9, "Ebb", 240.0)];
    let choice = decide(&files, &want(1, 4, "Ebb", 180.0));
    assert!(asks(&choice), "{choice:?}");
    let files = [at(1, 4, "Ebb", 180.0), at(1, 5, "Ebb", 186.0)];
    assert_eq!(file_of(&decide(&files, &want(1, 4, "Ebb", 180.0))), Some(1));
}

#[test]
fn two_interludes_of_one_album_are_told_apart_by_their_numbers() {
    let files = [at(0, 4, "Interlude", 61.0), Made { flac: true, ..at(0, 9, "Interlude", 62.0) }];
    let index = Index::build(&offers(&files));
    let (fourth, ninth) = (want(1, 4, "Interlude", 61.0), want(1, 9, "Interlude", 62.0));
    let found: Vec<Option<i64>> = choose_each(&index, &[&fourth, &ninth]).iter().map(file_of).collect();
    assert_eq!(found, [Some(1), Some(2)]);
    assert_eq!(file_of(&choose_one(&index, &fourth)), Some(1), "also alone");
    let other = choose_one(&Index::build(&offers(&files[1..])), &fourth);
    assert!(asks(&other), "{other:?}");
    // Nothing says which of the two is meant.
    let unnumbered = choose_one(&index, &want(0, 0, "Interlude", 61.5));
    assert!(asks(&unnumbered), "{unnumbered:?}");
}

#[test]
fn one_file_is_not_several_tracks_of_an_album() {
    let one = Index::build(&offers(&[at(1, 4, "Interlude", 61.0)]));
    let all = [want(1, 4, "Interlude", 61.0), want(1, 9, "Interlude", 62.5), want(2, 4, "Interlude", 60.0)];
    let choices = choose_each(&one, &all.iter().collect::<Vec<_>>());
    assert_eq!(choices.iter().map(file_of).collect::<Vec<_>>(), [Some(1), None, None], "{choices:?}");
    // Nor by its title: numbers and ISRCs tell what is wanted apart.
    let one = Index::build(&offers(&[at(1, 3, "Ebb", 200.0)]));
    let (third, twelfth) = (want(1, 3, "Ebb", 200.0), want(1, 12, "Ebb", 201.0));
    let choices = choose_each(&one, &[&twelfth, &third]);
    assert_eq!(choices.iter().map(file_of).collect::<Vec<_>>(), [None, Some(1)], "{choices:?}");
    let coded = |code: &str, seconds| Wanted { isrc: Isrc::parse(code).ok(), ..want(0, 0, "Ebb", seconds) };
    let choices = choose_each(&one, &[&coded("QZAAA2600001", 200.0), &coded("QZAAA2600002", 201.5)]);
    assert_eq!(choices.iter().filter_map(file_of).count(), 1, "{choices:?}");
}

#[test]
fn releases_of_one_name_may_share_a_file_though_they_count_differently() {
    let one = Index::build(&offers(&[at(1, 3, "Ebb", 200.0)]));
    let on = |id: &str, track| Wanted {
        spotify_release: SpotifyUri::parse(&format!("spotify:album:{id}")).ok(),
        ..want(1, track, "Ebb", 200.0)
    };
    let (first, again) = (on("4aawyAB9vmqN3uQ7FjR001", 3), on("4aawyAB9vmqN3uQ7FjR002", 5));
    let choices = choose_each(&one, &[&first, &again]);
    assert_eq!(choices.iter().map(file_of).collect::<Vec<_>>(), [Some(1), Some(1)], "{choices:?}");
}

#[test]
fn other_albums_number_the_same_recording_as_they_like() {
    let on = |album: &str, track, kbps| {
        let path = format!("Oda Brenn/{album}/{track:02} Ebb.mp3");
        Made { disc: 1, track, kbps, ..Made::new(&path, "Ebb", "Oda Brenn", album, 200.0) }
    };
    let files = [on("Ebb", 1, 320), on("Cinders", 3, 192), on("Brenn Gold", 11, 320)];
    assert_eq!(file_of(&decide(&files, &want(1, 3, "Ebb", 200.0))), Some(2), "the wanted album");
    let elsewhere = [files[0].clone(), files[2].clone()];
    assert!(file_of(&decide(&elsewhere, &want(1, 3, "Ebb", 200.0))).is_some(), "one recording on two albums");
}

#[test]
fn files_that_are_no_copies_of_each_other_are_asked_about_where_none_is_nearer() {
    let on = |album: &str, seconds| {
        let path = format!("Oda Brenn/{album}/Ebb.mp3");
        Made::new(&path, "Ebb", "Oda Brenn", album, seconds)
    };
    let wish = wanted("Ebb", &["Oda Brenn"], "The Best Of", 42.0);
    let choice = decide(&[on("First", 40.0), on("Second", 44.0)], &wish);
    assert!(asks(&choice), "{choice:?}");
    assert_eq!(file_of(&decide(&[on("First", 40.5), on("Second", 44.6)], &wish)), Some(1), "one is nearer");
    // Among copies the nearer goes before the better sounding.
    let far = Made { kbps: 320, path: "a/Ebb.mp3".to_owned(), ..on("First", 41.0) };
    assert_eq!(
        file_of(&decide(
            &[far, on("First", 42.1)],
            &Wanted { duration: Some(Duration::from_millis(42_200)), ..wish }
        )),
        Some(2)
    );
}

#[test]
fn the_wanted_albums_file_goes_before_one_that_comes_nearer_in_length() {
    let on = |album: &str, seconds| {
        let path = format!("Oda Brenn/{album}/Ebb.mp3");
        Made::new(&path, "Ebb", "Oda Brenn", album, seconds)
    };
    let choice = decide(&[on("Cinders", 202.6), on("Brenn Gold", 200.1)], &want(1, 3, "Ebb", 200.0));
    assert_eq!(file_of(&choice), Some(1), "{choice:?}");
}

#[test]
fn two_numbers_on_one_disc_are_one_track_of_two_editions_unless_ripped_together() {
    let copy = |path: &str, track, seconds, kbps| Made {
        path: path.to_owned(),
        kbps,
        ..at(1, track, "Ebb", seconds)
    };
    let no_place = |seconds| wanted("Ebb", &["Oda Brenn"], "Cinders", seconds);
    let chosen = |files: &[Made], seconds| file_of(&decide(files, &no_place(seconds)));
    let (here, there) = ("Oda Brenn/Cinders/03 Ebb.mp3", "Incoming/09 Ebb.mp3");
    let apart = [copy(here, 3, 200.0, 192), copy(there, 9, 200.7, 192)];
    assert!(chosen(&apart, 200.0).is_some(), "two folders");
    let beside = |kbps| [copy(here, 3, 200.0, 192), copy("Oda Brenn/Cinders/09 Ebb.mp3", 9, 200.7, kbps)];
    assert!(chosen(&beside(320), 200.0).is_some(), "encoded on two occasions");
    assert_eq!(chosen(&beside(192), 200.3), None, "two tracks of one rip");
    let intro = apart.map(|file| Made { title: "Interlude".to_owned(), ..file });
    let wish = wanted("Interlude", &["Oda Brenn"], "Cinders", 200.3);
    assert_eq!(file_of(&decide(&intro, &wish)), None, "albums have several");
    // The nearer length decides where it differs by more than encoders do.
    assert_eq!(chosen(&[copy(here, 3, 201.9, 192), copy(there, 9, 200.2, 192)], 200.0), Some(2));
}

#[test]
fn what_only_names_and_lengths_make_one_is_heard() {
    let worth = |files: &[Made], wish: &Wanted| {
        let index = Index::build(&offers(files));
        let policy = Policy::default();
        let question = Question { wanted: wish, policy: &policy };
        let nothing = Knowledge::nothing();
        let mut worth = worth_hearing(&index, question, &choose(&index, question, &nothing), &nothing);
        worth.sort_unstable();
        worth
    };
    let copy = |file: &Made| Made { path: format!("copy/{}", file.path), flac: true, ..file.clone() };
    let (numbered, bare) = (at(1, 3, "Ebb", 200.0), at(0, 3, "Ebb", 200.0));
    let wish = want(1, 3, "Ebb", 200.0);
    assert_eq!(worth(&[numbered.clone(), copy(&numbered)], &wish), [0_i64; 0], "one place on one album");
    // No disc is told, but one folder of each format tells copies, as thousands have them.
    let beside =
        |folder: &str| Made { path: format!("Oda Brenn/{folder}/03 Ebb.flac"), flac: true, ..bare.clone() };
    for folder in ["Cinders [FLAC]", "Cinders/FLAC"] {
        assert_eq!(worth(&[bare.clone(), beside(folder)], &wish), [0_i64; 0], "{folder}: two formats");
    }
    for folder in ["Cinders (Bonus)", "Cinders/Disc B"] {
        assert_eq!(worth(&[bare.clone(), beside(folder)], &wish), [1, 2], "{folder}: there may be two discs");
    }
    let again = Made { flac: false, ..beside("Cinders") };
    assert_eq!(worth(&[bare.clone(), again], &wish), [1, 2], "one format twice");
    assert_eq!(worth(&[bare], &wish), [0_i64; 0], "nothing to compare it with");
    let on = |album: &str, made: Made| Made { album_id: format!("subsonic:home {album}"), ..made };
    let both = |other: &str, made: Made| worth(&[on("al-1", numbered.clone()), on(other, made)], &wish);
    let another = Made { flac: false, ..copy(&numbered) };
    assert_eq!(both("al-2", another.clone()), [1, 2], "a server has two albums of this name");
    assert_eq!(both("al-1", another), [0_i64; 0], "it has one");
    assert_eq!(both("al-2", copy(&numbered)), [0_i64; 0], "it has all in two formats");
}

#[test]
fn a_file_of_unknown_length_is_not_taken_unasked_once_all_were_measured() {
    let file = Made { isrc: "QZAAA2600001".to_owned(), ..at(1, 3, "Ebb", 0.0) };
    let offers = offers(&[file]);
    let index = Index::build(&offers);
    let policy = Policy::default();
    let ask = |wish: &Wanted, heard: &HashMap<ContentId, Heard>| {
        let known = Knowledge { refused: &|_, _| false, heard, measured: true };
        choose(&index, Question { wanted: wish, policy: &policy }, &known)
    };
    let wish = want(1, 3, "Ebb", 200.0);
    let nothing = HashMap::new();
    let Choice::Review(_, why) = ask(&wish, &nothing) else { panic!("it may be anything of that name") };
    assert_eq!(why, "probably it, but nothing tells how long it plays");
    let coded = Wanted { isrc: Isrc::parse("QZAAA2600001").ok(), ..wish.clone() };
    assert_eq!(file_of(&ask(&coded, &nothing)), Some(1));
    assert_eq!(file_of(&ask(&want(1, 3, "Ebb", 0.0), &nothing)), Some(1), "no length is wanted");
    let heard = |seconds| {
        let one =
            Heard { fingerprint: Vec::new(), duration: Duration::from_secs(seconds), health: Health::Sound };
        HashMap::from([(offers[0].content.clone(), one)])
    };
    assert_eq!(file_of(&ask(&wish, &heard(200))), Some(1));
    let longer = ask(&wish, &heard(260));
    assert!(asks(&longer), "{longer:?}");
    let question = Question { wanted: &wish, policy: &policy };
    let known = Knowledge { measured: true, ..Knowledge::nothing() };
    assert_eq!(worth_hearing(&index, question, &choose(&index, question, &known), &known), [1]);
}
