//! Which piece of a work a title names by words, where neither a movement's number nor its tempo does:
//! `Requiem in D Minor, K. 626: Lacrimosa`, `Goldberg Variations, BWV 988: Variation 7`.

use std::sync::LazyLock;

use crate::classical::composers::composer;
use crate::classical::reader::{CATALOGUE, FORM, INSTRUMENT, TEMPO, roman, signs_spelt, small_number};
use crate::readings::title::Title;
use crate::texts::normalise::fold;
use crate::texts::numerals::numerals;
use crate::texts::phrases::Words;
use crate::texts::typos::edits;
use own_words::OwnWords;

mod own_words;

/// Works that are one piece where they are counted or have a key: what stands behind is a byname, `Étude, Op. 10 No. 3: Tristesse`.
/// Without them the title is of a whole book, and what stands behind is one of it: `Préludes, L. 117: La cathédrale engloutie`.
const OF_ONE_PIECE: &[&str] = &[
    "nocturne",
    "etude",
    "prelude",
    "waltz",
    "ballade",
    "mazurka",
    "polonaise",
    "impromptu",
    "overture",
    "rhapsody",
    "intermezzo",
    "bagatelle",
    "fantasia",
];

/// Works whose pieces have names of their own.
const OF_NAMED_PIECES: &[&str] =
    &["mass", "requiem", "cantata", "passion", "variations", "suite", "partita", "serenade", "divertimento"];

/// What a piece is, in front of its name.
static KINDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "aria, air, arie, chorus, choir, coro, chor, choeur, chorale, choral, recitative, recitativo, \
     rezitativ, duet, duetto",
    )
});

/// Words that tell no piece: articles, and what stands beside a tempo.
static SAY_NOTHING: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "the, a, an, and, und, et, e, of, de, la, le, les, der, die, das, in, from, aus, for, fur, pour, per, \
     no, satz, movement, mvt, mouvement, movimento, con, brio, molto, ma, non, troppo, moto, assai, \
     sostenuto, cantabile, espressivo, piu, quasi, tempo, di",
    )
});

/// The words of a title that are none of the work's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Behind the work's form, number, key and catalogue number.
    behind: Vec<String>,
    /// Before and between them.
    before: Vec<String>,
    /// Bynames in quotes, `Symphony No. 3 "Eroica"`.
    quoted: Vec<String>,
    /// Whether a sign stands before what is behind.
    set_off: bool,
    form: Option<&'static str>,
    /// Whether the work is a single piece.
    one_piece: bool,
}

/// How the pieces of two titles of one work compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceFit {
    Same,
    /// One side says less, or in other words.
    Doubt,
    Other,
}

impl Piece {
    pub(crate) fn of(title: &str) -> Self {
        let (bare, quoted) = match first_form(title).is_some_and(|form| !OF_NAMED_PIECES.contains(&form)) {
            true => without_quotes(title),
            // `Messiah, HWV 56: "Hallelujah"`
            false => (title.to_owned(), String::new()),
        };
        let head = bare.split_once(':').map_or("", |(head, _)| head);
        let is_composer = !head.is_empty() && composer(&fold(head)).is_some();
        let bare = if is_composer { bare.get(head.len() + 1..).unwrap_or_default() } else { bare.as_str() };
        let folded = numerals(&fold(&signs_spelt(bare)));
        let words: Vec<&str> = folded.split(' ').collect();
        let OwnWords { own, form, more_forms, counted } = OwnWords::of(&words, title);
        let end = own.iter().rposition(|own| *own).map_or(0, |last| last + 1);
        // What says which version it is, or names guests, names no piece.
        let plain = Title::parse(bare).whole();
        let told = |range: std::ops::Range<usize>| -> Vec<String> {
            let words = words.iter().zip(&own).skip(range.start).take(range.len());
            let words = words.filter(|(word, own)| !**own && tells(word) && has_word(&plain, word));
            words.map(|(word, _)| in_one_form(word)).collect()
        };
        let (behind, before) = (told(end..words.len()), told(0..end));
        let set_off = behind.first().is_some_and(|first| is_set_off(bare, first));
        let quoted = fold(&quoted).split(' ').filter(|word| tells(word)).map(in_one_form).collect();
        let one_piece = counted && !more_forms && form.is_some_and(|form| OF_ONE_PIECE.contains(&form));
        Self { behind: named(behind), before, quoted, set_off, form, one_piece }
    }

