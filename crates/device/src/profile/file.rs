//! Reading profiles from files, and what a profile takes over from the one it extends.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;
use thiserror::Error;
use toml::{Table, Value};

use super::built_in::BUILT_IN;
use super::valid::complaints;
use super::{Confidence, Profile};
use crate::detect::{ANY_ROCKBOX, ROCKBOX, target_in};

/// Largest profile, in bytes.
pub const LARGEST_PROFILE: u64 = 64 * 1024;
/// Most profiles read from one folder.
const MOST_PROFILES: usize = 1000;
/// Profiles extend each other no deeper than this.
const DEEPEST: usize = 8;
const GENERIC: &str = "generic";
/// What is said of one kind of player alone.
const NOT_INHERITED: [&str; 4] = ["name", "title", "detect", "fact"];

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the player profile {} cannot be used: {reason}", file.display())]
pub struct ProfileError {
    /// Its file.
    pub file: PathBuf,
    /// The name it gives itself, where that can be read.
    pub name: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

impl ProfileError {
    /// Whether it is about the profile of that name: the file's own name counts where it gives itself none.
    pub fn is_of(&self, name: &str) -> bool {
        match &self.name {
            Some(own) => own == name,
            None => self.is_in_file_of(name),
        }
    }

    /// Whether its file is called like that profile.
    pub fn is_in_file_of(&self, name: &str) -> bool {
        self.file.file_stem().is_some_and(|stem| stem == name)
    }
}

/// All known profiles, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles {
    known: BTreeMap<String, Profile>,
    /// Their files as tables, nothing inherited yet.
    tables: BTreeMap<String, Table>,
    /// Those of ferrotape as tables, whatever the user's are called.
    built_in: BTreeMap<String, Table>,
}

