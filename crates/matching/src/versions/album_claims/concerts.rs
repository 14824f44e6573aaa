//! Which albums have the name of a concert: a day, a hall, a famous place with its year.

use std::sync::LazyLock;

use crate::texts::numerals::MONTHS;
use crate::texts::phrases::{Phrases, Words};
use crate::versions::album_pieces::is_year;
use crate::versions::album_words::{BOOTLEG, FAMOUS_PLACES, PLACES};

static HALLS: LazyLock<Words> = LazyLock::new(|| Words::of(PLACES));
static FAMOUS: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::of(&[((), FAMOUS_PLACES)]));
static TAPED: LazyLock<Words> = LazyLock::new(|| Words::of(BOOTLEG));

/// Whether the name is that of a concert: a day, or a hall after `at`; `Some(true)` where that is certain.
pub(super) fn concert(album: &str, folded: &str) -> Option<bool> {
    let words: Vec<&str> = folded.split(' ').collect();
    if is_at_a_famous_place(folded) {
        return Some(true);
    }
    let taped = words.iter().any(|word| TAPED.has(word));
    if names_a_day(album, &words) {
        return Some(taped || words.iter().any(|word| HALLS.has(word)));
    }
    let place = words.iter().position(|word| matches!(*word, "at" | "from" | "en" | "im" | "au" | "al"));
    let hall = place.is_some_and(|at| words.iter().skip(at + 1).any(|word| HALLS.has(word)));
    // `A Night at the Opera` is a studio album; a hall alone never settles it.
    hall.then_some(false)
}

/// `Glastonbury 2003`, `Wembley '86`.
fn is_at_a_famous_place(folded: &str) -> bool {
    let is_year_behind = |place: &str| {
        let behind = folded.match_indices(place).filter_map(|(at, _)| folded.get(at + place.len()..));
        let mut next = behind.filter_map(|rest| rest.strip_prefix(' ')?.split(' ').next());
        next.any(|word| is_year(word) || word.len() == 2 && word.parse::<u8>().is_ok_and(|year| year >= 50))
    };
    FAMOUS.found_in(folded).into_iter().any(|(place, ())| is_year_behind(place))
}

/// `1973-06-09`, `09.06.1973`, `June 9, 1973`.
fn names_a_day(album: &str, words: &[&str]) -> bool {
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let year = |text: &str| text.len() == 4 && number(text).is_some_and(|n| (1900..2100).contains(&n));
    let small =
        |text: &str, most: u16| text.len() <= 2 && number(text).is_some_and(|n| (1..=most).contains(&n));
    let dated = album.split([' ', '_', '(', ')', '[', ']', ',']).any(|word| {
        let parts: Vec<&str> = word.split(['-', '.', '/']).collect();
        match parts.as_slice() {
            [y, m, d] if year(y) => small(m, 12) && small(d, 31),
            [a, b, y] if year(y) => small(a, 31) && small(b, 31) && (small(a, 12) || small(b, 12)),
            _ => false,
        }
    });
    let month = |text: &str| text.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(text));
    let day = |text: &str| small(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()), 31);
    dated
        || words
            .windows(3)
            .any(|three| matches!(three, [a, b, y] if year(y) && (month(a) && day(b) || day(a) && month(b))))
}
