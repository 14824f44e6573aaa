//! Saved albums of which nothing tells the tracks: which files are taken for one, and what is asked about.

use ferrotape_domain::{Advisory, Wanted, WantedKind};
use ferrotape_matching::{Allowed, Index, ReleaseChoice, choose_release};

use crate::catalogue::{Made, offers, wanted};

fn track(path: &str, number: u32, title: &str, seconds: f64) -> Made {
    let flac = path.ends_with(".flac");
    Made { track: number, flac, ..Made::new(path, title, "Oda Brenn", "Cinders", seconds) }
}

fn album(artist: &str) -> Wanted {
    Wanted { kind: WantedKind::Release, ..wanted("Cinders", &[artist], "", 0.0) }
}

fn answer(files: &[Made]) -> ReleaseChoice {
    choose_release(&Index::build(&offers(files)), &album("Oda Brenn"), Allowed::default())
}

fn chosen(files: &[Made]) -> Vec<i64> {
    match answer(files) {
        ReleaseChoice::Chosen { files, .. } => files,
        other => panic!("{other:?}"),
    }
}

fn asked(files: &[Made]) -> (Vec<i64>, String) {
    match answer(files) {
        ReleaseChoice::Review { files, why } => (files, why),
        other => panic!("{other:?}"),
    }
}

/// Twelve tracks in one folder, the first `seconds` long, each next a second longer.
fn twelve(folder: &str, ending: &str, seconds: f64) -> Vec<Made> {
    let made = |number: u32| {
        let path = format!("{folder}/{number:02} Ash {number}.{ending}");
        track(&path, number, &format!("Ash {number}"), seconds + f64::from(number))
    };
    (1..=12).map(made).collect()
}

#[test]
fn an_ordinary_album_is_taken_as_it_lies() {
    let all: Vec<i64> = (1..=12).collect();
    for folder in
        ["Oda Brenn/Cinders", "Oda Brenn/Cinders (1990) [FLAC]", "Music/Live Music", "Oda Brenn/Live"]
    {
        assert_eq!(chosen(&twelve(folder, "mp3", 200.0)), all, "{folder}");
    }
}

#[test]
fn two_copies_of_an_album_are_one_album() {
    let files = [twelve("mp3/Cinders", "mp3", 200.0), twelve("flac/Cinders", "flac", 200.4)].concat();
    assert_eq!(chosen(&files), (13..=24).collect::<Vec<i64>>());
    let mut files = [twelve("Cinders", "mp3", 200.0), twelve("Cinders", "flac", 200.4)].concat();
    assert_eq!(chosen(&files), (13..=24).collect::<Vec<i64>>(), "in one folder");
    files[23].seconds += 5.0;
    assert_eq!(chosen(&files), (13..=24).collect::<Vec<i64>>(), "one of them fades out later");
}

#[test]
fn tracks_of_one_title_are_as_many_as_their_numbers() {
    let on = |number: u32, title: &str, seconds: f64| {
        track(&format!("Cinders/{number:02}.mp3"), number, title, seconds)
    };
    let interludes = [on(1, "Interlude", 40.0), on(2, "Ash", 40.0), on(3, "Interlude", 65.0)];
    assert_eq!(chosen(&interludes), [1, 2, 3]);
    let as_long = [on(1, "Interlude", 40.0), on(2, "Ash", 40.0), on(3, "Interlude", 40.0)];
    assert_eq!(chosen(&as_long), [1, 2, 3]);
    let untitled: Vec<Made> = (1..=4).map(|number| on(number, "Untitled", 40.0)).collect();
    assert_eq!(chosen(&untitled), [1, 2, 3, 4]);
    let bonus = [on(1, "Ash", 40.0), on(2, "Birch", 40.0), on(3, "Ash (Live)", 41.0)];
    assert_eq!(chosen(&bonus), [1, 2, 3], "a bonus track is no copy");
}

