//! Tracks of one release are decided together.

use ferrotape_domain::{Choice, Wanted};
use ferrotape_matching::{Index, Knowledge, Policy, Question, explain};

use crate::catalogue::{Made, choose_each, offers, wanted};

fn track(path: &str, title: &str, seconds: f64) -> Made {
    Made::new(path, title, "Oda Brenn", "Cinders", seconds)
}

fn want(title: &str, seconds: f64) -> Wanted {
    wanted(title, &["Oda Brenn"], "Cinders", seconds)
}

fn file_of(choice: &Choice) -> Option<i64> {
    if let Choice::Chosen(found) = choice { Some(found.file_id) } else { None }
}

#[test]
fn two_tracks_of_one_name_get_the_file_of_their_length() {
    let files = [track("a.mp3", "Interlude", 61.0), track("b.mp3", "Interlude", 66.0)];
    let index = Index::build(&offers(&files));
    let (short, long) = (want("Interlude", 61.0), want("Interlude", 66.0));
    for order in [[&short, &long], [&long, &short]] {
        let found: Vec<Option<i64>> = choose_each(&index, &order).iter().map(file_of).collect();
        let expected = if order[0] == &short { [Some(1), Some(2)] } else { [Some(2), Some(1)] };
        assert_eq!(found, expected);
    }
}

#[test]
fn two_copies_of_one_recording_are_not_given_to_two_tracks() {
    let copies = [track("a.mp3", "Ember", 200.0), Made { flac: true, ..track("b.flac", "Ember", 200.0) }];
    let index = Index::build(&offers(&copies));
    let all = choose_each(&index, &[&want("Ember", 200.0), &want("Ember", 205.0)]);
    assert_eq!(file_of(&all[0]), Some(2));
    assert_eq!(file_of(&all[1]), None, "{:?}", all[1]);
}

#[test]
fn an_explanation_gives_the_same_answer_and_shows_what_was_rejected() {
    let files = [track("a.mp3", "Ember", 200.0), track("b.mp3", "Ember (Live)", 241.0)];
    let index = Index::build(&offers(&files));
    let (first, second) = (want("Ember", 200.0), want("Ember", 205.0));
    let policy = Policy::default();
    let questions = [&first, &second].map(|wanted| Question { wanted, policy: &policy });
    let together = choose_each(&index, &[&first, &second]);
    for (at, choice) in together.iter().enumerate() {
        let explained = explain(&index, &questions, at, &Knowledge::nothing()).expect("it was asked");
        assert_eq!(&explained.choice, choice);
        let live = explained.near.iter().find(|near| near.found.file_id == 2).expect("it was looked at");
        assert!(live.rejected.as_deref().is_some_and(|why| why.starts_with("live, but")), "{live:?}");
    }
    assert!(explain(&index, &questions, 2, &Knowledge::nothing()).is_none());
}
