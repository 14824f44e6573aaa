//! Which files are worth weighing: those that share words, weighted by how rare they are, with what is looked for.

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::Index;
use super::keys::{ISRC, MBID, SOUND, WHOLE, WORD, WORK, both_key, deletions, hash, untitled_key, words_of};
use crate::texts::normalise::{romanise, squash};
use crate::texts::scripts::{all_sound_keys, spelt_sound};

/// What to look for: folded title and names, and an ISRC.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pub(crate) titles: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) isrc: Option<&'a str>,
    pub(crate) mbid: Option<&'a str>,
    /// Keys of the classical work and movement.
    pub(crate) works: Vec<String>,
    /// The album as printed and the playing time in milliseconds: of files whose words agree alike, those that agree in
    /// these come first. An artist may have played one title on hundreds of evenings.
    pub(crate) album: &'a str,
    pub(crate) duration: Option<u32>,
    /// Its number on the album; 0 where none is known.
    pub(crate) track: u16,
}

#[derive(Clone, Copy)]
struct Term {
    key: u32,
    weight: f32,
    of_title: bool,
    /// Whether a file needs it to be covered fully; misspellings and squashed forms only stand in for wanted words.
    wanted: bool,
}

/// Words in more files than this bring in no new candidates, unless nothing else does.
const COMMON: usize = 3_000;

impl Index {
    /// The files likeliest to be what is looked for, best first, at most `most`. With `typos`, words one typo away
    /// count as found.
    pub(crate) fn candidates(&self, query: &Query<'_>, typos: bool, most: usize) -> Vec<u32> {
        let mut terms = self.terms(query, typos);
        terms.sort_by_key(|term| (self.words.get(term.key).len(), term.key));
        let mut found: FxHashMap<u32, [f32; 2]> = FxHashMap::default();
        for (at, term) in terms.iter().enumerate() {
            let files = self.words.get(term.key);
            let slot = usize::from(!term.of_title);
            let opens = files.len() <= COMMON || (at < 2 && files.len() <= COMMON * 10) || found.is_empty();
            if opens {
                for file in files.iter().take(COMMON * 20) {
                    if let Some(weight) = found.entry(*file).or_default().get_mut(slot) {
                        *weight += term.weight;
                    }
                }
            } else {
                for (file, weights) in &mut found {
                    if files.binary_search(file).is_ok()
                        && let Some(weight) = weights.get_mut(slot)
                    {
                        *weight += term.weight;
                    }
                }
            }
        }
        self.best(query, &terms, found, most)
    }

    fn best(
        &self,
        query: &Query<'_>,
        terms: &[Term],
        found: FxHashMap<u32, [f32; 2]>,
        most: usize,
    ) -> Vec<u32> {
        let total = |of_title: bool| -> f32 {
            let wanted = terms.iter().filter(|term| term.of_title == of_title && term.wanted);
            wanted.map(|term| term.weight).sum::<f32>().max(0.001)
        };
        let (title_total, name_total) = (total(true), total(false));
        let covered = |weights: [f32; 2]| {
            let [title, names] = weights;
            ((title / title_total).min(1.0), (names / name_total).min(1.0))
        };
        let of_work: Vec<(f32, u32)> = self
            .of_works(&query.works)
            .into_iter()
            .map(|(file, share)| {
                let names = found.get(&file).map_or(0.0, |weights| covered(*weights).1);
                (share * 0.6 + names * 0.4, file)
            })
            .collect();
        let mut ranked: Vec<(f32, u32)> = found
            .into_iter()
            .map(|(file, weights)| (covered(weights), file))
            .filter(|((title, names), _)| *title >= 0.9 || (*title >= 0.2 && *names >= 0.12))
            .map(|((title, names), file)| (title * 0.6 + names * 0.4, file))
            .collect();
        ranked.extend(of_work);
        for (title, name) in
            query.titles.iter().flat_map(|title| query.names.iter().map(move |name| (title, name)))
        {
            let files = both_key(title, name).map_or(&[][..], |key| self.words.get(key));
            ranked.extend(files.iter().take(COMMON * 20).map(|file| (1.5, *file)));
        }
        // What has no title can only be found by its place.
        let untitled = untitled_key(query.album, query.track).filter(|_| query.duration.is_some());
        let files = untitled.map_or(&[][..], |key| self.words.get(key));
        ranked.extend(files.iter().take(most / 2).map(|file| (1.0, *file)));
        for (kind, id) in [(ISRC, query.isrc), (MBID, query.mbid)] {
            let files = id.map_or(&[][..], |id| self.words.get(hash(kind, id)));
            ranked.extend(files.iter().take(most).map(|file| (2.0, *file)));
        }
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        ranked.sort_unstable_by(order);
        let mut seen = FxHashSet::default();
        ranked.retain(|(_, file)| seen.insert(*file));
        if let Some((last, _)) = ranked.get(most).copied() {
            // Only those that share the last place need be told apart.
            let start = ranked.partition_point(|(score, _)| *score > last);
            let end = ranked.partition_point(|(score, _)| *score >= last);
            if let Some(level) = ranked.get_mut(start..end) {
                level.sort_by_cached_key(|(_, file)| (self.apart(query, *file), *file));
            }
        }
        ranked.truncate(most);
        ranked.into_iter().map(|(_, file)| file).collect()
    }