#[test]
fn what_only_folders_or_titles_call_another_version_is_asked_about() {
    let in_folder = |folder: &str| {
        [("Ash", 40.0), ("Birch", 45.0)].map(|(title, seconds)| {
            let number = if title == "Ash" { 1 } else { 2 };
            track(&format!("{folder}/{title}.mp3"), number, title, seconds)
        })
    };
    let (_, why) = asked(&in_folder("Oda Brenn/Cinders (Karaoke)"));
    assert!(why.starts_with("karaoke by its folder"), "{why}");
    for (folder, told) in [
        ("Cinders (Off Vocal)", "instrumental"),
        ("Cinders (Inst.)", "instrumental"),
        ("Cinders (German Version)", "in another language"),
    ] {
        let (_, why) = asked(&in_folder(&format!("Oda Brenn/{folder}")));
        assert!(why.starts_with(&format!("{told} by its folder")), "{folder}: {why}");
    }
    let live = in_folder("Oda Brenn/Cinders")
        .map(|made| Made { title: format!("{} (Live at Oslo)", made.title), ..made });
    let (shown, why) = asked(&live);
    assert!(shown == [1, 2] && why.starts_with("live by its titles"), "{shown:?} {why}");
    // Beside the album itself it is left alone, however good it sounds.
    let karaoke = in_folder("Oda Brenn/Cinders (Karaoke)").map(|made| Made { flac: true, ..made });
    assert_eq!(chosen(&[karaoke, in_folder("Oda Brenn/Cinders")].concat()), [3, 4]);
}

/// Three tracks in a folder, each with its mark.
fn marked(folder: &str, marks: [Option<Advisory>; 3]) -> Vec<Made> {
    let made = (1..).zip(["Ash", "Birch", "Cedar"]).zip(marks).map(|((number, title), advisory)| {
        let path = format!("{folder}/{number} {title}.mp3");
        Made { advisory, ..track(&path, number, title, 40.0 + f64::from(number)) }
    });
    made.collect()
}

const CLEAN: Option<Advisory> = Some(Advisory::Clean);
const EXPLICIT: Option<Advisory> = Some(Advisory::Explicit);

#[test]
fn what_shops_mark_clean_is_not_taken_for_the_album() {
    for marks in [[CLEAN; 3], [CLEAN, None, CLEAN], [None, CLEAN, None]] {
        let (_, why) = asked(&marked("Cinders", marks));
        assert!(why.starts_with("a clean version by the mark of shops"), "{marks:?}: {why}");
    }
    // A bonus track of an explicit album.
    assert_eq!(chosen(&marked("Cinders", [EXPLICIT, EXPLICIT, CLEAN])), [1, 2, 3]);
    assert_eq!(chosen(&marked("Cinders", [EXPLICIT, None, None])), [1, 2, 3]);
}

#[test]
fn of_two_copies_the_one_that_is_not_clean_is_taken() {
    let better = |files: Vec<Made>| -> Vec<Made> {
        files.into_iter().map(|made| Made { flac: true, isrc: "QZAAA2600001".into(), ..made }).collect()
    };
    for folder in ["Cinders", "Other/Cinders"] {
        for other in [EXPLICIT, None] {
            let clean = better(marked(folder, [CLEAN, CLEAN, None]));
            let mut files = [clean, marked("Cinders", [other, other, None])].concat();
            // Two files of one name in one folder.
            files.iter_mut().take(3).for_each(|made| made.path.push_str(".flac"));
            let taken = chosen(&files);
            assert!(!taken.contains(&1) && !taken.contains(&2), "{folder}, {other:?}: {taken:?}");
            assert_eq!(taken.len(), 3, "{folder}, {other:?}: {taken:?}");
        }
    }
}

#[test]
fn the_rest_of_an_album_that_is_there_as_clean_is_not_lost() {
    // One song of it from elsewhere, the others as the shop sells them.
    let song = track("Loose/1 Ash.mp3", 1, "Ash", 41.0);
    let (shown, why) = asked(&[marked("Cinders", [CLEAN, CLEAN, None]), vec![song]].concat());
    assert_eq!((shown.len(), &why[..]), (2, "the rest of this album is here only as what shops mark clean"));
    // A karaoke version of the songs is nothing to leave them out for.
    let karaoke = marked("Cinders (Karaoke)", [None; 3]);
    let (shown, _) = asked(&[marked("Cinders", [CLEAN; 3]), karaoke].concat());
    assert!(shown.iter().any(|id| *id <= 3), "{shown:?}");
}

