//! Single rules, each on a handful of made-up files.

use ferrotape_domain::{Cancel, Choice, Isrc, Silent, Wanted, WantedKind};
use ferrotape_matching::{
    Allowed, Index, Knowledge, Policy, Question, ReleaseChoice, choose, choose_all, choose_release,
};

use crate::catalogue::{Made, choose_each, choose_one, offers, wanted};

fn decide(files: &[Made], wanted: &Wanted) -> Choice {
    choose_one(&Index::build(&offers(files)), wanted)
}

fn chosen(files: &[Made], wanted: &Wanted) -> Option<i64> {
    match decide(files, wanted) {
        Choice::Chosen(best) => Some(best.file_id),
        _ => None,
    }
}

fn file(title: &str, album: &str, seconds: f64) -> Made {
    Made::new(&format!("Oda Brenn/{album}/{title}.mp3"), title, "Oda Brenn", album, seconds)
}

#[test]
fn a_live_take_is_shown_with_its_reason_and_never_chosen() {
    let files = [file("Ember Railway (Live)", "Cinders", 221.0)];
    let Choice::Review(near, why) =
        decide(&files, &wanted("Ember Railway", &["Oda Brenn"], "Cinders", 180.0))
    else {
        panic!("the live take is neither the recording nor nothing");
    };
    assert_eq!(near.len(), 1);
    assert!(why.contains("41 s longer") || why.contains("live"), "{why}");
    let said: Vec<&str> = near[0].evidence.iter().map(|e| e.says.as_str()).collect();
    assert!(said.contains(&"41 s longer"), "{said:?}");
    assert!(said.contains(&"live, but the plain recording is wanted"), "{said:?}");
}

#[test]
fn a_wanted_live_take_is_not_filled_with_the_studio_one() {
    let files = [file("Ember Railway", "Cinders", 180.0)];
    assert_eq!(chosen(&files, &wanted("Ember Railway - Live", &["Oda Brenn"], "", 180.0)), None);
}

#[test]
fn an_album_that_says_live_speaks_for_a_bare_title() {
    let files = [
        file("Ember Railway", "Live at Fenmoor", 181.0),
        file("Ember Railway", "In Concert - Fenmoor", 181.0),
    ];
    assert_eq!(chosen(&files, &wanted("Ember Railway", &["Oda Brenn"], "Cinders", 180.0)), None);
    assert_eq!(chosen(&files, &wanted("Ember Railway", &["Oda Brenn"], "Live at Fenmoor", 181.0)), Some(1));
}

#[test]
fn two_remixers_are_two_recordings() {
    let files =
        [file("Ember (Tarn Bell Remix)", "Cinders", 300.0), file("Ember (Lisk Dub)", "Cinders", 300.5)];
    assert_eq!(chosen(&files, &wanted("Ember - Tarn Bell Remix", &["Oda Brenn"], "", 300.0)), Some(1));
    assert_eq!(chosen(&files[1..], &wanted("Ember - Lisk Remix", &["Oda Brenn"], "", 310.0)), None);
}

#[test]
fn numbers_must_agree() {
    let files = [file("Sketches Vol. 4.5", "Sketches", 200.0), file("Sketches 2", "Sketches", 200.0)];
    assert_eq!(chosen(&files, &wanted("Sketches Vol. 4", &["Oda Brenn"], "Sketches", 200.0)), None);
    assert_eq!(chosen(&files, &wanted("Sketches", &["Oda Brenn"], "Sketches", 200.0)), None);
    assert_eq!(chosen(&files, &wanted("Sketches II", &["Oda Brenn"], "Sketches", 200.0)), Some(2));
}

#[test]
fn short_titles_and_other_scripts() {
    let files = [
        file("Loveless", "A", 200.0),
        file("夜の庭", "B", 210.0),
        file("Ночь", "C", 215.0),
        file("!!!", "D", 220.0),
    ];
    assert_eq!(chosen(&files, &wanted("Love", &["Oda Brenn"], "A", 200.0)), None);
    assert_eq!(chosen(&files, &wanted("夜の庭", &["Oda Brenn"], "B", 210.0)), Some(2));
    assert_eq!(chosen(&files, &wanted("夜の街", &["Oda Brenn"], "B", 210.0)), None);
    assert_eq!(chosen(&files, &wanted("НОЧЬ", &["Oda Brenn"], "C", 215.0)), Some(3));
    assert_eq!(chosen(&files, &wanted("!!!", &["Oda Brenn"], "D", 220.0)), Some(4));
}

