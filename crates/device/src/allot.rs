//! Settles which path each file gets: one file per path, stable from run to run, never a file of the user's.
//!
//! A path in the manifest stays as long as the tags still lead there (a number that once settled a clash, or
//! another spelling of capitals, is no reason to move). The rest is settled in the order of identities, so the
//! result does not depend on the order of playlists. Two paths that differ only in case or Unicode form count as
//! one, and folders that do share one spelling. Folders whose names are the same only because they were cut do not: each
//! album has its own, or its tracks would be played among those of another.

use std::collections::{HashMap, HashSet, hash_map};

use crate::error::DeviceError;
use crate::folder_names::FolderName;
use crate::layout::Spot;
use crate::names::{clash_key, numbered, units};
use crate::plan::OccupiedName;
use crate::profile::{NameRules, Profile};
use crate::root::Root;

/// More files of one name than this do not go into one folder.
const MOST_COPIES: u32 = 60_000;
/// More folders of one name than this do not lie in one.
const MOST_FOLDERS: u32 = 1_000;

/// The path that a file got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allotted {
    pub(crate) path: String,
    /// Whoever owns the file there now and is to be removed.
    pub(crate) displaces: Option<String>,
}

/// Hands out paths.
pub(crate) struct Allotter<'a> {
    root: &'a Root,
    rules: &'a NameRules,
    /// Most files and folders in one folder, its picture not counted.
    most_in_folder: Option<usize>,
    /// How many files a track may become: itself, and its lyrics.
    of_a_track: usize,
    /// Whether another folder than the profile's own may hold the artists that find no room there. A player that counts its
    /// folders looks into all of them; of others that is not known.
    looks_everywhere: bool,
    /// How many files and folders are or will be in a folder, by its key; the user's count as well.
    filled: HashMap<String, usize>,
    /// Folders whose files of the user's are counted, by key.
    counted: HashSet<String>,
    /// Keys of files of ours that lie beside tracks and are counted with these.
    beside: HashSet<String>,
    /// Keys of files that stay or have been handed out.
    files: HashSet<String>,
    /// Spelling of every folder in use, by key.
    folders: HashMap<String, String>,
    /// What the folders in use are called in full, by key; `None` where that is their name.
    held_by: HashMap<String, Option<String>>,
    /// Files of ours that are to be removed: path by key, and owner.
    leaving: HashMap<String, (String, String)>,
    /// The next number to try for a name, so that a thousand equal names do not try each other's.
    next: HashMap<String, u32>,
    /// Whether nothing but real folders leads to a path, by folder.
    usable: HashMap<String, bool>,
    pub(crate) occupied: Vec<OccupiedName>,
}

impl<'a> Allotter<'a> {
    pub(crate) fn new(root: &'a Root, profile: &'a Profile) -> Self {
        let most = profile.folders.max_files;
        let picture = usize::from(!profile.cover.file.is_empty());
        Self {
            root,
            rules: &profile.names,
            most_in_folder: (most > 0).then(|| most.saturating_sub(picture)),
            of_a_track: 1 + usize::from(profile.lyrics.lrc),
            looks_everywhere: profile.folders.max_folders > 0,
            filled: HashMap::new(),
            counted: HashSet::new(),
            beside: HashSet::new(),
            files: HashSet::new(),
            folders: HashMap::new(),
            held_by: HashMap::new(),
            leaving: HashMap::new(),
            next: HashMap::new(),
            usable: HashMap::new(),
            occupied: Vec::new(),
        }
    }

    /// One for playlists, beside which nothing lies.
    pub(crate) fn of_playlists(root: &'a Root, profile: &'a Profile) -> Self {
        let most = profile.folders.max_files;
        Self { most_in_folder: (most > 0).then_some(most), of_a_track: 1, ..Self::new(root, profile) }
    }

    /// Keeps a path of ours from being handed out.
    pub(crate) fn hold(&mut self, path: &str) {
        if self.files.insert(clash_key(path)) {
            self.fill(folder_of(path), self.of_a_track);
        }
        for folder in folders_of(path) {
            if let hash_map::Entry::Vacant(free) = self.folders.entry(clash_key(folder)) {
                free.insert(folder.to_owned());
                self.fill(folder_of(folder), 1);
            }
        }
    }

    fn fill(&mut self, folder: &str, more: usize) {
        if self.most_in_folder.is_some() {
            *self.filled.entry(clash_key(folder)).or_default() += more;
        }
    }

    /// Tells of a file of ours that lies beside a track: it counts with that.
    pub(crate) fn lies_beside(&mut self, path: &str) {
        self.beside.insert(clash_key(path));
    }

    /// Has the folders of a path that is to stay belong to the artist and album of its spot, unless they are another's.
    pub(crate) fn claim(&mut self, path: &str, spot: &Spot) {
        if !is_variant(path, spot, self.rules) || self.lies_with_another(path, spot) {
            return;
        }
        for (folder, wanted) in folders_of(path).zip(&spot.folders) {
            self.held_by.entry(clash_key(folder)).or_insert_with(|| wanted.in_full.clone());
        }
    }

