//! What a policy allows to stand in, and what it never takes.

use std::time::Duration;

use ferrotape_domain::{Choice, Mbid, Wanted};
use ferrotape_matching::{Allowed, Index, Knowledge, Policy, Question, choose};

use crate::catalogue::{Made, choose_one, offers, wanted};

fn under(allowed: Allowed, files: &[Made], wanted: &Wanted) -> Choice {
    let policy = Policy { allowed, ..Policy::default() };
    choose(&Index::build(&offers(files)), Question { wanted, policy: &policy }, &Knowledge::nothing())
}

fn file(title: &str, seconds: f64) -> Made {
    Made::new(&format!("Shelf/{title}.mp3"), title, "Oda Brenn", "Cinders", seconds)
}

fn ember() -> Wanted {
    wanted("Ember Railway", &["Oda Brenn"], "Cinders", 200.0)
}

/// The chosen file's number and what it stands in as.
fn taken(choice: &Choice) -> Option<(i64, Option<&str>)> {
    match choice {
        Choice::Chosen(found) => Some((found.file_id, found.substitute.as_deref())),
        _ => None,
    }
}

const LIVE: Allowed = Allowed { remaster: true, edition: false, live: true, never_clean: false };
const EDITION: Allowed = Allowed { remaster: true, edition: true, live: false, never_clean: false };
const NEVER_CLEAN: Allowed = Allowed { remaster: true, edition: false, live: false, never_clean: true };

#[test]
fn a_live_recording_stands_in_only_where_it_may_and_says_so() {
    let live = [file("Ember Railway (Live at Fenmoor)", 241.0)];
    assert_eq!(taken(&under(Allowed::default(), &live, &ember())), None);
    let choice = under(LIVE, &live, &ember());
    assert_eq!(taken(&choice), Some((1, Some("live, but the plain recording is wanted"))), "{choice:?}");
    let both = [file("Ember Railway (Live at Fenmoor)", 200.0), file("Ember Railway", 200.4)];
    assert_eq!(taken(&under(LIVE, &both, &ember())), Some((2, None)), "the recording itself goes first");
    let remix = [file("Ember Railway (Tarn Bell Remix) [Live]", 241.0)];
    assert_eq!(taken(&under(LIVE, &remix, &ember())), None, "live is allowed, a remix is not");
}

#[test]
fn a_live_recording_of_another_album_and_length_stands_in() {
    let live = Made::new("Shelf/l.mp3", "Ember Railway (Live)", "Oda Brenn", "Live in Tarn", 247.0);
    let choice = under(LIVE, &[live], &ember());
    assert!(matches!(taken(&choice), Some((1, Some(_)))), "{choice:?}");
}

#[test]
fn any_live_recording_will_do_where_live_ones_may_stand_in() {
    let two = [file("Ember Railway (Live at Fenmoor)", 241.0), file("Ember Railway (Live in Tarn)", 260.0)];
    assert!(taken(&under(LIVE, &two, &ember())).is_some());
    let wanted_live = wanted("Ember Railway (Live in Tarn)", &["Oda Brenn"], "Cinders", 260.0);
    assert_eq!(taken(&under(LIVE, &two, &wanted_live)), Some((2, None)));
}

#[test]
fn other_editions_of_one_performance_stand_in_whatever_their_length() {
    for title in ["Ember Railway (Radio Edit)", "Ember Railway (Extended Mix)", "Ember Railway - Mono"] {
        let files = [file(title, 320.0)];
        assert_eq!(taken(&under(Allowed::default(), &files, &ember())), None, "{title}");
        let choice = under(EDITION, &files, &ember());
        assert!(matches!(taken(&choice), Some((1, Some(_)))), "{title}: {choice:?}");
    }
    assert_eq!(taken(&under(EDITION, &[file("Ember Railway (Live)", 320.0)], &ember())), None);
    assert_eq!(
        taken(&under(EDITION, &[file("Ember Railway", 320.0)], &ember())),
        None,
        "120 s longer, unmarked"
    );
}

#[test]
fn a_clean_version_is_never_taken_by_who_never_wants_one() {
    let clean = wanted("Ember Railway (Clean)", &["Oda Brenn"], "Cinders", 200.0);
    let files = [file("Ember Railway (Clean)", 200.0)];
    assert_eq!(taken(&under(Allowed::default(), &files, &clean)), Some((1, None)));
    assert_eq!(taken(&under(NEVER_CLEAN, &files, &clean)), None);
    let both = [file("Ember Railway (Clean)", 200.0), file("Ember Railway", 200.0)];
    assert!(matches!(taken(&under(NEVER_CLEAN, &both, &clean)), Some((2, Some(_)))));
}

#[test]
fn a_remaster_is_labelled_and_can_be_forbidden() {
    let files = [file("Ember Railway - 2014 Remaster", 200.0)];
    let choice = under(Allowed::default(), &files, &ember());
    assert_eq!(taken(&choice), Some((1, Some("a remaster of it"))));
    assert_eq!(taken(&under(Allowed { remaster: false, ..Allowed::default() }, &files, &ember())), None);
}

#[test]
fn an_agreeing_mbid_raises_and_a_differing_one_does_not_reject() {
    let mbid = |last: char| Mbid::parse(&format!("0d1a5c6e-1111-4222-8333-44445555666{last}")).ok();
    let want = Wanted { recording_mbid: mbid('7'), duration: Some(Duration::from_secs(200)), ..ember() };
    let decide = |last: char, title: &str| {
        let mut offers = offers(&[file(title, 200.0)]);
        offers[0].tags.recording_mbid = mbid(last);
        choose_one(&Index::build(&offers), &want)
    };
    let Choice::Chosen(agreeing) = decide('7', "Ember Railway") else { panic!("all agrees") };
    assert!(agreeing.evidence.iter().any(|reason| reason.kind == "mbid"));
    let Choice::Chosen(differing) = decide('8', "Ember Railway") else { panic!("the names agree") };
    assert!(differing.evidence.iter().all(|reason| reason.kind != "mbid"));
    assert!(!matches!(decide('7', "Something Else"), Choice::Chosen(_)), "an id alone is no proof");
    assert!(!matches!(decide('7', "Ember Railway (Live)"), Choice::Chosen(_)), "nor against the version");
}