    /// Compares titles of which neither has a movement's number or tempo.
    pub(crate) fn compare(&self, other: &Self) -> PieceFit {
        match (self.names_one(), other.names_one()) {
            (true, true) => {}
            (false, false) => return self.compare_names(other),
            (true, false) => return self.with_unnamed(other),
            (false, true) => return other.with_unnamed(self),
        }
        if let Some((one, another)) = self.variation().zip(other.variation()) {
            return if one == another { PieceFit::Same } else { PieceFit::Other };
        }
        match (holds(&self.behind, &other.behind), holds(&other.behind, &self.behind)) {
            (true, true) => PieceFit::Same,
            (false, false) => PieceFit::Other,
            _ => PieceFit::Doubt,
        }
    }

    /// Whether two titles of one movement's number name two pieces of it: `III. Sequentia: Dies irae`, `… Lacrimosa`.
    pub(crate) fn are_two_of_a_movement(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.names(), other.names());
        share_a_word(&ours, &theirs) && !holds(&ours, &theirs) && !holds(&theirs, &ours)
    }

    /// Whether two titles of one tempo name two pieces: `Kyrie (Adagio)`, `Sanctus (Adagio)`.
    pub(crate) fn are_two_of_a_tempo(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.names(), other.names());
        !ours.is_empty() && !theirs.is_empty() && !share_a_word(&ours, &theirs)
    }

    /// What is behind the work, without numbers.
    fn names(&self) -> Vec<String> {
        let is_name = |word: &&String| !word.starts_with(|c: char| c.is_ascii_digit());
        self.behind.iter().filter(is_name).cloned().collect()
    }

    /// Whether what stands behind names a piece, not the work itself.
    fn names_one(&self) -> bool {
        !self.behind.is_empty() && !self.one_piece && (self.set_off || self.has_named_pieces())
    }

    fn has_named_pieces(&self) -> bool {
        let is_such = |form| OF_NAMED_PIECES.contains(&form) || OF_ONE_PIECE.contains(&form);
        !self.one_piece && self.form.is_none_or(is_such)
    }

    /// Neither names a piece behind the work; it may stand before it: `Lacrimosa (Requiem, K. 626)`.
    fn compare_names(&self, other: &Self) -> PieceFit {
        let is_told = |one: &Self, other: &Self| !one.before.is_empty() && holds(&other.all(), &one.before);
        let says_nothing = self.before.is_empty() && other.before.is_empty();
        let are_told_otherwise = !self.one_piece
            && !other.one_piece
            && !self.behind.is_empty()
            && !other.behind.is_empty()
            && !holds(&self.behind, &other.behind)
            && !holds(&other.behind, &self.behind);
        // `Für Elise, WoO 59` tells no form, and is one piece by the other title.
        let may_be_a_piece = match (self.form, other.form) {
            (None, Some(_)) => other.has_named_pieces(),
            (Some(_), None) => self.has_named_pieces(),
            _ => self.has_named_pieces() || other.has_named_pieces(),
        };
        let is_same = says_nothing || is_told(self, other) || is_told(other, self);
        match !are_told_otherwise && (is_same || !may_be_a_piece) {
            true => PieceFit::Same,
            false => PieceFit::Doubt,
        }
    }

    fn all(&self) -> Vec<String> {
        self.before.iter().chain(&self.behind).chain(&self.quoted).cloned().collect()
    }

    /// `Requiem, K. 626: Lacrimosa` beside `Lacrimosa (Requiem, K. 626)`, or beside the whole work.
    fn with_unnamed(&self, other: &Self) -> PieceFit {
        if holds(&other.all(), &self.behind) { PieceFit::Same } else { PieceFit::Doubt }
    }

    /// The number of a variation.
    fn variation(&self) -> Option<u16> {
        const WORDS: [&str; 6] = ["variation", "variatio", "variatie", "variazione", "variacion", "var"];
        let mut pairs = self.behind.iter().zip(self.behind.iter().skip(1));
        pairs.find_map(|(word, number)| small_number(number).filter(|_| WORDS.contains(&word.as_str())))
    }
}

