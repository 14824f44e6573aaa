//! What a file says of itself: podcast, audiobook, music, or nothing.

use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Offer, Wanted, WantedKind};

/// What a file's genre, ending and folders say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// An episode of a podcast.
    Podcast,
    /// An audiobook, or a part of one.
    Audiobook,
    /// It has a genre that is none of spoken word, or a code of the music industry.
    Music,
    /// Nothing.
    Unmarked,
}

const PODCAST_GENRES: &[&str] = &["podcast", "podcasts"];
const BOOK_GENRES: &[&str] = &[
    "audiobook",
    "audiobooks",
    "audio book",
    "audio books",
    "books & spoken",
    "hörbuch",
    "hörbücher",
    "livre audio",
    "livres audio",
    "audiolibro",
    "audiolibri",
    "audiolivro",
    "luisterboek",
];
/// Genres of music and of talk alike: they say nothing.
const SILENT_GENRES: &[&str] = &[
    "",
    "speech",
    "spoken word",
    "spoken",
    "talk",
    "talk radio",
    "news",
    "other",
    "unknown",
    "genre",
    "vocal",
    "comedy",
    "education",
    "technology",
    "society & culture",
];
const PODCAST_FOLDERS: &[&str] = &["podcast", "podcasts", "gpodder"];
const BOOK_FOLDERS: &[&str] = &[
    "audiobook",
    "audiobooks",
    "audio books",
    "hörbuch",
    "hörbücher",
    "hoerbuecher",
    "livres audio",
    "audiolibros",
    "audiolibri",
    "luisterboeken",
];
/// Words of an album or title that only audiobooks have.
const BOOK_WORDS: &[&str] = &["unabridged", "audiobook", "ungekürzt"];

/// What `offer` says that it is. A genre says more than a folder, and a folder more than a genre it does not know.
pub fn mark(offer: &Offer) -> Mark {
    let genre = |list: &[&str]| {
        let is = |genre: &String| list.iter().any(|known| same(genre.trim(), known));
        offer.tags.genres.iter().any(is)
    };
    if genre(PODCAST_GENRES) {
        return Mark::Podcast;
    }
    let m4b = offer.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("m4b"));
    if genre(BOOK_GENRES) || m4b {
        return Mark::Audiobook;
    }
    if let Some(mark) = mark_of_folder(&offer.path) {
        return mark;
    }
    let texts = [&offer.tags.album, &offer.tags.title];
    let says_book = |text: &String| {
        let lower = text.to_lowercase();
        BOOK_WORDS.iter().any(|word| lower.contains(word))
    };
    if texts.into_iter().flatten().any(says_book) {
        return Mark::Audiobook;
    }
    let tells = |genre: &String| !SILENT_GENRES.iter().any(|silent| same(genre.trim(), silent));
    match offer.tags.isrc.is_some() || offer.tags.genres.iter().any(tells) {
        true => Mark::Music,
        false => Mark::Unmarked,
    }
}

/// The nearest folder that says something.
fn mark_of_folder(path: &Path) -> Option<Mark> {
    let folders = path.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
    let mark = |folder: &str| {
        let is = |list: &[&str]| list.iter().any(|known| same(folder, known));
        is(PODCAST_FOLDERS).then_some(Mark::Podcast).or_else(|| is(BOOK_FOLDERS).then_some(Mark::Audiobook))
    };
    folders.into_iter().find_map(mark)
}

/// Asked of every file there is, so the quick way first.
fn same(text: &str, lower: &str) -> bool {
    text.eq_ignore_ascii_case(lower) || (!text.is_ascii() && text.to_lowercase() == lower)
}

/// Files of music last as long as what is wanted, but for this.
const AS_LONG: Duration = Duration::from_secs(2);

/// Whether a file may answer a wanted recording or album of music: one that is marked as an audiobook only where a code
/// of the recording itself and the length agree, for audio plays and, in most countries, audiobooks are sold as music. Names
/// are no proof: the readings of a book share them. A podcast never.
pub fn may_be_music(wanted: &Wanted, offer: &Offer) -> bool {
    match mark(offer) {
        Mark::Music | Mark::Unmarked => true,
        Mark::Podcast => false,
        Mark::Audiobook => {
            let tags = &offer.tags;
            let same_code = (wanted.isrc.is_some() && wanted.isrc == tags.isrc)
                || (wanted.recording_mbid.is_some() && wanted.recording_mbid == tags.recording_mbid);
            let lengths = wanted.duration.zip(offer.facts.duration);
            wanted.kind == WantedKind::Recording
                && same_code
                && lengths.is_some_and(|(wanted, ours)| wanted.abs_diff(ours) <= AS_LONG)
        }
    }
}
