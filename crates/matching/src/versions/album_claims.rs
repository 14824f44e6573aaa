//! What an album's or a folder's name claims of all its tracks.
//!
//! Many live recordings say so nowhere but in the album's name, in many ways: `Live at …`, `Unplugged`, a date, a hall.

use std::sync::LazyLock;

use crate::texts::normalise::fold;
use crate::texts::numerals::MONTHS;
use crate::texts::phrases::{Phrases, Words};
use crate::versions::album_words::{ALBUM_ALONE, ALBUM_ANYWHERE, BOOTLEG, PLACES};
use crate::versions::table::{Claim, Kind};

static ANYWHERE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ANYWHERE));
static ALONE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ALONE));
static HALLS: LazyLock<Words> = LazyLock::new(|| Words::of(PLACES));
static TAPED: LazyLock<Words> = LazyLock::new(|| Words::of(BOOTLEG));

/// What an album's name claims for all its tracks, and whether it does so plainly (`Live at …`) or only perhaps
/// (`Alive: Red Rocks`, `Covers`).
pub(crate) fn claims_of_album(album: &str) -> Vec<(Claim, bool)> {
    let folded = fold(album);
    let mut found: Vec<(Claim, bool)> = Vec::new();
    let mut add = |kind: Kind, plain: bool| match found.iter_mut().find(|(claim, _)| claim.kind == kind) {
        Some((_, known)) => *known |= plain,
        None => found.push((Claim { kind, particulars: Vec::new() }, plain)),
    };
    for (_, kind) in ANYWHERE.found_in(&folded) {
        add(kind, true);
    }
    let pieces: Vec<String> = album
        .split([':', '(', ')', '[', ']', '-', '–', '—', ',', '/', '!', '_'])
        .map(fold)
        .filter(|p| !p.is_empty())
        .collect();
    for (at, piece) in [(1, pieces.first()), (pieces.len(), pieces.last())] {
        let Some(piece) = piece else { continue };
        for (_, kind) in ALONE.found_in(piece).into_iter().filter(|(phrase, _)| phrase == piece) {
            // An album called `Clean` is one; `Ember (Clean)` says something.
            if kind != Kind::Clean || at > 1 {
                add(kind, piece == "live" && kind == Kind::Live);
            }
        }
    }
    let performs =
        ["performs ", "plays ", "tribute ", "salute to "].iter().any(|start| folded.starts_with(start));
    if performs {
        add(Kind::Cover, false);
    }
    let first_live =
        folded.starts_with("alive ") || folded.ends_with(" live") && !folded.ends_with(" to live");
    if first_live {
        add(Kind::Live, false);
    }
    if let Some(plain) = concert(album, &folded) {
        add(Kind::Live, plain);
    }
    found
}

/// Whether the name is that of a concert: a day, or a hall after `at`; `Some(true)` where that is certain.
fn concert(album: &str, folded: &str) -> Option<bool> {
    let words: Vec<&str> = folded.split(' ').collect();
    let taped = words.iter().any(|word| TAPED.has(word));
    if names_a_day(album, &words) {
        return Some(taped || words.iter().any(|word| HALLS.has(word)));
    }
    let place = words.iter().position(|word| matches!(*word, "at" | "from" | "en" | "im" | "au" | "al"));
    let hall = place.is_some_and(|at| words.iter().skip(at + 1).any(|word| HALLS.has(word)));
    // `A Night at the Opera` is a studio album; a hall alone never settles it.
    hall.then_some(false)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(album: &str) -> Vec<(Kind, bool)> {
        claims_of_album(album).into_iter().map(|(c, plain)| (c.kind, plain)).collect()
    }

    #[test]
    fn album_names_speak_for_their_tracks() {
        for sure in [
            "Live at Red Barn",
            "In Concert - the Harbour",
            "Cinders Unplugged",
            "KEXP Session",
            "Ember: BBC Sessions",
            "Tiny Desk Concert",
            "En vivo en Fenmoor",
            "Концерт в Фенмуре",
            "演唱會 2004",
            "2004-05-12 Fenmoor FM",
            "12.05.2004 Red Hall",
            "Ember (Live)",
            "Fenmoor, June 9, 1973 SBD",
            "Canlı",
        ] {
            assert_eq!(kinds(sure), [(Kind::Live, true)], "{sure}");
        }
        for perhaps in
            ["Alive: Red Barn", "1973-06-09 Fenmoor", "A Night at the Opera", "From the Fenmoor Ballroom"]
        {
            assert_eq!(kinds(perhaps), [(Kind::Live, false)], "{perhaps}");
        }
        for other in
            ["Livestock", "1999", "The Concertina Book", "Hall of Lanterns", "Clean", "Alive", "2004-05"]
        {
            assert!(kinds(other).iter().all(|(_, plain)| !plain), "{other}: {:?}", kinds(other));
        }
        assert_eq!(kinds("Clean"), []);
        assert_eq!(kinds("Ember (Clean)"), [(Kind::Clean, false)]);
        assert_eq!(kinds("Under the Covers, Vol. 2"), [(Kind::Cover, true)]);
        assert_eq!(kinds("Cinders Remixed"), [(Kind::Remix, true)]);
    }
}
