//! A saved album whose track list is unknown: the files that carry exactly its name.
//!
//! Nothing tells which tracks it should have, so this is conservative: the album tag must be the same with its edition
//! words (`Deluxe`, `Remastered`, `Live` make another release; `CD 2` does not), the album artist too. What lies in one folder
//! stays together; editions and recordings of one name that contradict each other (two titles under one track number, other
//! playing times) go to a person, and so does what only its folder, its titles or the marks of shops call live, karaoke or
//! clean. Files that call themselves disc 1 are not the album without the others.

use std::collections::BTreeSet;

use ferrotape_domain::Wanted;

use crate::deciding::editions::{Edition, Held, Track, without_clean_beside_others};
use crate::readings::describe::Album;
use crate::readings::names::{Agreement, Names, says_nobody};
use crate::search::collection::File;
use crate::texts::normalise::fold;
use crate::versions::table::rule;
use crate::weighing::advisory::is_called_clean;
use crate::{Allowed, Index};

/// Files that are shown to a person at most.
const MOST_SHOWN: usize = 5;

const REST_IS_CLEAN: &str = "the rest of this album is here only as what shops mark clean";

/// What was found for a wanted release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseChoice {
    /// These files are the release's, as far as the sources hold it.
    Chosen {
        /// [`ferrotape_domain::Offer::file_id`]s in disc and track order, one copy per track.
        files: Vec<i64>,
        /// Why, as a sentence without full stop.
        why: String,
    },
    /// Files come near, but a person must say; the text tells why.
    Review {
        /// File ids of what comes near, at most five; where there are several editions, one of each.
        files: Vec<i64>,
        /// Why it was not chosen.
        why: String,
    },
    /// Nothing comes near; the text tells what was looked for.
    None(String),
}

/// An album's name without its disc number.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AlbumName {
    /// Folded, without spaces and disc marker.
    pub(crate) key: String,
    /// The disc its name tells, 0 when none.
    pub(crate) disc: u16,
}

impl AlbumName {
    pub(crate) fn of(name: &str) -> Self {
        // `Nu Disco 2020` is no disc of `Nu`.
        let number = |digits: &str| digits.parse::<u16>().ok().filter(|disc| (1..100).contains(disc));
        let folded = fold(name);
        let mut words: Vec<&str> = folded.split(' ').collect();
        let mut disc = 0;
        if let [before @ .., marker, last] = words.as_slice()
            && matches!(*marker, "cd" | "disc" | "disk" | "disque" | "disco")
            && !before.is_empty()
            && let Some(number) = number(last)
        {
            disc = number;
            words.truncate(words.len() - 2);
        } else if let [before @ .., last] = words.as_slice()
            && !before.is_empty()
            && let Some(number) =
                ["cd", "disc", "disk"].iter().find_map(|marker| last.strip_prefix(marker)).and_then(number)
        {
            disc = number;
            words.truncate(words.len() - 1);
        }
        Self { key: words.concat(), disc }
    }
}

/// Finds the files of a saved album by its title and artist. Of what is `allowed` only that a clean version is never taken
/// counts here.
pub fn choose_release(index: &Index, wanted: &Wanted, allowed: Allowed) -> ReleaseChoice {
    let looked_for = || ReleaseChoice::None("none of your files is of this album".to_owned());
    let name = AlbumName::of(&wanted.title);
    if name.key.is_empty() {
        return looked_for();
    }
    let artists = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let compilation = artists.names().all(says_nobody);
    let names = Names::of(artists.names());
    let mut found: Vec<Held<'_>> = Vec::new();
    let mut near: Vec<i64> = Vec::new();
    for at in index.on_album(&name.key) {
        let Some(file) = index.files.get(*at) else { continue };
        let album = AlbumName::of(file.album);
        if album.key != name.key {
            continue;
        }
        match belongs(&names, compilation, &file) {
            Agreement::Same => found.push(Held::new(*at, file, album.disc)),
            Agreement::Differs => {}
            _ => near.push(file.file_id),
        }
    }
    if found.is_empty() {
        near.truncate(MOST_SHOWN);
        let why = "files carry this album's name, but not surely its artist".to_owned();
        return if near.is_empty() { looked_for() } else { ReleaseChoice::Review { files: near, why } };
    }
    let album = Album::of(&wanted.title);
    if allowed.never_clean || !is_called_clean(&album) {
        found = without_clean_beside_others(found);
    }
    match settle(Edition::all_of(found, index), &album, compilation, index) {
        Settled::Asked(choice) => choice,
        Settled::Found(best, has_others) => {
            let missing = discs_missing(&best).filter(|_| name.disc == 0);
            match missing.or_else(|| clean_among(&best).filter(|_| allowed.never_clean)) {
                Some(why) => review(&[best], why),
                None => chosen(&best, has_others),
            }
        }
    }
}

