//! What was heard settles what texts cannot. Fingerprints here are made up: bits that look random, and some flipped.

use std::collections::HashMap;
use std::time::Duration;

use ferrotape_domain::{Cancel, Choice, ContentId, Health, Heard, Match, Silent, Wanted};
use ferrotape_matching::{
    Index, Knowledge, Likeness, Policy, Question, choose, choose_all, likeness, worth_hearing,
};

use crate::catalogue::{Made, Numbers, offers, wanted};

/// A recording of so many seconds.
fn recording(seed: u64, seconds: u64) -> Heard {
    let mut numbers = Numbers(seed);
    let values = usize::try_from(seconds.min(120) * 8).unwrap();
    let fingerprint = (0..values).map(|_| u32::try_from(numbers.below(1 << 31)).unwrap() << 1).collect();
    Heard { fingerprint, duration: Duration::from_secs(seconds), health: Health::Sound }
}

/// The same with `share` of its bits flipped, from the value `from` on.
fn worn(heard: &Heard, share: f64, from: usize) -> Heard {
    let mut numbers = Numbers(99);
    let mut worn = heard.clone();
    for value in worn.fingerprint.iter_mut().skip(from) {
        for bit in 0..32 {
            if (numbers.below(1_000_000) as f64) < share * 1_000_000.0 {
                *value ^= 1 << bit;
            }
        }
    }
    worn
}

fn later(heard: &Heard, values: usize) -> Heard {
    Heard { fingerprint: heard.fingerprint[values..].to_vec(), ..heard.clone() }
}

fn lasting(heard: &Heard, seconds: u64) -> Heard {
    let values = usize::try_from(seconds * 8).unwrap().min(heard.fingerprint.len());
    let fingerprint = heard.fingerprint[..values].to_vec();
    Heard { fingerprint, duration: Duration::from_secs(seconds), ..heard.clone() }
}

#[test]
fn one_recording_is_known_in_other_clothes_and_others_are_not() {
    let studio = recording(1, 200);
    assert_eq!(likeness(&studio, &studio), Likeness::Same);
    assert_eq!(likeness(&studio, &worn(&studio, 0.05, 0)), Likeness::Same);
    assert_eq!(likeness(&studio, &later(&studio, 20)), Likeness::Same, "2.5 s of silence cut off");
    assert_eq!(likeness(&later(&studio, 20), &studio), Likeness::Same);
    assert_eq!(likeness(&studio, &later(&studio, 60)), Likeness::Different, "more than the shift allowed");
    assert_eq!(likeness(&studio, &worn(&studio, 0.2, 0)), Likeness::CannotTell);
    assert_eq!(likeness(&studio, &worn(&studio, 0.4, 0)), Likeness::Different);
    assert_eq!(likeness(&studio, &recording(2, 200)), Likeness::Different);
}

#[test]
fn a_voice_that_comes_in_late_makes_another_recording_not_a_copy() {
    let studio = recording(1, 200);
    // A tenth of the bits in all, but nearly half of them in the last stretch.
    assert_ne!(likeness(&studio, &worn(&studio, 0.4, 760)), Likeness::Same);
}

#[test]
fn too_little_and_too_even_a_sound_tells_nothing() {
    let short = recording(1, 8);
    assert_eq!(likeness(&short, &short), Likeness::CannotTell);
    let even = Heard { fingerprint: vec![627_964_279; 900], ..recording(1, 200) };
    assert_eq!(likeness(&even, &even), Likeness::CannotTell);
    let nothing = Heard { fingerprint: Vec::new(), ..recording(1, 200) };
    assert_eq!(likeness(&nothing, &recording(1, 200)), Likeness::CannotTell);
}

