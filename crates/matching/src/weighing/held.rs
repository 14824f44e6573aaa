//! A long and a short title of one track: `A Love Supreme, Part 1: Acknowledgement` and `Acknowledgement`. Catalogues put works in
//! front of their pieces, and add what a track ends in; only the album, the number on it and the length tell that it is one.

use crate::classical::piece::is_same_word;
use crate::readings::describe::{From, Reading, Sought};
use crate::texts::normalise::{fold, squash};
use crate::texts::numerals::{numbers, numerals};
use crate::weighing::kinds::AS_LONG;
use crate::weighing::place::PlaceFit;

/// Playing times of one recording, in milliseconds; what is far longer holds more than the one track.
const CLOSE: u32 = 2_000;
const FAR: u32 = 9_000;

/// How sure it is that a title and a longer one are of one track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Album, number and length agree, too.
    Surely,
    Perhaps,
}

/// Whether one title holds the other, on one album whose name is known to agree.
pub(crate) fn held(sought: &Sought, reading: &Reading, place: PlaceFit, apart: Option<u32>) -> Option<Held> {
    let within = |most: u32| apart.is_some_and(|apart| apart <= most);
    let is_near = place.agrees() || within(CLOSE);
    let is_far = place.differs() || apart.is_some_and(|apart| apart > FAR);
    let is_read_plainly = matches!(reading.from, From::Tags | From::FileName);
    if !is_near || is_far || !is_read_plainly {
        return None;
    }
    let (wanted, offered) = (sought.title.whole(), reading.title.whole());
    let (long, short) = if wanted.len() >= offered.len() { (&wanted, &offered) } else { (&offered, &wanted) };
    if squash(short).chars().count() < 3 {
        return None;
    }
    let printed: &str = if wanted.len() >= offered.len() { &sought.printed } else { reading.printed() };
    let parts = parts(printed);
    // `Ebb Reprise` is no `Ebb` with more around it.
    if parts.len() < 2 {
        return None;
    }
    let squashed = squash(short);
    let begins = parts.first() == Some(&squashed);
    // `Ebb: Part 2` and `Ebb - Intro` begin in `Ebb`, too.
    let may_be_other = printed.contains(" - ") || numbers(long) != numbers(short);
    let is_told = begins && !may_be_other || has_all_words(long, short);
    if is_told && place.agrees() && within(AS_LONG) {
        return Some(Held::Surely);
    }
    (begins || parts.last() == Some(&squashed)).then_some(Held::Perhaps)
}

/// Whether the long title ends as the short one, and has all its words in their order; `Gymnopédie` is one of the `Gymnopédies`.
fn has_all_words(long: &str, short: &str) -> bool {
    // Of one word or two, one that differs by a letter may be another one.
    let are_many = short.split(' ').count() > 2;
    let is_same = |a: &str, b: &str| a == b || are_many && is_same_word(a, b);
    let mut words = long.split(' ');
    let end_alike = long.rsplit(' ').next() == short.rsplit(' ').next();
    end_alike && short.split(' ').all(|word| words.any(|other| is_same(word, other)))
}

/// What signs part a printed title into.
fn parts(printed: &str) -> Vec<String> {
    let parts = printed.split([':', '/', ';']).flat_map(|part| part.split(" - "));
    parts.map(|part| squash(&numerals(&fold(part)))).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{Wanted, WantedKind};

    use super::*;

    /// Both ways round, which are always the same.
    fn found(one: &str, other: &str, place: PlaceFit, apart: Option<u32>) -> Option<Held> {
        let way = |wanted: &str, offered: &str| {
            let wanted = Wanted { title: wanted.to_owned(), ..Wanted::of_kind(WantedKind::Recording) };
            held(&Sought::of(&wanted), &Reading::of_title(offered), place, apart)
        };
        assert_eq!(way(one, other), way(other, one), "{one} / {other}");
        way(one, other)
    }

    #[test]
    fn a_title_within_a_longer_one_is_the_track_where_all_else_agrees() {
        for (short, long) in [
            ("Acknowledgement", "A Love Supreme, Part 1: Acknowledgement"),
            ("Gymnopédie No. 1", "3 Gymnopédies: No. 1"),
            ("Requiem: Dies irae", "Requiem in D Minor, K. 626: III. Sequentia: Dies irae"),
            (
                "The Four Seasons - Spring: I. Allegro",
                "The Four Seasons, Concerto No. 1 in E Major, RV 269 \"Spring\": I. Allegro",
            ),
            ("End", "End/Golden Girl"),
        ] {
            assert_eq!(found(short, long, PlaceFit::Same, Some(900)), Some(Held::Surely), "{short}");
            assert_eq!(found(short, long, PlaceFit::OtherTrack, Some(900)), None, "{short}");
            assert_eq!(found(short, long, PlaceFit::Unknown, None), None, "{short}");
        }
    }

    #[test]
    fn where_less_agrees_it_is_asked() {
        let long = "A Love Supreme, Part 1: Acknowledgement";
        assert_eq!(found("Acknowledgement", long, PlaceFit::Same, None), Some(Held::Perhaps));
        assert_eq!(found("Acknowledgement", long, PlaceFit::Unknown, Some(1_500)), Some(Held::Perhaps));
        assert_eq!(found("Acknowledgement", long, PlaceFit::Same, Some(60_000)), None);
        assert_eq!(found("Resolution", long, PlaceFit::Same, Some(0)), None);
        assert_eq!(found("Love", long, PlaceFit::Same, None), None);
        let variation = |which: &str| format!("Goldberg Variations, BWV 988: Variation {which}");
        let (one, other) = (variation("1 a 1 Clav."), variation("7 a 1 ovvero 2 Clav."));
        assert_eq!(found(&one, &other, PlaceFit::Same, Some(0)), None);
        assert_eq!(found("Ebb", "Ebb Reprise", PlaceFit::Same, Some(0)), None);
        assert_eq!(found("Low: Ebb", "Low: Ebb, Pt. 2", PlaceFit::Same, Some(0)), None);
        assert_eq!(found("Ebb", "Ebb - Pt. 2", PlaceFit::Same, Some(0)), Some(Held::Perhaps));
        assert_eq!(found("Ebb", "Ebb - Prologue", PlaceFit::Same, Some(0)), Some(Held::Perhaps));
    }
}