#[test]
fn who_never_wants_a_clean_version_gets_none_within_an_album() {
    let never = |files: &[Made], title: &str| {
        let wish = Wanted { title: title.to_owned(), ..album("Oda Brenn") };
        let allowed = Allowed { never_clean: true, ..Allowed::default() };
        choose_release(&Index::build(&offers(files)), &wish, allowed)
    };
    let mixed = marked("Cinders", [EXPLICIT, EXPLICIT, CLEAN]);
    let ReleaseChoice::Review { why, .. } = never(&mixed, "Cinders") else { panic!("taken") };
    assert_eq!(why, "1 of its 3 files is a clean version, which you never want");
    let called = |made: Made| Made { album: "Cinders (Clean)".into(), ..made };
    let called: Vec<Made> = marked("Cinders (Clean)", [None; 3]).into_iter().map(called).collect();
    let ReleaseChoice::Review { why, .. } = never(&called, "Cinders (Clean)") else { panic!("taken") };
    assert_eq!(why, "this is the clean version, which you never want");
    let plain = never(&marked("Cinders", [EXPLICIT, None, None]), "Cinders");
    assert!(matches!(plain, ReleaseChoice::Chosen { .. }), "{plain:?}");
}

#[test]
fn two_recordings_of_an_album_are_not_mixed() {
    let old = track("Cinders (1990)/1.mp3", 1, "Ash", 40.0);
    let files = [
        old.clone(),
        track("Cinders (1990)/2.flac", 2, "Birch", 45.0),
        track("Cinders (2010)/1.flac", 1, "Ash", 52.0),
        track("Cinders (2010)/2.mp3", 2, "Birch", 39.0),
    ];
    let (shown, why) = asked(&files);
    assert!(shown.len() == 2 && why.contains("playing time"), "{shown:?} {why}");
    // A stray song of that name is no second album, and no copy either.
    let stray = track("Mixed/Ash 1.flac", 1, "Ash 1", 290.0);
    assert_eq!(
        chosen(&[twelve("Cinders", "mp3", 200.0), vec![stray]].concat()),
        (1..=12).collect::<Vec<i64>>()
    );
    // Two halves of two years are no whole.
    let half = track("Cinders (2010)/2.flac", 2, "Birch", 45.0);
    assert!(asked(&[old.clone(), half]).1.contains("other years"));
    // In one folder nothing tells them apart.
    let again = Made { path: "Cinders (1990)/1 again.mp3".to_owned(), seconds: 52.0, ..old.clone() };
    assert!(asked(&[old, again]).1.contains("playing time"));
}

#[test]
fn two_albums_of_one_name_are_asked_about() {
    let files = [
        track("s1/1.mp3", 1, "Wren Red", 40.0),
        track("s1/2.mp3", 2, "Wren Blue", 40.0),
        track("s2/1.mp3", 1, "Owl Red", 40.0),
        track("s2/2.mp3", 2, "Owl Blue", 40.0),
    ];
    let (shown, why) = asked(&files);
    assert!(shown.len() == 2 && why.contains("two titles"), "one of each: {shown:?} {why}");
}

/// Tracks of two folders that share no title and no number: three in `blue`, and as many of two in `green`.
fn two_folders(of_green: usize, blue: impl Fn(Made) -> Made, green: impl Fn(Made) -> Made) -> Vec<Made> {
    let blues = [(1, "Ebb"), (2, "Flood"), (5, "Gull")]
        .map(|(number, title)| blue(track(&format!("blue/{number}.mp3"), number, title, 40.0)));
    let greens = [(3, "Tide"), (4, "Wrack")]
        .map(|(number, title)| green(track(&format!("green/{number}.mp3"), number, title, 40.0)));
    blues.into_iter().chain(greens.into_iter().take(of_green)).collect()
}

