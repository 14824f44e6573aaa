//! Which files of a drop are one album, and what artist and album are called.

use std::collections::BTreeMap;

use ferrotape_audio::read_cue_sheet;
use ferrotape_domain::TagSet;

use super::listing::Dropped;
use super::staging::Piece;

/// Files that go into one folder.
pub(super) struct Album {
    /// Artist, album, and the disc where it has a folder of its own. Not safe as names.
    pub(super) folders: Vec<String>,
    /// What goes along, then the music.
    pub(super) pieces: Vec<Piece>,
}

/// What several artists are filed under.
const VARIOUS: &str = "Various Artists";

/// Groups what came by folder and album; and what was to go along, but belongs to none.
pub(super) fn albums(pieces: Vec<Piece>, drop: &Dropped) -> (Vec<Album>, Vec<Piece>) {
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
    let mut alone = Vec::new();
    for piece in beside {
        match owner(&groups, &piece, drop).and_then(|at| groups.get_mut(at)) {
            Some(group) => group.beside.push(piece),
            None => alone.push(piece),
        }
    }
    (groups.into_iter().map(|group| group.into_album(drop)).collect(), alone)
}

struct Group {
    folder: Vec<String>,
    /// As its tags have it, small; empty where they are silent.
    album: String,
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

/// Which group something goes along with: lyrics and sheets with the file of their name, a sheet with the file it is
/// about, the rest with the only group of its folder, or of the folders above, below and beside.
fn owner(groups: &[Group], piece: &Piece, drop: &Dropped) -> Option<usize> {
    let (name, folder) = piece.path.split_last()?;
    let same_folder: Vec<usize> =
        groups.iter().enumerate().filter(|(_, group)| group.folder == folder).map(|(at, _)| at).collect();
    let named: Vec<String> = sheet_files(piece).into_iter().chain([stem(name).to_lowercase()]).collect();
    let is_named = |sound: &Piece| {
        let name = sound.path.last().map(|name| name.to_lowercase()).unwrap_or_default();
        named.iter().any(|one| *one == name || *one == stem(&name))
    };
    let by_name =
        same_folder.iter().find(|at| groups.get(**at).is_some_and(|group| group.sounds.iter().any(is_named)));
    if let Some(at) = by_name {
        return Some(*at);
    }
    // What lies loose in an inbox may be anything.
    if drop.is_loose {
        return None;
    }
    if let [only] = same_folder.as_slice() {
        return Some(*only);
    }
    if !same_folder.is_empty() {
        return None;
    }
    let is_in_one = |group: &Group| group.above_disc() == Some(folder);
    let below = || groups.iter().filter(|group| group.folder.starts_with(folder));
    let goes_above = drop.is_zip || is_paper(name) || below().all(is_in_one);
    let goes_below = |group: &Group| {
        let within = folder.get(group.folder.len()).is_some_and(|inner| is_paper(inner) || is_disc(inner));
        folder.starts_with(&group.folder) && (drop.is_zip || is_paper(name) || within)
    };
    let above_or_below =
        groups.iter().position(|group| (goes_above && group.folder.starts_with(folder)) || goes_below(group));
    above_or_below.or_else(|| beside(groups, folder))
}

/// Whether a file or folder is called as what comes with an album; what is not may be anything that lies there.
fn is_paper(name: &str) -> bool {
    const PAPERS: [&str; 13] = [
        "album", "art", "back", "booklet", "cover", "folder", "front", "inlay", "inside", "liner", "log",
        "lyric", "scan",
    ];
    let name = name.trim().to_lowercase();
    PAPERS.iter().any(|word| name.starts_with(word))
}

/// The first group of the folders beside this one, `Scans` beside `CD1` and `CD2`, where these are one album.
fn beside(groups: &[Group], folder: &[String]) -> Option<usize> {
    let (near, above) = (0..folder.len()).rev().find_map(|depth| {
        let above = folder.get(..depth)?;
        let below = groups.iter().enumerate().filter(|(_, group)| group.folder.starts_with(above));
        let below: Vec<(usize, &Group)> = below.collect();
        (!below.is_empty()).then_some((below, above))
    })?;
    let are_discs = near.iter().all(|(_, group)| group.above_disc() == Some(above));
    if !are_discs && !is_paper(folder.get(above.len())?) {
        return None;
    }
    let (first, one) = near.first()?;
    near.iter().all(|(_, other)| other.is_of_one_album(one)).then_some(*first)
}

/// The names of the files that a cue sheet is about, small.
fn sheet_files(piece: &Piece) -> Vec<String> {
    let is_sheet = piece.path.last().is_some_and(|name| name.to_lowercase().ends_with(".cue"));
    let sheet = is_sheet.then(|| read_cue_sheet(&piece.staged.path).ok()).flatten();
    let files = sheet.into_iter().flat_map(|sheet| sheet.files);
    files.map(|file| file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase()).collect()
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(name, |(stem, _)| stem)
}

impl Group {
    fn into_album(self, drop: &Dropped) -> Album {
        let (by_name, album_by_name) = names_by_folder(&self.folder, drop);
        let sheet = self.beside.iter().filter(|piece| !sheet_files(piece).is_empty());
        let sheet = sheet.filter_map(|piece| read_cue_sheet(&piece.staged.path).ok()).next();
        let filled = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let of_sheet =
            sheet.map(|sheet| (filled(&sheet.performer), filled(&sheet.title))).unwrap_or_default();
        let by_name = by_name.or_else(|| self.artist_by_names());
        let artist = self.artist().or(of_sheet.0).or(by_name).unwrap_or_else(|| "Unknown Artist".to_owned());
        let album = most_common(self.tags().filter_map(|tags| filled(tags.album.as_deref()?)));
        let album = album.or(of_sheet.1).or(album_by_name).unwrap_or_else(|| "Unknown Album".to_owned());
        let disc = self.folder.last().filter(|folder| is_disc(folder)).cloned();
        let mut pieces = self.beside;
        pieces.extend(self.sounds);
        Album { folders: [artist, album].into_iter().chain(disc).collect(), pieces }
    }

