//! The keys that files are found under: words, whole titles and names, ids, forms with a letter left out.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::deciding::release::AlbumName;
use crate::texts::normalise::{is_unspaced, squash};

pub(super) fn hash(kind: u8, text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(text.as_bytes());
    let wide = hasher.finish();
    (wide ^ (wide >> 32)) as u32
}

pub(super) const WORD: u8 = 0;
pub(super) const WHOLE: u8 = 1;
pub(super) const ISRC: u8 = 2;
pub(super) const DELETION: u8 = 3;
pub(super) const ALBUM: u8 = 4;
pub(super) const MBID: u8 = 5;
pub(super) const BOTH: u8 = 9;
pub(super) const SOUND: u8 = 6;
pub(super) const WORK: u8 = 7;
pub(super) const UNTITLED: u8 = 8;

/// The key of a folded title by a folded artist; the article makes no difference.
pub(super) fn both_key(title: &str, artist: &str) -> Option<u32> {
    let artist = artist.strip_prefix("the ").unwrap_or(artist);
    let (title, artist) = (squash(title), squash(artist));
    (!title.is_empty() && !artist.is_empty()).then(|| hash(BOTH, &format!("{title}\u{1f}{artist}")))
}

/// The key of the track of an album whose title nobody wrote down.
pub(super) fn untitled_key(album: &str, track: u16) -> Option<u32> {
    let is_known = !album.is_empty() && track > 0;
    is_known.then(|| hash(UNTITLED, &format!("{}\u{1f}{track}", AlbumName::of(album).key)))
}

pub(super) fn pair(key: u32, value: u32) -> u64 {
    u64::from(key) << 32 | u64::from(value)
}

/// Words of a folded text; runs of scripts without spaces are cut into overlapping pairs.
pub(super) fn words_of(folded: &str, mut each: impl FnMut(&str)) {
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
pub(super) fn deletions(word: &str, mut each: impl FnMut(u32)) {
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
