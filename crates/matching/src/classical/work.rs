//! Classical titles: which work, which movement, printed in many ways.
//!
//! `Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio` and `Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz` are one movement
//! of one work. A title is read for its form, number, key, catalogue numbers, movement and tempo; what two titles both
//! say must agree, and enough must be said by both.

use std::sync::LazyLock;

use crate::classical::composers::composer;
use crate::classical::piece::{Piece, PieceFit};
use crate::classical::reader::{
    CATALOGUE, FORM, INSTRUMENT, TEMPO, catalogue_entry, epithet, is_no, key, movement, number_beside,
    same_catalogue_number, section, signs_spelt, small_number,
};
use crate::readings::describe::Album;
use crate::texts::normalise::fold;
use crate::texts::phrases::Words;

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

/// How two works compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkFit {
    /// The same movement of the same work.
    Same,
    /// The same movement; the work of one side is only named by its album.
    ByAlbum,
    /// The same work; whether it is the same piece of it, the titles leave open.
    Piece,
    /// Another work or movement.
    Other,
    /// Too little is said.
    Unclear,
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

    /// Compares what is wanted with what a file's title says; each side's album may name the work.
    pub(crate) fn compare(&self, other: &Self, album: &AlbumWorks, other_album: &AlbumWorks) -> WorkFit {
        if self.contradicts(other) || self.has_movement() != other.has_movement() {
            return WorkFit::Other;
        }
        if self.epithet != other.epithet && self.form.is_some() && other.form.is_some() {
            return WorkFit::Unclear;
        }
        let same_movement = match (self.movement, other.movement) {
            (Some(a), Some(b)) => a == b,
            _ => self.tempi == other.tempi,
        };
        if !same_movement {
            // `1. Satz` and `Allegro` may or may not be one.
            return WorkFit::Unclear;
        }
        let piece = self.compare_pieces(other);
        if piece == PieceFit::Other {
            return WorkFit::Other;
        }
        if self.shares_identity(other) {
            return if piece == PieceFit::Same { WorkFit::Same } else { WorkFit::Piece };
        }
        let by_album = self.is_movement_only() && album.may_hold(other)
            || other.is_movement_only() && other_album.may_hold(self);
        let movement_told = self.movement.is_some() && other.movement.is_some() && !self.tempi.is_empty();
        if by_album && movement_told { WorkFit::ByAlbum } else { WorkFit::Unclear }
    }

    /// Whether titles whose movements agree, or name none, are of one piece.
    fn compare_pieces(&self, other: &Self) -> PieceFit {
        let (ours, theirs) = (&self.piece, &other.piece);
        let are_two = match (self.movement, other.movement) {
            (Some(_), Some(_)) => ours.are_two_of_a_movement(theirs),
            _ if self.has_movement() => ours.are_two_of_a_tempo(theirs),
            _ => return ours.compare(theirs),
        };
        if are_two { PieceFit::Doubt } else { PieceFit::Same }
    }

    fn contradicts(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        let catalogue = self.catalogue.iter().any(|(scheme, number)| {
            let theirs = other.catalogue.iter().find(|(known, _)| known == scheme);
            theirs.is_some_and(|(_, theirs)| !same_catalogue_number(number, theirs))
        });
        let instruments = !self.instruments.is_empty()
            && !other.instruments.is_empty()
            && !self.instruments.iter().any(|one| other.instruments.contains(one));
        let keys = self
            .key
            .zip(other.key)
            .is_some_and(|(a, b)| a.semitone != b.semitone || differ(a.major, b.major));
        catalogue
            || instruments
            || keys
            || differ(self.composer, other.composer)
            || differ(self.form, other.form)
            || differ(self.number, other.number)
            || differ(self.movement, other.movement)
            || differ(self.tempi.first(), other.tempi.first())
            || self.section != other.section && self.has_movement() && other.has_movement()
    }

    /// Whether both say enough of one work: its catalogue number, or its form with its number or key.
    fn shares_identity(&self, other: &Self) -> bool {
        let catalogue = self.catalogue.iter().any(|one| other.catalogue.contains(one));
        let form = self.form.is_some() && self.form == other.form;
        let number = self.number.is_some() && self.number == other.number;
        let key = self.key.is_some() && self.key == other.key;
        catalogue || form && number
            // A composer wrote several sonatas in C: the key alone needs the instrument too.
            || form && key && !self.instruments.is_empty() && self.instruments == other.instruments
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

/// The works an album's name lists: `Beethoven: Symphonies 5 & 7`.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlbumWorks {
    composers: Vec<u16>,
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

    fn may_hold(&self, work: &Work) -> bool {
        let composer =
            work.composer.is_none_or(|one| self.composers.is_empty() || self.composers.contains(&one));
        composer
            && work.form.is_some_and(|form| self.forms.contains(&form))
            && work.number.is_some_and(|number| self.numbers.contains(&number))
    }

    fn keys(&self) -> impl Iterator<Item = String> {
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

    fn fit(a: &str, b: &str) -> WorkFit {
        on(a, "", b, "")
    }

    fn on(a: &str, album: &str, b: &str, other: &str) -> WorkFit {
        let (Some(one), Some(two)) = (Work::of(a), Work::of(b)) else { return WorkFit::Unclear };
        let (album, other) = (AlbumWorks::of(&fold(album)), AlbumWorks::of(&fold(other)));
        let forth = one.compare(&two, &album, &other);
        assert_eq!(forth, two.compare(&one, &other, &album), "{a} / {b}: not the same both ways");
        forth
    }

    const FIFTH: &str = "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio";

    #[test]
    fn one_movement_printed_in_many_ways() {
        for other in [
            "Sinfonie Nr. 5 c-Moll op. 67 – 1. Satz",
            "Symphonie n° 5 en ut mineur, op. 67 : I. Allegro con brio",
            "Sinfonia n. 5 in do minore, op.67: I. Allegro con brio",
            "Beethoven: Symphony #5 In C Minor, Op. 67 - 1. Allegro Con Brio",
            "Symphony No.5, Op.67: I. Allegro con brio",
            "Symphony 5 - I Allegro con brio",
            "Симфония № 5, соч. 67: I. Allegro con brio",
        ] {
            assert_eq!(
                fit(FIFTH, other),
                WorkFit::Same,
                "{other}: {:?} {:?}",
                Work::of(FIFTH),
                Work::of(other)
            );
        }
        for (a, b) in [
            (
                "Piano Sonata No. 14 in C-Sharp Minor, Op. 27 No. 2 \"Moonlight\": I. Adagio sostenuto",
                "Klaviersonate Nr. 14 cis-Moll op. 27/2: 1. Adagio sostenuto",
            ),
            ("Cello Suite No. 1 in G Major, BWV 1007: I. Prélude", "Suite Nr. 1 G-Dur BWV1007 - I. Prélude"),
            ("Symphony No. 40 in G Minor, K. 550: III. Menuetto", "Sinfonie Nr. 40 g-moll KV 550: 3. Satz"),
            ("Nocturne No. 2 in E-Flat Major, Op. 9 No. 2", "Nocturne Es-Dur op. 9 Nr. 2"),
            ("Keyboard Sonata in D Minor, K. 141", "Sonata in re minore, Kk. 141"),
            (
                "String Quartet in C Major, Hob. III:77: II. Poco adagio",
                "Streichquartett C-Dur Hob. III:77: 2. Satz",
            ),
        ] {
            assert_eq!(fit(a, b), WorkFit::Same, "{a} / {b}: {:?} {:?}", Work::of(a), Work::of(b));
        }
    }

    #[test]
    fn another_number_key_or_movement_is_another_title() {
        for other in [
            "Symphony No. 7 in A Major, Op. 92: I. Poco sostenuto - Vivace",
            "Symphony No. 5 in C Minor, Op. 67: II. Andante con moto",
            "Sinfonie Nr. 5 c-Moll op. 67 – 2. Satz",
            "Symphony No. 5 in C-Sharp Minor: I. Allegro con brio",
            "Symphony No. 5 in B-Flat Major, D. 485: I. Allegro",
            "Symphony No. 5 in C Minor, Op. 67",
            "Symphony No. 6, Op. 67: I. Allegro con brio",
            "Piano Sonata No. 5 in C Minor, Op. 10 No. 1: I. Allegro con brio",
            "Symphony No. 5, Op. 68: I. Allegro con brio",
            "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio, Allegro II",
            "Crooked Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio",
        ] {
            assert_ne!(fit(FIFTH, other), WorkFit::Same, "{other}");
        }
        assert_eq!(
            fit("Nocturne in E-Flat Major, Op. 9 No. 2", "Nocturne in B-Flat Minor, Op. 9 No. 1"),
            WorkFit::Other
        );
        assert_eq!(
            fit("Quartet No. 9, K. 169: 1. Molto allegro", "Quartet No. 9, K. 169: 4. Rondeaux (Allegro)"),
            WorkFit::Other
        );
        assert_eq!(
            fit("Suite No. 1, BWV 1007: V. Menuetto", "Suite No. 1, BWV 1007: V. Menuetto II"),
            WorkFit::Other
        );
        assert_eq!(fit("Sonata H-Moll, S. 178", "Sonata in B Minor, S. 178"), WorkFit::Same);
        assert_eq!(fit("Sonata B-Dur, D 960", "Sonata in B Major, D 960"), WorkFit::Other);
        assert_eq!(fit("Beethoven: Symphony No. 5", "Mahler: Symphony No. 5"), WorkFit::Other);
    }

    #[test]
    fn another_piece_of_one_work_is_another_title() {
        for (a, b, found) in [
            (
                "Requiem in D Minor, K. 626: Dies irae",
                "Requiem in D Minor, K. 626: Lacrimosa",
                WorkFit::Other,
            ),
            (
                "Requiem in D Minor, K. 626: III. Sequentia: Dies irae",
                "Requiem in D Minor, K. 626: III. Sequentia: Lacrimosa",
                WorkFit::Piece,
            ),
            ("Requiem in D Minor, K. 626", "Requiem d-Moll KV 626: Lacrimosa", WorkFit::Piece),
            ("Requiem in D Minor, K. 626: Lacrimosa", "Requiem KV 626: Lacrimosa", WorkFit::Same),
            (
                "Mass in C Minor, K. 427: Kyrie (Adagio)",
                "Mass in C Minor, K. 427: Sanctus (Adagio)",
                WorkFit::Piece,
            ),
        ] {
            assert_eq!(fit(a, b), found, "{a} / {b}: {:?} {:?}", Work::of(a), Work::of(b));
        }
    }

    #[test]
    fn an_album_may_name_the_work() {
        let movement = "I. Allegro con brio";
        assert_eq!(on(FIFTH, "", movement, "Beethoven: Symphonies 5 & 7"), WorkFit::ByAlbum);
        assert_eq!(on(FIFTH, "", movement, "Beethoven: Symphonies 2 & 7"), WorkFit::Unclear);
        assert_eq!(on(FIFTH, "", "II. Andante con moto", "Beethoven: Symphonies 5 & 7"), WorkFit::Other);
    }

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
