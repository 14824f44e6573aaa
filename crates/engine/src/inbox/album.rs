//! Which files of a drop are one album, and what artist and album are called.

mod owner;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ferrotape_audio::read_cue_sheet;
use ferrotape_domain::TagSet;
use ferrotape_matching::{says_another_version, says_nothing_of_an_album};

use super::listing::Dropped;
use super::papers::{is_called_after, is_of_music, is_paper};
use super::staging::Piece;
use crate::disc_folders::disc_of;
use owner::owner;

/// Files that go into one folder.
pub(super) struct Album {
    /// Artist, album, and the version and the disc where they have folders of their own. Not safe as names.
    pub(super) folders: Vec<String>,
    /// What goes along, then the music.
    pub(super) pieces: Vec<Piece>,
}

/// So many sounds in a folder are no chance.
pub(super) const AN_ALBUM: usize = 3;
/// What several artists are filed under.
pub(super) const VARIOUS: &str = "Various Artists";

/// Groups what came by folder and album; and what was to go along, but belongs to none. `others` are the folders of music
/// that is had already or could not be taken: what lies with that belongs to no other album.
pub(super) fn albums(
    pieces: Vec<Piece>,
    drop: &Dropped,
    others: BTreeSet<Vec<String>>,
) -> (Vec<Album>, Vec<Piece>) {
    let (sounds, beside): (Vec<Piece>, Vec<Piece>) =
        pieces.into_iter().partition(|piece| piece.sound.is_some());
    let mut groups: BTreeMap<(Vec<String>, String), Vec<Piece>> = BTreeMap::new();
    for piece in sounds {
        let key = if drop.is_loose { loose_key(&piece) } else { album_key(&piece) };
        groups.entry((folder_of(&piece).to_vec(), key)).or_default().push(piece);
    }
    // What lies loose in an inbox is nobody's neighbour.
    if !drop.is_loose {
        adopt_untagged(&mut groups);
    }
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|((folder, album), sounds)| Group { folder, album, sounds, beside: Vec::new() })
        .collect();
    let others = others.into_iter().filter(|folder| groups.iter().all(|group| group.folder != *folder));
    let others: Vec<Group> = others.map(Group::of_others).collect();
    groups.extend(others);
    let mut alone = Vec::new();
    for piece in beside {
        match owner(&groups, &piece, drop).and_then(|at| groups.get_mut(at)) {
            Some(group) => group.beside.push(piece),
            None => alone.push(piece),
        }
    }
    let new = groups.into_iter().filter(|group| !group.is_others());
    (new.map(|group| group.into_album(drop)).collect(), alone)
}

struct Group {
    folder: Vec<String>,
    /// As its tags have it, small; empty where they are silent.
    album: String,
    /// Empty where the music of the folder is no news.
    sounds: Vec<Piece>,
    beside: Vec<Piece>,
}

fn folder_of(piece: &Piece) -> &[String] {
    piece.path.split_last().map_or(&[], |(_, folder)| folder)
}

fn tags_of(piece: &Piece) -> Option<&TagSet> {
    piece.sound.as_ref().map(|sound| &sound.tags)
}

fn album_key(piece: &Piece) -> String {
    tags_of(piece).and_then(|tags| tags.album.as_deref()).unwrap_or_default().trim().to_lowercase()
}

/// Loose files that name no album have nothing in common but, at most, their artist.
fn loose_key(piece: &Piece) -> String {
    match album_key(piece) {
        album if album.is_empty() => {
            let artists = tags_of(piece).map(|tags| tags.artists.join("\n")).unwrap_or_default();
            let artists = if artists.is_empty() { named_artist(piece).unwrap_or_default() } else { artists };
            format!("\n{}", artists.to_lowercase())
        }
        album => album,
    }
}

/// The artist of a file that is called `Artist - Title`, and has no tags: where it is filed, and no proof of anything.
fn named_artist(piece: &Piece) -> Option<String> {
    artist_in(stem(piece.path.last()?))
}

/// The artist in `Artist - Title`, `Artist – Title` and `artist_-_title`; numbers may stand before.
fn artist_in(name: &str) -> Option<String> {
    let spaced = if name.contains(' ') { name.to_owned() } else { name.replace('_', " ") };
    let dashed = spaced.replace(['–', '—'], "-");
    let parts: Vec<&str> = dashed.split(" - ").map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&&str| part.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let mut parts = parts.iter().skip_while(is_number);
    let (artist, _title) = (parts.next()?, parts.next()?);
    Some((*artist).to_owned())
}