    /// Lets a path be handed out although a file of `owner`'s, which is to be removed, is there.
    pub(crate) fn leave(&mut self, path: &str, owner: &str) {
        self.leaving.insert(clash_key(path), (path.to_owned(), owner.to_owned()));
    }

    /// Whether a path from the manifest is still the right one for a spot.
    pub(crate) fn stays(&mut self, path: &str, spot: &Spot) -> Result<bool, DeviceError> {
        let is_right = is_variant(path, spot, self.rules) && !self.lies_with_another(path, spot);
        Ok(is_right && self.is_usable(folder_of(path))?)
    }

    /// Whether a folder of that path holds what is called otherwise in full.
    fn lies_with_another(&self, path: &str, spot: &Spot) -> bool {
        let mut folders = folders_of(path).zip(&spot.folders);
        folders.any(|(folder, wanted)| self.is_of_another(&clash_key(folder), wanted))
    }

    fn is_of_another(&self, key: &str, wanted: &FolderName) -> bool {
        self.held_by.get(key).is_some_and(|in_full| *in_full != wanted.in_full)
    }

    /// Finds a path for a spot.
    pub(crate) fn allot(&mut self, spot: &Spot, label: &str) -> Result<Allotted, DeviceError> {
        let no_name_left = || DeviceError::NoNameLeft { label: label.to_owned() };
        let folder = self.folder_below(("", false), &spot.folders)?.ok_or_else(no_name_left)?;
        let room = room_below(&folder, self.rules);
        let first = clash_key(&in_folder(&folder, &format!("{}{}", spot.stem, spot.tail)));
        let start = self.next.get(&first).copied().unwrap_or(1);
        let mut taken_by_user = None;
        for copy in start..MOST_COPIES {
            let name = numbered(&spot.stem, copy, &spot.tail, room, self.rules.max_name_bytes);
            let path = in_folder(&folder, &name);
            let key = clash_key(&path);
            if self.files.contains(&key) || self.folders.contains_key(&key) {
                continue;
            }
            let displaces = match self.leaving.get(&key) {
                Some((leaving, owner)) if *leaving == path => Some(owner.clone()),
                // On a FAT player this is the same file, here it may not be: out of the way.
                Some(_) => continue,
                None if self.root.metadata(&path)?.is_some() => {
                    taken_by_user.get_or_insert(path);
                    continue;
                }
                None => None,
            };
            self.hold(&path);
            self.next.insert(first, copy + 1);
            if let Some(taken) = taken_by_user {
                self.occupied.push(OccupiedName { label: label.to_owned(), taken, instead: path.clone() });
            }
            return Ok(Allotted { path, displaces });
        }
        Err(no_name_left())
    }

