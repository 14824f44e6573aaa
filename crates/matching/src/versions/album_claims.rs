//! What an album's or a folder's name claims of all its tracks.
//!
//! Many live recordings say so nowhere but in the album's name, in many ways: `Live at …`, `Unplugged`, a date, a hall.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::classical::composers::composer;
use crate::readings::title::Title;
use crate::texts::normalise::{fold, with_at_spelt};
use crate::texts::phrases::{Phrases, Words};
use crate::versions::album_pieces::is_with_orchestra;
use crate::versions::album_words::{
    ALBUM_ANYWHERE, BEFORE_VERB_LIVE_IN, LIVE_BY_FAME, NO_LANGUAGES_OF_ALBUMS, NO_VERSIONS, ONE_VERSION,
    SYMPHONIC_WORKS, WORKS_FOR_ORCHESTRA,
};
use crate::versions::languages::{IN_A_LANGUAGE, LANGUAGES};
use crate::versions::table::{Claim, Kind, Verdict, rule};
use concerts::concert;
use set_off::{claims_of_piece, is_of_edition, set_off};

mod concerts;
mod set_off;
#[cfg(test)]
mod tests;

static ANYWHERE: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALBUM_ANYWHERE));
static BEFORE_VERB_IN: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE_IN));
static WORKS_CALLED_SYMPHONIC: LazyLock<Words> = LazyLock::new(|| Words::of(SYMPHONIC_WORKS));
static BY_FAME: LazyLock<Words> = LazyLock::new(|| Words::of(LIVE_BY_FAME));
static SPOKEN: LazyLock<Phrases<&str>> = LazyLock::new(|| Phrases::of(LANGUAGES));
static SUNG_IN: LazyLock<Words> = LazyLock::new(|| Words::of(IN_A_LANGUAGE));
static A_VERSION: LazyLock<Words> = LazyLock::new(|| Words::of(ONE_VERSION));
static WORKS: LazyLock<Words> = LazyLock::new(|| Words::of(WORKS_FOR_ORCHESTRA));
static NOT_SUNG_IN: LazyLock<Words> = LazyLock::new(|| Words::of(NO_LANGUAGES_OF_ALBUMS));

/// What an album's name claims for all its tracks, and whether it does so plainly (`Live at …`) or only perhaps
/// (`Alive: Red Rocks`).
pub(crate) fn claims_of_album(album: &str) -> Vec<(Claim, bool)> {
    let mut claims = claims_of(album, false);
    // There are albums called `Mono`; a folder tells the mix by it.
    if album.split(['(', '[']).next().is_some_and(|name| fold(name) == "mono") {
        claims.retain(|(claim, _)| claim.kind != Kind::Mono);
    }
    claims
}

/// The same of a folder of an album whose tags name it.
pub(crate) fn claims_of_folder_within(folder: &str) -> Vec<(Claim, bool)> {
    claims_of(folder, false)
}

/// The same of a folder. Where one word is all of its name it may be no album's but a shelf's: `Acoustic`.
pub(crate) fn claims_of_folder(folder: &str) -> Vec<(Claim, bool)> {
    claims_of(folder, true)
}

/// Whether an album's name plainly says of its tracks that they are another version than the title and album of what is
/// wanted say: `Live 1999`, where `Ebb` of `Low Water` is wanted.
pub fn album_tells_another_version(title: &str, album: Option<&str>, other_album: &str) -> bool {
    let mut wanted: Vec<Kind> = Title::parse(title).claims.iter().map(|claim| claim.kind).collect();
    wanted.extend(claims_of_album(album.unwrap_or_default()).iter().map(|(claim, _)| claim.kind));
    claims_of_album(other_album).iter().any(|(claim, plain)| {
        *plain && rule(claim.kind).extra == Verdict::Reject && !wanted.contains(&claim.kind)
    })
}

fn claims_of(album: &str, is_folder: bool) -> Vec<(Claim, bool)> {
    let album = with_at_spelt(album);
    let album = without_other_words(&album);
    let album: &str = &album;
    let folded = fold(album);
    let mut found: Vec<(Claim, bool)> = Vec::new();
    let mut add = |kind: Kind, plain: bool| match found.iter_mut().find(|(claim, _)| claim.kind == kind) {
        Some((_, known)) => *known |= plain,
        None => found.push((Claim { kind, particulars: Vec::new() }, plain)),
    };
    for (phrase, kind) in ANYWHERE.found_in(&folded) {
        if !is_verb_everywhere(phrase, &folded) && !begins_another_name(phrase, &folded) {
            add(kind, true);
        }
    }
    let pieces = set_off(album);
    // `Chopin: Nocturnes (Piano)` says for what they were written.
    let names_works = || folded.split(' ').any(|word| WORKS.has(word) || composer(word).is_some());
    for (kind, plain) in pieces.iter().flat_map(|piece| claims_of_piece(piece, is_folder)) {
        if kind != Kind::Acoustic || !names_works() {
            add(kind, plain);
        }
    }
    let brackets: Vec<String> =
        pieces.iter().filter(|piece| piece.in_brackets).map(|piece| fold(piece.text)).collect();
    if let Some(plain) = is_with_orchestra(&folded, &brackets, is_of_edition) {
        add(Kind::Named, plain);
    }
    let performs =
        ["performs ", "plays ", "tribute ", "salute to "].iter().any(|start| folded.starts_with(start));
    if performs {
        add(Kind::Cover, false);
    }
    let is_famous = || album.split(['(', '[']).next().is_some_and(|name| BY_FAME.has(&fold(name)));
    if ["alive ", "an evening with ", "evening with "].iter().any(|start| folded.starts_with(start))
        || is_famous()
    {
        add(Kind::Live, false);
    }
    if pieces.iter().any(|piece| is_in_a_language(&fold(piece.text), piece.at > 0)) {
        add(Kind::Language, true);
    }
    if is_symphonic(&folded) {
        add(Kind::Named, false);
    }
    if let Some(plain) = concert(album, &folded) {
        add(Kind::Live, plain);
    }
    found
}

