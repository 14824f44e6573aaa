//! Candidate search over the whole collection.
//!
//! An inverted index from 32-bit hashes of words to files. A file's words come from its tags and its file name alike,
//! whatever field they stand in, so that swapped fields, `Artist - Title` in one field, and bare file names are found
//! the same way. Beside single words it holds whole titles and names without spaces (`acdc`), Latin spellings of other
//! scripts, and ISRCs; a second, smaller index finds words one typo away. Hash collisions only add a candidate that
//! the decision then throws out.

use std::hash::Hasher;

use ferrotape_domain::Offer;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::classical::{AlbumWorks, Work};
use crate::collection::{Collection, File};
use crate::normalise::{fold, is_unspaced, romanise, squash};
use crate::paths::PathWords;
use crate::release::AlbumName;
use crate::scripts::{all_sound_keys, spelt_sound};
use crate::title::Title;

/// Everything matching needs to know of the offers, owned and compact.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) files: Collection,
    words: Postings,
    typos: Postings,
    albums: Postings,
}

/// Sorted lists of small numbers under 32-bit keys.
#[derive(Debug, Default)]
struct Postings {
    keys: Vec<u32>,
    starts: Vec<u32>,
    values: Vec<u32>,
}

impl Postings {
    /// From pairs packed as `key << 32 | value`.
    fn of(mut pairs: Vec<u64>) -> Self {
        pairs.par_sort_unstable();
        pairs.dedup();
        let mut postings = Self { values: Vec::with_capacity(pairs.len()), ..Self::default() };
        for pair in pairs {
            let (key, value) = ((pair >> 32) as u32, pair as u32);
            if postings.keys.last() != Some(&key) {
                postings.keys.push(key);
                postings.starts.push(u32::try_from(postings.values.len()).unwrap_or(u32::MAX));
            }
            postings.values.push(value);
        }
        postings.starts.push(u32::try_from(postings.values.len()).unwrap_or(u32::MAX));
        postings
    }

    fn get(&self, key: u32) -> &[u32] {
        let Ok(at) = self.keys.binary_search(&key) else { return &[] };
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        self.values.get(*start as usize..*end as usize).unwrap_or_default()
    }
}

fn hash(kind: u8, text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(text.as_bytes());
    let wide = hasher.finish();
    (wide ^ (wide >> 32)) as u32
}

const WORD: u8 = 0;
const WHOLE: u8 = 1;
const ISRC: u8 = 2;
const DELETION: u8 = 3;
const ALBUM: u8 = 4;
const MBID: u8 = 5;
const BOTH: u8 = 9;
const SOUND: u8 = 6;
const WORK: u8 = 7;

/// The key of a folded title by a folded artist; the article makes no difference.
fn both_key(title: &str, artist: &str) -> Option<u32> {
    let artist = artist.strip_prefix("the ").unwrap_or(artist);
    let (title, artist) = (squash(title), squash(artist));
    (!title.is_empty() && !artist.is_empty()).then(|| hash(BOTH, &format!("{title}\u{1f}{artist}")))
}

fn pair(key: u32, value: u32) -> u64 {
    u64::from(key) << 32 | u64::from(value)
}

/// Words of a folded text; runs of scripts without spaces are cut into overlapping pairs.
fn words_of(folded: &str, mut each: impl FnMut(&str)) {
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if word.is_ascii() || !word.chars().any(is_unspaced) {
            each(word);
            continue;
        }
        let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        if starts.len() <= 2 {
            each(word);
        }
        for window in starts.windows(3) {
            if let [start, _, end] = window {
                each(word.get(*start..*end).unwrap_or_default());
            }
        }
    }
}

/// The word and every form of it with one letter left out: two words one typo apart share one of these.
fn deletions(word: &str, mut each: impl FnMut(u32)) {
    let letters = word.chars().count();
    if !(4..=32).contains(&letters) || word.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    each(hash(DELETION, word));
    let mut shorter = String::with_capacity(word.len());
    for skip in 0..letters {
        shorter.clear();
        shorter.extend(word.chars().enumerate().filter(|(at, _)| *at != skip).map(|(_, c)| c));
        each(hash(DELETION, &shorter));
    }
}

#[derive(Default)]
struct Gathered {
    words: Vec<u64>,
    typos: Vec<u64>,
    albums: Vec<u64>,
    seen: FxHashSet<u32>,
}

impl Gathered {
    fn text(&mut self, folded: &str, file: u32) {
        words_of(folded, |word| {
            let key = hash(WORD, word);
            self.words.push(pair(key, file));
            if self.seen.insert(key) {
                deletions(word, |deletion| self.typos.push(pair(deletion, key)));
            }
        });
        if let Some(latin) = romanise(folded) {
            words_of(&latin, |word| self.words.push(pair(hash(WORD, word), file)));
        }
    }

    fn whole(&mut self, folded: &str, file: u32) {
        let squashed = squash(folded);
        if squashed.is_empty() {
            return;
        }
        let key = hash(WHOLE, &squashed);
        self.words.push(pair(key, file));
        if self.seen.insert(key) {
            deletions(&squashed, |deletion| self.typos.push(pair(deletion, key)));
        }
        if !squashed.is_ascii() {
            self.words.extend(all_sound_keys(folded).iter().map(|sound| pair(hash(SOUND, sound), file)));
        }
    }

