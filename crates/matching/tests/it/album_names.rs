//! An album's name says what its tracks are, where their titles say nothing.

use ferrotape_domain::{Choice, Isrc, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn choice(wanted_album: &str, wanted_seconds: f64, album: &str, seconds: f64) -> Choice {
    let file = Made::new("Loose/a.mp3", "Ebb", "Mara Quill", album, seconds);
    choose_one(&Index::build(&offers(&[file])), &wanted("Ebb", &["Mara Quill"], wanted_album, wanted_seconds))
}

/// A title of an album, and how many seconds it plays.
type Side<'a> = (&'a str, &'a str, f64);

/// What is chosen for the one where the other is the only file.
fn between((title, album, seconds): Side<'_>, (offered, on, plays): Side<'_>) -> Choice {
    let file = Made::new("Loose/a.mp3", offered, "Mara Quill", on, plays);
    choose_one(&Index::build(&offers(&[file])), &wanted(title, &["Mara Quill"], album, seconds))
}

fn is_taken(wish: Side<'_>, file: Side<'_>) -> bool {
    matches!(between(wish, file), Choice::Chosen(_))
}

/// Albums whose names tell of another version than that of a plain one.
const OF_ANOTHER_VERSION: [&str; 60] = [
    "Live EP",
    "The Live EP",
    "Live 1999",
    "Live '99",
    "Live Vol. 1",
    "Live & Acoustic",
    "Live Anthology",
    "The Live Collection",
    "Live Rarities",
    "Greatest Hits Live 2010",
    "Concerts 2004",
    "Concert in Oslo",
    "Gig at the Barn",
    "Soundcheck",
    "Bootleg",
    "A Cappella",
    "Acapella",
    "Low Water (Acapellas)",
    "Low Water (Mara's Version)",
    "Low Water Demo",
    "Demo EP",
    "Alternate Versions",
    "Low Water Reimagined",
    "8D Audio",
    "Acoustic",
    "Covers",
    "Low Water (2021 Version)",
    "Rough Cuts",
    "Rough Mixes",
    "Work Tapes",
    "Low Water with the Oslo Philharmonic",
    "Low Water (With the Royal Philharmonic Orchestra)",
    "Low Water (Orchestral)",
    "En Español",
    "Mara Quill Auf Deutsch",
    "Sings in German",
    "Japanese Versions",
    "Big Band Versions",
    "12\" Mixes",
    "Concert Privé",
    "Glastonbury 2003",
    "Montreux 1977",
    "Royal Albert Hall 2009",
    "Olympia 1974",
    "Wembley '86",
    "Low Water (Inst.)",
    "Low Water (Off Vocal)",
    "Low Water (伴奏)",
    "Low Water (MR)",
    "Low Water (Vocal Only)",
    "Low Water (German Version)",
    "Low Water (日本語版)",
    "Low Water (Dub Version)",
    "Low Water (8D)",
    "Low Water (Continuous Mix)",
    "Low Water (Piano)",
    "Low Water (Cover)",
    "Low Water (Censored)",
    "Low Water (Clean Edition)",
    "Live Mara Quill",
];

#[test]
fn an_album_of_another_version_is_asked_about_however_near_its_length_is() {
    for album in OF_ANOTHER_VERSION {
        for seconds in [213.0, 214.5, 217.0] {
            let choice = choice("Low Water", 213.0, album, seconds);
            assert!(matches!(choice, Choice::Review(..)), "{album}, {seconds}: {choice:?}");
        }
        let own = choice(album, 213.0, album, 213.4);
        assert!(matches!(own, Choice::Chosen(_)), "{album} is wanted: {own:?}");
        // What a bracket says of the wanted album a careless tag leaves out.
        if !album.contains('(') {
            let elsewhere = choice(album, 213.0, "Low Water", 213.4);
            assert!(!matches!(elsewhere, Choice::Chosen(_)), "{album} is wanted: {elsewhere:?}");
        }
    }
}

#[test]
fn albums_with_such_letters_and_verbs_are_other_albums_only() {
    for album in [
        "Greatest Hits",
        "The Best of Mara Quill",
        "Low Water (Deluxe Edition)",
        "Low Water (Bonus Track Version)",
        "Live Through This",
        "Live Forever",
        "Live and Let Die",
        "Long Live",
        "Born to Live",
        "Demolition",
        "Concertos",
        "Cover Story",
        "Alternate Routes",
        "Rough Mix",
        "Working Class Tapes",
        "The Basement Tapes",
        "Remixed Emotions",
        "Symphonica",
        "Symphonic Dances",
        "Lost in Indonesia",
        "Low Water (Japanese Edition)",
        "Glastonbury Grove",
        "Reading Between Lines",
        "Concerto for Group and Orchestra",
        "Mara Quill with the Tom Dorn Orchestra",
        "Low Water (2021 Edition)",
        "Low Water (2021 Remaster)",
        "Low Water (2021 Remastered Version)",
        "Mono",
        "Live On",
        "The World We Live In",
        "Love Live! Sunshine!!",
        "Low Water (Japanese Bonus Track Version)",
        "Low Water (Alternate Cover)",
        "Low Water (Uncensored)",
        "Live Oda Brenn",
        "ドライブ・ソングス",
    ] {
        for seconds in [213.0, 216.0] {
            let choice = choice("Low Water", 213.0, album, seconds);
            assert!(matches!(choice, Choice::Chosen(_)), "{album}, {seconds}: {choice:?}");
        }
    }
}

#[test]
fn a_name_that_goes_on_where_the_wanted_one_ends_is_another_version_of_it() {
    for album in ["Low Water Orchestral", "Low Water Symphonic", "Low Water (with the Tom Dorn Orchestra)"] {
        let choice = choice("Low Water", 213.0, album, 213.2);
        assert!(matches!(choice, Choice::Review(..)), "{album}: {choice:?}");
        let elsewhere = self::choice("The Best Of", 213.0, album, 213.2);
        assert!(matches!(elsewhere, Choice::Chosen(_)), "{album}: {elsewhere:?}");
    }
}

#[test]
fn an_isrc_and_the_length_say_more_than_the_name_of_an_album() {
    let isrc = "QZAAA2600001";
    let take = |seconds| {
        let file = Made::new("Loose/a.mp3", "Ebb", "Mara Quill", "Low Water (2021 Version)", seconds);
        let file = Made { isrc: isrc.to_owned(), ..file };
        let isrc = Isrc::parse(isrc).ok();
        let wish = Wanted { isrc, ..wanted("Ebb", &["Mara Quill"], "Low Water", 213.0) };
        choose_one(&Index::build(&offers(&[file])), &wish)
    };
    assert!(matches!(take(213.4), Choice::Chosen(_)), "{:?}", take(213.4));
    assert!(matches!(take(217.0), Choice::Review(..)), "{:?}", take(217.0));
}

#[test]
fn what_the_one_album_says_its_titles_may_leave_out() {
    for (title, album, offered, on, plays) in [
        ("Alive", "Alive", "Alive", "Alive", 216.0),
        ("Concerto", "Concerto", "Concerto", "Concerto", 213.4),
        ("Remix", "Remix", "Remix", "Remix", 216.0),
        ("Ebb (Live)", "Alive", "Ebb", "Alive", 213.4),
        ("Ebb (Live)", "Concerto", "Ebb", "Concerto", 213.4),
        ("Ebb (Live)", "Sessions", "Ebb", "Sessions", 213.4),
        ("Ebb (Lisk Remix)", "Remixes", "Ebb", "Remixes", 213.4),
        ("Ebb", "Remixes", "Ebb (Lisk Remix)", "Remixes", 213.4),
        ("Ebb - Live", "Live in Oslo", "Ebb", "Live in Oslo", 216.0),
        ("Ebb - Live", "Live in Oslo", "Ebb", "Live in Oslo (Remastered)", 213.4),
    ] {
        let (wish, file) = ((title, album, 213.0), (offered, on, plays));
        assert!(is_taken(wish, file), "{wish:?} {file:?}: {:?}", between(wish, file));
    }
    // A single has the studio recording that it is called after, and an edition has both.
    for (title, album, offered, plays) in [
        ("Alive (Live)", "Alive", "Alive", 213.4),
        ("Ebb", "Alive", "Ebb (Live)", 213.4),
        ("Ebb - Live", "Low Water (Live Deluxe Edition)", "Ebb", 216.0),
    ] {
        let (wish, file) = ((title, album, 213.0), (offered, album, plays));
        assert!(!is_taken(wish, file), "{wish:?} {file:?}");
    }
}

#[test]
fn an_album_that_is_perhaps_a_live_one_is_found_elsewhere_by_its_very_length() {
    for album in ["A Night at the Opera", "Alive", "Stripped"] {
        assert!(is_taken(("Ebb", album, 213.0), ("Ebb", "Greatest Hits", 213.9)), "{album}");
        assert!(!is_taken(("Ebb", album, 213.0), ("Ebb", "Greatest Hits", 214.8)), "{album}");
    }
    assert!(!is_taken(("Ebb", "Live 1999", 213.0), ("Ebb", "Greatest Hits", 213.0)), "that one is");
}

#[test]
fn which_evening_it_is_only_a_length_can_tell_where_the_title_does_not() {
    let live = |title| (title, "Low Water", 0.0);
    for plays in [0.0, 213.0] {
        assert!(!is_taken(live("Ebb - Live"), ("Ebb", "Live 1999", plays)), "{plays}");
        assert!(!is_taken(live("Ebb - Live at Oslo"), ("Ebb", "Live in Bergen", plays)), "{plays}");
        assert!(is_taken(("Ebb - Live", "Live 1999", 0.0), ("Ebb", "Live 1999", plays)), "{plays}");
        assert!(
            is_taken(live("Ebb - Live"), ("Ebb - Live", "Live 1999", plays)),
            "{plays}: as the title says"
        );
    }
    let oslo = ("Ebb - Live at Oslo", "Low Water", 213.0);
    assert!(!is_taken(oslo, ("Ebb", "Live in Bergen", 216.0)));
    assert!(is_taken(oslo, ("Ebb", "Live in Oslo 2004", 216.0)));
    assert!(
        is_taken(oslo, ("Ebb", "Live in Bergen", 213.4)),
        "an album is often called after one of its evenings"
    );
}

#[test]
fn a_sign_behind_its_name_makes_it_another_album() {
    let on = |album: &str| Made::new(&format!("Loose/{album}.mp3"), "Ebb", "Mara Quill", album, 213.0);
    let index = Index::build(&offers(&[on("Tea for the Tillerman"), on("Tea for the Tillerman²")]));
    for (album, file) in [("Tea for the Tillerman²", 2), ("Tea for the Tillerman", 1)] {
        let choice = choose_one(&index, &wanted("Ebb", &["Mara Quill"], album, 0.0));
        assert!(matches!(&choice, Choice::Chosen(found) if found.file_id == file), "{album}: {choice:?}");
    }
}

#[test]
fn a_live_album_whose_name_may_not_say_so_is_one_where_no_length_is_wanted() {
    let live = |album: &'static str| ("Ebb - Live", album, 0.0);
    for album in ["Alive 1997", "Babylon by Bus", "The Dance"] {
        assert!(is_taken(live(album), ("Ebb", album, 213.0)), "{album}");
        assert!(!is_taken(live(album), ("Ebb", "Low Water", 213.0)), "{album}: of another album");
    }
    assert!(!is_taken(live("Low Water"), ("Ebb", "Low Water", 213.0)), "its studio recording");
    assert!(
        !is_taken(("Alive 1997 - Live", "Alive 1997", 0.0), ("Alive 1997", "Alive 1997", 213.0)),
        "a single"
    );
}

#[test]
fn an_album_in_two_scripts_is_one() {
    let by = |artist: &str, title: &str, album: &str| Made::new("Loose/a.mp3", title, artist, album, 213.4);
    let index = Index::build(&offers(&[by("Kino", "Gruppa krovi", "Gruppa krovi")]));
    let choice = choose_one(&index, &wanted("Группа крови", &["Кино"], "Группа крови", 213.0));
    assert!(matches!(choice, Choice::Chosen(_)), "{choice:?}");
    for (title, offered) in [("Spring Day", "봄날 (Spring Day)"), ("봄날 (Spring Day)", "Spring Day")] {
        let index = Index::build(&offers(&[by("Mara Quill", offered, "You Never")]));
        let choice = choose_one(&index, &wanted(title, &["Mara Quill"], "You Never", 0.0));
        assert!(matches!(choice, Choice::Chosen(_)), "{title}: {choice:?}");
    }
}