/// The name without words of another meaning that hold one of a version: `ドライブ` (drive) holds `ライブ` (live). In `バンドライブ`
/// (band, live) it is no word.
fn without_other_words(album: &str) -> Cow<'_, str> {
    let is_joined = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{ac00}'..='\u{d7af}');
    let mut text = Cow::Borrowed(album);
    for word in NO_VERSIONS {
        let begins = |at: &usize| !text.get(..*at).unwrap_or_default().ends_with(is_joined);
        let found = text.match_indices(word).map(|(at, _)| at).find(begins);
        if let Some(at) = found {
            text.to_mut().replace_range(at..at + word.len(), " ");
        }
    }
    text
}

/// Whether a phrase such as `live in` has the verb wherever it stands: nothing follows that says where (`The World We Live
/// In`), or somebody lives there (`We Live in Houses`).
fn is_verb_everywhere(phrase: &str, folded: &str) -> bool {
    const PLACED: [&str; 8] = ["at", "in", "from", "on", "with", "i", "im", "aus"];
    let is_placed = phrase.strip_prefix("live ").is_some_and(|rest| PLACED.contains(&rest));
    let is_verb = |at: usize| {
        let (before, behind) = folded.split_at_checked(at).unwrap_or_default();
        let before = before.split(' ').rev().find(|word| !word.is_empty());
        behind.trim() == phrase || before.is_some_and(|word| BEFORE_VERB_IN.has(word))
    };
    is_placed && folded.match_indices(phrase).all(|(at, _)| is_verb(at))
}

/// Whether a name begins with the word as with any other: `Remixed Emotions`, not `Remixed by Lisk` or `Remixed Vol. 2`.
fn begins_another_name(phrase: &str, folded: &str) -> bool {
    let mut words = folded.split(' ');
    let begins = matches!(phrase, "remixed" | "reworked" | "slowed") && words.next() == Some(phrase);
    let next = words.next().filter(|_| begins);
    let is_said = |next: &str| matches!(next, "by" | "with" | "for" | "from" | "down") || is_of_edition(next);
    next.is_some_and(|next| !is_said(next)) && !words.any(|word| word == phrase)
}

/// Whether a piece of a name ends in what it is sung in: `En Español`, `Sings in German`, `Japanese Versions`, and behind the name
/// `German Version`. A `Japanese Edition` is for that market.
fn is_in_a_language(piece: &str, is_behind: bool) -> bool {
    let is_language = |word: &str| {
        !NOT_SUNG_IN.has(word) && SPOKEN.found_in(word).into_iter().any(|(phrase, _)| phrase == word)
    };
    let is_version = |noun: &str| is_behind && A_VERSION.has(noun);
    let mut words = piece.rsplit(' ');
    match (words.next(), words.next()) {
        (Some("versions" | "versiones" | "versionen"), Some(language)) => is_language(language),
        (Some(noun), Some(language)) if is_version(noun) => is_language(language),
        // `Version française`
        (Some(language), Some(noun)) if is_version(noun) => is_language(language),
        (Some(language), Some(before)) => SUNG_IN.has(before) && is_language(language),
        // `日本語版`
        (Some(word), None) => {
            let mut nouns = A_VERSION.iter().filter(|noun| !noun.is_ascii());
            is_behind && nouns.any(|noun| word.strip_suffix(noun).is_some_and(is_language))
        }
        _ => false,
    }
}

/// Whether a folded name is that word and who plays: `Live Cream`, `Live Cream, Vol. 2`.
pub(crate) fn is_live_by(album: &str, artist: &str) -> bool {
    let artist = fold(artist);
    let name = artist.strip_prefix("the ").unwrap_or(&artist);
    let behind = album.strip_prefix("live ").and_then(|rest| rest.strip_prefix(name));
    let is_end = |rest: &str| rest.split(' ').all(is_of_edition);
    !name.is_empty() && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') && is_end(rest))
}

/// `Symphonic Mara Quill`; `Symphonic Dances` are a work.
fn is_symphonic(folded: &str) -> bool {
    let next = folded.strip_prefix("symphonic ").and_then(|rest| rest.split(' ').next());
    next.is_some_and(|next| !WORKS_CALLED_SYMPHONIC.has(next))
}
