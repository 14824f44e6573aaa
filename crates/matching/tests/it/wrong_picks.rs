//! Files that look like the wanted recording and are not: each was once chosen without asking.

use ferrotape_domain::{Choice, Isrc, Wanted};
use ferrotape_matching::Index;

use crate::catalogue::{Made, choose_each, choose_one, offers, wanted};

fn decide(files: &[Made], wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wanted)
}

fn file(title: &str, artist: &str, album: &str, seconds: f64) -> Made {
    Made::new("Loose/a.mp3", title, artist, album, seconds)
}

/// Wanted and offered title on one album by one artist with one playing time.
fn by_title(wanted_title: &str, offered: &str) -> Choice {
    decide(
        &[file(offered, "Oda Brenn", "Cinders", 200.0)],
        &wanted(wanted_title, &["Oda Brenn"], "Cinders", 200.0),
    )
}

fn asks(choice: &Choice) -> bool {
    matches!(choice, Choice::Review(..))
}

#[test]
fn a_short_word_that_differs_by_a_letter_is_another_word() {
    let pairs = [
        ("Lover", "Loser"),
        ("Your Lantern", "Our Lantern"),
        ("Here", "There"),
        ("Angel", "Angle"),
        ("Woman", "Women"),
        ("Morning Light", "Morning Night"),
        ("The Heart", "The Hearth"),
        ("Chapter One Part A", "Chapter One Part B"),
        ("Prelude in C Major", "Prelude in D Major"),
        ("Love (Interlude)", "Dove (Interlude)"),
        ("Stranger", "Strangers"),
        ("Symphony of the Seventh", "Symphony of the Seventy"),
    ];
    for (one, other) in pairs {
        for choice in [by_title(one, other), by_title(other, one)] {
            assert!(asks(&choice), "{one} / {other}: {choice:?}");
        }
    }
}

#[test]
fn a_typo_in_a_long_word_passes_only_where_all_else_agrees() {
    let want = wanted("Ember Staircase", &["Oda Brenn"], "Cinders", 200.0);
    let made = |artist: &str, seconds| file("Ember Stiarcase", artist, "Cinders", seconds);
    assert!(matches!(decide(&[made("Oda Brenn", 201.0)], &want), Choice::Chosen(_)));
    assert!(asks(&decide(&[made("Oda Brenn", 202.5)], &want)), "the playing time must agree");
    assert!(asks(&decide(&[made("Oda Brenn", 0.0)], &want)), "and be known");
    assert!(
        !matches!(decide(&[made("Oda Bren", 200.0)], &want), Choice::Chosen(_)),
        "two typos are two doubts"
    );
}

#[test]
fn a_bracket_that_says_another_kind_is_not_the_plain_title() {
    let kinds = [
        "Interlude",
        "Commentary",
        "Session",
        "Sessions",
        "Reimagined",
        "Re-Imagined",
        "Concert",
        "Audience Recording",
        "String Quartet",
        "Quartet Version",
        "Orchestral",
        "Orchestral Version",
        "Skit",
        "Intro",
        "Outro",
        "Track by Track",
        "Voice Memo",
        "Rehearsal",
        "Bootleg",
    ];
    for kind in kinds {
        let marked = format!("Ember Railway ({kind})");
        let dashed = format!("Ember Railway - {kind}");
        for (one, other) in [(marked.as_str(), "Ember Railway"), ("Ember Railway", &marked)] {
            assert!(asks(&by_title(one, other)), "{one} / {other}");
        }
        assert!(matches!(by_title(&marked, &dashed), Choice::Chosen(_)), "{marked} / {dashed}");
    }
    assert!(asks(&by_title("Ember Railway (Intro)", "Ember Railway (Commentary)")));
    assert!(matches!(by_title("Interlude", "Interlude"), Choice::Chosen(_)));
}

#[test]
fn live_at_two_places_is_two_recordings() {
    for (one, other) in [
        ("Ember (Live at Fenmoor)", "Ember (Live in Tarnholm)"),
        ("Ember (Live at Fenmoor, 1998)", "Ember - Live from Tarnholm 1998"),
        ("Ember (Live at Fenmoor Arena)", "Ember (Live at Tarnholm Arena)"),
        ("Ember (Live 1998)", "Ember (Live 2003)"),
    ] {
        assert!(asks(&by_title(one, other)), "{one} / {other}");
        assert!(asks(&by_title(other, one)), "{other} / {one}");
    }
    let places = by_title("Ember (Live at Fenmoor)", "Ember - Live in Fenmoor");
    assert!(matches!(places, Choice::Chosen(_)), "{places:?}");
    let one_place = by_title("Ember (Live at Fenmoor)", "Ember (Live May 1998)");
    assert!(matches!(one_place, Choice::Chosen(_)), "a place and a date may be one evening: {one_place:?}");
}

