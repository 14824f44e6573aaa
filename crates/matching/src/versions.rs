//! Which kind of recording a text claims to be, and which kinds may stand in for one another.
//!
//! A claim is read only from brackets and dash suffixes of a title, and from the few album names that speak for all
//! their tracks (`Live at …`). `Live Forever` is therefore a title and `Alive` no claim. [`rule`] is the table: what
//! happens when only one side claims a kind, or both claim it differently (two venues, two remixers).

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::normalise::{edits, fold, is_unspaced, squash, typo_allowance};
use crate::version_words::{
    AFTER_VERB_LIVE, ALBUM_ALONE, ALBUM_ANYWHERE, ANYWHERE, BEFORE_VERB_LIVE, LANGUAGES, LIVE_AT_EDGE,
    VERSION_NOUNS,
};

/// A kind of recording other than "the studio recording as first published".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Live,
    Remix,
    Edit,
    Extended,
    Acoustic,
    Instrumental,
    Acapella,
    Karaoke,
    Cover,
    Demo,
    ReRecording,
    Speed,
    Clean,
    Explicit,
    Language,
    Mono,
    Stereo,
    Remaster,
    Reprise,
    Medley,
    /// Some version that says its name but none of the kinds above (`Electric Version`).
    Named,
}

/// What a difference in a kind means for choosing without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// The same recording, or as good as; the evidence says so.
    Allow,
    /// Only where the playing times agree closely.
    Doubt,
    /// Another recording.
    Reject,
}

/// What the table says of one kind.
pub(crate) struct Rule {
    /// Only the offer claims it.
    pub(crate) extra: Verdict,
    /// Only the wanted recording claims it.
    pub(crate) missing: Verdict,
    /// Both claim it with different particulars (remixer, venue, language).
    pub(crate) differing: Verdict,
    /// Both claim it, one without particulars.
    pub(crate) vaguer: Verdict,
    /// How a sentence names it.
    pub(crate) name: &'static str,
}

/// The compatibility table.
pub(crate) fn rule(kind: Kind) -> Rule {
    use Verdict::{Allow, Doubt, Reject};
    let (extra, missing, differing, vaguer, name) = match kind {
        Kind::Live => (Reject, Reject, Reject, Doubt, "live"),
        Kind::Remix => (Reject, Reject, Reject, Doubt, "a remix"),
        Kind::Edit => (Doubt, Doubt, Doubt, Allow, "an edit"),
        Kind::Extended => (Reject, Reject, Doubt, Allow, "extended"),
        Kind::Acoustic => (Reject, Reject, Doubt, Allow, "acoustic"),
        Kind::Instrumental => (Reject, Reject, Doubt, Allow, "instrumental"),
        Kind::Acapella => (Reject, Reject, Doubt, Allow, "a cappella"),
        Kind::Karaoke => (Reject, Reject, Doubt, Allow, "karaoke"),
        Kind::Cover => (Reject, Reject, Doubt, Allow, "a cover"),
        Kind::Demo => (Reject, Reject, Reject, Doubt, "a demo or other take"),
        Kind::ReRecording => (Reject, Reject, Reject, Doubt, "a re-recording"),
        Kind::Speed => (Reject, Reject, Reject, Doubt, "sped up, slowed or otherwise altered"),
        Kind::Clean => (Reject, Reject, Doubt, Allow, "a clean version"),
        Kind::Explicit => (Allow, Allow, Allow, Allow, "explicit"),
        Kind::Language => (Reject, Reject, Reject, Doubt, "in another language"),
        Kind::Mono => (Doubt, Doubt, Allow, Allow, "mono"),
        Kind::Stereo => (Allow, Allow, Allow, Allow, "stereo"),
        Kind::Remaster => (Allow, Allow, Allow, Allow, "a remaster"),
        Kind::Reprise => (Reject, Reject, Doubt, Allow, "a reprise"),
        Kind::Medley => (Reject, Reject, Doubt, Allow, "mixed into others"),
        Kind::Named => (Reject, Reject, Reject, Doubt, "another version"),
    };
    Rule { extra, missing, differing, vaguer, name }
}