#[test]
fn of_equal_copies_the_best_sounding_is_taken() {
    let flac = Made { flac: true, path: "z/x.flac".into(), ..file("Ember", "Cinders", 200.4) };
    let loud = Made { kbps: 320, path: "y/x.mp3".into(), ..file("Ember", "Cinders", 200.0) };
    let files = [file("Ember", "Cinders", 200.0), loud, flac];
    let want = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    assert_eq!(chosen(&files, &want), Some(3));
    assert_eq!(chosen(&files[..2], &want), Some(2));
}

#[test]
fn names_alone_choose_only_where_one_recording_is_there() {
    let want = wanted("Ember", &["Oda Brenn"], "Cinders", 0.0);
    assert_eq!(chosen(&[file("Ember", "Cinders", 200.0)], &want), Some(1));
    assert_eq!(chosen(&[file("Ember", "Best Of", 200.0)], &want), Some(1));
    let two = [file("Ember", "Best Of", 200.0), file("Ember", "Other Best Of", 260.0)];
    let Choice::Review(near, why) = decide(&two, &want) else { panic!("two recordings fit") };
    assert_eq!(near.len(), 2);
    assert!(why.contains("differ by 60 s"), "{why}");
}

#[test]
fn an_agreeing_isrc_is_evidence_and_a_differing_one_no_proof() {
    let with = |isrc: &str| Made { isrc: isrc.into(), ..file("Ember", "Cinders", 200.0) };
    let want = Wanted {
        isrc: Isrc::parse("QZAAA2600001").ok(),
        ..wanted("Ember", &["Oda Brenn"], "Cinders", 200.0)
    };
    let Choice::Chosen(agreeing) = decide(&[with("QZAAA2600001")], &want) else { panic!("all agrees") };
    assert!(agreeing.evidence.iter().any(|e| e.kind == "isrc"));
    let Choice::Chosen(differing) = decide(&[with("QZAAA2600002")], &want) else { panic!("names agree") };
    assert!(differing.evidence.iter().all(|e| e.kind != "isrc"), "a match by name is not one by ISRC");
    let other = Made { title: "Something Else".into(), path: "q/q.mp3".into(), ..with("QZAAA2600001") };
    assert!(!matches!(decide(&[other], &want), Choice::Chosen(_)), "one ISRC may be on two recordings");
}

#[test]
fn refused_files_are_not_proposed_again() {
    let index = Index::build(&offers(&[file("Ember", "Cinders", 200.0)]));
    let want = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    let known = Knowledge { refused: &|_, content| content.0.ends_with('1'), ..Knowledge::nothing() };
    let choice = choose(&index, Question { wanted: &want, policy: &Policy::default() }, &known);
    assert!(matches!(choice, Choice::None(_)), "{choice:?}");
}

#[test]
fn two_tracks_of_one_release_do_not_share_a_file() {
    let index = Index::build(&offers(&[file("Ember Song", "Cinders", 200.0)]));
    let one = wanted("Ember Song", &["Oda Brenn"], "Cinders", 200.0);
    let two = wanted("Ember Sogn", &["Oda Brenn"], "Cinders", 204.0);
    let all = choose_each(&index, &[&two, &one, &one]);
    assert!(!matches!(all[0], Choice::Chosen(_)), "{:?}", all[0]);
    assert!(
        matches!(all[1], Choice::Chosen(_)) && all[1] == all[2],
        "one recording wanted twice is one file"
    );
}

#[test]
fn found_siblings_lift_a_doubtful_one() {
    let track = |title: &str, seconds| {
        Made::new(&format!("Shelf/Brenn 3/{title}.mp3"), title, "Oda Brenn", "Brenn three", seconds)
    };
    let files = [track("Ash", 200.0), track("Birch", 210.0), track("Cedar", 220.0), track("Dogwood", 237.0)];
    let index = Index::build(&offers(&files));
    let want = |title: &str, seconds| wanted(title, &["Oda Brenn"], "Third", seconds);
    let doubtful = want("Dogwood", 230.0);
    let alone = choose_one(&index, &doubtful);
    assert!(matches!(alone, Choice::Review(..)), "{alone:?}");
    let all = [want("Ash", 200.0), want("Birch", 210.0), want("Cedar", 220.0), doubtful];
    let all: Vec<&Wanted> = all.iter().collect();
    let choices = choose_each(&index, &all);
    assert!(matches!(&choices[3], Choice::Chosen(best) if best.file_id == 4), "{:?}", choices[3]);
}