fn first_form(title: &str) -> Option<&'static str> {
    fold(title).split(' ').find_map(|word| FORM.get(word).copied())
}

/// A title without what stands in quotes, and that.
fn without_quotes(title: &str) -> (String, String) {
    const MARKS: [char; 7] = ['"', '“', '”', '„', '«', '»', '‟'];
    let (mut bare, mut quoted, mut inside) = (String::with_capacity(title.len()), String::new(), false);
    for c in title.chars() {
        if MARKS.contains(&c) {
            inside = !inside;
            quoted.push(' ');
            bare.push(' ');
        } else if inside {
            quoted.push(c);
        } else {
            bare.push(c);
        }
    }
    (bare, quoted)
}

fn has_word(folded: &str, word: &str) -> bool {
    folded.split(' ').any(|other| other == word)
}

/// Whether a word may tell a piece.
fn tells(word: &str) -> bool {
    !word.is_empty()
        && !SAY_NOTHING.has(word)
        && !TEMPO.contains_key(word)
        && !INSTRUMENT.contains_key(word)
        && !CATALOGUE.contains_key(word)
        && composer(word).is_none()
}

/// Forms in one language, and `Variatio V` as `Variatio 5`.
fn in_one_form(word: &str) -> String {
    match roman(&word.to_uppercase()) {
        Some(number) => number.to_string(),
        None => FORM.get(word).copied().unwrap_or(word).to_owned(),
    }
}

/// Without what kind of piece it is, where a name stands beside that.
fn named(words: Vec<String>) -> Vec<String> {
    let is_kind = |word: &String| KINDS.has(word);
    if words.iter().all(is_kind) {
        return words;
    }
    words.into_iter().filter(|word| !is_kind(word)).collect()
}

/// Whether a colon, a comma or a dash parts the title before this word.
fn is_set_off(title: &str, first: &str) -> bool {
    let pieces = title.split([':', ';', ',', '–', '—', '(', '/']).flat_map(|piece| piece.split(" - "));
    pieces.skip(1).any(|piece| numerals(&fold(piece)).split(' ').any(|word| in_one_form(word) == first))
}

/// Whether every word of the second has its like among the first.
fn holds(many: &[String], few: &[String]) -> bool {
    few.iter().all(|word| many.iter().any(|other| is_same_word(word, other)))
}

fn share_a_word(ours: &[String], theirs: &[String]) -> bool {
    ours.iter().any(|word| theirs.iter().any(|other| is_same_word(word, other)))
}

