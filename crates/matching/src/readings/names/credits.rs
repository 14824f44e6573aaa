//! How printed credits come apart into names, and which name nobody.

use std::sync::LazyLock;

use crate::texts::normalise::fold;
use crate::texts::phrases::Words;

/// Splits a printed credit at the signs and words that join names.
pub(crate) fn split(text: &str) -> Vec<&str> {
    const SIGNS: &[char] = &[';', ',', '&', '+', '|', '·', '、', '，', '×', '；', '＆', '\u{1f}'];
    let mut parts = Vec::new();
    for piece in text.split(SIGNS) {
        let mut start = 0;
        let mut at = 0;
        for word in piece.split(' ') {
            let end = at + word.len();
            if joins(word) {
                parts.push(piece.get(start..at).unwrap_or_default());
                start = end;
            }
            at = end + 1;
        }
        let rest = piece.get(start..).unwrap_or_default();
        // "A / B" was split above; "A/B" may be one name (AC/DC) and stays whole.
        parts.push(rest);
    }
    parts
        .into_iter()
        .map(|part| part.trim_matches(['(', ')', '[', ']', ' ', '/']))
        .filter(|part| !part.is_empty())
        .collect()
}

/// Whether a word between two names joins them.
fn joins(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "feat.",
        "feat",
        "ft.",
        "ft",
        "featuring",
        "with",
        "vs",
        "vs.",
        "versus",
        "and",
        "x",
        "y",
        "et",
        "und",
        "e",
        "och",
        "og",
        "/",
        "con",
        "avec",
        "com",
        "mit",
        "med",
        "met",
        "presents",
        "pres.",
        "pres",
        "meets",
        "w/",
        "f/",
        "и",
        "та",
        "і",
        "а",
        "feat.:",
        "και",
        "ve",
        "ft.:",
        "és",
        "duet",
    ];
    // A capital `F.` is the initial of a name.
    let is_short_feat = word == "f.";
    is_short_feat
        || word.len() <= 12
            && WORDS.iter().any(|join| {
                join.eq_ignore_ascii_case(word) || !join.is_ascii() && word.to_lowercase() == *join
            })
}

/// `Oda Brenn/Mara Quill`: names of several words each; `AC/DC` is one name.
pub(super) fn slashed(part: &str) -> Vec<&str> {
    let names: Vec<&str> = part.split('/').map(str::trim).collect();
    let several = names.len() > 1 && names.iter().all(|name| name.contains(' '));
    if several { names } else { Vec::new() }
}

/// `Brenn, Oda` as `Oda Brenn`: one comma, a name on each side, nothing else that joins names.
pub(super) fn turned_round(text: &str) -> Option<String> {
    let (last, first) = text.split_once(',')?;
    let (last, first) = (last.trim(), first.trim());
    let joined = |part: &str| part.contains([',', ';', '&', '+', '/', '\u{1f}']) || split(part).len() != 1;
    let words = |part: &str| part.split(' ').count();
    (!last.is_empty()
        && !first.is_empty()
        && !joined(last)
        && !joined(first)
        && words(first) <= 3
        && words(last) <= 3)
        .then(|| format!("{first} {last}"))
}

/// Whether a credit names nobody: unknown, or a compilation's stand-in.
pub(crate) fn says_nobody(text: &str) -> bool {
    static NOBODY: LazyLock<Words> = LazyLock::new(|| Words::of(NAMES_NOBODY));
    // Nearly every credit names somebody, and all of these are short.
    text.len() <= 60 && {
        let folded = fold(text);
        folded.is_empty() || NOBODY.has(&folded) || matches!(folded.as_str(), "[unknown]" | "<unknown>")
    }
}

const NAMES_NOBODY: &str = "unknown, unknown artist, unknown artists, various artists, various, va, v a, v/a, artist, no artist, \
    none, null, n/a, na, nan, artiste inconnu, unbekannter künstler, unbekannt, unbekannter interpret, varios artistas, \
    varios, artistas varios, artistes divers, artistes variés, varios intérpretes, vários artistas, vários, diverse, \
    diverse artiesten, diverse artister, diverse künstler, verschiedene interpreten, verschiedene, artisti vari, \
    aa.vv., vari, desconocido, artista desconocido, sconosciuto, artista sconosciuto, různí interpreti, \
    różni wykonawcy, különböző előadók, eri esittäjiä, blandade artister, разные исполнители, неизвестный исполнитель, \
    неизвестен, сборник, різні виконавці, çeşitli sanatçılar, διάφοροι, אמנים שונים, فنانون متعددون, 群星, 华语群星, \
    ヴァリアス・アーティスト, オムニバス, 여러 아티스트, 未知, 未知艺术家, [unknown], soundtrack, original soundtrack";
