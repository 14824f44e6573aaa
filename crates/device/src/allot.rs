//! Settles which path each file gets: one file per path, stable from run to run, never a file of the user's.
//!
//! A path in the manifest stays as long as the tags still lead there (a number that once settled a clash, or
//! another spelling of capitals, is no reason to move). The rest is settled in the order of identities, so the
//! result does not depend on the order of playlists. Two paths that differ only in case or Unicode form count as
//! one, and folders that do share one spelling.

use std::collections::{HashMap, HashSet};

use crate::error::DeviceError;
use crate::layout::Spot;
use crate::names::{clash_key, numbered, units};
use crate::plan::OccupiedName;
use crate::profile::{NameRules, Profile};
use crate::root::Root;

/// More files of one name than this do not go into one folder.
const MOST_COPIES: u32 = 60_000;

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
    /// Most files in one folder.
    most_files: Option<usize>,
    /// How many files are or will be in a folder, by its key; the user's count as well.
    filled: HashMap<String, usize>,
    /// Folders whose files of the user's are counted, by key.
    counted: HashSet<String>,
    /// Keys of files that stay or have been handed out.
    files: HashSet<String>,
    /// Spelling of every folder in use, by key.
    folders: HashMap<String, String>,
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
        let most_files = profile.folders.max_files;
        Self {
            root,
            rules: &profile.names,
            most_files: (most_files > 0).then_some(most_files),
            filled: HashMap::new(),
            counted: HashSet::new(),
            files: HashSet::new(),
            folders: HashMap::new(),
            leaving: HashMap::new(),
            next: HashMap::new(),
            usable: HashMap::new(),
            occupied: Vec::new(),
        }
    }

    /// Keeps a path of ours from being handed out.
    pub(crate) fn hold(&mut self, path: &str) {
        if self.files.insert(clash_key(path)) && self.most_files.is_some() {
            *self.filled.entry(clash_key(folder_of(path))).or_default() += 1;
        }
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..at).unwrap_or_default();
            self.folders.entry(clash_key(folder)).or_insert_with(|| folder.to_owned());
        }
    }

    /// Lets a path be handed out although a file of `owner`'s, which is to be removed, is there.
    pub(crate) fn leave(&mut self, path: &str, owner: &str) {
        self.leaving.insert(clash_key(path), (path.to_owned(), owner.to_owned()));
    }

    /// Whether a path from the manifest is still the right one for a spot.
    pub(crate) fn stays(&mut self, path: &str, spot: &Spot) -> Result<bool, DeviceError> {
        Ok(is_variant(path, spot, self.rules) && self.is_usable(folder_of(path))?)
    }

    /// Finds a path for a spot.
    pub(crate) fn allot(&mut self, spot: &Spot, label: &str) -> Result<Allotted, DeviceError> {
        let folder = self.folder(&spot.folders, label)?;
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
        Err(DeviceError::NoNameLeft { label: label.to_owned() })
    }

    /// The spelling in use of a folder path; another name where a file sits on it.
    fn folder(&mut self, names: &[String], label: &str) -> Result<String, DeviceError> {
        let mut path = String::new();
        for (at, name) in names.iter().enumerate() {
            let holds_files = at + 1 == names.len();
            path = self.folder_in(&path, name, holds_files, label)?;
        }
        Ok(path)
    }

    /// A folder that files go into is another where it is full.
    fn folder_in(
        &mut self,
        parent: &str,
        name: &str,
        holds_files: bool,
        label: &str,
    ) -> Result<String, DeviceError> {
        for copy in 1..1000 {
            let rules = self.rules;
            let name = numbered(name, copy, "", rules.max_name_units, rules.max_name_bytes);
            let path = in_folder(parent, &name);
            let key = clash_key(&path);
            if let Some(spelling) = self.folders.get(&key).cloned() {
                if self.is_usable(&spelling)? && !(holds_files && self.is_full(&spelling)?) {
                    return Ok(spelling);
                }
                continue;
            }
            // A link may lead anywhere; ours are never put behind one.
            let there = self.root.metadata(&path)?;
            let fits = there.as_ref().is_none_or(|there| there.is_dir());
            let clashes = self.files.contains(&key) || (there.is_none() && self.leaving.contains_key(&key));
            if fits && !clashes && !(holds_files && self.is_full(&path)?) {
                self.folders.insert(key, path.clone());
                return Ok(path);
            }
        }
        Err(DeviceError::NoNameLeft { label: label.to_owned() })
    }

    /// Whether a folder holds as many files as the player reads of one.
    fn is_full(&mut self, folder: &str) -> Result<bool, DeviceError> {
        let Some(most) = self.most_files else { return Ok(false) };
        let key = clash_key(folder);
        if self.counted.insert(key.clone()) {
            let of_the_user = self.root.names_in(folder)?.into_iter().filter(|name| {
                let key = clash_key(&in_folder(folder, name));
                !self.files.contains(&key) && !self.leaving.contains_key(&key)
            });
            let of_the_user = of_the_user.count();
            *self.filled.entry(key.clone()).or_default() += of_the_user;
        }
        Ok(self.filled.get(&key).is_some_and(|files| *files >= most))
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

pub(crate) fn in_folder(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// UTF-16 units left for a name in a folder.
fn room_below(folder: &str, rules: &NameRules) -> usize {
    rules.max_name_units.min(rules.max_path_units.saturating_sub(units(folder) + 1))
}

/// Whether a path is what the spot leads to, but for the numbers and spellings that settled a clash.
fn is_variant(path: &str, spot: &Spot, rules: &NameRules) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let folders_fit = names.len() == spot.folders.len()
        && names
            .iter()
            .zip(&spot.folders)
            .all(|(name, wanted)| is_numbered(name, wanted, "", rules.max_name_units, rules.max_name_bytes));
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

    #[test]
    fn numbers_and_capitals_are_no_reason_to_move() {
        let rules = &Profile::generic().names;
        let spot = Spot {
            folders: vec!["Music".to_owned(), "Ada".to_owned()],
            stem: "Tide (2)".to_owned(),
            tail: ".mp3".to_owned(),
        };
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