#[test]
fn two_albums_of_one_name_are_told_apart_by_release_group_and_date() {
    let group = |of: char| {
        move |made: Made| Made { release_group: format!("{of}c1b2c3d-1111-4222-8333-444455556666"), ..made }
    };
    let date = |of: &'static str| move |made: Made| Made { date: of.to_owned(), ..made };
    for of_green in [1, 2] {
        let (shown, why) = asked(&two_folders(of_green, group('0'), group('1')));
        assert!(shown == [1, 4] && why.contains("release groups"), "{shown:?} {why}");
        let (shown, why) = asked(&two_folders(of_green, date("1994"), date("2001-05-06")));
        assert!(shown == [1, 4] && why.contains("dates"), "{shown:?} {why}");
    }
    assert_eq!(chosen(&two_folders(2, date("1994"), date("1994-02"))), [1, 2, 4, 5, 3]);
    assert_eq!(chosen(&two_folders(2, group('0'), group('0'))), [1, 2, 4, 5, 3]);
    let one_group = |of: &'static str| move |made: Made| date(of)(group('0')(made));
    assert_eq!(chosen(&two_folders(2, one_group("1994"), one_group("2001"))), [1, 2, 4, 5, 3], "a reissue");
    let second = |made: Made| Made { disc: 2, ..date("2001")(made) };
    assert_eq!(chosen(&two_folders(2, date("1994"), second)), [1, 2, 3, 4, 5], "discs of two years");
    let mut songs = two_folders(2, date("1994"), date("2001"));
    songs[0].date = "1990".to_owned();
    assert_eq!(chosen(&songs), [1, 2, 4, 5, 3], "the dates are those of the songs");
    let beside =
        two_folders(2, date("1994"), |made| Made { path: "blue/x.mp3".into(), ..date("2001")(made) });
    assert_eq!(chosen(&beside), [1, 2, 4, 5, 3], "one folder");
}

/// A track as a server lists it that has it on the album of this id. What a server lists lies in a folder made of names.
fn listed(album: &str, disc: u32, number: u32, title: &str, seconds: f64) -> Made {
    let path = format!("music/home/Oda Brenn/Cinders/{title} [{album}{disc}{number}].flac");
    let album_id = if album.is_empty() { String::new() } else { format!("subsonic:home {album}") };
    Made { album_id, disc, ..track(&path, number, title, seconds) }
}

#[test]
fn two_albums_that_a_server_has_under_one_name_are_not_put_together() {
    let on = |album: &str, number, title: &str| listed(album, 1, number, title, 40.0);
    let (first, last) = ([on("a", 1, "Ash"), on("a", 2, "Birch")], [on("b", 4, "Elm"), on("b", 5, "Fir")]);
    let (_, why) = asked(&[first.clone(), last.clone()].concat());
    assert!(why.contains("two albums of this name are on your server"), "{why}");
    let silent = [first, last].concat().into_iter().map(|made| Made { album_id: String::new(), ..made });
    assert_eq!(chosen(&silent.collect::<Vec<_>>()).len(), 4, "a server that does not tell");

    let old = [on("a", 1, "Ash"), on("a", 2, "Birch")];
    let deluxe = ["Ash", "Birch", "Cedar"].iter().zip(1..).map(|(title, number)| on("b", number, title));
    let with_more = [old.to_vec(), deluxe.clone().collect()].concat();
    assert_eq!(chosen(&with_more), [3, 4, 5], "all of the one that has all");
    let both_more: Vec<Made> = with_more.into_iter().chain([on("a", 7, "Yew")]).collect();
    assert_eq!(asked(&both_more).0.len(), 2, "each has what the other has not");

    let live = ["Ash", "Birch"].iter().zip(1..).map(|(title, number)| listed("c", 1, number, title, 90.0));
    let (_, why) = asked(&deluxe.chain(live.take(1)).collect::<Vec<_>>());
    assert!(why.contains("differ in their playing time"), "however little is there of it: {why}");
}

