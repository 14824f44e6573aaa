//! With whom somebody plays: `Oda Brenn & Ben Otter` and `Oda Brenn & Cy Tarn` made two recordings.

use crate::classical::composers::composer;
use crate::readings::describe::{Credit, Reading, Sought};
use crate::readings::names::{Agreement, Name, Names};
use crate::search::collection::File;
use crate::texts::normalise::squash;
use crate::texts::phrases::contains_phrase;
use crate::weighing::for_many::speaks_for_many;

/// Whether each side names somebody the other does not: one artist in common, but another partner. Who plays
/// beside a composer is compared by itself. Where album and length agree (`trusted`), neither a name that is cut off, that is
/// written in other letters, or of which only the first letters stand there is another's, nor one that stands for a whole cast.
pub(crate) fn are_others(sought: &Sought, reading: &Reading, file: &File<'_>, trusted: bool) -> bool {
    if !reading.beside().is_empty() {
        return false;
    }
    let ours = everybody(&sought.names, &sought.title.guests);
    let theirs = everybody(&named(reading, file), &reading.title.guests);
    // Old tags end after 30 characters, within a name.
    let is_cut =
        trusted && [file.artists, file.title].iter().any(|text| (27..=30).contains(&text.chars().count()));
    let is_known =
        |name: &Name, others: &Names| is_among(name, others) || is_cut && one_begins_another(name, others);
    let may_be = |name: &Name, others: &Names| {
        trusted && others.0.iter().any(|one| in_other_letters(name, one) || first_letters(name, one))
    };
    let unnamed = |own: &Names, other: &Names, other_title: &str| {
        own.0.iter().any(|name| {
            let is_told =
                is_known(name, other) || may_be(name, other) || contains_phrase(other_title, &name.folded);
            let is_a_cast = trusted && speaks_for_many(&name.folded);
            !(is_told || is_a_cast)
        })
    };
    unnamed(&ours, &theirs, &reading.folded) && unnamed(&theirs, &ours, &sought.title_folded)
}

/// `LEE HI` and `이하이`: nobody can tell whether they are one.
fn in_other_letters(one: &Name, other: &Name) -> bool {
    let is_latin = |name: &Name| name.folded.chars().any(|letter| letter.is_ascii_alphabetic());
    is_latin(one) != is_latin(other)
}

/// `LSO` and `London Symphony Orchestra`.
fn first_letters(one: &Name, other: &Name) -> bool {
    let are_those_of = |short: &str, long: &str| {
        short.chars().count() > 2 && long.split(' ').filter_map(|word| word.chars().next()).eq(short.chars())
    };
    are_those_of(&one.folded, &other.folded) || are_those_of(&other.folded, &one.folded)
}

/// Whom a reading names. One that goes by the album's artist leaves out whom the track's own artist names.
fn named(reading: &Reading, file: &File<'_>) -> Names {
    let names = reading.names();
    match reading.credit {
        Credit::Contradicted => names.clone().and(Names::of(file.artists.split('\u{1f}'))),
        Credit::Own | Credit::Indirect => names.clone(),
    }
}

/// Whether both sides name composers, and none in common.
pub(crate) fn are_other_composers(sought: &Sought, offered: &Names) -> bool {
    let composers =
        |names: &Names| -> Vec<u16> { names.0.iter().filter_map(|name| composer(&name.folded)).collect() };
    let (ours, theirs) = (composers(&sought.names), composers(offered));
    !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|one| !theirs.contains(one))
}

fn everybody(names: &Names, guests: &[String]) -> Names {
    let guests = Names::of(guests.iter().map(String::as_str));
    Names(names.0.iter().chain(&guests.0).cloned().collect())
}

/// A printed credit of several is among those it names, `Quill, Ana` is Ana Quill, and so is `A. Quill`.
fn is_among(name: &Name, others: &Names) -> bool {
    let alone = Names(vec![name.clone()]);
    let is_shortened = |other: &Name| {
        has_initials_of(&name.folded, &other.folded) || has_initials_of(&other.folded, &name.folded)
    };
    alone.agreement(others, usize::MAX) >= Agreement::Part
        || others.0.iter().any(is_shortened)
        || name
            .folded
            .split(' ')
            .all(|word| others.0.iter().any(|one| one.folded.split(' ').any(|w| w == word)))
}

/// `b otter` of `bo otter`, `j r quill` and `jr quill` of `jon rune quill`.
fn has_initials_of(short: &str, long: &str) -> bool {
    let Some(((first, last), (full_first, full_last))) = short.rsplit_once(' ').zip(long.rsplit_once(' '))
    else {
        return false;
    };
    let initials = squash(first);
    let full: String = full_first.split(' ').filter_map(|word| word.chars().next()).collect();
    let is_all_initials = first.split(' ').all(|word| word.chars().count() == 1) || initials == full;
    last == full_last && is_all_initials && full.starts_with(&initials)
}

/// Whether a name and one of the others are one but for what is cut off at the end.
fn one_begins_another(name: &Name, others: &Names) -> bool {
    let own = squash(&name.folded);
    let begins = |other: &Name| {
        let other = squash(&other.folded);
        other.starts_with(&own) || own.starts_with(&other)
    };
    others.0.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_no_other_name() {
        for (short, long) in [
            ("b otter", "bo otter"),
            ("j r quill", "jon rune quill"),
            ("jr quill", "jon rune quill"),
            ("j quill", "jon rune quill"),
        ] {
            assert!(has_initials_of(short, long), "{short} / {long}");
        }
        for (short, long) in [
            ("ann otter", "andy otter"),
            ("c otter", "bo otter"),
            ("b tarn", "bo otter"),
            ("otter", "bo otter"),
            ("bo", "b"),
        ] {
            assert!(!has_initials_of(short, long), "{short} / {long}");
        }
    }

    #[test]
    fn a_name_that_is_cut_off_is_no_other_name() {
        let named = |text: &str| Names::of(std::iter::once(text));
        let begins =
            |one: &str, other: &str| named(one).0.iter().all(|name| one_begins_another(name, &named(other)));
        assert!(begins("Marguerite Lav", "Marguerite Lavender") && begins("Marguerite Lavender", "Marg"));
        assert!(!begins("Marguerite Lav", "Ana Lavender"));
    }
}