/// Whether a file's album artist (or, without that tag, its artist) is the wanted release's.
fn belongs(names: &Names, compilation: bool, file: &File<'_>) -> Agreement {
    let album_artists = file.album_artists;
    if compilation {
        let various = !album_artists.is_empty() && says_nobody(album_artists);
        return if various { Agreement::Same } else { Agreement::Unknown };
    }
    let text =
        if album_artists.is_empty() || says_nobody(album_artists) { file.artists } else { album_artists };
    let found = names.agreement(&Names::of(text.split('\u{1f}')), usize::MAX);
    if found == Agreement::Listed { Agreement::Same } else { found }
}

/// What was made of the editions of an album.
enum Settled<'a> {
    /// It is this one; and whether others were left out.
    Found(Edition<'a>, bool),
    Asked(ReleaseChoice),
}

/// What is not there of an album whose files name their disc: they may be part of it only.
fn discs_missing(edition: &Edition<'_>) -> Option<String> {
    let best = edition.tracks.iter().filter_map(Track::best);
    let discs: BTreeSet<u16> = best.map(|held| AlbumName::of(held.file.album).disc).collect();
    let last = discs.last().copied().filter(|_| !discs.contains(&0))?;
    if last == 1 {
        return Some("its files call themselves disc 1, and no other disc of it is here".to_owned());
    }
    let missing = (1..last).find(|disc| !discs.contains(disc))?;
    Some(format!("its files call themselves disc {last}, and disc {missing} is not here"))
}

/// How much of an edition is the clean version, as a sentence; `None` where nothing is.
fn clean_among(edition: &Edition<'_>) -> Option<String> {
    let best: Vec<&Held<'_>> = edition.tracks.iter().filter_map(Track::best).collect();
    let (all, clean) = (best.len(), best.iter().filter(|held| held.is_clean()).count());
    let says = match clean {
        0 => return None,
        clean if clean == all => "this is the clean version".to_owned(),
        1 => format!("1 of its {all} files is a clean version"),
        clean => format!("{clean} of its {all} files are clean versions"),
    };
    Some(format!("{says}, which you never want"))
}

/// The album of these editions: the one that has the most of it, and what others of the same edition have beside that.
/// What its folder or its titles call another version is not taken for it.
fn settle<'a>(editions: Vec<Edition<'a>>, wanted: &Album, compilation: bool, index: &Index) -> Settled<'a> {
    let version = |edition: &Edition<'a>| edition.other_version(wanted, compilation);
    let (others, mut plain): (Vec<Edition<'a>>, Vec<Edition<'a>>) =
        editions.into_iter().partition(|edition| version(edition).is_some());
    plain.sort_by_key(|edition| std::cmp::Reverse(edition.rank()));
    let mut plain = plain.into_iter();
    let Some(mut best) = plain.next() else {
        let told = others.first().and_then(version);
        let why = told.map(|(kind, who)| {
            format!("{} by {who}, and nothing says so of the album that is wanted", rule(kind).name)
        });
        return Settled::Asked(review(&others, why.unwrap_or_default()));
    };
    let mut asked: Vec<Edition<'a>> = Vec::new();
    let mut doubt = best.doubt;
    for edition in plain {
        if let Some(why) = best.take_from(edition.clone(), index) {
            doubt = doubt.or(Some(why));
            asked.push(edition);
        }
    }
    // The clean version is left out, but not without a word where the rest of the album is there as that alone.
    let mut clean = others.iter().filter(|other| other.is_marked_clean(compilation));
    if doubt.is_none()
        && let Some(rest) = clean.find(|other| best.lacks_one_of(other))
    {
        doubt = Some(REST_IS_CLEAN);
        asked.push(rest.clone());
    }
    if let Some(why) = doubt {
        asked.insert(0, best);
        return Settled::Asked(review(&asked, why.to_owned()));
    }
    Settled::Found(best, !others.is_empty())
}

/// One file of each edition, and where there is only one the first of its tracks.
fn review(editions: &[Edition<'_>], why: String) -> ReleaseChoice {
    let mut files: Vec<i64> = editions.iter().filter_map(Edition::first_file).collect();
    if let [only] = editions {
        files = files_of(only);
    }
    files.truncate(MOST_SHOWN);
    ReleaseChoice::Review { files, why }
}

fn chosen(edition: &Edition<'_>, has_others: bool) -> ReleaseChoice {
    let files = files_of(edition);
    let count = files.len();
    let noun = if count == 1 { "file carries" } else { "files carry" };
    let beside =
        if has_others { "; what folders, titles or marks call another version is left out" } else { "" };
    ReleaseChoice::Chosen { files, why: format!("{count} {noun} exactly this album and artist{beside}") }
}

/// The best copy of each track, in their order.
fn files_of(edition: &Edition<'_>) -> Vec<i64> {
    let tracks = edition.tracks.iter().filter_map(|track| Some((track.place(), track.best()?)));
    let mut tracks: Vec<_> = tracks.collect();
    tracks.sort_by(|(a, one), (b, other)| (a, one.file.path).cmp(&(b, other.file.path)));
    tracks.into_iter().map(|(_, held)| held.file.file_id).collect()
}
