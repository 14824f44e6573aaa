//! Words of a version that only one side has: some are left out or added by habit, others are all that tells of another
//! recording.

use ferrotape_domain::{Choice, Isrc, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_one, offers, wanted};

fn file(title: &str, album: &str, seconds: f64) -> Made {
    Made::new("Loose/a.mp3", title, "Mara Quill", album, seconds)
}

fn of_type(release_type: &str, file: Made) -> Made {
    Made { release_type: release_type.to_owned(), ..file }
}

fn wish(title: &str, album: &str, seconds: f64) -> Wanted {
    wanted(title, &["Mara Quill"], album, seconds)
}

fn decide(files: &[Made], wish: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wish)
}

fn is_taken(file: Made, wish: &Wanted) -> bool {
    matches!(decide(&[file], wish), Choice::Chosen(_))
}

/// What is said where the file is asked about.
fn asked(file: Made, wish: &Wanted) -> String {
    match decide(&[file], wish) {
        Choice::Review(_, why) => why,
        other => panic!("not asked: {other:?}"),
    }
}

#[test]
fn the_type_of_a_release_speaks_for_its_tracks() {
    let on = |release_type: &str| of_type(release_type, file("Ebb", "Afterglow", 213.0));
    for seconds in [0.0, 213.0] {
        let want = wish("Ebb", "Low Water", seconds);
        for release_type in ["album; live", "live", "album/live", "album; remix", "demo"] {
            assert!(!is_taken(on(release_type), &want), "{release_type}, {seconds}");
        }
        for release_type in ["", "album", "album; compilation", "soundtrack", "mixtape/street"] {
            assert!(is_taken(on(release_type), &want), "{release_type}, {seconds}");
        }
    }
    let live = "live, but the plain recording is wanted";
    assert!(asked(on("album; live"), &wish("Ebb", "Low Water", 0.0)).contains(live));
    // A mix has its tracks whole or not: the length tells.
    assert!(is_taken(on("compilation; dj-mix"), &wish("Ebb", "Low Water", 213.0)));
    assert!(!is_taken(on("compilation; dj-mix"), &wish("Ebb", "Low Water", 0.0)));
}

#[test]
fn the_type_of_a_release_says_what_its_titles_and_name_leave_out() {
    for seconds in [0.0, 213.0] {
        for (title, album) in
            [("Ebb - Live", "Lumen (Live)"), ("Ebb", "Lumen (Live)"), ("Ebb", "Lumen (2018 Remaster)")]
        {
            for own in ["Lumen", "L·U·M·E·N"] {
                let file = of_type("album; live", file("Ebb", own, 213.4));
                let choice = decide(&[file], &wish(title, album, seconds));
                assert!(
                    matches!(choice, Choice::Chosen(_)),
                    "{title}, {album}, {own}, {seconds}: {choice:?}"
                );
            }
        }
    }
}

#[test]
fn an_isrc_and_the_length_outweigh_that_the_word_live_is_missing() {
    let isrc = "QZAAA2600001";
    let coded = |title, album, seconds| Made { isrc: isrc.to_owned(), ..file(title, album, seconds) };
    let want = |title| Wanted { isrc: Isrc::parse(isrc).ok(), ..wish(title, "Low Water", 213.0) };
    assert!(is_taken(coded("Ebb", "Elsewhere", 213.4), &want("Ebb - Live")));
    assert!(!is_taken(coded("Ebb (Live)", "Elsewhere", 213.4), &want("Ebb")), "the file's own word counts");
    assert!(!is_taken(coded("Ebb (Live)", "Elsewhere", 217.0), &want("Ebb")));
}

#[test]
fn what_a_service_adds_to_every_title_of_a_concert_is_no_question() {
    let at = |track, seconds| Made { disc: 1, track, ..file("Ebb", "Stillness", seconds) };
    let want = |album, track| Wanted {
        disc_number: Some(1),
        track_number: Some(track),
        ..wish("Ebb - Live", album, 213.0)
    };
    for album in ["Stillness", "Stillness (Deluxe Edition)"] {
        assert!(is_taken(at(2, 213.4), &want(album, 2)), "{album}");
        assert!(!is_taken(at(2, 217.0), &want(album, 2)), "{album}");
        assert!(!is_taken(at(2, 213.4), &want(album, 14)), "{album}: a bonus track");
    }
    assert!(!is_taken(file("Ebb", "Stillness", 213.4), &wish("Ebb - Live", "Stillness", 213.0)), "no number");
    assert!(!is_taken(file("Ebb", "Stillness", 213.4), &wish("Ebb - Live", "Stillness (Deluxe)", 213.0)));
    // A single is called after the studio recording.
    assert!(!is_taken(file("Ebb", "Ebb", 213.4), &wish("Ebb - Live", "Ebb", 213.0)));
    // Which of two it is the files do not say.
    let choice = decide(&[at(2, 213.4), at(9, 240.0)], &want("Stillness", 2));
    assert!(!matches!(choice, Choice::Chosen(_)), "{choice:?}");
}