    /// Title and main artist as one key, for titles so common that their words alone find nothing.
    fn both(&mut self, title: &str, artists: &str, file: u32) {
        let first = artists.split('\u{1f}').next().unwrap_or_default();
        if let Some(key) = both_key(title, &fold(first)) {
            self.words.push(pair(key, file));
        }
    }

    fn work(&mut self, file: &File<'_>, at: u32) {
        let stem = PathWords::of(file.path).stem;
        let title = if file.title.is_empty() { &stem } else { file.title };
        if let Some(work) = Work::of(title) {
            let keys = work.keys(&AlbumWorks::of(&fold(file.album)));
            self.words.extend(keys.iter().map(|key| pair(hash(WORK, key), at)));
        }
    }

    fn file(&mut self, file: &File<'_>, at: u32) {
        let title = Title::parse(file.title);
        self.work(file, at);
        let has_tags = !file.title.is_empty() && !file.artists.is_empty();
        self.text(&fold(file.title), at);
        self.whole(&title.base, at);
        self.both(&title.base, file.artists, at);
        for names in [file.artists, file.album_artists] {
            let folded = fold(names);
            self.text(&folded, at);
            self.whole(&folded, at);
        }
        let path = PathWords::of(file.path);
        let stem = fold(&path.stem);
        if !has_tags || (27..=30).contains(&file.title.chars().count()) {
            self.text(&stem, at);
            for piece in path.stem.split(" - ") {
                self.whole(&Title::parse(piece).base, at);
            }
        }
        if !has_tags {
            self.text(&fold(path.parent), at);
            self.text(&fold(path.grandparent), at);
        }
        if !file.isrc.is_empty() {
            self.words.push(pair(hash(ISRC, file.isrc), at));
        }
        if !file.mbid.is_empty() {
            self.words.push(pair(hash(MBID, file.mbid), at));
        }
        if !file.album.is_empty() {
            self.albums.push(pair(hash(ALBUM, &AlbumName::of(file.album).key), at));
        }
    }
}

/// Files per piece of parallel work.
const CHUNK: usize = 4_096;

/// Takes offers one at a time, so that a million of them need not be held at once.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    files: Collection,
}

impl IndexBuilder {
    /// Adds one offer.
    pub fn add(&mut self, offer: &Offer) {
        self.files.add(offer);
    }

    /// The index of all that was added. Uses every thread of the current rayon pool.
    pub fn finish(mut self) -> Index {
        self.files.sort();
        Index::of(self.files)
    }
}

impl Index {
    /// Builds the index; the order of `offers` makes no difference. Uses every thread of the current rayon pool.
    pub fn build<'a>(offers: impl IntoIterator<Item = &'a Offer>) -> Self {
        let mut builder = IndexBuilder::default();
        offers.into_iter().for_each(|offer| builder.add(offer));
        builder.finish()
    }

    fn of(files: Collection) -> Self {
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let starts: Vec<u32> = (0..count).step_by(CHUNK).collect();
        let pieces: Vec<Gathered> = starts
            .into_par_iter()
            .map(|start| {
                let mut gathered = Gathered::default();
                for at in start..count.min(start.saturating_add(CHUNK as u32)) {
                    if let Some(file) = files.get(at) {
                        gathered.file(&file, at);
                    }
                }
                gathered.seen = FxHashSet::default();
                gathered
            })
            .collect();
        let (mut words, mut typos, mut albums) = (Vec::new(), Vec::new(), Vec::new());
        for mut piece in pieces {
            words.append(&mut piece.words);
            typos.append(&mut piece.typos);
            albums.append(&mut piece.albums);
        }
        Self { words: Postings::of(words), typos: Postings::of(typos), albums: Postings::of(albums), files }
    }

    /// How many offers it holds.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many files have this folded word in a title, a name, or where tags are missing in their path.
    pub(crate) fn files_with_word(&self, word: &str) -> usize {
        self.words.get(hash(WORD, word)).len()
    }

    /// Files whose album tag has this key (see [`AlbumName`]); a few others may be among them.
    pub(crate) fn on_album(&self, key: &str) -> &[u32] {
        self.albums.get(hash(ALBUM, key))
    }
}

/// What to look for: folded title and names, and an ISRC.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pub(crate) titles: Vec<&'a str>,
    pub(crate) names: Vec<&'a str>,
    pub(crate) isrc: Option<&'a str>,
    pub(crate) mbid: Option<&'a str>,
    /// Keys of the classical work and movement.
    pub(crate) works: Vec<String>,
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
            ranked.extend(files.iter().take(most).map(|file| (1.5, *file)));
        }
        for (kind, id) in [(ISRC, query.isrc), (MBID, query.mbid)] {
            let files = id.map_or(&[][..], |id| self.words.get(hash(kind, id)));
            ranked.extend(files.iter().take(most).map(|file| (2.0, *file)));
        }
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if ranked.len() > most * 2 {
            ranked.select_nth_unstable_by(most * 2, order);
            ranked.truncate(most * 2);
        }
        ranked.sort_unstable_by(order);
        let mut seen = FxHashSet::default();
        ranked.retain(|(_, file)| seen.insert(*file));
        ranked.truncate(most);
        ranked.into_iter().map(|(_, file)| file).collect()
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
