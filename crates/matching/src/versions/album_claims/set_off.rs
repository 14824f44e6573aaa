//! The pieces of an album's name that signs set off, and what each of them claims: `Low Water (Live)`, `Demo EP`.

use std::sync::LazyLock;

use crate::texts::normalise::fold;
use crate::texts::phrases::{Phrases, Words};
use crate::versions::album_pieces::{is_year, made_anew};
use crate::versions::album_words::{
    ALBUM_ALONE, ALBUM_BEFORE_EDITION, ALBUM_EDGE, ALBUM_IN_BRACKETS, ALBUM_LAST, ALBUM_SET_OFF,
    BEFORE_PLACES, BEFORE_VERB_LIVE_IN_ALBUMS, EDITION_WORDS,
};
use crate::versions::claims::said_in_bracket;
use crate::versions::table::Kind;
use crate::versions::words::{BEFORE_VERB_LIVE, VERSION_NOUNS};

static ALONE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ALONE));
static SET_OFF: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_SET_OFF));
static IN_BRACKETS: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_IN_BRACKETS));
static LAST: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_LAST));
static EDGE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_EDGE));
static BEFORE_EDITION: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_BEFORE_EDITION));
static EDITION: LazyLock<Words> = LazyLock::new(|| Words::of(EDITION_WORDS));
static BEFORE_VERB: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE));
static BEFORE_VERB_TOO: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE_IN_ALBUMS));
static NOUNS: LazyLock<Words> = LazyLock::new(|| Words::of(VERSION_NOUNS));
static BEFORE_PLACE: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_PLACES));

/// A piece of a name that signs set off.
pub(super) struct Piece<'a> {
    /// Its place among the pieces; the first is mostly the name itself.
    pub(super) at: usize,
    pub(super) in_brackets: bool,
    pub(super) text: &'a str,
}

/// The pieces of a name that signs set off: the first, the last, and what stands in brackets.
pub(super) fn set_off(album: &str) -> Vec<Piece<'_>> {
    const SIGNS: [char; 16] =
        [':', '(', ')', '[', ']', '（', '）', '【', '】', '-', '–', '—', ',', '/', '!', '_'];
    let mut pieces: Vec<(Option<char>, &str)> = Vec::new();
    let (mut sign, mut rest) = (None, album);
    while let Some((piece, behind)) = rest.find(SIGNS).and_then(|at| rest.split_at_checked(at)) {
        pieces.push((sign, piece));
        let mut signs = behind.chars();
        sign = signs.next();
        rest = signs.as_str();
    }
    pieces.push((sign, rest));
    pieces.retain(|(_, piece)| !fold(piece).is_empty());
    let last = pieces.len().saturating_sub(1);
    let pieces = pieces.into_iter().enumerate().map(|(at, (sign, text))| Piece {
        at,
        in_brackets: matches!(sign, Some('(' | '[' | '（' | '【')),
        text,
    });
    pieces.filter(|piece| piece.at == 0 || piece.at == last || piece.in_brackets).collect()
}

/// What one piece of a name claims, and whether plainly.
pub(super) fn claims_of_piece(piece: &Piece<'_>, is_folder: bool) -> Vec<(Kind, bool)> {
    let words = fold(piece.text);
    let is_behind = piece.at > 0;
    let wholly = |table: &Phrases<Kind>| -> Vec<Kind> {
        let found = table.found_in(&words).into_iter().filter(|(phrase, _)| *phrase == words);
        found.map(|(_, kind)| kind).collect()
    };
    let mut found = Vec::new();
    for kind in wholly(&ALONE) {
        // An album called `Clean` is one; `Ember (Clean)` says something.
        if is_behind || kind != Kind::Clean {
            found.push((kind, words == "live" && kind == Kind::Live));
        }
    }
    found.extend(wholly(&SET_OFF).into_iter().map(|kind| (kind, is_behind)));
    if piece.in_brackets {
        found.extend(wholly(&IN_BRACKETS).into_iter().map(|kind| (kind, true)));
        found.extend(said_as_by_a_title(&words));
    }
    for (kind, plain) in at_the_edge(&words) {
        let is_shelf = is_folder && !is_behind && kind != Kind::Live && !words.contains(' ');
        found.push((kind, plain && !is_shelf));
    }
    if is_behind && let Some(kind) = made_anew(piece.text, &words) {
        found.push((kind, true));
    }
    found
}

/// What a bracket says with the words of titles, where beside them only words of an edition stand: `Inst.`, `Off Vocal Ver.`,
/// `Clean Edition`. The clean version is none of another recording where what is wanted never had bad words.
fn said_as_by_a_title(words: &str) -> Vec<(Kind, bool)> {
    use Kind::{Acapella, Clean, Instrumental, Karaoke, Speed};
    let is_of_all = |(phrase, kind): &(&str, Kind)| {
        matches!(kind, Acapella | Clean | Instrumental | Karaoke | Speed)
            && is_of_editions(&words.replacen(*phrase, " ", 1))
    };
    let said = said_in_bracket(words).into_iter().filter(is_of_all);
    said.map(|(_, kind)| (kind, kind != Clean)).collect()
}

/// Whether all of these words are of editions and versions. What one has beside the album is not said of all its tracks.
fn is_of_editions(words: &str) -> bool {
    const BESIDE: [&str; 8] = ["and", "y", "e", "et", "und", "och", "bonus", "extras"];
    let mut words = words.split(' ').filter(|word| !word.is_empty());
    words.all(|word| !BESIDE.contains(&word) && (is_of_edition(word) || NOUNS.has(word)))
}

/// What words claim that nothing but words of an edition follow, and whether plainly: `Greatest Hits Live 2010`,
/// `Demo EP`, `Low Water Acoustic`, `Concert in Oslo`.
fn at_the_edge(piece: &str) -> Vec<(Kind, bool)> {
    let words: Vec<&str> = piece.split(' ').collect();
    let mut found = Vec::new();
    if let [_, .., last] = words.as_slice() {
        found.extend(LAST.found_in(last).into_iter().map(|(_, kind)| (kind, false)));
    }
    for (at, word) in words.iter().enumerate() {
        let behind = words.get(at + 1..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
        let before_edition = !behind.is_empty()
            && (behind.first().is_some_and(|next| is_year(next)) || behind.iter().all(|w| is_of_edition(w)));
        let (alone, ends) = (words.len() == 1, behind.is_empty());
        for (_, kind) in EDGE.found_in(word) {
            let is_verb = *word == "live"
                && before.is_some_and(|before| BEFORE_VERB.has(before) || BEFORE_VERB_TOO.has(before));
            // `The Best of Live`: there is a band of that name.
            let may_be_a_name = *word == "live" && ends && before == Some("of");
            if (before_edition || ends) && !is_verb {
                found.push((kind, !may_be_a_name));
            }
        }
        for (_, kind) in BEFORE_EDITION.found_in(word) {
            if before_edition || ends || (kind == Kind::Live && names_a_place(behind)) {
                found.push((kind, alone || !ends));
            }
        }
    }
    found
}

/// `in Oslo`, `at the Barn`; `in A minor` is a key.
fn names_a_place(words: &[&str]) -> bool {
    matches!(words, [before, place, ..] if BEFORE_PLACE.has(before) && (place.len() > 1 || !place.is_ascii()))
}

/// Whether a folded word tells one edition from another, and nothing of what is played.
pub(super) fn is_of_edition(word: &str) -> bool {
    EDITION.has(word) || word.bytes().all(|b| b.is_ascii_digit())
}