/// `Lacrimosa` and `Lacrymosa`; numbers are never misspelt.
pub(crate) fn is_same_word(a: &str, b: &str) -> bool {
    let are_long = a.chars().count().min(b.chars().count()) >= 6;
    a == b || are_long && edits(a, b, 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(a: &str, b: &str) -> PieceFit {
        let (one, other) = (Piece::of(a), Piece::of(b));
        let found = one.compare(&other);
        assert_eq!(found, other.compare(&one), "{a} / {b}: not the same both ways");
        found
    }

    #[test]
    fn pieces_named_by_words_are_told_apart() {
        for (a, b) in [
            ("Requiem in D Minor, K. 626: Dies irae", "Requiem in D Minor, K. 626: Lacrimosa"),
            (
                "Préludes, Book 1, L. 117: La cathédrale engloutie",
                "Préludes, Book 1, L. 117: La fille aux cheveux de lin",
            ),
            ("Nocturnes L. 91 Fêtes", "Nocturnes L. 91 Nuages"),
            ("Messiah, HWV 56: \"Hallelujah\"", "Messiah, HWV 56: \"Behold the Lamb of God\""),
            ("Requiem, K. 626, Dies irae", "Requiem K. 626 - Lacrimosa"),
            (
                "Goldberg Variations, BWV 988: Variation 7 a 1 ovvero 2 Clav.",
                "Goldberg Variations, BWV 988: Variation 1 a 1 Clav.",
            ),
            ("Goldberg-Variationen BWV 988: Variatio I", "Goldberg-Variationen BWV 988: Variatio V"),
            ("Mass in B Minor, BWV 232: Kyrie eleison I", "Mass in B Minor, BWV 232: Kyrie eleison II"),
            ("Goldberg Variations, BWV 988: Aria", "Goldberg Variations, BWV 988: Aria da capo"),
            ("Messiah, HWV 56, Pt. 2: Behold the Lamb of God", "Messiah, HWV 56, Pt. 2: Hallelujah"),
            (
                "Matthäus-Passion, BWV 244: Aus Liebe will mein Heiland sterben",
                "Matthäus-Passion, BWV 244: Erbarme dich",
            ),
            ("Mass in B Minor, BWV 232: Gloria in excelsis Deo", "Messe h-Moll BWV 232: Kyrie eleison"),
        ] {
            assert_eq!(fit(a, b), PieceFit::Other, "{a} / {b}: {:?} {:?}", Piece::of(a), Piece::of(b));
        }
    }

    #[test]
    fn one_piece_printed_in_many_ways() {
        for (a, b) in [
            ("Requiem in D Minor, K. 626: Lacrimosa", "Requiem d-Moll KV 626 - Lacrymosa"),
            ("Requiem in D Minor, K. 626: Lacrimosa", "Lacrimosa (Requiem in D Minor, K. 626)"),
            ("Messiah, HWV 56: Hallelujah", "Messiah, HWV 56: Chorus: Halleluja"),
            (
                "Goldberg Variations, BWV 988: Variation 5 a 1 Clav.",
                "Goldberg-Variationen BWV 988: Variatio V",
            ),
            (
                "Goldberg Variations, BWV 988: Variation 7 a 1 ovvero 2 Clav.",
                "Goldberg-Variationen BWV 988: Variatio 7",
            ),
            ("Nocturne No. 2 in E-Flat Major, Op. 9 No. 2", "Nocturne Es-Dur op. 9 Nr. 2"),
            ("Für Elise, WoO 59", "Bagatelle No. 25 in A Minor, WoO 59 \"Für Elise\""),
            ("Für Elise, WoO 59", "Bagatelle in A Minor, WoO 59"),
            ("Étude in E Major, Op. 10 No. 3: Tristesse", "Étude Op. 10 No. 3"),
            (
                "Piano Sonata No. 14, Op. 27 No. 2 \"Moonlight\"",
                "Klaviersonate Nr. 14 op. 27/2 \"Mondschein\"",
            ),
            (
                "Requiem in D Minor, K. 626: Lacrimosa (Live) - Remastered 2011",
                "Requiem in D Minor, K. 626: Lacrimosa",
            ),
            ("Toccata and Fugue in D Minor, BWV 565", "Toccata und Fuge d-Moll BWV 565"),
        ] {
            assert_eq!(fit(a, b), PieceFit::Same, "{a} / {b}: {:?} {:?}", Piece::of(a), Piece::of(b));
        }
    }

    #[test]
    fn what_one_side_does_not_say_is_a_doubt() {
        for (a, b) in [
            ("Requiem in D Minor, K. 626: Lacrimosa", "Requiem in D Minor, K. 626"),
            ("Lacrimosa (Requiem, K. 626)", "Requiem, K. 626"),
            ("Symphony No. 6 Op. 68 Storm", "Symphony No. 6 Op. 68 Thanks"),
            ("Lacrimosa (Requiem, K. 626)", "Dies irae (Requiem, K. 626)"),
            ("Mass in B Minor, BWV 232: Gloria", "Mass in B Minor, BWV 232: Gloria in excelsis Deo"),
        ] {
            assert_eq!(fit(a, b), PieceFit::Doubt, "{a} / {b}: {:?} {:?}", Piece::of(a), Piece::of(b));
        }
    }
}