impl Profiles {
    /// Those that ferrotape comes with.
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads each")]
    pub fn built_in() -> &'static Self {
        static KNOWN: OnceLock<Profiles> = OnceLock::new();
        KNOWN.get_or_init(|| {
            let files = BUILT_IN
                .iter()
                .map(|(name, text)| (PathBuf::from(format!("{name}.toml")), (*text).to_owned()));
            let mut profiles =
                Self { known: BTreeMap::new(), tables: BTreeMap::new(), built_in: BTreeMap::new() };
            let errors = profiles.add(files.collect());
            errors.into_iter().next().map_or(Ok(()), Err).expect("built-in profiles are sound");
            profiles.built_in.clone_from(&profiles.tables);
            profiles
        })
    }

    /// Those of ferrotape and those in a folder of the user's, which win where names are the same; and what is wrong
    /// with files there: where one of them has a built-in's name, the built-in one is what is known. A folder that is not
    /// there holds none.
    pub fn with_folder(folder: &Path) -> (Self, Vec<ProfileError>) {
        let mut profiles = Self::built_in().clone();
        let (files, mut errors) = read_folder(folder);
        errors.extend(profiles.add(files));
        (profiles, errors)
    }

    /// Adds a profile that is written in a file; returns its name.
    pub fn add_text(&mut self, file: &Path, text: &str) -> Result<String, ProfileError> {
        match self.add(vec![(file.to_owned(), text.to_owned())]).into_iter().next() {
            Some(error) => Err(error),
            None => Ok(table_of(text).map_or_else(|_| GENERIC.to_owned(), |(name, _)| name)),
        }
    }

    /// Adds the profile in a file of the user's; returns its name.
    pub fn add_file(&mut self, file: &Path) -> Result<String, ProfileError> {
        let text = read_limited(file).map_err(|reason| unread(file, reason))?;
        self.add_text(file, &text)
    }

    /// The profile whose marker lies below a folder, and that marker. Of several the longest, which says most; of those
    /// that run Rockbox the one of the model.
    pub fn recognised_by_marker(&self, root: &Path) -> Option<(&Profile, &str)> {
        let markers = self
            .known
            .values()
            .flat_map(|profile| profile.detect.markers.iter().map(move |marker| (profile, marker.as_str())));
        let there = markers.filter(|(_, marker)| root.join(marker).symlink_metadata().is_ok());
        let (profile, marker) = there.max_by_key(|(_, marker)| marker.len())?;
        let of_model = (profile.name == ANY_ROCKBOX).then(|| self.of_rockbox_target(root)).flatten();
        Some((of_model.unwrap_or(profile), marker))
    }

    fn of_rockbox_target(&self, root: &Path) -> Option<&Profile> {
        let file = root.join(ROCKBOX);
        let is_file = file.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        let target = is_file.then(|| read_limited(&file).ok()).flatten().and_then(|text| target_in(&text))?;
        self.known.values().find(|profile| profile.detect.targets.contains(&target))
    }

    /// The profile of that name.
    pub fn named(&self, name: &str) -> Option<&Profile> {
        self.known.get(name)
    }

    /// For a player nothing is known about.
    #[expect(clippy::expect_used, reason = "it is part of the program, and nothing takes it out")]
    pub fn generic(&self) -> &Profile {
        self.known.get(GENERIC).expect("generic is built in")
    }

    /// All of them by name, `generic` first.
    pub fn all(&self) -> impl Iterator<Item = &Profile> {
        let others = self.known.values().filter(|profile| profile.name != GENERIC);
        std::iter::once(self.generic()).chain(others)
    }

    /// Takes files in; those that cannot be used are named and left out.
    fn add(&mut self, files: Vec<(PathBuf, String)>) -> Vec<ProfileError> {
        let mut errors = Vec::new();
        let mut added = Vec::new();
        for (file, text) in files {
            match table_of(&text) {
                Ok((name, mut table)) => {
                    if !self.built_in.is_empty() && !table.contains_key("extends") {
                        table.insert("extends".to_owned(), Value::String(GENERIC.to_owned()));
                    }
                    self.tables.insert(name.clone(), table);
                    added.push((file, name));
                }
                Err(reason) => errors.push(unread(&file, reason)),
            }
        }
        errors.extend(self.set_built_in_ones_back(&mut added));
        for (file, name) in added {
            match self.resolve(&name) {
                Ok(profile) => _ = self.known.insert(name, profile),
                Err(reason) => {
                    self.tables.remove(&name);
                    errors.push(ProfileError { file, name: Some(name), reason });
                }
            }
        }
        errors
    }

    /// Where one that has a built-in's name cannot be used, the others extend the built-in one as if it were not there.
    fn set_built_in_ones_back(&mut self, added: &mut Vec<(PathBuf, String)>) -> Vec<ProfileError> {
        let mut errors = Vec::new();
        loop {
            let broken = added.iter().enumerate().find_map(|(at, (_, name))| {
                let built_in = self.built_in.get(name)?;
                Some((at, built_in.clone(), self.resolve(name).err()?))
            });
            let Some((at, built_in, reason)) = broken else { return errors };
            let (file, name) = added.remove(at);
            self.tables.insert(name.clone(), built_in);
            errors.push(ProfileError { file, name: Some(name), reason });
        }
    }

    fn resolve(&self, name: &str) -> Result<Profile, String> {
        let table = self.inherited(name, 0)?;
        let profile = Profile::deserialize(Value::Table(table)).map_err(|error| key_and_fault(&error))?;
        match complaints(&profile).into_iter().next() {
            Some(complaint) => Err(complaint),
            None => Ok(profile),
        }
    }

    /// A profile's table with all that it takes over.
    fn inherited(&self, name: &str, depth: usize) -> Result<Table, String> {
        let own = self.tables.get(name).ok_or_else(|| format!("it extends “{name}”, which is not known"))?;
        self.with_parents(name, own, depth)
    }

    fn with_parents(&self, name: &str, own: &Table, depth: usize) -> Result<Table, String> {
        let Some(parent) = own.get("extends") else { return Ok(own.clone()) };
        let parent = parent.as_str().ok_or("extends must be the name of a profile")?;
        if depth >= DEEPEST {
            return Err(format!(
                "it extends more than {DEEPEST} profiles in a row; do they extend each other?"
            ));
        }
        if parent == name {
            return self.over_built_in(name, own, depth);
        }
        // What ferrotape comes with stays what it is, whatever a file of the user's makes of one that it extends: a `generic`
        // of theirs is for what is not recognised.
        let mut table = match self.built_in.get(parent) {
            Some(built_in) if self.built_in.get(name) == Some(own) => {
                self.with_parents(parent, built_in, depth + 1)?
            }
            _ => self.inherited(parent, depth + 1)?,
        };
        for key in NOT_INHERITED {
            table.remove(key);
        }
        table.insert("detect".to_owned(), Value::Table(empty_detect()));
        merge(&mut table, own);
        Ok(table)
    }

    /// One that extends its own name is the built-in one with something otherwise: the same kind of player, so it is
    /// recognised, called and extends as that one.
    fn over_built_in(&self, name: &str, own: &Table, depth: usize) -> Result<Table, String> {
        let built_in = self
            .built_in
            .get(name)
            .ok_or_else(|| format!("it extends itself, and ferrotape comes with no profile “{name}”"))?;
        let mut table = self.with_parents(name, built_in, depth + 1)?;
        let mut own = own.clone();
        own.remove("extends");
        merge(&mut table, &own);
        Ok(table)
    }
}