/// A file that names no album belongs to the only one of its folder.
fn adopt_untagged(groups: &mut BTreeMap<(Vec<String>, String), Vec<Piece>>) {
    let untagged: Vec<Vec<String>> =
        groups.keys().filter(|(_, album)| album.is_empty()).map(|(folder, _)| folder.clone()).collect();
    for folder in untagged {
        let mut named = groups.keys().filter(|(other, album)| *other == folder && !album.is_empty());
        if let (Some(only), None) = (named.next().cloned(), named.next())
            && let Some(pieces) = groups.remove(&(folder, String::new()))
        {
            groups.entry(only).or_default().extend(pieces);
        }
    }
}

fn is_named_sheet(piece: &Piece) -> bool {
    piece.path.last().is_some_and(|name| name.to_lowercase().ends_with(".cue"))
}

/// The files that the sheet at this path is about, as it names them; none where it cannot be read.
pub(super) fn lines_of_sheet(path: &Path) -> Vec<String> {
    let sheet = read_cue_sheet(path).ok();
    sheet.into_iter().flat_map(|sheet| sheet.files).map(|file| file.name).collect()
}

/// The name in such a line, small.
pub(super) fn file_of(line: &str) -> String {
    line.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase()
}

pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(name, |(stem, _)| stem)
}

impl Group {
    /// Of a folder whose music is no news.
    fn of_others(folder: Vec<String>) -> Self {
        Self { folder, album: String::new(), sounds: Vec::new(), beside: Vec::new() }
    }

    fn is_others(&self) -> bool {
        self.sounds.is_empty()
    }

    /// Whether what lies in its folder, and is called so, goes along. A song may lie among papers that are nothing of its.
    fn takes(&self, name: &str, drop: &Dropped) -> bool {
        if self.is_others() {
            return false;
        }
        if drop.is_zip || self.sounds.len() >= AN_ALBUM || is_of_music(name) || is_paper(stem(name)) {
            return true;
        }
        let artist = self.artist().unwrap_or_default();
        let songs = self.sounds.iter().filter_map(|sound| sound.path.last()).map(|song| stem(song));
        is_called_after(stem(name), songs.chain([self.album.as_str(), artist.as_str()]))
    }

    fn into_album(self, drop: &Dropped) -> Album {
        let (by_name, album_by_name) = names_by_folder(&self.folder, drop);
        let sheets = self.beside.iter().filter(|piece| is_named_sheet(piece));
        let mut sheets = sheets.filter_map(|piece| read_cue_sheet(&piece.staged.path).ok());
        let sheet = sheets.find(|sheet| !sheet.files.is_empty());
        let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let of_sheet =
            sheet.map(|sheet| (filled(&sheet.performer), filled(&sheet.title))).unwrap_or_default();
        let by_name = by_name.or_else(|| self.artist_by_names());
        let artist = self.artist().or(of_sheet.0).or(by_name).unwrap_or_else(|| "Unknown Artist".to_owned());
        let album = most_common(self.tags().filter_map(|tags| filled(tags.album.as_deref()?)));
        let album = album.or(of_sheet.1).or_else(|| album_by_name.clone());
        let album = album.unwrap_or_else(|| "Unknown Album".to_owned());
        // That it is live or without voices may be said by its folder or zip alone, and must stay said.
        // Of the zip's own name that counts for the folder in it that is the album; others in it may be other albums.
        let names_it = |name: &String| name.to_lowercase().contains(&album.to_lowercase());
        let of_all = names_by_folder(&[], drop).1.filter(names_it);
        let is_told = |name: &String| says_another_version(name, &album, &artist);
        let (album, version) = match [album_by_name, of_all].into_iter().flatten().find(is_told) {
            Some(name) if names_it(&name) => (name, None),
            version => (album, version),
        };
        let disc = self.folder.last().filter(|folder| disc_of(folder).is_some()).cloned();
        let mut pieces = self.beside;
        pieces.extend(self.sounds);
        Album { folders: [artist, album].into_iter().chain(version).chain(disc).collect(), pieces }
    }

    /// Whether both have the same album and artist in their tags; where these are silent, whether both are discs in one
    /// folder. Of music that is no news only that is known.
    fn is_of_one_album(&self, other: &Self) -> bool {
        let are_discs = self.above_disc().is_some() && self.above_disc() == other.above_disc();
        if self.is_others() || other.is_others() {
            return are_discs;
        }
        if self.artist() != other.artist() {
            return false;
        }
        let is_same = !self.album.is_empty() || are_discs || self.folder == other.folder;
        self.album == other.album && is_same
    }