#[test]
fn an_album_that_a_server_splits_is_one() {
    let discs = [
        listed("a", 1, 1, "Ash", 40.0),
        listed("a", 1, 3, "Cedar", 41.0),
        listed("b", 2, 1, "Ash", 40.0),
        listed("b", 2, 2, "Elm", 42.0),
    ];
    assert_eq!(chosen(&discs), [1, 2, 3, 4], "each disc's folder is an album there");
    let halves =
        [listed("a", 1, 1, "Ash", 40.0), listed("b", 1, 2, "Birch", 41.0), listed("a", 1, 3, "Cedar", 42.0)];
    assert_eq!(chosen(&halves), [1, 2, 3], "half of it is tagged otherwise");
    let year = |made: Made| Made {
        date: (if made.album_id.ends_with('a') { "1990" } else { "2001" }).into(),
        ..made
    };
    assert!(asked(&halves.map(year)).1.contains("on your server"), "of two years");
    assert_eq!(chosen(&discs.map(year)), [1, 2, 3, 4], "discs of two years");
    let formats = [
        listed("a", 1, 1, "Ash", 40.0),
        listed("b", 1, 1, "Ash", 40.0),
        listed("a", 1, 2, "Birch", 40.0),
        listed("b", 1, 2, "Birch", 40.0),
    ];
    let formats = formats.map(|made| Made { flac: made.album_id.ends_with('b'), ..made });
    assert_eq!(chosen(&formats), [2, 4], "one of them, in whole");
}

#[test]
fn an_album_that_a_server_splits_by_the_dates_of_its_songs_is_one() {
    let titles = ["Ash", "Birch", "Cedar", "Dune", "Elm", "Fir", "Gale", "Heath", "Iris"];
    let of_years = |numbers: &[u32], years: u32| -> Vec<Made> {
        let made = |number: &u32| {
            let year = 1990 + number % years;
            let title = titles[*number as usize % titles.len()];
            Made { date: year.to_string(), ..listed(&year.to_string(), 1, *number, title, 40.0) }
        };
        numbers.iter().map(made).collect()
    };
    let (all, with_gap) = ([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 5, 6, 7, 8, 9]);
    assert_eq!(chosen(&of_years(&all, 4)).len(), 8);
    assert_eq!(chosen(&of_years(&with_gap, 9)).len(), 8, "one is missing");
    let is_asked = |files: &[Made]| asked(files).1.contains("on your server");
    assert!(is_asked(&of_years(&with_gap, 3)), "a band may call three albums by its own name");
    assert_eq!(chosen(&of_years(&all, 3)).len(), 8, "nothing of them is missing");
    assert!(is_asked(&of_years(&all, 2)), "two albums of two years");
    let three = of_years(&[2, 3, 4], 3);
    assert!(is_asked(&three), "one song each of three albums");
    let of_one_year = three.into_iter().map(|made| Made { date: "1990".into(), ..made });
    assert_eq!(chosen(&of_one_year.collect::<Vec<_>>()).len(), 3, "nobody makes three of a name in a year");
}

#[test]
fn an_album_whose_genre_is_karaoke_is_asked_about() {
    let karaoke =
        twelve("Cinders", "mp3", 200.0).into_iter().map(|made| Made { genre: "Karaoke".into(), ..made });
    let (_, why) = asked(&karaoke.collect::<Vec<_>>());
    assert!(why.starts_with("karaoke by its genre"), "{why}");
}

#[test]
fn an_album_in_several_places_is_one() {
    let discs = [
        track("Cinders/CD1/1.mp3", 1, "Ash", 40.0),
        track("Cinders/CD1/2.mp3", 2, "Birch", 45.0),
        track("Cinders/CD2/1.mp3", 1, "Cedar", 52.0),
        track("Cinders/CD2/2.mp3", 2, "Ash", 40.0),
    ];
    assert_eq!(chosen(&discs), [1, 2, 3, 4]);
    let tagged =
        discs.clone().map(|made| Made { disc: if made.path.contains("CD2") { 2 } else { 1 }, ..made });
    assert_eq!(chosen(&tagged), [1, 2, 3, 4]);
    let beside = discs.map(|made| Made { path: made.path.replace("Cinders/CD", "Cinders CD"), ..made });
    assert_eq!(chosen(&beside), [1, 2, 3, 4]);
    let rest = [
        track("own/1.mp3", 1, "Ash", 40.0),
        track("own/3.mp3", 3, "Cedar", 52.0),
        track("music/home/Oda Brenn/Cinders/2.mp3", 2, "Birch", 45.0),
    ];
    assert_eq!(chosen(&rest), [1, 3, 2], "the rest came from a server");
}

