//! The works that an album's name lists, and albums that are called by nothing else.

use std::sync::LazyLock;

use super::Work;
use crate::classical::composers::composer;
use crate::classical::reader::{CATALOGUE, FORM, INSTRUMENT, TEMPO, small_number};
use crate::readings::describe::Album;
use crate::texts::normalise::fold;
use crate::texts::phrases::Words;

/// The works an album's name lists: `Beethoven: Symphonies 5 & 7`.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlbumWorks {
    pub(super) composers: Vec<u16>,
    forms: Vec<&'static str>,
    numbers: Vec<u16>,
}

impl AlbumWorks {
    /// From a folded album name.
    pub(crate) fn of(folded: &str) -> Self {
        let words: Vec<&str> = folded.split(' ').collect();
        let mut works = Self::default();
        for word in &words {
            works.forms.extend(FORM.get(*word));
            works.numbers.extend(small_number(word));
            works.composers.extend(composer(word));
        }
        works
    }

    pub(super) fn may_hold(&self, work: &Work) -> bool {
        let composer =
            work.composer.is_none_or(|one| self.composers.is_empty() || self.composers.contains(&one));
        composer
            && work.form.is_some_and(|form| self.forms.contains(&form))
            && work.number.is_some_and(|number| self.numbers.contains(&number))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = String> {
        let of_form = |form: &&'static str| {
            let form = *form;
            self.numbers.iter().map(move |number| format!("{form}{number}")).collect::<Vec<_>>()
        };
        self.forms.iter().take(3).flat_map(of_form).take(12).collect::<Vec<_>>().into_iter()
    }
}

/// What albums called by their works say beside them.
static BESIDE_WORKS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "the, and, und, et, of, in, for, from, no, nos, nr, op, complete, works, best, major, minor, dur, \
     moll, sharp, flat, music, masterpieces, favourites, favorites, great, greatest, essential, selected, \
     samtliche, werke, remastered, deluxe, edition",
    )
});

/// Whether an album is called by its composer and works alone, as `Chopin: Nocturnes` by many players is.
pub(crate) fn names_only_works(album: &Album, title: &str) -> bool {
    let printed = album.printed.as_str();
    let (head, rest) = printed.split_once(':').unwrap_or(("", printed));
    let is_composers = composer(&fold(head)).is_some();
    let rest = if is_composers { rest } else { printed };
    // Behind `Vivaldi:` stands a work, whatever it is called; in brackets and behind a dash stands what sets the album apart.
    let end =
        [" (", " [", " - ", " – "].iter().filter_map(|sign| rest.find(*sign)).min().filter(|_| is_composers);
    let told =
        fold(if is_composers { end.and_then(|end| rest.get(end..)).unwrap_or_default() } else { rest });
    told.split(' ').filter(|word| !word.is_empty()).all(|word| {
        BESIDE_WORKS.has(word)
            || small_number(word).is_some()
            || [&FORM, &INSTRUMENT, &TEMPO, &CATALOGUE].iter().any(|table| table.contains_key(word))
            || composer(word).is_some()
            || title.split(' ').any(|other| other == word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn albums_are_called_by_works_or_by_more() {
        let title = fold("Nocturne No. 2 in E-Flat Major, Op. 9 No. 2");
        let is_generic = |name: &str| names_only_works(&Album::of(name), &title);
        for name in [
            "Chopin: Nocturnes",
            "Frédéric Chopin: The Complete Nocturnes",
            "Chopin Nocturnes",
            "Beethoven: Symphonies Nos. 5 & 7",
            "Vivaldi: The Four Seasons",
            "Chopin: Nocturnes (Remastered)",
        ] {
            assert!(is_generic(name), "{name}");
        }
        for name in [
            "Oda Brenn Plays Chopin",
            "Chopin: Nocturnes (Oda Brenn)",
            "Chopin: Nocturnes (1981 Recording)",
            "Chopin: Nocturnes - Oda Brenn",
            "The Fenmoor Concert",
        ] {
            assert!(!is_generic(name), "{name}");
        }
    }
}
