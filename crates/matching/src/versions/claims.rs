//! What a title claims of its recording: read from its brackets and dash suffixes, never from its plain words.
//!
//! `Live Forever` is therefore a title, and `Alive` and `Demolition` claim nothing.

use std::sync::LazyLock;

use crate::texts::phrases::{Phrases, Words, contains_phrase};
use crate::versions::album_pieces::{is_year, says_somebodys_version};
use crate::versions::album_words::{FAMOUS_PLACES, PLACES};
use crate::versions::languages::{IN_A_LANGUAGE, LANGUAGES};
use crate::versions::table::{Claim, Kind};
use crate::versions::words::{
    AFTER_VERB_LIVE, ALL_OF_A_BRACKET, ANYWHERE, BEFORE_VERB_LIVE, LIVE_AT_EDGE, PLAYED_AT, VERSION_NOUNS,
};

static KINDS: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ANYWHERE));
static OF_BRACKETS: LazyLock<Phrases<Kind>> = LazyLock::new(|| Phrases::of(ALL_OF_A_BRACKET));
static LIVE: LazyLock<Words> = LazyLock::new(|| Words::of(LIVE_AT_EDGE));
static BEFORE_VERB: LazyLock<Words> = LazyLock::new(|| Words::of(BEFORE_VERB_LIVE));
static AFTER_VERB: LazyLock<Words> = LazyLock::new(|| Words::of(AFTER_VERB_LIVE));
static NOUNS: LazyLock<Words> = LazyLock::new(|| Words::of(VERSION_NOUNS));
static IN: LazyLock<Words> = LazyLock::new(|| Words::of(IN_A_LANGUAGE));
static HALLS: LazyLock<Words> = LazyLock::new(|| Words::of(PLACES));
static FAMOUS: LazyLock<Words> = LazyLock::new(|| Words::of(FAMOUS_PLACES));
static STUDIOS: LazyLock<Words> = LazyLock::new(|| Words::of(PLAYED_AT));
static SPOKEN: LazyLock<Phrases<&str>> = LazyLock::new(|| Phrases::of(LANGUAGES));

/// The claims of one bracket or dash suffix, already folded; empty when it makes none.
pub(crate) fn claims_of_segment(folded: &str, raw: &str) -> Vec<Claim> {
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let (mut kinds, mut used) = spoken_kinds(folded);
    if !kinds.contains(&Kind::Live)
        && let Some(word) = live_word(&words)
    {
        kinds.push(Kind::Live);
        used.push(word);
    }
    if !kinds.contains(&Kind::Live) && is_at_a_place(&words) {
        kinds.push(Kind::Live);
    }
    if let Some(language) = language(folded, &words) {
        return with_language(kinds, &words, &used, language);
    }
    if kinds.is_empty() {
        kinds.extend(KINDS.misspelt_in(folded));
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

/// The claims of a whole bracket: beside what a suffix may claim, what says something only where nothing stands beside it.
pub(crate) fn claims_of_bracket(folded: &str, raw: &str) -> Vec<Claim> {
    let found = OF_BRACKETS.found_in(folded).into_iter().find(|(phrase, _)| *phrase == folded);
    let Some((_, kind)) = found else { return claims_of_segment(folded, raw) };
    let words: Vec<&str> = folded.split(' ').collect();
    vec![Claim { kind, particulars: particulars_for(kind, &particulars(&words, &[])) }]
}

/// The words of the tables that stand in a bracket, with what each claims.
pub(crate) fn said_in_bracket(folded: &str) -> Vec<(&str, Kind)> {
    let wholly = OF_BRACKETS.found_in(folded).into_iter().filter(|(phrase, _)| *phrase == folded);
    KINDS.found_in(folded).into_iter().chain(wholly).collect()
}

/// The kind that words begin to name which are cut off: `karao`, `rerec`. None where they are too few or begin several.
pub(crate) fn begun_kind(folded: &str) -> Option<Kind> {
    const LEAST: usize = 4;
    if folded.chars().count() < LEAST {
        return None;
    }
    let mut kinds = KINDS.begun_by(folded);
    kinds.extend(OF_BRACKETS.begun_by(folded));
    kinds.dedup();
    match kinds.as_slice() {
        [kind] => Some(*kind),
        _ => None,
    }
}

/// The kinds that the table's phrases name, and the words that did so and tell nothing more.
fn spoken_kinds(folded: &str) -> (Vec<Kind>, Vec<&str>) {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    for (phrase, kind) in KINDS.found_in(folded) {
        // `String Quartet No. 3` is a work, not somebody's version for strings.
        if phrase == "string quartet" && contains_phrase(folded, "string quartet no") {
            continue;
        }
        // `Explicit Album Version` is explicit, `Edited` beside it would be clean; `Mixed Emotions` claims nothing.
        if phrase == "mixed" && folded.starts_with("mixed ") && folded != "mixed version" {
            continue;
        }
        kinds.push(kind);
        // A dub, a VIP and a remix by one hand are three recordings, an intro and a skit two: such words stay among
        // the particulars.
        if kind == Kind::Named {
            continue;
        }
        if kind != Kind::Remix
            || !matches!(
                phrase,
                "rework" | "bootleg" | "mashup" | "mash up" | "vip" | "dub" | "flip" | "refix"
            )
        {
            used.extend(phrase.split(' '));
        }
    }
    (kinds, used)
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
    // `New Spanish Version` is first of all in Spanish.
    kinds.retain(|kind| *kind != Kind::ReRecording);
    kinds.sort_unstable();
    kinds.dedup();
    let mut rest = particulars(words, used);
    rest.retain(|word| SPOKEN.found_in(word).is_empty() && !IN.has(word));
    let mut claims: Vec<Claim> =
        kinds.into_iter().map(|kind| Claim { kind, particulars: particulars_for(kind, &rest) }).collect();
    claims.push(Claim { kind: Kind::Language, particulars: vec![language.to_owned()] });
    claims
}

fn live_word<'a>(words: &[&'a str]) -> Option<&'a str> {
    let first = *words.first()?;
    let last = *words.last()?;
    if LIVE.has(first) {
        let verb = words.get(1).is_some_and(|next| AFTER_VERB.has(next));
        return (!verb).then_some(first);
    }
    if LIVE.has(last) {
        let verb = words.iter().rev().nth(1).is_some_and(|before| BEFORE_VERB.has(before));
        return (!verb).then_some(last);
    }
    let inside = words.windows(2).find(|pair| {
        matches!(pair, [live, place] if LIVE.has(live) && matches!(*place, "at" | "in" | "from" | "on" | "mix" | "remastered" | "remaster" | "a" | "en" | "im" | "aus" | "i"))
    });
    inside.and_then(|pair| pair.first().copied())
}