/// One kind a text claims, with its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) kind: Kind,
    /// Folded words that tell this one from others of its kind: remixer, venue and year, language, take number.
    pub(crate) particulars: Vec<String>,
}

/// How two sets of claims differ in one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) says: String,
}

/// The differences between what is wanted and what an offer claims to be.
pub(crate) fn differences(wanted: &[Claim], offer: &[Claim]) -> Vec<Difference> {
    let mut kinds: Vec<Kind> = wanted.iter().chain(offer).map(|claim| claim.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .filter_map(|kind| difference(kind, &gather(wanted, kind), &gather(offer, kind)))
        .collect()
}

fn gather(claims: &[Claim], kind: Kind) -> Option<Vec<&str>> {
    let mut found = None;
    for claim in claims.iter().filter(|claim| claim.kind == kind) {
        let words: &mut Vec<&str> = found.get_or_insert_with(Vec::new);
        words.extend(claim.particulars.iter().map(String::as_str));
    }
    if let Some(words) = &mut found {
        words.sort_unstable();
        words.dedup();
    }
    found
}

fn difference(kind: Kind, wanted: &Option<Vec<&str>>, offer: &Option<Vec<&str>>) -> Option<Difference> {
    let rule = rule(kind);
    let name = rule.name;
    let (verdict, says) = match (wanted, offer) {
        (None, None) => return None,
        (None, Some(_)) if kind == Kind::Remaster => (rule.extra, "a remaster of it".to_owned()),
        (Some(_), None) if kind == Kind::Remaster => (rule.missing, "not marked as the remaster".to_owned()),
        (None, Some(_)) => (rule.extra, format!("{name}, but the plain recording is wanted")),
        (Some(_), None) => (rule.missing, format!("not marked as {name}, which is wanted")),
        (Some(a), Some(b)) if a == b => return None,
        (Some(a), Some(b)) if a.is_empty() || b.is_empty() => {
            (rule.vaguer, format!("{name}, but only one side says which"))
        }
        (Some(a), Some(b)) => match likeness(a, b) {
            Likeness::Same => return None,
            Likeness::Part => (rule.vaguer, format!("{name}, described differently")),
            Likeness::Other => (rule.differing, format!("{name}, but another one")),
        },
    };
    Some(Difference { kind, verdict, says })
}

enum Likeness {
    Same,
    Part,
    Other,
}

/// Compares particulars: equal but for typos, one contained in the other, or different.
fn likeness(a: &[&str], b: &[&str]) -> Likeness {
    let near = |x: &str, y: &str| {
        let digits = x.bytes().any(|c| c.is_ascii_digit()) || y.bytes().any(|c| c.is_ascii_digit());
        x == y || (!digits && edits(x, y, typo_allowance(x.chars().count().min(y.chars().count()))).is_some())
    };
    let all_in =
        |few: &[&str], many: &[&str]| few.iter().all(|word| many.iter().any(|other| near(word, other)));
    match (all_in(a, b), all_in(b, a)) {
        (true, true) => Likeness::Same,
        (true, false) | (false, true) => Likeness::Part,
        (false, false) if edits(&a.concat(), &b.concat(), 2).is_some() && a.concat().len() > 8 => {
            Likeness::Same
        }
        (false, false) => Likeness::Other,
    }
}

/// The claims of one bracket or dash suffix, already folded; empty when it makes none.
pub(crate) fn claims_of_segment(folded: &str, raw: &str) -> Vec<Claim> {
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    for (phrase, kind) in phrases_in(folded, &words) {
        // `String Quartet No. 3` is a work, not somebody's version for strings.
        if phrase == "string quartet" && contains_phrase(folded, "string quartet no") {
            continue;
        }
        kinds.push(kind);
        // A dub, a VIP and a remix by one hand are three recordings, an intro and a skit two: such words stay among
        // the particulars.
        if kind == Kind::Named {
            continue;
        }
        if kind != Kind::Remix || matches!(phrase, "remix" | "remixed" | "rmx" | "リミックス") {
            used.extend(phrase.split(' '));
        }
    }
    if !kinds.contains(&Kind::Live)
        && let Some(word) = live_word(&words)
    {
        kinds.push(Kind::Live);
        used.push(word);
    }
    if let Some(language) = language(&words) {
        return with_language(kinds, &words, &used, language);
    }
    if kinds.is_empty() {
        kinds.extend(misspelt_kind(folded, &words));
    }
    if kinds.is_empty() {
        kinds.extend(kind_by_noun(&words, raw));
    }
    // An extended or edited remix is a remix: its length words are particulars, not kinds of their own.
    kinds.sort_unstable();
    kinds.dedup();
    let particulars = particulars(&words, &used);
    kinds.into_iter().map(|kind| Claim { kind, particulars: particulars_for(kind, &particulars) }).collect()
}

/// The table by the phrases' first words; phrases of scripts without spaces stand under the empty word.
static BY_FIRST_WORD: LazyLock<FxHashMap<&str, Vec<(&str, Kind)>>> = LazyLock::new(|| {
    let mut table: FxHashMap<&str, Vec<(&str, Kind)>> = FxHashMap::default();
    for (phrase, kind) in ANYWHERE {
        let unspaced = phrase.chars().any(is_unspaced);
        let first = if unspaced { "" } else { phrase.split(' ').next().unwrap_or_default() };
        table.entry(first).or_default().push((*phrase, *kind));
    }
    table
});

fn phrases_in(folded: &str, words: &[&str]) -> Vec<(&'static str, Kind)> {
    let unspaced = if folded.is_ascii() { None } else { BY_FIRST_WORD.get("") };
    let starting = words.iter().filter_map(|word| BY_FIRST_WORD.get(word));
    let mut found: Vec<(&'static str, Kind)> = starting
        .chain(unspaced)
        .flatten()
        .filter(|(phrase, _)| contains_phrase(folded, phrase))
        .copied()
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The table's phrases without spaces, for finding misspelt ones.
static SQUASHED: LazyLock<Vec<(String, bool, Kind)>> = LazyLock::new(|| {
    ANYWHERE.iter().map(|(phrase, kind)| (squash(phrase), phrase.contains(' '), *kind)).collect()
});

/// A long enough word one typo away from one of the table, or the whole segment with its spaces misplaced.
fn misspelt_kind(folded: &str, words: &[&str]) -> Option<Kind> {
    let whole = squash(folded);
    let found = SQUASHED.iter().find(|(phrase, spaced, _)| {
        let near = |text: &str, at_least: usize| {
            phrase.len() >= at_least
                && phrase.len().abs_diff(text.len()) <= 1
                && edits(phrase, text, 1).is_some()
        };
        near(&whole, if *spaced { 7 } else { 5 }) || (!spaced && words.iter().any(|word| near(word, 6)))
    });
    found.map(|(_, _, kind)| *kind)
}

fn particulars_for(kind: Kind, words: &[String]) -> Vec<String> {
    match kind {
        Kind::Live
        | Kind::Remix
        | Kind::Demo
        | Kind::ReRecording
        | Kind::Named
        | Kind::Cover
        | Kind::Speed => words.to_vec(),
        _ => Vec::new(),
    }
}

fn with_language(mut kinds: Vec<Kind>, words: &[&str], used: &[&str], language: &str) -> Vec<Claim> {
    kinds.sort_unstable();
    kinds.dedup();
    let rest: Vec<String> =
        particulars(words, used).into_iter().filter(|w| LANGUAGES.iter().all(|(l, _)| l != w)).collect();
    let mut claims: Vec<Claim> =
        kinds.into_iter().map(|kind| Claim { kind, particulars: particulars_for(kind, &rest) }).collect();
    claims.push(Claim { kind: Kind::Language, particulars: vec![language.to_owned()] });
    claims
}

/// Whether `phrase` stands in `text` as whole words (both folded; scripts without spaces count anywhere).
pub(crate) fn contains_phrase(text: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() && phrase.chars().any(is_unspaced) {
        return text.contains(phrase);
    }
    text.len() >= phrase.len()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text.get(..at).is_some_and(|t| t.is_empty() || t.ends_with(' '));
            let after = text.get(at + phrase.len()..).is_some_and(|t| t.is_empty() || t.starts_with(' '));
            before && after
        })
}

fn live_word<'a>(words: &[&'a str]) -> Option<&'a str> {
    let first = *words.first()?;
    let last = *words.last()?;
    if LIVE_AT_EDGE.contains(&first) {
        let verb = words.get(1).is_some_and(|next| AFTER_VERB_LIVE.contains(next));
        return (!verb).then_some(first);
    }
    if LIVE_AT_EDGE.contains(&last) {
        let verb = words.iter().rev().nth(1).is_some_and(|before| BEFORE_VERB_LIVE.contains(before));
        return (!verb).then_some(last);
    }
    let inside = words.windows(2).find(|pair| {
        matches!(pair, [live, place] if LIVE_AT_EDGE.contains(live) && matches!(*place, "at" | "in" | "from" | "on" | "mix" | "remastered" | "remaster"))
    });
    inside.and_then(|pair| pair.first().copied())
}