    /// The folders above that of a disc.
    fn above_disc(&self) -> Option<&[String]> {
        self.folder.split_last().filter(|(name, _)| disc_of(name).is_some()).map(|(_, above)| above)
    }

    /// The artist that all its files are called by.
    fn artist_by_names(&self) -> Option<String> {
        let mut named = self.sounds.iter().map(named_artist);
        let first = named.next()??;
        let same =
            |other: Option<String>| other.is_some_and(|other| other.to_lowercase() == first.to_lowercase());
        named.all(same).then_some(first)
    }

    fn tags(&self) -> impl Iterator<Item = &TagSet> {
        self.sounds.iter().filter_map(tags_of)
    }

    fn artist(&self) -> Option<String> {
        let joined =
            |names: &Vec<String>| Some(names.join(", ").trim().to_owned()).filter(|name| !name.is_empty());
        if let Some(artist) = most_common(self.tags().filter_map(|tags| joined(&tags.album_artists))) {
            return Some(artist);
        }
        if self.tags().any(|tags| tags.compilation) {
            return Some(VARIOUS.to_owned());
        }
        let mut whole: Vec<String> = self.tags().filter_map(|tags| joined(&tags.artists)).collect();
        whole.sort();
        whole.dedup();
        if let [only] = whole.as_slice() {
            return Some(only.clone());
        }
        let mut first: Vec<&String> = self.tags().filter_map(|tags| tags.artists.first()).collect();
        first.sort();
        first.dedup();
        match first.as_slice() {
            [] => None,
            [only] => Some((*only).clone()),
            _ => Some(VARIOUS.to_owned()),
        }
    }
}

/// The one met most often; of two the first.
fn most_common(texts: impl Iterator<Item = String>) -> Option<String> {
    let mut times: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match times.iter_mut().find(|(known, _)| *known == text) {
            Some((_, times)) => *times += 1,
            None => times.push((text, 1)),
        }
    }
    let most = times.iter().map(|(_, times)| *times).max()?;
    times.into_iter().find(|(_, times)| *times == most).map(|(text, _)| text)
}

/// Artist and album as zips and folders are named: `Artist - Album`, or `Artist/Album`.
fn names_by_folder(folder: &[String], drop: &Dropped) -> (Option<String>, Option<String>) {
    if drop.is_loose {
        return (None, None);
    }
    let top = drop.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let top = if drop.is_zip { stem(&top).to_owned() } else { top };
    // `Instrumentals/FLAC`: how it was saved is not what it is called.
    let is_named = |folder: &&String| disc_of(folder).is_none() && !says_nothing_of_an_album(folder);
    let names: Vec<String> = [top].into_iter().chain(folder.iter().filter(is_named).cloned()).collect();
    let Some((last, above)) = names.split_last() else { return (None, None) };
    let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    match last.split_once(" - ") {
        Some((artist, album)) => (filled(artist), filled(album)),
        None => (above.last().and_then(|name| filled(name)), filled(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_tells_its_artist_however_the_dash_is_written() {
        for (name, artist) in [
            ("Zed - Rice", Some("Zed")),
            ("Zed – Rice", Some("Zed")),
            ("01 - Zed — Rice", Some("Zed")),
            ("zed_-_corn", Some("zed")),
            ("oda_brenn_-_ember_railway", Some("oda brenn")),
            ("Zed-Rice", None),
            ("Jean-Luc", None),
            ("04 - Rice", None),
            ("Rice", None),
        ] {
            assert_eq!(artist_in(name).as_deref(), artist, "{name}");
        }
    }

    #[test]
    fn names_come_from_the_zip_or_the_folders() {
        let drop = |path: &str, is_zip| Dropped {
            path: path.into(),
            inbox: "/in".into(),
            is_zip,
            is_loose: false,
            files: Vec::new(),
            music_before: Vec::new(),
        };
        let two = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
        assert_eq!(names_by_folder(&[], &drop("/in/A - B.zip", true)), two("A", "B"));
        assert_eq!(names_by_folder(&["B".into(), "CD 1".into()], &drop("/in/A", false)), two("A", "B"));
        assert_eq!(names_by_folder(&["B".into(), "FLAC".into()], &drop("/in/A", false)), two("A", "B"));
        assert_eq!(names_by_folder(&[], &drop("/in/B", false)), (None, Some("B".to_owned())));
    }
}