    /// The spelling in use of the folders below a parent, or of others where a file sits on one, where it is full, or where it
    /// holds what only had its name cut to the same; `None` where the parent takes no other. The parent comes with whether it
    /// is one of which there may be a second.
    fn folder_below(
        &mut self,
        (parent, may_be_full): (&str, bool),
        names: &[FolderName],
    ) -> Result<Option<String>, DeviceError> {
        let Some((wanted, deeper)) = names.split_first() else { return Ok(Some(parent.to_owned())) };
        for copy in self.own_folder(parent, wanted).into_iter().chain(1..MOST_FOLDERS) {
            let path = self.folder_of_number(parent, wanted, copy);
            let key = clash_key(&path);
            let there = match self.folders.get(&key).cloned() {
                Some(spelling) => self.is_usable(&spelling)?.then_some(spelling),
                None if may_be_full && self.is_full(parent, 1)? => return Ok(None),
                None => self.is_free(&path, &key)?.then_some(path),
            };
            let Some(path) = there.filter(|_| !self.is_of_another(&key, wanted)) else { continue };
            if deeper.is_empty() && self.is_full(&path, self.of_a_track)? {
                continue;
            }
            let of_tags = !wanted.is_of_profile || self.looks_everywhere;
            if let Some(found) = self.folder_below((&path, of_tags), deeper)? {
                self.take_folder(path, key, wanted)?;
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The number of the folder that holds what is called so in full, for a name that was cut: one without a number may be
    /// another's of which this run does not speak.
    fn own_folder(&self, parent: &str, wanted: &FolderName) -> Option<u32> {
        wanted.in_full.as_ref()?;
        let keys =
            (1..MOST_FOLDERS).map(|copy| (copy, clash_key(&self.folder_of_number(parent, wanted, copy))));
        let mut in_use = keys.take_while(|(_, key)| self.folders.contains_key(key));
        in_use.find(|(_, key)| self.held_by.get(key) == Some(&wanted.in_full)).map(|(copy, _)| copy)
    }

    fn folder_of_number(&self, parent: &str, wanted: &FolderName, copy: u32) -> String {
        let rules = self.rules;
        let room = room_of_folder(&wanted.name, rules);
        in_folder(parent, &numbered(&wanted.name, copy, "", room, rules.max_name_bytes))
    }

    /// Whether a folder that is not in use may come there. A link may lead anywhere; ours are never put behind one.
    fn is_free(&self, path: &str, key: &str) -> Result<bool, DeviceError> {
        let there = self.root.metadata(path)?;
        let fits = there.as_ref().is_none_or(|there| there.is_dir());
        let clashes = self.files.contains(key) || (there.is_none() && self.leaving.contains_key(key));
        Ok(fits && !clashes)
    }

    fn take_folder(&mut self, path: String, key: String, wanted: &FolderName) -> Result<(), DeviceError> {
        self.held_by.entry(key.clone()).or_insert_with(|| wanted.in_full.clone());
        if self.folders.contains_key(&key) {
            return Ok(());
        }
        let parent = folder_of(&path);
        // Where it is there, it was counted with what the user has beside it.
        if !self.counted.contains(&clash_key(parent)) || self.root.metadata(&path)?.is_none() {
            self.fill(parent, 1);
        }
        self.folders.insert(key, path);
        Ok(())
    }

    /// Whether a folder cannot take so many more files or folders: the player does not read them.
    fn is_full(&mut self, folder: &str, more: usize) -> Result<bool, DeviceError> {
        let Some(most) = self.most_in_folder else { return Ok(false) };
        let key = clash_key(folder);
        if self.counted.insert(key.clone()) {
            let of_the_user = self.root.names_in(folder)?.into_iter().filter(|name| {
                let key = clash_key(&in_folder(folder, name));
                let known = [&self.files, &self.beside].into_iter().any(|keys| keys.contains(&key));
                !known && !self.leaving.contains_key(&key) && !self.folders.contains_key(&key)
            });
            let of_the_user = of_the_user.count();
            *self.filled.entry(key.clone()).or_default() += of_the_user;
        }
        Ok(self.filled.get(&key).copied().unwrap_or(0).saturating_add(more) > most)
    }

    /// Whether nothing but real folders, or nothing yet, leads into a folder.
    fn is_usable(&mut self, folder: &str) -> Result<bool, DeviceError> {
        if folder.is_empty() {
            return Ok(true);
        }
        if let Some(known) = self.usable.get(folder) {
            return Ok(*known);
        }
        let itself = self.root.metadata(folder)?.is_none_or(|there| there.is_dir());
        let usable = match folder.rsplit_once('/') {
            Some((parent, _)) => itself && self.is_usable(parent)?,
            None => itself,
        };
        self.usable.insert(folder.to_owned(), usable);
        Ok(usable)
    }
}

/// The folder a path lies in; the root is empty.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders that lead to a path, from the root down.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

pub(crate) fn in_folder(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// UTF-16 units left for a name in a folder.
fn room_below(folder: &str, rules: &NameRules) -> usize {
    rules.max_name_units.min(rules.max_path_units.saturating_sub(units(folder) + 1))
}

/// UTF-16 units for a folder with its number. A folder that the profile names may be longer than those made from tags.
fn room_of_folder(name: &str, rules: &NameRules) -> usize {
    rules.max_folder_units.max(units(name)).min(rules.max_name_units)
}

/// Whether a path is what the spot leads to, but for the numbers and spellings that settled a clash.
fn is_variant(path: &str, spot: &Spot, rules: &NameRules) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    // One that got its number when that was not counted keeps it.
    let is_folder = |name: &str, wanted: &str| {
        let rooms = [room_of_folder(wanted, rules), rules.max_name_units];
        rooms.into_iter().any(|room| is_numbered(name, wanted, "", room, rules.max_name_bytes))
    };
    let folders_fit = names.len() == spot.folders.len()
        && names.iter().zip(&spot.folders).all(|(name, wanted)| is_folder(name, &wanted.name));
    folders_fit && is_numbered(file, &spot.stem, &spot.tail, room_below(folder, rules), rules.max_name_bytes)
}

fn is_numbered(name: &str, stem: &str, tail: &str, max_units: usize, max_bytes: usize) -> bool {
    let number = name
        .strip_suffix(tail)
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|rest| rest.rsplit_once(" ("))
        .and_then(|(_, digits)| digits.parse::<u32>().ok())
        .unwrap_or(1);
    let key = clash_key(name);
    [1, number].into_iter().any(|copy| clash_key(&numbered(stem, copy, tail, max_units, max_bytes)) == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder_names::of_profile;

    #[test]
    fn numbers_and_capitals_are_no_reason_to_move() {
        let rules = &Profile::generic().names;
        let spot =
            Spot { folders: of_profile("Music/Ada"), stem: "Tide (2)".to_owned(), tail: ".mp3".to_owned() };
        for (path, stays) in [
            ("Music/Ada/Tide (2).mp3", true),
            ("Music/ADA (3)/tide (2) (7).mp3", true),
            ("Music/Ada/Tide.mp3", false),
            ("Music/Ada/Tide (3).mp3", false),
            ("Music/Ada/x/Tide (2).mp3", false),
            ("Tide (2).mp3", false),
        ] {
            assert_eq!(is_variant(path, &spot, rules), stays, "{path}");
        }
    }
}