    /// How far a file is from what is looked for, beside its words: another album, playing time, length of the title.
    fn apart(&self, query: &Query<'_>, file: u32) -> (bool, u32, usize) {
        const UNKNOWN: u32 = 9_000;
        let Some(file) = self.files.get(file) else { return (true, u32::MAX, usize::MAX) };
        let other_album = query.album.is_empty() || !file.album.eq_ignore_ascii_case(query.album);
        let time =
            query.duration.map_or(0, |wanted| file.duration.map_or(UNKNOWN, |ours| ours.abs_diff(wanted)));
        (other_album, time, file.title.len())
    }

    /// Files of the same classical work and movement, with the share of its keys that they have.
    fn of_works(&self, works: &[String]) -> FxHashMap<u32, f32> {
        let mut found: FxHashMap<u32, f32> = FxHashMap::default();
        for key in works {
            for file in self.words.get(hash(WORK, key)).iter().take(COMMON) {
                *found.entry(*file).or_default() += 1.0 / works.len() as f32;
            }
        }
        found
    }

    fn terms(&self, query: &Query<'_>, typos: bool) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::new();
        for (texts, of_title) in [(&query.titles, true), (&query.names, false)] {
            for text in texts {
                words_of(text, |word| {
                    self.add_term(&mut terms, (hash(WORD, word), true), word, of_title, typos);
                });
                let whole = squash(text);
                self.add_term(&mut terms, (hash(WHOLE, &whole), false), &whole, of_title, typos);
                for sound in all_sound_keys(text) {
                    self.add_term(&mut terms, (hash(SOUND, &sound), false), &sound, of_title, false);
                }
                if let Some(latin) = romanise(text) {
                    for sound in all_sound_keys(text) {
                        let spelt = spelt_sound(&sound);
                        self.add_term(&mut terms, (hash(WHOLE, &spelt), false), &spelt, of_title, typos);
                    }
                    words_of(&latin, |word| {
                        self.add_term(&mut terms, (hash(WORD, word), false), word, of_title, typos);
                    });
                    let whole = squash(&latin);
                    self.add_term(&mut terms, (hash(WHOLE, &whole), false), &whole, of_title, typos);
                }
            }
        }
        terms
    }

    fn add_term(
        &self,
        terms: &mut Vec<Term>,
        (key, wanted): (u32, bool),
        word: &str,
        of_title: bool,
        typos: bool,
    ) {
        if terms.iter().any(|term| term.key == key && term.of_title == of_title) {
            return;
        }
        let weight = |files: usize| (1.0 + self.len() as f32 / (1.0 + files as f32)).ln();
        let files = self.words.get(key).len();
        terms.push(Term { key, weight: weight(files), of_title, wanted });
        if !typos {
            return;
        }
        let mut near: Vec<u32> = Vec::new();
        deletions(word, |deletion| near.extend(self.typos.get(deletion).iter().take(200)));
        near.sort_unstable();
        near.dedup();
        for other in near.into_iter().filter(|other| *other != key) {
            let known = terms.iter().any(|term| term.key == other && term.of_title == of_title);
            let files = self.words.get(other).len();
            if !known && files <= COMMON {
                terms.push(Term { key: other, weight: weight(files) * 0.8, of_title, wanted: false });
            }
        }
    }
}