#[test]
fn a_saved_album_is_the_files_that_carry_its_name() {
    let on = |album: &str, title: &str, track| Made {
        track,
        path: format!("{album}/{title}.mp3"),
        ..file(title, album, 200.0)
    };
    let flac = Made { flac: true, path: "copy/Ash.flac".into(), ..on("Cinders", "Ash", 1) };
    let files = [
        on("Cinders", "Birch", 2),
        on("Cinders", "Ash", 1),
        on("Cinders (Deluxe)", "Cedar", 3),
        flac,
        Made { artist: "Tarvo Lisk".into(), ..on("Cinders", "Dogwood", 4) },
    ];
    let index = Index::build(&offers(&files));
    let album = Wanted { kind: WantedKind::Release, ..wanted("Cinders", &["Oda Brenn"], "", 0.0) };
    let ReleaseChoice::Chosen { files, .. } = choose_release(&index, &album, Allowed::default()) else {
        panic!("the album is there")
    };
    assert_eq!(files, [4, 1]);
    let missing = Wanted { kind: WantedKind::Release, ..wanted("Cinders (Live)", &["Oda Brenn"], "", 0.0) };
    assert!(matches!(choose_release(&index, &missing, Allowed::default()), ReleaseChoice::None(_)));
}

#[test]
fn editions_mixed_under_one_album_name_go_to_review() {
    let on =
        |title: &str, track| Made { track, path: format!("{title}.mp3"), ..file(title, "Cinders", 200.0) };
    let index = Index::build(&offers(&[on("Ash", 1), on("Birch", 1)]));
    let album = Wanted { kind: WantedKind::Release, ..wanted("Cinders", &["Oda Brenn"], "", 0.0) };
    assert!(matches!(choose_release(&index, &album, Allowed::default()), ReleaseChoice::Review { .. }));
}

#[test]
fn hostile_texts_do_no_harm() {
    let long = "ab (".repeat(5_000);
    let files = [
        Made::new(&long, &long, &long, &long, 200.0),
        Made::new("", "\u{0}\u{202e}((((", " - - - ", "[[", 1.0),
        Made::new("////", "()", ";;;;", "-", 0.0),
    ];
    let index = Index::build(&offers(&files));
    for title in [long.as_str(), "", "(((", " - ", "\u{0}"] {
        let _ = choose_one(&index, &wanted(title, &[title], title, 200.0));
    }
    assert_eq!(index.len(), 3);
}

#[test]
fn titles_that_differ_only_far_behind_are_not_taken_for_each_other() {
    let titled = |words: usize, end: &str| format!("{}{end}", "ash ".repeat(words));
    for words in [120, 500, 2_500] {
        let (first, last) = (titled(words, "first"), titled(words, "last"));
        let other = [Made::new("1.flac", &first, "Oda Brenn", "Cinders", 200.0)];
        let want = wanted(&last, &["Oda Brenn"], "Cinders", 200.0);
        let Choice::Review(_, why) = decide(&other, &want) else {
            panic!("of {words} words only the beginning is compared");
        };
        assert!(why.contains("too long"), "{why}");
    }
    let both = ["first", "last"].map(|end| {
        let title = titled(120, end);
        Made::new(&format!("{end}.flac"), &title, "Oda Brenn", "Cinders", 200.0)
    });
    let want = wanted(&titled(120, "last"), &["Oda Brenn"], "Cinders", 200.0);
    assert_eq!(chosen(&both, &want), Some(2), "what is the same to its end is it");
}

#[test]
fn a_stopped_run_answers_for_everything() {
    let cancel = Cancel::default();
    cancel.stop();
    let want = wanted("Ember", &["Oda Brenn"], "", 0.0);
    let index = Index::build(&[]);
    let all = choose_all(
        &index,
        &[Question { wanted: &want, policy: &Policy::default() }],
        &Knowledge::nothing(),
        &Silent,
        &cancel,
    );
    assert!(matches!(all.as_slice(), [Choice::None(_)]));
}

#[test]
fn a_remaster_stands_in_labelled_unless_the_policy_forbids_it() {
    let index = Index::build(&offers(&[file("Ember - 2014 Remaster", "Cinders", 200.0)]));
    let want = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    let Choice::Chosen(found) = choose_one(&index, &want) else {
        panic!("a remaster is allowed by default");
    };
    assert!(found.evidence.iter().any(|e| e.says == "a remaster of it"), "{:?}", found.evidence);
    let strict = Policy { allowed: Allowed { remaster: false, ..Allowed::default() }, ..Policy::default() };
    assert!(!matches!(
        choose(&index, Question { wanted: &want, policy: &strict }, &Knowledge::nothing()),
        Choice::Chosen(_)
    ));
}

#[test]
fn an_agreeing_album_artist_does_not_outvote_the_track_artist() {
    let other = Made {
        artist: "Tarvo Lisk".into(),
        album_artist: "Oda Brenn".into(),
        path: "x/y.mp3".into(),
        ..file("Ember", "Friends Sing Brenn", 200.0)
    };
    assert_eq!(chosen(&[other], &wanted("Ember", &["Oda Brenn"], "Cinders", 0.0)), None);
}