#[test]
fn a_wanted_live_album_is_not_filled_from_a_studio_one() {
    for album in ["Live in Tarnholm", "Fenmoor Unplugged", "The Karaoke Album", "Oda Brenn Live"] {
        let want = wanted("Ember", &["Oda Brenn"], album, 200.0);
        let choice = decide(&[file("Ember", "Oda Brenn", "Cinders", 200.0)], &want);
        assert!(asks(&choice), "{album}: {choice:?}");
        let own = decide(&[file("Ember", "Oda Brenn", album, 200.0)], &want);
        assert!(matches!(own, Choice::Chosen(_)), "{album}: {own:?}");
    }
}

#[test]
fn a_version_that_only_the_folder_tells_is_asked_about() {
    let lies_in = |folder: &str| Made {
        path: format!("Music/Oda Brenn/{folder}/01 Ember.flac"),
        ..file("Ember", "Oda Brenn", "Cinders", 200.0)
    };
    let want = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    for folder in [
        "Oda Brenn - Cinders (Instrumentals)",
        "Cinders/Bonus CD (Live)",
        "Cinders/Karaoke",
        "Cinders/CD 2 - Live",
        "Cinders (Live)/CD 1",
        "Cinders/Instrumentals/FLAC",
        "Cinders (Live)/MP3",
        "Cinders/Karaoke/24bit",
        "Cinders/Live/Disc A",
        "Cinders/Instrumentals/Side A",
        "Oda Brenn - Live in Oslo/WAV",
    ] {
        let choice = decide(&[lies_in(folder)], &want);
        assert!(asks(&choice), "{folder}: {choice:?}");
    }
    for folder in ["Cinders", "Cinders (Deluxe)", "Cinders/CD 1", "Karaoke Night/Cinders"] {
        let choice = decide(&[lies_in(folder)], &want);
        assert!(matches!(choice, Choice::Chosen(_)), "{folder}: {choice:?}");
    }
    // Where the live ones are wanted, the folder is the proof.
    let live = wanted("Ember - Live", &["Oda Brenn"], "Cinders", 200.0);
    let choice = decide(&[lies_in("Cinders/CD 2 - Live")], &live);
    assert!(matches!(choice, Choice::Chosen(_)), "{choice:?}");
}

#[test]
fn a_shelf_says_nothing_against_what_agrees_in_all_else() {
    let lies_in = |folder: &str, track: u32, isrc: &str, seconds: f64| Made {
        track,
        isrc: isrc.to_owned(),
        ..Made::new(&format!("{folder}/Ember.mp3"), "Ember", "Oda Brenn", "Cinders", seconds)
    };
    let isrc = "QZAAA2600001";
    let want = Wanted {
        track_number: Some(4),
        disc_number: Some(1),
        isrc: Isrc::parse(isrc).ok(),
        ..wanted("Ember", &["Oda Brenn"], "Cinders", 200.0)
    };
    let shelves = [
        "Acoustic",
        "Live",
        "Bootlegs",
        "Concerts",
        "Remixes",
        "Covers",
        "Demos",
        "Instrumental",
        "Karaoke",
        "Oda Brenn/Live",
        "Oda Brenn - Acoustic",
        "Remixes & Originals",
        "Oda Brenn/Cinders [incl. Live & Demo Tracks]",
        "Oda Brenn/Cinders + Live in Oslo/CD1",
        "Oda Brenn/Cinders (Deluxe Edition with Acoustic Versions)",
    ];
    for shelf in shelves {
        let own = decide(&[lies_in(shelf, 4, "", 201.0)], &want);
        assert!(matches!(own, Choice::Chosen(_)), "{shelf}: {own:?}");
        let longer = decide(&[lies_in(shelf, 4, "", 206.0)], &want);
        assert!(asks(&longer), "{shelf}, 6 s longer: {longer:?}");
    }
    // Another number is one more weak sign: then only the very length settles it.
    for shelf in ["Acoustic", "Live", "Demos", "Instrumental"] {
        let misplaced = decide(&[lies_in(shelf, 9, "", 201.5)], &want);
        assert!(asks(&misplaced), "{shelf}, another number: {misplaced:?}");
        let as_long = decide(&[lies_in(shelf, 9, "", 200.8)], &want);
        assert!(matches!(as_long, Choice::Chosen(_)), "{shelf}, as long: {as_long:?}");
    }
    // A karaoke version is just as long.
    let unnumbered = decide(&[lies_in("Karaoke", 0, "", 200.0)], &want);
    assert!(asks(&unnumbered), "{unnumbered:?}");
    // An ISRC says more than any folder, though only of what is as long.
    let folder = "Oda Brenn/Cinders (Instrumentals)";
    assert!(asks(&decide(&[lies_in(folder, 4, "", 200.0)], &want)));
    assert!(matches!(decide(&[lies_in(folder, 9, isrc, 200.0)], &want), Choice::Chosen(_)));
    assert!(asks(&decide(&[lies_in(folder, 4, isrc, 206.0)], &want)));
}