fn language(words: &[&str]) -> Option<&'static str> {
    let found = words.iter().find_map(|word| LANGUAGES.iter().find(|(name, _)| name == word))?.1;
    let marked = words.len() == 1
        || words.iter().any(|word| {
            VERSION_NOUNS.contains(word) || matches!(*word, "in" | "en" | "auf" | "em" | "po" | "pa")
        });
    marked.then_some(found)
}

/// `Downey Mix`, `2019 Version`, `Taylor's Version`, `Take 3`, `Electric Version`.
fn kind_by_noun(words: &[&str], raw: &str) -> Option<Kind> {
    let last = *words.last()?;
    let first = *words.first()?;
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let is_year =
        |word: &&str| word.len() == 4 && is_number(word) && matches!(word.get(..2), Some("19" | "20"));
    if first == "take" && words.len() <= 3 && words.get(1).is_some_and(|word| is_number(word)) {
        return Some(Kind::Demo);
    }
    if words.len() == 1 {
        return match last {
            "edit" | "cut" => Some(Kind::Edit),
            "session" | "sessions" => Some(Kind::Live),
            _ => None,
        };
    }
    let possessive = raw.to_lowercase();
    let possessive =
        ["'s version", "’s version", "´s version", "`s version"].iter().any(|p| possessive.contains(p));
    match last {
        "version" | "versions" | "ver" | "vers" | "versione" | "versao" | "wersja" | "fassung" | "versie" => {
            let year = words.iter().any(is_year) && words.len() <= 3;
            Some(if possessive || year { Kind::ReRecording } else { Kind::Named })
        }
        "mix" | "edit" => Some(Kind::Remix),
        "session" | "sessions" => Some(Kind::Live),
        "take" | "rendition" => Some(Kind::Named),
        // A counted mix or edit: `Downey Mix 2`.
        _ if words.len() >= 3
            && is_number(last)
            && matches!(words.get(words.len() - 2), Some(&("mix" | "edit"))) =>
        {
            Some(Kind::Remix)
        }
        _ if words.iter().any(|word| matches!(*word, "session" | "sessions")) => Some(Kind::Live),
        _ => None,
    }
}