#[test]
fn small_words_of_services_are_no_question_on_the_very_album() {
    for title in ["Ebb (Interlude)", "Ebb (Skit)", "Ebb - Intro"] {
        let want = Wanted { disc_number: Some(1), track_number: Some(2), ..wish(title, "Stillness", 61.0) };
        let on = |album| Made { disc: 1, track: 2, ..file("Ebb", album, 61.3) };
        assert!(is_taken(on("Stillness"), &want), "{title}");
        assert!(!is_taken(on("Elsewhere"), &want), "{title}");
    }
    let unplugged = wish("Ebb - Acoustic; Live at the Barn", "Fenmoor Unplugged", 0.0);
    assert!(is_taken(file("Ebb", "Fenmoor Unplugged", 213.0), &unplugged));
    let leeds = wish("Ebb - Live at Leeds, UK, 1970", "Live at Leeds (Deluxe Edition)", 0.0);
    assert!(is_taken(file("Ebb", "Live at Leeds", 213.0), &leeds));
    let hull = wish("Ebb - Live at Hull", "Live at Leeds (Deluxe Edition)", 0.0);
    assert!(!is_taken(file("Ebb", "Live at Leeds", 213.0), &hull), "its second disc is another evening");
}

#[test]
fn marks_of_backings_cuts_and_fashions_are_asked_about_even_on_the_very_album() {
    for mark in [
        "Drumless",
        "Guitar Backing",
        "Play-Along",
        "Performance Track",
        "Minus One",
        "Isolated Vocals",
        "Stems",
        "Bassboosted",
        "Reversed",
        "Lo-Fi",
        "Phonk",
        "Jersey Club",
        "Snippet",
        "Duet",
        "Piano",
        "AI",
        "MR",
        "Instru",
        "TV Track",
        "Base musicale",
        "Without Vocal",
        "less vocal",
        "Backing Vocals",
        "Guide Vocal",
        "Vocal Up",
        "オフ・ボーカル",
        "연주곡",
        "Beat",
        "بدون موسيقى",
        "Bleeped",
        "at the BBC",
        "at Budokan",
        "แสดงสด",
        "Trực tiếp",
        "with Orchestra",
        "Official Live Video",
    ] {
        let marked = format!("Ebb ({mark})");
        let on = |title: &str| file(title, "Low Water", 213.0);
        assert!(!is_taken(on(&marked), &wish("Ebb", "Low Water", 213.0)), "{mark}");
        assert!(!is_taken(on("Ebb"), &wish(&marked, "Low Water", 213.0)), "{mark} is wanted");
        assert!(is_taken(on(&marked), &wish(&marked, "Low Water", 213.0)), "{mark} is there");
    }
    let phonk = wish("Ebb (Phonk)", "Low Water", 213.0);
    assert!(is_taken(file("Ebb [Phonk]", "Low Water", 213.0), &phonk), "that one is wanted");
}

#[test]
fn an_unknown_mark_is_asked_about_where_the_album_does_not_agree() {
    let want = wish("Ebb", "Low Water", 213.0);
    for mark in ["Oslo Sound", "Nuovo", "Royal Albert Hall", "from Wembley"] {
        let title = format!("Ebb ({mark})");
        assert!(is_taken(file(&title, "Low Water", 213.0), &want), "{mark}");
        assert!(is_taken(file(&title, "Low Water (Deluxe)", 213.0), &want), "{mark}");
        for album in ["Fen Sampler", ""] {
            let why = asked(file(&title, album, 213.0), &want);
            assert!(why.contains(&format!("its title says “({mark})” more")), "{mark}, {album}: {why}");
        }
    }
    for said in [
        "Better Late Than Never",
        "E",
        "Main",
        "Single",
        "Theme",
        "Bonus Track",
        "LP Version",
        "Official HD Video",
        "2009 Digital Remaster",
        "Low Water",
    ] {
        assert!(is_taken(file(&format!("Ebb ({said})"), "Fen Sampler", 213.0), &want), "{said}");
    }
}

#[test]
fn an_export_without_guests_finds_them_on_every_edition_of_the_album() {
    let guest = || file("Static (feat. Dex Rivers)", "Cinders (Deluxe Version)", 213.0);
    assert!(is_taken(guest(), &wish("Static", "Cinders", 0.0)));
    assert!(!is_taken(guest(), &wish("Static", "Tides", 0.0)));
}