#[test]
fn a_shelf_that_holds_nothing_else_is_asked_about_however_far_above_it_is() {
    let lies_in = |shelf: &str, isrc: &str| Made {
        track: 4,
        isrc: isrc.to_owned(),
        ..Made::new(
            &format!("Music/{shelf}/Oda Brenn/Cinders/Ember.mp3"),
            "Ember",
            "Oda Brenn",
            "Cinders",
            200.0,
        )
    };
    let isrc = "QZAAA2600001";
    let want = Wanted {
        track_number: Some(4),
        disc_number: Some(1),
        isrc: Isrc::parse(isrc).ok(),
        ..wanted("Ember", &["Oda Brenn"], "Cinders", 200.0)
    };
    for shelf in ["Karaoke", "Instrumentals", "Karaoke/Pop", "Backing Tracks"] {
        let choice = decide(&[lies_in(shelf, "")], &want);
        assert!(asks(&choice), "{shelf}: {choice:?}");
        let proved = decide(&[lies_in(shelf, isrc)], &want);
        assert!(matches!(proved, Choice::Chosen(_)), "{shelf}: {proved:?}");
    }
    let sung = Wanted { isrc: None, ..wanted("Ember - Karaoke", &["Oda Brenn"], "Cinders", 200.0) };
    let choice = decide(&[lies_in("Karaoke", "")], &sung);
    assert!(matches!(choice, Choice::Chosen(_)), "that is what is wanted: {choice:?}");
    for shelf in
        ["Karaoke Night", "Instrumental", "Instrumental Rock", "Live", "Acoustic", "Covers", "Remixes"]
    {
        let choice = decide(&[lies_in(shelf, "")], &want);
        assert!(matches!(choice, Choice::Chosen(_)), "{shelf}: {choice:?}");
    }
}

#[test]
fn without_a_wanted_length_one_album_says_what_its_titles_leave_out() {
    let lies_on = |title: &str, album: &str| vec![file(title, "Oda Brenn", album, 200.0)];
    for (title, album) in [
        ("Ember - Live", "Live at Kestrel Hall"),
        ("Ember - Acoustic", "Acoustic Sessions"),
        ("Ember", "Live EP"),
    ] {
        let want = wanted(title, &["Oda Brenn"], album, 0.0);
        let choice = decide(&lies_on("Ember", album), &want);
        assert!(matches!(choice, Choice::Chosen(_)), "{title} / {album}: {choice:?}");
    }
    assert!(asks(&decide(
        &lies_on("Ember", "Cinders"),
        &wanted("Ember - Live", &["Oda Brenn"], "Cinders", 0.0)
    )));
    let want = |album: &str| wanted("Static", &["Oda Brenn"], album, 0.0);
    let guest = lies_on("Static (feat. Dex Rivers)", "Cinders");
    assert!(matches!(decide(&guest, &want("Cinders")), Choice::Chosen(_)));
    assert!(asks(&decide(&guest, &want("Tides"))), "on another album it is another recording");
}