#[test]
fn a_beginning_is_a_part_and_an_ending_of_some_seconds_is_doubtful() {
    let whole = recording(1, 200);
    assert_eq!(likeness(&lasting(&whole, 150), &whole), Likeness::FirstIsPart);
    assert_eq!(likeness(&whole, &lasting(&whole, 60)), Likeness::SecondIsPart);
    assert_eq!(likeness(&whole, &lasting(&whole, 180)), Likeness::CannotTell, "an edit, or a faded end");
    assert_eq!(likeness(&whole, &lasting(&whole, 197)), Likeness::Same);
}

/// Decides with what was heard of the files, in their order; `None` for files nobody listened to.
fn decide(files: &[Made], heard: &[Option<Heard>], wanted: &Wanted) -> Choice {
    let offers = offers(files);
    let index = Index::build(&offers);
    let heard: HashMap<ContentId, Heard> = offers
        .iter()
        .zip(heard)
        .filter_map(|(offer, heard)| Some((offer.content.clone(), heard.clone()?)))
        .collect();
    let known = Knowledge { refused: &|_, _| false, heard: &heard, measured: false };
    let policy = Policy::default();
    let question = Question { wanted, policy: &policy };
    let one = choose(&index, question, &known);
    let all = choose_all(&index, &[question], &known, &Silent, &Cancel::default());
    assert_eq!(all, std::slice::from_ref(&one), "alone or among others, the answer is one");
    one
}

fn chosen(choice: &Choice) -> i64 {
    match choice {
        Choice::Chosen(best) => best.file_id,
        other => panic!("not chosen: {other:?}"),
    }
}

fn review(choice: Choice) -> (Vec<Match>, String) {
    match choice {
        Choice::Review(near, why) => (near, why),
        other => panic!("no review: {other:?}"),
    }
}

fn says(found: &Match) -> String {
    let said: Vec<&str> =
        found.evidence.iter().filter(|e| e.kind == "sound").map(|e| e.says.as_str()).collect();
    said.join(" | ")
}

fn ember(album: &str, seconds: f64) -> Made {
    Made::new(&format!("Oda Brenn/{album}/Ember.mp3"), "Ember", "Oda Brenn", album, seconds)
}

#[test]
fn files_that_sound_the_same_are_no_rivals_and_the_best_is_taken() {
    // The header of the first lies about its length; by their texts the two contradict each other.
    let files = [ember("Cinders", 194.0), Made { flac: true, ..ember("Hearth", 200.0) }];
    let wish = wanted("Ember", &["Oda Brenn"], "", 0.0);
    let (_, why) = review(decide(&files, &[None, None], &wish));
    assert!(why.contains("differ by 6 s"), "{why}");
    let studio = recording(1, 200);
    let heard = [Some(worn(&studio, 0.04, 0)), Some(studio)];
    let answer = decide(&files, &heard, &wish);
    assert_eq!(chosen(&answer), 2, "the lossless copy");
    let Choice::Chosen(best) = answer else { unreachable!() };
    assert_eq!(says(&best), "sounds the same as another file");
}

#[test]
fn equal_texts_that_sound_different_are_two_recordings() {
    let files = [ember("Cinders", 200.0), ember("Hearth", 201.0)];
    let wish = wanted("Ember", &["Oda Brenn"], "", 0.0);
    chosen(&decide(&files, &[None, None], &wish));
    let (near, why) = review(decide(&files, &[Some(recording(1, 200)), Some(recording(2, 201))], &wish));
    assert_eq!(near.len(), 2);
    assert!(why.contains("do not sound the same"), "{why}");
    assert!(near.iter().all(|one| says(one) == "sounds different from another file"), "{near:?}");
}

#[test]
fn an_edit_of_the_wanted_length_that_sounds_otherwise_is_a_rival() {
    let edit = Made { title: "Ember (Radio Edit)".to_owned(), ..ember("Cinders", 200.0) };
    let files = [ember("Hearth", 200.0), edit];
    let wish = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    let studio = recording(1, 200);
    let two = [Some(studio.clone()), Some(recording(2, 200))];
    let (near, why) = review(decide(&files, &two, &wish));
    assert_eq!(near.len(), 2, "{near:?}");
    assert!(why.contains("do not sound the same"), "{why}");
    assert_eq!(chosen(&decide(&files, &[Some(studio.clone()), Some(studio)], &wish)), 2);
}