/// `at the BBC`, `at Budokan 1978`, `at Carnegie Hall`. `At the Opera` and `At the Old Mill` may be a title's own words.
fn is_at_a_place(words: &[&str]) -> bool {
    const MOST_WORDS: usize = 4;
    let ["at", place @ ..] = words else { return false };
    let place = place.strip_prefix(&["the"]).unwrap_or(place);
    let place = match place {
        [place @ .., year] if is_year(year) => place,
        _ => place,
    };
    let name = place.join(" ");
    let is_hall = place.last().is_some_and(|last| HALLS.has(last)) && (2..=MOST_WORDS).contains(&place.len());
    is_hall || FAMOUS.has(&name) || STUDIOS.has(&name)
}

fn language(folded: &str, words: &[&str]) -> Option<&'static str> {
    let found = SPOKEN.found_in(folded).first()?.1;
    let unspaced = |word: &&str| {
        !word.is_ascii() && ["版", "버전", "バージョン", "ver"].iter().any(|noun| word.contains(noun))
    };
    let marked =
        words.len() == 1 || words.iter().any(|word| NOUNS.has(word) || IN.has(word) || unspaced(word));
    // `In Latin America`, `En Italia`: a place, where nothing says version.
    marked.then_some(found)
}

/// `Downey Mix`, `2019 Version`, `Taylor's Version`, `Take 3`, `Electric Version`.
fn kind_by_noun(words: &[&str], raw: &str) -> Option<Kind> {
    let last = *words.last()?;
    let first = *words.first()?;
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    if matches!(first, "take" | "toma" | "prise")
        && words.len() <= 3
        && words.get(1).is_some_and(|word| is_number(word))
    {
        return Some(Kind::Demo);
    }
    if words.len() == 1 {
        return match last {
            "edit" | "cut" => Some(Kind::Edit),
            "session" | "sessions" => Some(Kind::Live),
            _ => None,
        };
    }
    let possessive = says_somebodys_version(&raw.to_lowercase());
    match last {
        "mix" | "edit" => Some(Kind::Remix),
        "session" | "sessions" => Some(Kind::Live),
        "take" | "rendition" | "arrangement" => Some(Kind::Named),
        "cut" | "edition" | "recording" => None,
        noun if NOUNS.has(noun) => {
            let year = words.len() <= 3 && words.iter().any(|word| is_year(word));
            Some(if possessive || year { Kind::ReRecording } else { Kind::Named })
        }
        // `Versión Piano`, `Version 2012`: in Romance languages the noun comes first.
        _ if matches!(first, "version" | "versao" | "versione") && words.len() <= 3 => {
            Some(if is_year(last) { Kind::ReRecording } else { Kind::Named })
        }
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
        "en",
        "de",
        "el",
        "la",
        "au",
        "im",
        "w",
        "w",
        "album",
        "the",
        "st",
        "nd",
        "rd",
        "th",
        "no",
    ];
    let telling = |word: &&&str| !used.contains(*word) && !NOUNS.has(word) && !EMPTY.contains(*word);
    words.iter().filter(telling).map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::normalise::fold;

    fn kinds(segment: &str) -> Vec<Kind> {
        claims_of_segment(&fold(segment), segment).into_iter().map(|claim| claim.kind).collect()
    }

    #[test]
    fn segments_claim_kinds_in_many_languages() {
        let claims = [
            (
                Kind::Live,
                "Live at Okinawa | en vivo | Ao Vivo em Lisboa | Dal vivo a Fenmoor | En concert | \
                Na żywo | Živě | Élőben | Концертная запись | Наживо | Canlı Performans | \
                Ζωντανή Ηχογράφηση | הופעה חיה | ライブ | 현장 라이브 | 现场版 | KEXP | Unplugged | \
                BBC Session | Livenä | at the BBC | at Budokan | at Carnegie Hall | At Wembley 1986 | แสดงสด | Trực tiếp",
            ),
            (
                Kind::Instrumental,
                "Inst. | Instrumental | Strumentale | Инструментал | 伴奏 | Off Vocal | 오프보컬 | Sözsüz | Instru | \
                Without Vocal | w/o vocals | less vocal | オフ・ボーカル | 연주곡",
            ),
            (
                Kind::Acoustic,
                "Acoustic | Versión acústica | Akustik Version | Акустическая версия | アコースティック | \
                어쿠스틱 버전 | 不插电 | Akustinen | Piano Version",
            ),
            (Kind::Remix, "Downey Mix 2 | Lisk Remix | Лиск Ремикс | リミックス | Lisk Re-Edit"),
            (
                Kind::Language,
                "versión en español | Japanese Ver. | Deutsche Version | 日本語版 | Svensk version | \
                English Version | На русском | 한국어 버전",
            ),
            (
                Kind::ReRecording,
                "Ola’s Version | 2019 Version | Re-Recorded | Neuaufnahme | Nueva versión | 新録",
            ),
            (Kind::Clean, "Bleeped | Radio Clean | Edited | Amended Album Version | Censored"),
            (Kind::Demo, "Take 3 | Демо | デモ | Maqueta | Alternate Take"),
            (Kind::Speed, "Slowed + Reverb | Sped Up | Nightcore Mix"),
            (Kind::Acapella, "بدون موسيقى | Vocals Only"),
            (
                Kind::Karaoke,
                "TV Track | Base musicale | Karaoke | カラオケ | Караоке версия | In the Style of Oda Brenn",
            ),
            (Kind::Cover, "Oda Brenn Cover | кавер | 翻唱 | Tribute to Brenn"),
            (
                Kind::Remaster,
                "Remasterizado | Remastered 2011 | Ремастеринг 2011 | 2009リマスター | Rimasterizzato",
            ),
            (Kind::Edit, "Radio Edit | Versão rádio | Kurzversion | 7\" Version"),
            (Kind::Extended, "Extended Mix | Version longue | 12 Inch"),
            (Kind::Explicit, "Explicit | Explicit Album Version"),
            (Kind::Named, "Electric Version | Interlude | Versión banda"),
        ];
        for (kind, segments) in claims {
            for segment in segments.split('|').map(str::trim) {
                assert_eq!(kinds(segment).first(), Some(&kind), "{segment}: {:?}", kinds(segment));
            }
        }
        assert_eq!(kinds("Stereo; 2015 Remaster"), [Kind::Stereo, Kind::Remaster]);
    }

    #[test]
    fn words_inside_other_words_and_verbs_claim_nothing() {
        for plain in [
            "Alive",
            "I Want to Live",
            "Live and Let Die",
            "Demolition",
            "Recovered",
            "String Quartet No. 3 in D",
            "Cleaner",
            "Uncovered Ground",
            "Mixed Emotions",
            "Olive Tree",
            "The Sketchbook",
            "Love Me More",
            "Acoustics",
            "Paradise",
            "Vivace",
            "Remember",
            "Live Free",
            "Германия",
            "At Last",
            "At the Opera",
            "At the Old Mill",
            "At the Hall",
            "At",
            "Видение",
        ] {
            assert_eq!(kinds(plain), [], "{plain}");
        }
    }

    #[test]
    fn what_tells_two_of_a_kind_apart_is_kept() {
        let claims = claims_of_segment(&fold("Live at Fenmoor, 1998"), "Live at Fenmoor, 1998");
        assert_eq!(claims[0].particulars, ["fenmoor", "1998"]);
        let claims = claims_of_segment(&fold("Лиск Ремикс"), "Лиск Ремикс");
        assert_eq!(claims[0].particulars, ["лиск"]);
    }
}