#[test]
fn a_similar_artist_name_is_another_artist_unless_the_isrc_agrees() {
    let by = |wanted_artist: &str, offered: &str, isrc: &str| {
        let want = Wanted {
            isrc: Isrc::parse("QZAAA2600001").ok(),
            ..wanted("Ember", &[wanted_artist], "Greatest Hits", 200.0)
        };
        let made = Made { isrc: isrc.into(), ..file("Ember", offered, "Greatest Hits", 200.0) };
        decide(&[made], &want)
    };
    for (one, other) in [
        ("Vorrin", "Vorrin Royst"),
        ("Epsilant", "Epsilant Tribute Band"),
        ("The Oda Brenn Trio", "Oda Brenn"),
        ("Oda Brenn", "Oda Brunn"),
        ("Tarvo", "Tarvi"),
        ("Molander", "Molanders"),
    ] {
        assert!(asks(&by(one, other, "")), "{one} / {other}");
        assert!(asks(&by(other, one, "")), "{other} / {one}");
        assert!(matches!(by(one, other, "QZAAA2600001"), Choice::Chosen(_)), "{one} / {other}, same ISRC");
    }
    assert!(matches!(by("Sefa Molander", "Sefa Molnader", ""), Choice::Chosen(_)), "a typo in a long word");
}

#[test]
fn the_copy_of_the_wanted_album_is_taken_before_a_better_sounding_one() {
    let own = Made { path: "b/own.mp3".into(), kbps: 128, ..file("Ember", "Oda Brenn", "Cinders", 200.0) };
    let lossless = |album: &str| Made {
        path: "a/x.flac".into(),
        flac: true,
        ..file("Ember", "Oda Brenn", album, 200.0)
    };
    let mut want = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    want.isrc = Isrc::parse("QZAAA2600001").ok();
    let with_isrc = |made: Made| Made { isrc: "QZAAA2600001".into(), ..made };
    let choice = decide(&[with_isrc(lossless("Brenn Gold")), with_isrc(own.clone())], &want);
    assert!(matches!(&choice, Choice::Chosen(best) if best.file_id == 2), "{choice:?}");
    let same_album = decide(&[lossless("Cinders"), own], &want);
    assert!(matches!(&same_album, Choice::Chosen(best) if best.file_id == 1), "{same_album:?}");
}

#[test]
fn a_short_track_allows_a_small_difference_only() {
    let choice = |wanted_seconds, seconds| {
        decide(
            &[file("Ember Railway", "Oda Brenn", "Cinders", seconds)],
            &wanted("Ember Railway", &["Oda Brenn"], "Cinders", wanted_seconds),
        )
    };
    for (wanted_seconds, seconds) in [(8.0, 2.0), (4.0, 9.0), (20.0, 24.0), (30.0, 24.5)] {
        let asked = choice(wanted_seconds, seconds);
        assert!(asks(&asked), "{seconds} s for {wanted_seconds} s: {asked:?}");
    }
    assert!(matches!(choice(20.0, 22.5), Choice::Chosen(_)));
    assert!(matches!(choice(200.0, 206.0), Choice::Chosen(_)));
}

#[test]
fn a_file_that_is_another_wanted_track_is_named_as_the_reason() {
    let index = Index::build(&offers(&[file("Ember Railway", "Oda Brenn", "Cinders", 200.0)]));
    let one = wanted("Ember Railway", &["Oda Brenn"], "Cinders", 200.0);
    let two = wanted("Ember Railway", &["Oda Brenn"], "Cinders", 204.0);
    let all = choose_each(&index, &[&one, &two]);
    assert!(matches!(all[0], Choice::Chosen(_)), "{:?}", all[0]);
    let Choice::None(why) = &all[1] else { panic!("nothing is left for the second: {:?}", all[1]) };
    assert_eq!(why, "the only file that comes near is another track you want");
}

#[test]
fn a_misspelt_file_still_tells_that_the_other_may_be_cut_short() {
    let want = wanted("Ember Railway", &["Oda Brenn"], "Cinders", 0.0);
    let cut = file("Ember Railway", "Oda Brenn", "Cinders", 99.0);
    for whole in [
        file("Ember Ralway", "Oda Brenn", "Cinders", 198.0),
        file("Ember Railway", "Oda Brnen", "Cinders", 198.0),
    ] {
        let choice = decide(&[cut.clone(), whole], &want);
        assert!(asks(&choice), "{choice:?}");
    }
}