#[test]
fn what_is_silent_or_cut_short_is_never_chosen() {
    let files = [Made { flac: true, ..ember("Cinders", 200.0) }, ember("Cinders", 200.0)];
    let wish = wanted("Ember", &["Oda Brenn"], "Cinders", 200.0);
    assert_eq!(chosen(&decide(&files, &[None, None], &wish)), 1);
    let cut = Heard { health: Health::CutShort, ..lasting(&recording(1, 200), 62) };
    let sound = recording(1, 200);
    assert_eq!(chosen(&decide(&files, &[Some(cut.clone()), Some(sound)], &wish)), 2);
    let (near, why) = review(decide(&files[..1], &[Some(cut)], &wish));
    assert!(why.contains("ends after 1:02, before its header says"), "{why}");
    assert!(says(&near[0]).contains("cut short"));
    let silent = Heard { health: Health::Silent, ..recording(1, 200) };
    let (_, why) = review(decide(&files[..1], &[Some(silent)], &wish));
    assert!(why.contains("nothing but silence"), "{why}");
}

#[test]
fn the_beginning_of_another_file_is_not_taken_without_asking() {
    let whole = recording(1, 240);
    let files = [ember("Cinders", 150.0), ember("Hearth", 240.0)];
    let heard = [Some(lasting(&whole, 150)), Some(whole)];
    let same_album = wanted("Ember", &["Oda Brenn"], "Cinders", 0.0);
    let (_, why) = review(decide(&files, &heard, &same_album));
    assert!(why.contains("90 s"), "{why}");
    // Where the shorter one has the wanted length, it is what is wanted.
    let edit = wanted("Ember", &["Oda Brenn"], "Cinders", 150.0);
    assert_eq!(chosen(&decide(&files, &heard, &edit)), 1);
}

#[test]
fn copies_are_shown_once() {
    let studio = recording(1, 200);
    let mut files = vec![
        ember("Cinders", 200.0),
        Made { kbps: 320, ..ember("Best Of", 200.0) },
        Made { kbps: 64, ..ember("Hits", 200.0) },
        ember("Live Wire", 200.5),
    ];
    files[3].path = "Oda Brenn/other/Ember.mp3".to_owned();
    let heard = [
        Some(worn(&studio, 0.03, 0)),
        Some(studio.clone()),
        Some(worn(&studio, 0.06, 0)),
        Some(recording(7, 200)),
    ];
    let (near, why) = review(decide(&files, &heard, &wanted("Ember", &["Oda Brenn"], "", 0.0)));
    assert_eq!(near.len(), 2, "{near:?}");
    assert!(why.contains("do not sound the same"), "{why}");
    let copies = near.iter().find(|one| says(one).contains("3 copies")).unwrap();
    assert_eq!(copies.file_id, 2, "the best of the three");
}

#[test]
fn only_what_the_sound_could_settle_is_worth_hearing() {
    let files = [ember("Cinders", 194.0), ember("Hearth", 200.0), ember("Hearth (Live)", 230.0)];
    let offers = offers(&files);
    let index = Index::build(&offers);
    let policy = Policy::default();
    let nothing = Knowledge::nothing();
    let ask = |wish: &Wanted| {
        let question = Question { wanted: wish, policy: &policy };
        let choice = choose(&index, question, &nothing);
        let mut worth = worth_hearing(&index, question, &choice, &nothing);
        worth.sort_unstable();
        worth
    };
    assert_eq!(ask(&wanted("Ember", &["Oda Brenn"], "", 0.0)), [1, 2], "the live one is out by its texts");
    assert_eq!(ask(&wanted("Ember", &["Oda Brenn"], "Cinders", 194.0)), [0_i64; 0], "settled by its length");
    assert_eq!(ask(&wanted("Ash", &["Oda Brenn"], "", 0.0)), [0_i64; 0]);
}
