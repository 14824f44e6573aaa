//! Candidate search over the whole collection.
//!
//! An inverted index from 32-bit hashes of words to files. A file's words come from its tags and its file name alike,
//! whatever field they stand in, so that swapped fields, `Artist - Title` in one field, and bare file names are found
//! the same way. Beside single words it holds whole titles and names without spaces (`acdc`), Latin spellings of other
//! scripts, and ISRCs; a second, smaller index finds words one typo away. Hash collisions only add a candidate that
//! the decision then throws out.

use std::borrow::Cow;

use ferrotape_domain::{Offer, is_placeholder};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::keys::{
    ALBUM, ISRC, MBID, SOUND, WHOLE, WORD, WORK, both_key, deletions, hash, pair, untitled_key, words_of,
};
use super::postings::Postings;
use crate::classical::work::{AlbumWorks, Work};
use crate::deciding::release::AlbumName;
use crate::readings::names::Names;
use crate::readings::paths::PathWords;
use crate::readings::title::Title;
use crate::search::collection::{Collection, File};
use crate::texts::normalise::{fold, romanise, squash};
use crate::texts::scripts::all_sound_keys;
use crate::weighing::descriptions::Descriptions;

/// Everything matching needs to know of the offers, owned and compact.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) files: Collection,
    pub(super) words: Postings,
    pub(super) typos: Postings,
    albums: Postings,
    /// What its files say, as far as that was asked of late.
    pub(crate) descriptions: Descriptions,
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
        let title = match file.title {
            "" => PathWords::stem_of(file.path),
            title => Cow::Borrowed(title),
        };
        if let Some(work) = Work::of(&title) {
            let keys = work.keys(&AlbumWorks::of(&fold(file.album)));
            self.words.extend(keys.iter().map(|key| pair(hash(WORK, key), at)));
        }
    }

    /// The number that was cut off a file's name may be a word of it: `50 Lamps - Ebb`. One that begins with 0 hardly is.
    fn number_before(&mut self, stem: &str, path: &str, at: u32) {
        let whole = PathWords::numbered_stem_of(path);
        let Some(number) = whole.strip_suffix(stem).filter(|number| !number.is_empty()) else { return };
        if !number.starts_with('0') {
            self.text(&fold(number), at);
            let first = whole.split(" - ").next().unwrap_or_default();
            self.whole(&Title::parse(first).base, at);
        }
    }

    fn file(&mut self, file: &File<'_>, at: u32) {
        let title = Title::parse(file.title);
        self.work(file, at);
        let has_tags = !file.title.is_empty() && !file.artists.is_empty();
        self.text(&fold(file.title), at);
        self.whole(&title.base, at);
        self.both(&title.base, file.artists, at);
        let others = Some(file.album_artists).filter(|names| *names != file.artists);
        for names in std::iter::once(file.artists).chain(others) {
            let folded = fold(names);
            self.text(&folded, at);
            self.whole(&folded, at);
        }
        if !file.players.is_empty() && Names::of(file.artists.split('\u{1f}')).players().is_empty() {
            self.text(&fold(file.players), at);
        }
        if !has_tags || (27..=30).contains(&file.title.chars().count()) {
            let printed = PathWords::stem_of(file.path);
            self.text(&fold(&printed), at);
            self.number_before(&printed, file.path, at);
            for piece in printed.split(" - ") {
                self.whole(&Title::parse(piece).base, at);
            }
        }
        if !has_tags {
            let path = PathWords::of(file.path);
            self.text(&fold(path.parent), at);
            self.text(&fold(path.grandparent), at);
        }
        if !file.isrc.is_empty() {
            self.words.push(pair(hash(ISRC, file.isrc), at));
        }
        if !file.mbid.is_empty() {
            self.words.push(pair(hash(MBID, file.mbid), at));
        }
        if is_placeholder(file.title)
            && let Some(key) = untitled_key(file.album, file.track)
        {
            self.words.push(pair(key, at));
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
    /// Adds one offer of the user's own.
    pub fn add(&mut self, offer: &Offer) {
        self.files.add(offer, false);
    }

    /// Adds one offer of a place for everybody, where any performer, version and length of a title may be.
    pub fn add_public(&mut self, offer: &Offer) {
        self.files.add(offer, true);
    }

    /// The index of all that was added. Uses every thread of the current rayon pool.
    pub fn finish(mut self) -> Index {
        self.files.sort();
        Index::of(self.files)
    }
}

impl Index {
    /// Builds the index of the user's own offers; the order of `offers` makes no difference. Uses every thread of the current
    /// rayon pool.
    pub fn build<'a>(offers: impl IntoIterator<Item = &'a Offer>) -> Self {
        Self::build_with(offers, |_| false)
    }

    /// The same of offers of which some are of places for everybody, as `is_public` says.
    pub fn build_with<'a>(
        offers: impl IntoIterator<Item = &'a Offer>,
        is_public: impl Fn(&Offer) -> bool,
    ) -> Self {
        let mut builder = IndexBuilder::default();
        for offer in offers {
            match is_public(offer) {
                true => builder.add_public(offer),
                false => builder.add(offer),
            }
        }
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
        let (words, typos, albums) = (Postings::of(words), Postings::of(typos), Postings::of(albums));
        Self { words, typos, albums, files, descriptions: Descriptions::default() }
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

    /// Files with the title and first artist of this one's tags, itself among them; a few others may be, too.
    pub(crate) fn titled_alike(&self, file: &File<'_>) -> &[u32] {
        let first = file.artists.split('\u{1f}').next().unwrap_or_default();
        let key = both_key(&Title::parse(file.title).base, &fold(first));
        key.map_or(&[][..], |key| self.words.get(key))
    }

    /// Files of the album that this one's tag names; a few others may be among them.
    pub(crate) fn of_its_album(&self, file: &File<'_>) -> &[u32] {
        self.on_album(&AlbumName::of(file.album).key)
    }

    /// Files whose album tag has this key (see [`AlbumName`]); a few others may be among them.
    pub(crate) fn on_album(&self, key: &str) -> &[u32] {
        self.albums.get(hash(ALBUM, key))
    }
}