    /// Whether both have the same album and artist in their tags; where these are silent, whether both are discs in one
    /// folder.
    fn is_of_one_album(&self, other: &Self) -> bool {
        if self.artist() != other.artist() {
            return false;
        }
        let are_discs = self.above_disc().is_some() && self.above_disc() == other.above_disc();
        let is_same = !self.album.is_empty() || are_discs || self.folder == other.folder;
        self.album == other.album && is_same
    }

    /// The folders above that of a disc.
    fn above_disc(&self) -> Option<&[String]> {
        self.folder.split_last().filter(|(name, _)| is_disc(name)).map(|(_, above)| above)
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

fn is_disc(folder: &str) -> bool {
    let low = folder.trim().to_lowercase();
    let rest = ["cd", "disc", "disk", "disque", "side"].iter().find_map(|word| low.strip_prefix(word));
    rest.is_some_and(|rest| {
        rest.trim_start_matches([' ', '-', '_', '.']).starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Artist and album as zips and folders are named: `Artist - Album`, or `Artist/Album`.
fn names_by_folder(folder: &[String], drop: &Dropped) -> (Option<String>, Option<String>) {
    if drop.is_loose {
        return (None, None);
    }
    let top = drop.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let top = if drop.is_zip { stem(&top).to_owned() } else { top };
    let names: Vec<String> =
        [top].into_iter().chain(folder.iter().filter(|folder| !is_disc(folder)).cloned()).collect();
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
    fn folders_of_discs_are_told_from_others() {
        for disc in ["CD1", "cd 2", "Disc-3", "DISK_1"] {
            assert!(is_disc(disc), "{disc}");
        }
        for other in ["CDs", "Discovery", "Disc", "Scans"] {
            assert!(!is_disc(other), "{other}");
        }
    }

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
        };
        let two = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
        assert_eq!(names_by_folder(&[], &drop("/in/A - B.zip", true)), two("A", "B"));
        assert_eq!(names_by_folder(&["B".into(), "CD 1".into()], &drop("/in/A", false)), two("A", "B"));
        assert_eq!(names_by_folder(&[], &drop("/in/B", false)), (None, Some("B".to_owned())));
    }
}