#[test]
fn a_disc_that_names_itself_is_not_the_album_alone() {
    let disc = |number: u32, title: &str, seconds: f64| {
        let path = format!("Cinders/{number}.mp3");
        Made { album: format!("Cinders (Disc {number})"), ..track(&path, 1, title, seconds) }
    };
    let (one, two, three) = (disc(1, "Ash", 40.0), disc(2, "Cedar", 52.0), disc(3, "Birch", 45.0));
    let alone = (vec![1], "its files call themselves disc 1, and no other disc of it is here".to_owned());
    assert_eq!(asked(std::slice::from_ref(&one)), alone);
    assert_eq!(chosen(&[one.clone(), two.clone()]), [1, 2]);
    let (_, why) = asked(&[one.clone(), three]);
    assert_eq!(why, "its files call themselves disc 3, and disc 2 is not here");
    let wanted = Wanted { title: "Cinders (Disc 1)".to_owned(), ..album("Oda Brenn") };
    let of_disc_1 = choose_release(&Index::build(&offers(&[one])), &wanted, Allowed::default());
    assert!(matches!(of_disc_1, ReleaseChoice::Chosen { .. }), "{of_disc_1:?}");
}

#[test]
fn a_year_behind_disco_is_no_disc_of_another_album() {
    let disco = Made { album: "Cinders Disco 2020".into(), ..track("Cinders/1.mp3", 1, "Ash", 40.0) };
    let found = answer(std::slice::from_ref(&disco));
    assert!(matches!(found, ReleaseChoice::None(_)), "{found:?}");
}

#[test]
fn a_longer_edition_beside_the_standard_one_is_the_album() {
    let longer = |numbers: [u32; 3]| {
        [
            track("Cinders (2 Bonus)/a.mp3", numbers[0], "Ash", 40.0),
            track("Cinders (2 Bonus)/b.mp3", numbers[1], "Birch", 45.0),
            track("Cinders (2 Bonus)/c.mp3", numbers[2], "Cedar", 52.0),
        ]
    };
    let standard = [track("Cinders/a.mp3", 1, "Ash", 40.0), track("Cinders/b.mp3", 2, "Birch", 45.0)];
    let both = |numbers: [u32; 3]| [&longer(numbers)[..], &standard[..]].concat();
    let titles = |files: &[Made]| -> Vec<String> {
        let at = |id: &i64| usize::try_from(*id).unwrap() - 1;
        chosen(files).iter().map(|id| files[at(id)].title.clone()).collect()
    };
    assert_eq!(titles(&both([1, 2, 3])), ["Ash", "Birch", "Cedar"]);
    assert_eq!(titles(&both([1, 3, 2])), ["Ash", "Cedar", "Birch"], "the new one stands between them");
}

#[test]
fn compilations_may_have_one_title_twice() {
    let by = |number: u32, artist: &str, title: &str| Made {
        artist: artist.to_owned(),
        album_artist: "Various Artists".to_owned(),
        ..track(&format!("Cinders/{number}.mp3"), number, title, 200.0)
    };
    let files = [
        by(1, "Ida Marsh", "Home (Extended Mix)"),
        by(2, "Olga Reed", "Lake (Extended Mix)"),
        by(3, "Ulf Oak", "Home (Extended Mix)"),
    ];
    let answer =
        choose_release(&Index::build(&offers(&files)), &album("Various Artists"), Allowed::default());
    let ReleaseChoice::Chosen { files, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(files, [1, 2, 3]);
}