fn particulars(words: &[&str], used: &[&str]) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "the",
        "at",
        "in",
        "from",
        "by",
        "on",
        "and",
        "of",
        "a",
        "official",
        "digital",
        "digitally",
        "original",
        "s",
    ];
    let telling =
        |word: &&&str| !used.contains(*word) && !VERSION_NOUNS.contains(*word) && !EMPTY.contains(*word);
    words.iter().filter(telling).map(|word| (*word).to_owned()).collect()
}

/// What an album's name claims for all its tracks, and whether it does so plainly (`Live at …`) or only perhaps
/// (`Alive: Red Rocks`, `Covers`).
pub(crate) fn claims_of_album(album: &str) -> Vec<(Claim, bool)> {
    let folded = fold(album);
    let mut found: Vec<(Claim, bool)> = Vec::new();
    let mut add = |kind: Kind, plain: bool| {
        if !found.iter().any(|(claim, _)| claim.kind == kind) {
            found.push((Claim { kind, particulars: Vec::new() }, plain));
        }
    };
    for (phrase, kind) in ALBUM_ANYWHERE {
        if contains_phrase(&folded, phrase) {
            add(*kind, true);
        }
    }
    let pieces: Vec<String> = album
        .split([':', '(', ')', '[', ']', '-', '–', ',', '/', '!', '_'])
        .map(fold)
        .filter(|p| !p.is_empty())
        .collect();
    let ends = [pieces.first(), pieces.last()];
    for (word, kind) in ALBUM_ALONE {
        if ends.into_iter().flatten().any(|piece| piece == word) {
            add(*kind, *word == "live" && *kind == Kind::Live);
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
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(segment: &str) -> Vec<Kind> {
        claims_of_segment(&fold(segment), segment).into_iter().map(|claim| claim.kind).collect()
    }

    #[test]
    fn segments_claim_kinds_in_many_languages() {
        assert_eq!(kinds("Live at Okinawa"), [Kind::Live]);
        assert_eq!(kinds("en vivo"), [Kind::Live]);
        assert_eq!(kinds("Ao Vivo em Lisboa"), [Kind::Live]);
        assert_eq!(kinds("Inst."), [Kind::Instrumental]);
        assert_eq!(kinds("versión en español"), [Kind::Language]);
        assert_eq!(kinds("Japanese Ver."), [Kind::Language]);
        assert_eq!(kinds("Stereo; 2015 Remaster"), [Kind::Stereo, Kind::Remaster]);
        assert_eq!(kinds("Ola’s Version"), [Kind::ReRecording]);
        assert_eq!(kinds("2019 Version"), [Kind::ReRecording]);
        assert_eq!(kinds("Radio Clean"), [Kind::Clean]);
        assert_eq!(kinds("Take 3"), [Kind::Demo]);
        assert_eq!(kinds("Downey Mix 2"), [Kind::Remix]);
        assert_eq!(kinds("Slowed + Reverb"), [Kind::Speed]);
    }

    #[test]
    fn words_inside_other_words_and_verbs_claim_nothing() {
        assert_eq!(kinds("Alive"), []);
        assert_eq!(kinds("I Want to Live"), []);
        assert_eq!(kinds("Live and Let Die"), []);
        assert_eq!(kinds("Demolition"), []);
        assert_eq!(kinds("Recovered"), []);
        assert_eq!(kinds("String Quartet No. 3 in D"), []);
    }

    #[test]
    fn both_directions_and_two_remixers_are_told_apart() {
        let of = |text: &str| claims_of_segment(&fold(text), text);
        let worst = |a: &str, b: &str| differences(&of(a), &of(b)).into_iter().map(|d| d.verdict).max();
        assert_eq!(worst("", "Live"), Some(Verdict::Reject));
        assert_eq!(worst("Live", ""), Some(Verdict::Reject));
        assert_eq!(worst("Ana Remix", "Bela Remix"), Some(Verdict::Reject));
        assert_eq!(worst("Ana Remix", "Ana Remix"), None);
        assert_eq!(worst("Downey Mix", "Downey Mix 2"), Some(Verdict::Doubt));
        assert_eq!(worst("", "2011 Remaster"), Some(Verdict::Allow));
    }

    #[test]
    fn album_names_speak_for_their_tracks() {
        let kinds = |album: &str| {
            claims_of_album(album).into_iter().map(|(c, plain)| (c.kind, plain)).collect::<Vec<_>>()
        };
        assert_eq!(kinds("Live at Red Barn"), [(Kind::Live, true)]);
        assert_eq!(kinds("In Concert - the Harbour"), [(Kind::Live, true)]);
        assert_eq!(kinds("Alive: Red Barn"), [(Kind::Live, false)]);
        assert_eq!(kinds("Livestock"), []);
        assert_eq!(kinds("Under the Covers, Vol. 2"), [(Kind::Cover, true)]);
    }
}