/// What one file says over what it extends; lists are replaced as a whole.
fn merge(table: &mut Table, over: &Table) {
    for (key, value) in over {
        match (table.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            _ => _ = table.insert(key.clone(), value.clone()),
        }
    }
}

fn empty_detect() -> Table {
    let empty = || Value::Array(Vec::new());
    ["usb", "markers", "labels", "targets"].into_iter().map(|key| (key.to_owned(), empty())).collect()
}

fn table_of(text: &str) -> Result<(String, Table), String> {
    let mut table: Table = toml::from_str(text).map_err(|error| one_line(&error.to_string()))?;
    let name = table.get("name").and_then(Value::as_str).ok_or("it has no name")?.to_owned();
    if table.get("extends").is_none() && name != GENERIC {
        table.insert("extends".to_owned(), Value::String(GENERIC.to_owned()));
    }
    Ok((name, table))
}

/// What is wrong with a value, after its key.
fn key_and_fault(error: &toml::de::Error) -> String {
    let text = error.to_string();
    let parts = text.trim_end().rsplit_once("\nin `");
    let text = parts.map(|(fault, key)| format!("{}: {fault}", key.trim_end_matches('`')));
    one_line(&text.unwrap_or_else(|| error.message().to_owned()))
}

/// The library draws the place with lines of its own; ours are one line.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn read_folder(folder: &Path) -> (Vec<(PathBuf, String)>, Vec<ProfileError>) {
    let Ok(entries) = fs::read_dir(folder) else { return (Vec::new(), Vec::new()) };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    paths.sort();
    paths.truncate(MOST_PROFILES);
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for file in paths {
        match read_limited(&file) {
            Ok(text) => files.push((file, text)),
            Err(reason) => errors.push(unread(&file, reason)),
        }
    }
    (files, errors)
}

fn unread(file: &Path, reason: String) -> ProfileError {
    ProfileError { file: file.to_owned(), name: None, reason }
}

fn read_limited(file: &Path) -> Result<String, String> {
    let opened = fs::File::open(file).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = opened.take(LARGEST_PROFILE + 1).read_to_string(&mut text);
    let read = read.map_err(|error| error.to_string())?;
    if read as u64 > LARGEST_PROFILE {
        return Err(format!("it has more than {LARGEST_PROFILE} bytes"));
    }
    Ok(text)
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Guessed => "guessed",
            Self::Reported => "reported",
            Self::Documented => "documented",
            Self::Measured => "measured",
        })
    }
}
