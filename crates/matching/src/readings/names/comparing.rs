//! How two names compare: equal, another form of one name, a letter apart, or one part of the other.

use std::borrow::Cow;

use super::{Agreement, Name};
use crate::readings::aliases::{bare_billing, known_row};
use crate::texts::normalise::{edits, only_typos, squash, typo_allowance};
use crate::texts::scripts::{LatinLikeness, latin_likeness};

/// How one name agrees with a wanted one.
pub(super) fn compare(wanted: &Name, offered: &Name) -> Agreement {
    if wanted.squashed == offered.squashed {
        let other_form = wanted.other_form != offered.other_form;
        return if other_form { Agreement::Alias } else { Agreement::Same };
    }
    // `Guns N' Roses`, `Guns and Roses`.
    if with_and_spelt(&wanted.folded) == with_and_spelt(&offered.folded) {
        return Agreement::Same;
    }
    if is_alias(wanted, offered) {
        return Agreement::Alias;
    }
    let (long, short) = (wanted.squashed.chars().count(), offered.squashed.chars().count());
    if edits(&wanted.squashed, &offered.squashed, typo_allowance(long.min(short))).is_some() {
        // `Pyotr`, `Piotr` and `Köln`, `Koeln` are no typos.
        if latin_likeness(&wanted.folded, &offered.folded) == Some(LatinLikeness::Sound) {
            return Agreement::Romanised;
        }
        let sure = only_typos(&wanted.folded, &offered.folded);
        return if sure { Agreement::Typo } else { Agreement::Near };
    }
    match latin_likeness(&wanted.folded, &offered.folded) {
        Some(LatinLikeness::Sound) => return Agreement::Romanised,
        Some(LatinLikeness::Skeleton) => return Agreement::Near,
        None => {}
    }
    // A credit cut at ID3v1's 30 bytes, or a longer form of the same name.
    let cut = (27..=30).contains(&offered.folded.len()) && wanted.folded.starts_with(&offered.folded);
    if cut {
        return Agreement::Typo;
    }
    let part =
        contains_words(&wanted.folded, &offered.folded) || contains_words(&offered.folded, &wanted.folded);
    if part && short.min(long) >= 4 { Agreement::Part } else { Agreement::Differs }
}

/// A folded name with `n` between two words as the `and` that it stands for.
fn with_and_spelt(folded: &str) -> Cow<'_, str> {
    if folded.contains(" n ") { folded.replace(" n ", " and ").into() } else { folded.into() }
}

/// Another known name of the artist, one with or without `DJ` or `& His Orchestra`, or digits for letters.
fn is_alias(a: &Name, b: &Name) -> bool {
    let row = |name: &Name| known_row(&name.squashed);
    if row(a).is_some_and(|known| row(b) == Some(known)) {
        return true;
    }
    let (bare_a, bare_b) = (bare_billing(&a.folded), bare_billing(&b.folded));
    if (bare_a.is_some() || bare_b.is_some())
        && squash(bare_a.unwrap_or(&a.folded)) == squash(bare_b.unwrap_or(&b.folded))
    {
        return true;
    }
    a.squashed.len() == b.squashed.len()
        && (digits_spelt(&a.squashed).is_some_and(|spelt| spelt == b.squashed)
            || digits_spelt(&b.squashed).is_some_and(|spelt| spelt == a.squashed))
}

/// `deadmau5` as `deadmaus`: digits inside or after letters that stand for the letters they look like.
fn digits_spelt(squashed: &str) -> Option<String> {
    let letters = squashed.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = squashed.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || letters < 3 || digits > letters || !squashed.is_ascii() {
        return None;
    }
    let spelt = squashed.chars().map(|c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        other => other,
    });
    Some(spelt.collect())
}

fn contains_words(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '))
        || long.contains(&format!(" {short} "))
}
