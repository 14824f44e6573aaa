//! A saved album whose track list is unknown: the files that carry exactly its name.
//!
//! Nothing tells which tracks it should have, so this is conservative: the album tag must be the same with its edition
//! words (`Deluxe`, `Remastered`, `Live` make another release; `CD 2` does not), the album artist too, and files that
//! contradict each other (two titles under one track number) go to a person.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ferrotape_domain::Wanted;

use crate::Index;
use crate::readings::names::{Agreement, Names, says_nobody};
use crate::readings::title::Title;
use crate::search::collection::File;
use crate::texts::normalise::{fold, squash};

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
        /// File ids of what comes near, in path order, at most five.
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
        let folded = fold(name);
        let mut words: Vec<&str> = folded.split(' ').collect();
        let mut disc = 0;
        if let [before @ .., marker, number] = words.as_slice()
            && matches!(*marker, "cd" | "disc" | "disk" | "disque" | "disco")
            && !before.is_empty()
            && let Ok(number) = number.parse::<u16>()
        {
            disc = number;
            words.truncate(words.len() - 2);
        } else if let [before @ .., last] = words.as_slice()
            && !before.is_empty()
            && let Some(Ok(number)) =
                ["cd", "disc", "disk"].iter().find_map(|m| last.strip_prefix(m)).map(str::parse)
        {
            disc = number;
            words.truncate(words.len() - 1);
        }
        Self { key: words.concat(), disc }
    }
}

/// One track of the release found in the files: where it stands and which copies there are.
type Tracks<'a> = BTreeMap<(u16, String), Vec<(u32, File<'a>)>>;

/// Finds the files of a saved album by its title and artist.
pub fn choose_release(index: &Index, wanted: &Wanted) -> ReleaseChoice {
    let looked_for = || ReleaseChoice::None("none of your files is of this album".to_owned());
    let name = AlbumName::of(&wanted.title);
    if name.key.is_empty() {
        return looked_for();
    }
    let artists = if wanted.release_artists.is_empty() { &wanted.artists } else { &wanted.release_artists };
    let compilation = artists.names().all(says_nobody);
    let names = Names::of(artists.names());
    let mut tracks: Tracks<'_> = BTreeMap::new();
    let mut near: Vec<i64> = Vec::new();
    for at in index.on_album(&name.key) {
        let Some(file) = index.files.get(*at) else { continue };
        let album = AlbumName::of(file.album);
        if album.key != name.key {
            continue;
        }
        match belongs(&names, compilation, &file) {
            Agreement::Same => {
                let disc = file.disc.max(album.disc).max(1);
                let title = squash(&Title::parse(file.title).whole());
                let title = if title.is_empty() { format!("track {}", file.track) } else { title };
                tracks.entry((disc, title)).or_default().push((*at, file));
            }
            Agreement::Differs => {}
            _ => near.push(file.file_id),
        }
    }
    if tracks.is_empty() {
        near.truncate(5);
        let why = "files carry this album's name, but not surely its artist".to_owned();
        return if near.is_empty() { looked_for() } else { ReleaseChoice::Review { files: near, why } };
    }
    settle(&tracks)
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

fn settle(tracks: &Tracks<'_>) -> ReleaseChoice {
    let mut places: BTreeMap<(u16, u16), &str> = BTreeMap::new();
    let mut files: Vec<(u16, u16, &File<'_>)> = Vec::new();
    let mut clash = false;
    for ((disc, title), copies) in tracks {
        for (_, copy) in copies.iter().filter(|(_, copy)| copy.track > 0) {
            let known = places.entry((*disc, copy.track)).or_insert(title);
            clash |= *known != title;
        }
        let best = copies.iter().min_by_key(|(at, f)| {
            (Reverse(f.lossless), Reverse(f.bitrate_kbps), Reverse(f.filled_tags), *at)
        });
        if let Some((_, best)) = best {
            let track = if best.track == 0 { u16::MAX } else { best.track };
            files.push((*disc, track, best));
        }
    }
    files.sort_by(|a, b| (a.0, a.1, a.2.path).cmp(&(b.0, b.1, b.2.path)));
    let mut ids: Vec<i64> = files.iter().map(|(_, _, file)| file.file_id).collect();
    if clash {
        ids.truncate(5);
        let why =
            "files of different editions share this album's name: two titles stand under one track number";
        return ReleaseChoice::Review { files: ids, why: why.to_owned() };
    }
    let count = ids.len();
    let noun = if count == 1 { "file carries" } else { "files carry" };
    ReleaseChoice::Chosen { files: ids, why: format!("{count} {noun} exactly this album and artist") }
}
