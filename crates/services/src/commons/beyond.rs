//! What a file's name says beyond title and artist: often only the name tells that it was taken at a concert, or who plays.
//!
//! What is said of a version stands in brackets behind the title and behind an album's name, where matching knows it. What
//! else is said may be anything – a player, a day, a part – and makes the title another one, but where the wish says it, too.

use std::collections::HashSet;

use ferrotape_domain::Wanted;
use unicode_normalization::UnicodeNormalization;

use crate::answers::{folded, folded_words, versions_beyond, with_versions};

/// Words of names that say nothing of a recording.
const SMALL: [&str; 28] = [
    "a", "an", "and", "at", "audio", "by", "de", "der", "die", "flac", "for", "from", "in", "le", "la",
    "mp3", "n", "no", "nr", "of", "ogg", "on", "op", "the", "und", "von", "wav", "with",
];

/// What is said of a file: by its page, and by its name without the ending.
pub(super) struct Said<'a> {
    pub(super) title: &'a str,
    pub(super) artist: &'a str,
    pub(super) stem: &'a str,
}

/// The same in words that matching understands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) title: String,
    pub(super) artists: Vec<String>,
    /// Only where the version is told of: it stands before the file's own word.
    pub(super) album: Option<String>,
}

impl Said<'_> {
    /// What is told of the file for this wish; `None` where it names the wish's first artist – of a classical work the
    /// composer – and nobody else of those that are wanted: of such works there are many recordings.
    pub(super) fn told_for(&self, wanted: &Wanted) -> Option<Told> {
        let here: HashSet<String> =
            [self.title, self.artist, self.stem].into_iter().flat_map(folded_words).collect();
        let wished = names(wanted);
        let others = || wished.iter().skip(1);
        let is_by_composer_alone = wished.first().is_some_and(|first| has_last_word(first, &here))
            && others().next().is_some()
            && !others().any(|name| is_named(name, &here));
        if is_by_composer_alone {
            return None;
        }
        let by_page: HashSet<String> = folded_words(self.artist).into_iter().collect();
        let more = others().filter(|name| is_named(name, &here) && !is_named(name, &by_page));
        let own = Some(self.artist.to_owned()).filter(|artist| !artist.is_empty());
        let artists: Vec<String> = own.into_iter().chain(more.cloned()).collect();
        let beyond = self.beyond(wanted, &here, &wished);
        let versions = versions_beyond([beyond.as_str()], [self.title, self.artist]);
        Some(Told {
            title: match (beyond.is_empty(), versions.is_empty()) {
                (true, _) => self.title.to_owned(),
                (false, true) => format!("{} {beyond}", self.title),
                (false, false) => format!("{} ({beyond})", self.title),
            },
            artists,
            album: (!versions.is_empty()).then(|| with_versions(self.stem, &versions)),
        })
    }

    /// The words of the name that neither the page nor the wish has; what tells of a version counts whatever the wish says.
    fn beyond(&self, wanted: &Wanted, here: &HashSet<String>, wished: &[String]) -> String {
        let by_page: HashSet<String> = [self.title, self.artist].into_iter().flat_map(folded_words).collect();
        let named = wished.iter().filter(|name| is_named(name, here));
        let by_wish: HashSet<String> =
            wanted.release.iter().chain(named).flat_map(|text| folded_words(text)).collect();
        let is_known = |word: &str| {
            let is_version = || !versions_beyond([word], [""]).is_empty();
            by_page.contains(word) || (by_wish.contains(word) && !is_version())
        };
        let stem: String = self.stem.nfc().collect();
        let words = stem.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let rest: Vec<&str> = words.filter(|word| !is_known(&folded(word))).collect();
        let begin = rest.iter().position(|word| !is_small(word)).unwrap_or(rest.len());
        let end = rest.iter().rposition(|word| !is_small(word)).map_or(begin, |last| last + 1);
        rest.get(begin..end).unwrap_or_default().join(" ")
    }
}

/// Those that are wanted, also where they were printed as one.
fn names(wanted: &Wanted) -> Vec<String> {
    let names = wanted.artists.names().flat_map(|name| name.split([',', ';'])).map(str::trim);
    names.filter(|name| !folded(name).is_empty()).map(str::to_owned).collect()
}

/// Whether somebody is named: in full, or a person of two names by the last of them.
fn is_named(name: &str, words: &HashSet<String>) -> bool {
    let own = folded_words(name);
    own.iter().all(|word| words.contains(word)) || (own.len() == 2 && has_last_word(name, words))
}

fn has_last_word(name: &str, words: &HashSet<String>) -> bool {
    folded_words(name).last().is_some_and(|last| words.contains(last))
}

/// Numbers of tracks are small, too.
fn is_small(word: &str) -> bool {
    let word = folded(word);
    SMALL.contains(&word.as_str()) || (word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{ArtistCredit, WantedKind};

    use super::*;

    fn told(title: &str, artist: &str, stem: &str, wished: &[&str]) -> Option<Told> {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = title.to_owned();
        wanted.artists = ArtistCredit::of_names(wished);
        wanted.release = Some("Low Water".to_owned());
        Said { title, artist, stem }.told_for(&wanted)
    }

    #[test]
    fn what_only_the_name_says_counts() {
        let table = [
            ("Marsh", "Marsh live at Oslo 2004", "Marsh (live at Oslo 2004)", true),
            ("Pebble", "Mara Quill - Pebble - Live", "Pebble (Live)", true),
            ("Quarry", "Quarry acoustic version", "Quarry (acoustic version)", true),
            ("Raven", "Raven (Instrumental)", "Raven (Instrumental)", true),
            ("Saddle", "Saddle 2004-05-08 Oslo", "Saddle 2004 05 08 Oslo", false),
            ("Timber", "Timber performed by US Navy Band", "Timber performed by US Navy Band", false),
            ("Ebb", "Mara Quill - Low Water - 03 - Ebb", "Ebb", false),
            ("Ebb (Live)", "Mara_Quill_Ebb_Live", "Ebb (Live)", false),
            ("Élan", "Mara Quill – Elan", "Élan", false),
        ];
        for (title, stem, expected, has_album) in table {
            let told = told(title, "Mara Quill", stem, &["Mara Quill"]);
            let told = told.map(|told| (told.title, told.album.is_some()));
            assert_eq!(told, Some((expected.to_owned(), has_album)), "{stem}");
        }
    }

    #[test]
    fn who_plays_must_be_named_where_somebody_is_wanted_beside_the_composer() {
        let wished = ["Erik Satie", "Klara Kormendi"];
        let by = |stem: &str, wished: &[&str]| told("Gnossienne No. 2", "Erik Satie", stem, wished);
        assert_eq!(by("Gnossienne No 2", &wished), None);
        assert_eq!(by("Gnossienne No 2 (Bob Amateur)", &wished), None);
        assert_eq!(by("Gnossienne No 2", &["Erik Satie, Klara Kormendi"]), None, "printed as one");
        let played = by("Gnossienne No 2 - Kormendi", &wished);
        let played = played.map(|told| (told.title, told.artists));
        let both = wished.map(str::to_owned).to_vec();
        assert_eq!(played, Some(("Gnossienne No. 2".to_owned(), both)));
        let alone = by("Gnossienne No 2 (Bob Amateur)", &["Erik Satie"]).map(|told| told.title);
        assert_eq!(alone.as_deref(), Some("Gnossienne No. 2 Bob Amateur"));
    }
}