#[test]
fn a_version_in_parts_is_not_its_first_part() {
    for (one, other) in [
        ("Ember (Tarn Bell Remix)", "Ember (Tarn Bell Remix, Pt. 2)"),
        ("Ember - Acoustic", "Ember - Acoustic 2"),
        ("Ember - Live in Fenmoor", "Ember - Live in Fenmoor II"),
        ("Ember - 2011 Remaster", "Ember - 2011 Remaster 2"),
    ] {
        for choice in [by_title(one, other), by_title(other, one)] {
            assert!(!matches!(choice, Choice::Chosen(_)), "{one} / {other}: {choice:?}");
        }
        assert!(matches!(by_title(other, other), Choice::Chosen(_)), "{other}");
    }
}

#[test]
fn a_mono_mix_is_asked_about_and_an_edit_of_the_same_length_is_told_of() {
    let label = |choice: Choice| match choice {
        Choice::Chosen(found) => found.substitute,
        other => panic!("it is most likely the same: {other:?}"),
    };
    for mono in ["Ember Railway (Mono)", "Ember Railway - Mono Version"] {
        let asked = by_title("Ember Railway", mono);
        assert!(asks(&asked), "{mono}: {asked:?}");
        assert!(label(by_title(mono, "Ember Railway")).is_some(), "of one album only the label is missing");
        assert_eq!(label(by_title(mono, mono)), None);
        let elsewhere = [file("Ember Railway", "Oda Brenn", "Brenn Gold", 200.0)];
        let asked = decide(&elsewhere, &wanted(mono, &["Oda Brenn"], "Cinders", 200.0));
        assert!(asks(&asked), "{mono}: {asked:?}");
    }
    for (one, other) in
        [("Ember Railway (Radio Edit)", "Ember Railway"), ("Ember Railway", "Ember Railway - Edit")]
    {
        for (wanted, offered) in [(one, other), (other, one)] {
            let says = label(by_title(wanted, offered)).unwrap_or_default();
            assert!(says.contains("marked as an edit"), "{wanted} / {offered}: {says}");
        }
    }
}

#[test]
fn an_edit_of_the_wanted_length_and_album_goes_before_a_weaker_file_without_the_label() {
    let edit = file("Ember Railway (Radio Edit)", "Oda Brenn", "Cinders", 200.0);
    let elsewhere = Made { flac: true, ..file("Ember Railway", "Oda Brenn", "Brenn Gold", 206.0) };
    let want = wanted("Ember Railway", &["Oda Brenn"], "Cinders", 200.0);
    for (files, number) in [([elsewhere.clone(), edit.clone()], 2), ([edit, elsewhere], 1)] {
        let Choice::Chosen(found) = decide(&files, &want) else { panic!("one is far ahead of the other") };
        assert_eq!(found.file_id, number, "{found:?}");
        assert!(found.substitute.is_some_and(|says| says.contains("marked as an edit")));
    }
}

#[test]
fn an_isrc_proves_a_mono_mix() {
    let isrc = Isrc::parse("DEABC0700001").ok();
    let want = Wanted { isrc: isrc.clone(), ..wanted("Ember Railway", &["Oda Brenn"], "Cinders", 200.0) };
    let mut found = offers(&[file("Ember Railway (Mono)", "Oda Brenn", "Cinders", 200.0)]);
    found[0].tags.isrc = isrc;
    let choice = choose_one(&Index::build(&found), &want);
    assert!(matches!(&choice, Choice::Chosen(best) if best.substitute.is_none()), "{choice:?}");
}

#[test]
fn a_piece_of_the_title_that_says_a_version_names_no_artist() {
    let names = ["Oda Brenn", "K, Le Lisk", "Tarn"];
    for (title, offered) in [
        ("Life - K, Le Lisk Remix", "Life - K, Le Lisk Remix (Japanese Ver.)"),
        ("Life", "Life - Tarn & Lisk Rework"),
        ("Life", "Life - Tarn & Lisk Rework (Live)"),
        ("Life", "Life - Tarn & Lisk Bootleg [2011]"),
    ] {
        let want = wanted(title, &names, title, 200.0);
        let choice = decide(&[file(offered, "Oda Brenn, K, Le Lisk, Tarn", title, 199.0)], &want);
        assert!(!matches!(choice, Choice::Chosen(_)), "{title} / {offered}: {choice:?}");
    }
    let untagged = Made::new("Loose/Live - Lightning.mp3", "", "", "", 200.0);
    let choice = decide(&[untagged], &wanted("Lightning", &["Live"], "Throwing", 200.0));
    assert!(matches!(choice, Choice::Chosen(_)), "a band may be called so: {choice:?}");
}
