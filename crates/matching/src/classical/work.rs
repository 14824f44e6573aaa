//! Classical titles: which work, which movement, printed in many ways.
//!
//! `Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio` and `Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz` are one movement
//! of one work. A title is read for its form, number, key, catalogue numbers, movement and tempo; what two titles both
//! say must agree, and enough must be said by both.

use crate::classical::composers::composer;
use crate::classical::piece::Piece;
use crate::classical::reader::{
    CATALOGUE, FORM, INSTRUMENT, TEMPO, catalogue_entry, epithet, is_no, key, movement, number_beside,
    section, signs_spelt, small_number,
};
use crate::readings::describe::Album;
use crate::texts::normalise::fold;
pub(crate) use album_works::{AlbumWorks, names_only_works};
pub(crate) use comparing::WorkFit;

mod album_works;
mod comparing;

/// What a title says of a work and its movement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Work {
    composer: Option<u16>,
    form: Option<&'static str>,
    /// A word before the form that is none of the trade's: `Crooked Symphony`.
    epithet: Option<String>,
    instruments: Vec<&'static str>,
    number: Option<u16>,
    key: Option<Key>,
    /// Catalogue and number, with the number inside an opus: `("op", "27.2")`.
    catalogue: Vec<(&'static str, String)>,
    movement: Option<u16>,
    tempi: Vec<&'static str>,
    /// The second of two dances or halves: `Menuetto II`.
    section: Option<u16>,
    /// Its other words, which may name a piece: `Lacrimosa`.
    piece: Piece,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) semitone: u8,
    /// `None` where only the note is named (`in C`).
    pub(crate) major: Option<bool>,
}

/// Whether a folded title holds a word that only titles of works have; cheap, for skipping all others.
pub(crate) fn may_be_work(folded: &str) -> bool {
    folded.split(' ').any(|word| {
        TEMPO.contains_key(word)
            || FORM.contains_key(word)
            || CATALOGUE.contains_key(word.trim_end_matches(|c: char| c.is_ascii_digit()))
    })
}

impl Work {
    /// The work a title names, and its movement; `None` for all other titles.
    pub(crate) fn of(title: &str) -> Option<Self> {
        let title = title.get(..300).unwrap_or(title);
        if !may_be_work(&fold(title)) {
            return None;
        }
        let mut work = Self::default();
        let head = title.split_once(':').map_or("", |(head, _)| head);
        work.composer = composer(&fold(head));
        let folded = fold(&signs_spelt(title));
        let words: Vec<&str> = folded.split(' ').collect();
        work.read_words(&words, title);
        work.key = key(&words);
        work.movement = movement(title, &words);
        work.section = section(&words);
        if !work.is_told() {
            return None;
        }
        work.piece = Piece::of(title);
        Some(work)
    }

    fn read_words(&mut self, words: &[&str], title: &str) {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if let Some((entry, used)) = catalogue_entry(words, at, title) {
                if self.catalogue.iter().all(|(scheme, _)| *scheme != entry.0) {
                    self.catalogue.push(entry);
                }
                at += used;
                continue;
            }
            if let Some(form) = FORM.get(*word) {
                if self.form.is_none() {
                    self.form = Some(form);
                    self.epithet = at.checked_sub(1).and_then(|before| epithet(words.get(before)?));
                }
                self.number = self.number.or_else(|| number_beside(words, at));
            }
            if let Some(instrument) = INSTRUMENT.get(*word) {
                self.instruments.push(instrument);
            }
            if let Some(tempo) = TEMPO.get(*word) {
                // `Scherzo No. 2` is a work of its own.
                let counted = words.get(at + 1).is_some_and(|next| is_no(next));
                match counted {
                    true => self.form = self.form.or(Some(tempo)),
                    false => self.tempi.push(tempo),
                }
            }
            if is_no(word)
                && let Some(number) = words.get(at + 1).and_then(|next| small_number(next))
            {
                self.number.get_or_insert(number);
            }
            at += 1;
        }
    }

    fn is_told(&self) -> bool {
        let by_form = self.form.is_some() && (self.number.is_some() || self.key.is_some());
        !self.catalogue.is_empty()
            && (self.form.is_some() || self.has_movement() || self.key.is_some() || self.sure_catalogue())
            || by_form
            || self.movement.is_some() && !self.tempi.is_empty()
    }

    /// Catalogues whose abbreviation is no other word.
    fn sure_catalogue(&self) -> bool {
        self.catalogue.iter().any(|(scheme, _)| scheme.len() >= 3)
    }

    fn has_movement(&self) -> bool {
        self.movement.is_some() || !self.tempi.is_empty()
    }

    /// Whether the title names only a movement (`II. Andante`), so that its album must say of what.
    pub(crate) fn is_movement_only(&self) -> bool {
        self.catalogue.is_empty() && (self.form.is_none() || self.number.is_none() && self.key.is_none())
    }

    /// With the composer that the artist, a tag or the album names, where the title itself names none.
    pub(crate) fn by(mut self, named: Option<u16>, album: &Album) -> Self {
        let of_album = || match AlbumWorks::of(&album.folded).composers.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        self.composer = self.composer.or(named).or_else(of_album);
        self
    }

    /// Whether both are by one known composer.
    pub(crate) fn shares_composer(&self, other: &Self) -> bool {
        self.composer.is_some() && self.composer == other.composer
    }

    /// Keys under which an index finds the same movement printed in another way.
    pub(crate) fn keys(&self, album: &AlbumWorks) -> Vec<String> {
        let mut works: Vec<String> =
            self.catalogue.iter().map(|(scheme, number)| format!("{scheme}{number}")).collect();
        match (self.form, self.number) {
            (Some(form), Some(number)) => works.push(format!("{form}{number}")),
            _ if self.is_movement_only() => works.extend(album.keys()),
            _ => {}
        }
        let movements = [
            self.movement.map(|number| format!("/{number}")),
            self.tempi.first().map(|tempo| format!("/{tempo}")),
            (!self.has_movement()).then(String::new),
        ];
        let with = |work: &String| {
            movements.iter().flatten().map(|movement| format!("{work}{movement}")).collect::<Vec<_>>()
        };
        works.iter().flat_map(with).take(24).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_titles_are_no_works() {
        for title in [
            "Opus",
            "Op",
            "K",
            "Suite Life",
            "Bitter Sweet Symphony",
            "Sonata Arctica",
            "Waltz #2",
            "Trio",
            "B 4",
            "In the Key of C",
            "I. The Weeknd",
            "Largo Winch",
            "Nocturne",
            "Ballad of a Thin Man",
            "Mass Appeal",
            "D 12",
            "5 Minute Song",
            "II",
            "Fantasy",
            "Concerto",
            "Study in Brown",
        ] {
            let work = Work::of(title);
            assert!(work.is_none() || title.starts_with("Waltz"), "{title}: {work:?}");
        }
    }
}
