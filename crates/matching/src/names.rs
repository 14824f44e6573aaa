//! Artist names: taken apart, compared whole and singly.

use crate::normalise::{edits, fold, only_typos, romanise, squash, typo_allowance};

/// How well an offer's credit agrees with the wanted artists. Ordered from none to full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// Other artists.
    Differs,
    /// The offer names nobody.
    Unknown,
    /// One name is part of the other (`The Ana Trio`, `Ana`).
    Part,
    /// A letter or two differ, which may make it another name (`Mara`, `Maya`).
    Near,
    /// Equal when spelt in Latin letters.
    Romanised,
    /// Equal but for a typo in a long word.
    Typo,
    /// Another of the wanted artists is named, not the first.
    Listed,
    /// The main artist is named.
    Same,
}

/// One name in the forms it is compared in.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) folded: String,
    squashed: String,
}

impl Name {
    fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        let bare =
            folded.strip_prefix("the ").or_else(|| folded.strip_suffix(" the")).unwrap_or(&folded).to_owned();
        let squashed = squash(&bare);
        (!squashed.is_empty()).then_some(Self { folded: bare, squashed })
    }
}

/// The names of a credit, first the main artist; whole printed texts stand beside their parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(pub(crate) Vec<Name>);

impl Names {
    /// Takes printed credits apart. Each text is kept whole too: `Medeski, Martin & Wood` is one band.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<Name> = Vec::new();
        let mut add = |name: Option<Name>| {
            if let Some(name) = name.filter(|n| names.iter().all(|known| known.squashed != n.squashed)) {
                names.push(name);
            }
        };
        for text in texts.filter(|text| !says_nobody(text)) {
            add(Name::of(text));
            let parts = split(text);
            if parts.len() > 1 {
                parts.iter().for_each(|part| add(Name::of(part)));
            }
        }
        Self(names)
    }

    /// The two names, folded, that differ by the fewest letters; empty where none comes near.
    pub(crate) fn nearest<'a>(&'a self, offer: &'a Self) -> (&'a str, &'a str) {
        let pairs = self.0.iter().flat_map(|wanted| offer.0.iter().map(move |offered| (wanted, offered)));
        let near = pairs.filter_map(|(wanted, offered)| {
            Some((
                edits(&wanted.squashed, &offered.squashed, 3)?,
                wanted.folded.as_str(),
                offered.folded.as_str(),
            ))
        });
        near.min().map_or(("", ""), |(_, wanted, offered)| (wanted, offered))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How well an offer's names agree with these wanted ones. `lead` is how many of these begin the credit: the
    /// first printed text and its parts' first.
    pub(crate) fn agreement(&self, offer: &Self, lead: usize) -> Agreement {
        if offer.is_empty() || self.is_empty() {
            return Agreement::Unknown;
        }
        let mut best = Agreement::Differs;
        for (at, wanted) in self.0.iter().enumerate() {
            for offered in &offer.0 {
                let found = compare(wanted, offered);
                let found = if at >= lead && found == Agreement::Same { Agreement::Listed } else { found };
                let found = if at >= lead && found < Agreement::Listed { Agreement::Differs } else { found };
                best = best.max(found);
            }
            if best == Agreement::Same {
                break;
            }
        }
        best
    }
}

fn compare(wanted: &Name, offered: &Name) -> Agreement {
    if wanted.squashed == offered.squashed {
        return Agreement::Same;
    }
    let (long, short) = (wanted.squashed.chars().count(), offered.squashed.chars().count());
    if edits(&wanted.squashed, &offered.squashed, typo_allowance(long.min(short))).is_some() {
        let sure = only_typos(&wanted.folded, &offered.folded);
        return if sure { Agreement::Typo } else { Agreement::Near };
    }
    if let (a, b) = (romanise(&wanted.folded), romanise(&offered.folded))
        && (a.is_some() || b.is_some())
    {
        let a = squash(&a.unwrap_or_else(|| wanted.folded.clone()));
        let b = squash(&b.unwrap_or_else(|| offered.folded.clone()));
        if let Some(count) = edits(&a, &b, typo_allowance(a.len().min(b.len()))) {
            return if count == 0 { Agreement::Romanised } else { Agreement::Near };
        }
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

fn contains_words(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(' '))
        || long.contains(&format!(" {short} "))
}

/// Splits a printed credit at the signs and words that join names.
pub(crate) fn split(text: &str) -> Vec<&str> {
    const SIGNS: &[char] = &[';', ',', '&', '+', '|', '·', '、', '，', '×', '；', '\u{1f}'];
    const WORDS: &[&str] = &[
        "feat.",
        "feat",
        "ft.",
        "ft",
        "featuring",
        "with",
        "vs",
        "vs.",
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
        "mit",
        "presents",
        "pres.",
    ];
    let mut parts = Vec::new();
    for piece in text.split(SIGNS) {
        let mut start = 0;
        let mut at = 0;
        for word in piece.split(' ') {
            let end = at + word.len();
            if WORDS.contains(&word.to_lowercase().as_str()) {
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

/// Whether a credit names nobody: unknown, or a compilation's stand-in.
pub(crate) fn says_nobody(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "" | "unknown"
            | "unknown artist"
            | "various artists"
            | "various"
            | "va"
            | "v a"
            | "artist"
            | "no artist"
            | "artiste inconnu"
            | "unbekannter kunstler"
            | "unbekannt"
            | "varios artistas"
            | "varios"
            | "artistes divers"
            | "diverse"
            | "verschiedene interpreten"
            | "artisti vari"
            | "desconocido"
            | "artista desconocido"
            | "sconosciuto"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(wanted: &[&str], offer: &str) -> Agreement {
        Names::of(wanted.iter().copied()).agreement(&Names::of(std::iter::once(offer)), 1)
    }

    #[test]
    fn names_agree_however_they_are_joined() {
        assert_eq!(agree(&["The Violet Oars"], "Violet Oars, The"), Agreement::Same);
        assert_eq!(agree(&["Mara Quill"], "Ben Otter & Mara Quill"), Agreement::Same);
        assert_eq!(agree(&["Mara Quill", "Ben Otter"], "Ben Otter"), Agreement::Listed);
        assert_eq!(agree(&["Oar, Moss & Fen"], "Oar, Moss and Fen"), Agreement::Same);
        assert_eq!(agree(&["QX/ZW"], "QXZW"), Agreement::Same);
        assert_eq!(agree(&["Mara Quillon"], "Mara Qiullon"), Agreement::Typo);
        assert_eq!(agree(&["Mara Quill"], "Mara Qiull"), Agreement::Near);
        assert_eq!(agree(&["Mara Quill"], "Mara Stone"), Agreement::Differs);
        assert_eq!(agree(&["Mara Quill"], "Various Artists"), Agreement::Unknown);
        assert_eq!(agree(&["Кот"], "Kot"), Agreement::Romanised);
    }
}
