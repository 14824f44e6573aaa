//! `.ferrotape/manifest.json`: what we put on this target, by the recordings' identities.
//!
//! It holds no times and is sorted, so that equal contents are equal bytes and a run with nothing new writes
//! nothing. A manifest that cannot be read is never replaced by a guess: see [`crate::set_manifest_aside`].

mod on_disk;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

pub use on_disk::is_filled;
pub(crate) use on_disk::{LARGEST, MANIFEST, forget_new, is_there, is_torn, load, set_aside, store};

use crate::desired::CompanionKind;
use crate::root::OURS;

const FORMAT: &str = "ferrotape manifest";
const VERSION: u32 = 3;
/// The oldest that is read: it does not tell which library a list is of.
const OLDEST: u32 = 1;
/// Stands in the identity of a file that was left behind between that of the recording and the file's path.
const LEFT: &str = "\u{1e}left ";

/// A file we put there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileRecord {
    pub(crate) identity: String,
    pub(crate) recipe: String,
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// [`crate::sums`] tells of what kind.
    #[serde(alias = "blake3")]
    pub(crate) sum: String,
    pub(crate) label: String,
    pub(crate) seconds: Option<u64>,
    /// The user's own, which only counts for the recording; see `adopt.rs`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) adopted: bool,
    /// Which sound it was made of, whatever the tags of its source said; empty where that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) sound: String,
}

/// A playlist we keep there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaylistRecord {
    pub(crate) key: String,
    pub(crate) name: String,
    /// `None`: it only lays claim to its tracks, or none of them is there.
    pub(crate) file: Option<PlaylistFile>,
    /// Whether a file is wanted for it.
    pub(crate) write_file: bool,
    /// Identities in order; those not on the target are left out of the file, not of the record.
    pub(crate) entries: Vec<String>,
    /// Whose list it is: the library that filled it. Not known of lists that an older version wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) library: Option<String>,
}

/// A playlist's file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaylistFile {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// [`crate::sums`] tells of what kind.
    #[serde(alias = "blake3")]
    pub(crate) sum: String,
}

/// A file beside a track.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanionRecord {
    pub(crate) path: String,
    /// Identity of the track that speaks for it.
    pub(crate) of: String,
    pub(crate) kind: CompanionKind,
    pub(crate) made_from: String,
    /// `None`: there was nothing to put there.
    pub(crate) file: Option<PlaylistFile>,
}

/// Everything of ours on one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// By identity.
    pub(crate) files: BTreeMap<String, FileRecord>,
    /// By key.
    pub(crate) playlists: BTreeMap<String, PlaylistRecord>,
    /// By path.
    pub(crate) companions: BTreeMap<String, CompanionRecord>,
    /// Folders that we made; removed when they are empty.
    pub(crate) folders: BTreeSet<String>,
    /// Identities that answer a wanted thing, by its key.
    pub(crate) wanted: BTreeMap<String, Vec<String>>,
    /// Identities that are to answer one by a run that has not come to its end, by the same key.
    pub(crate) coming: BTreeMap<String, Vec<String>>,
    /// Rises with every writing where a copy is kept elsewhere; 0 where there is none, so that equal contents are equal
    /// bytes.
    pub(crate) generation: u64,
}

impl Manifest {
    /// Identities that answer the wanted thing of this key, with those of a run that was cut short; each once.
    pub(crate) fn answers<'m>(&'m self, key: &str) -> impl Iterator<Item = &'m String> + use<'m> {
        let known = self.wanted.get(key).map(Vec::as_slice).unwrap_or_default();
        let coming = self.coming.get(key).into_iter().flatten();
        known.iter().chain(coming.filter(move |one| !known.contains(one)))
    }

    /// How many files are ours, and how many are the user's that were adopted.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let adopted = self.files.values().filter(|file| file.adopted).count();
        (self.files.len() - adopted, adopted)
    }

    /// Keeps an old file on record whose recording has a new one, because it could not be removed: nothing wants it, so
    /// the next run removes it.
    pub(crate) fn leave_behind(&mut self, old: FileRecord) {
        let identity = format!("{}{LEFT}{}", old.identity, old.path);
        self.files.insert(identity.clone(), FileRecord { identity, ..old });
    }

    /// The same, of a file of which only its bytes are known. What is on record already is not put there twice: a list that names a
    /// path twice counts as damaged.
    pub(crate) fn leave_bytes_behind(&mut self, path: &str, bytes: u64, sum: &str) {
        if self.files.values().any(|file| file.path == path) {
            return;
        }
        self.leave_behind(FileRecord {
            identity: String::new(),
            recipe: String::new(),
            path: path.to_owned(),
            bytes,
            sum: sum.to_owned(),
            label: path.to_owned(),
            seconds: None,
            adopted: false,
            sound: String::new(),
        });
    }

    /// Folders of ours that none of our files lies in, by path.
    pub(crate) fn idle_folders(&self) -> BTreeSet<String> {
        let files = self.files.values().map(|record| record.path.as_str());
        let lists = self.playlists.values().filter_map(|list| Some(list.file.as_ref()?.path.as_str()));
        let beside = self.companions.values().filter(|companion| companion.file.is_some());
        let in_use: HashSet<&str> = files
            .chain(lists)
            .chain(beside.map(|companion| companion.path.as_str()))
            .flat_map(|path| path.match_indices('/').filter_map(|(at, _)| path.get(..at)))
            .collect();
        self.folders.iter().filter(|folder| !in_use.contains(folder.as_str())).cloned().collect()
    }

    /// The names of the files in each folder, as a player shows them: by name, capitals apart only where all else is the
    /// same. Files of playlists are none.
    pub(crate) fn names_by_folder(&self) -> BTreeMap<String, Vec<String>> {
        let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in self.files.values().filter(|file| !file.adopted) {
            let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
            folders.entry(folder.to_owned()).or_default().push(name.to_owned());
        }
        for names in folders.values_mut() {
            names.sort_by_cached_key(|name| (name.to_lowercase(), name.clone()));
        }
        folders
    }
}

#[derive(Deserialize)]
struct Heading {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
    #[serde(default)]
    generation: u64,
    files: Vec<FileRecord>,
    playlists: Vec<PlaylistRecord>,
    #[serde(default)]
    companions: Vec<CompanionRecord>,
    folders: Vec<String>,
    #[serde(default)]
    wanted: Vec<(String, Vec<String>)>,
    #[serde(default)]
    coming: Vec<(String, Vec<String>)>,
}

pub(crate) fn parse(bytes: &[u8]) -> Result<Manifest, String> {
    let damaged = |error: serde_json::Error| match error.to_string() {
        // It may protect a file, so nothing is read that would be written again without it.
        later if later.starts_with("unknown field") => format!("a later ferrotape wrote it: {later}"),
        error => format!("it is damaged: {error}"),
    };
    let heading: Heading = serde_json::from_slice(bytes).map_err(damaged)?;
    if heading.format != FORMAT {
        return Err("it is not a ferrotape manifest".to_owned());
    }
    if !(OLDEST..=VERSION).contains(&heading.version) {
        return Err(format!("it is of version {}, this ferrotape knows {VERSION}", heading.version));
    }
    let stored: Stored = serde_json::from_slice(bytes).map_err(damaged)?;
    let paths = stored.files.iter().map(|file| &file.path);
    let lists = stored.playlists.iter().filter_map(|list| list.file.as_ref()).map(|file| &file.path);
    let mut taken = BTreeSet::new();
    let beside = stored.companions.iter().map(|companion| &companion.path);
    let lists = lists.chain(beside);
    if let Some(twice) = paths.clone().chain(lists.clone()).find(|path| !taken.insert(path.as_str())) {
        return Err(format!("it is damaged: two entries share the path {}", twice.escape_debug()));
    }
    if let Some(bad) = paths.chain(lists).chain(&stored.folders).find(|path| !is_inside(path)) {
        return Err(format!("it lists a path that cannot be ours: {}", bad.escape_debug()));
    }
    Ok(Manifest {
        files: stored.files.into_iter().map(|file| (file.identity.clone(), file)).collect(),
        playlists: stored.playlists.into_iter().map(|list| (list.key.clone(), list)).collect(),
        companions: stored.companions.into_iter().map(|one| (one.path.clone(), one)).collect(),
        folders: stored.folders.into_iter().collect(),
        wanted: stored.wanted.into_iter().collect(),
        coming: stored.coming.into_iter().collect(),
        generation: stored.generation,
    })
}

/// Whether a path from a file may be ours: relative, plain, and not in our own folder.
pub(crate) fn is_inside(path: &str) -> bool {
    let mut parts = path.split('/');
    path.len() <= 4096
        && !path.contains(['\\', '\0'])
        && parts.all(|part| !matches!(part, "" | "." | ".."))
        && !path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(OURS))
}

/// The manifest's bytes: one record per line, sorted.
pub(crate) fn to_bytes(manifest: &Manifest) -> Result<Vec<u8>, serde_json::Error> {
    let lines = |records: Vec<String>| {
        if records.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", records.join(",\n")) }
    };
    let files = manifest.files.values().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let playlists = manifest.playlists.values().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let companions: Vec<String> =
        manifest.companions.values().map(serde_json::to_string).collect::<Result<_, _>>()?;
    // Left out where there are none, as those that wrote no such files left it out.
    let companions = match companions.is_empty() {
        true => String::new(),
        false => format!("\"companions\":{},\n", lines(companions)),
    };
    let generation = match manifest.generation {
        0 => String::new(),
        number => format!("\"generation\":{number},\n"),
    };
    let folders = manifest.folders.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let wanted =
        manifest.wanted.iter().map(|entry| serde_json::to_string(&entry)).collect::<Result<_, _>>()?;
    let coming: Vec<String> =
        manifest.coming.iter().map(|entry| serde_json::to_string(&entry)).collect::<Result<_, _>>()?;
    // Left out where all came to its end.
    let coming = match coming.is_empty() {
        true => String::new(),
        false => format!("\"coming\":{},\n", lines(coming)),
    };
    let text = format!(
        "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\n{generation}\"files\":{},\n\"playlists\":{},\n{companions}\"folders\":{},\n{coming}\"wanted\":{}}}\n",
        lines(files),
        lines(playlists),
        lines(folders),
        lines(wanted)
    );
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn example() -> Manifest {
        let mut manifest = Manifest::default();
        for identity in ["b", "a"] {
            let record = FileRecord {
                identity: identity.to_owned(),
                recipe: "r".to_owned(),
                path: format!("Music/{identity}\u{fc}.mp3"),
                bytes: 3,
                sum: "00".to_owned(),
                label: "A - B".to_owned(),
                seconds: None,
                adopted: false,
                sound: String::new(),
            };
            manifest.files.insert(identity.to_owned(), record);
        }
        manifest.folders.insert("Music".to_owned());
        manifest
    }

    #[test]
    fn a_manifest_reads_back_and_is_sorted() {
        let bytes = to_bytes(&example()).unwrap();
        assert_eq!(parse(&bytes).unwrap(), example());
        assert_eq!(to_bytes(&parse(&bytes).unwrap()).unwrap(), bytes);
        assert_eq!(parse(&to_bytes(&Manifest::default()).unwrap()).unwrap(), Manifest::default());
    }

    #[test]
    fn what_is_left_behind_twice_is_on_record_once() {
        let mut manifest = example();
        let old = manifest.files.remove("a").unwrap();
        manifest.leave_behind(old.clone());
        manifest.leave_bytes_behind(&old.path, old.bytes, &old.sum);
        manifest.leave_bytes_behind("Playlists/p.m3u8", 1, "00");
        assert_eq!(manifest.files.len(), 3);
        assert_eq!(parse(&to_bytes(&manifest).unwrap()).unwrap(), manifest);
    }

    #[test]
    fn those_of_earlier_versions_are_read() {
        let now = String::from_utf8(to_bytes(&example()).unwrap()).unwrap();
        let heading = format!("\"version\":{VERSION}");
        assert!(now.contains(&heading), "{now}");
        let before = now.replace("\"sum\":", "\"blake3\":").replace(
            "\"playlists\":[]",
            r#""playlists":[{"key":"p","name":"P","file":null,"write_file":true,"entries":["a"]}]"#,
        );
        for version in OLDEST..VERSION {
            let before = before.replace(&heading, &format!("\"version\":{version}"));
            let manifest = parse(before.as_bytes()).unwrap();
            assert_eq!(manifest.files, example().files);
            assert_eq!(manifest.playlists["p"].library, None);
        }
    }

    #[test]
    fn no_record_is_read_without_what_a_later_version_says_of_it() {
        let mut manifest = example();
        let file = PlaylistFile { path: "Playlists/p.m3u8".to_owned(), bytes: 1, sum: "00".to_owned() };
        let list = PlaylistRecord {
            key: "p".to_owned(),
            name: "P".to_owned(),
            file: Some(file.clone()),
            write_file: true,
            entries: vec!["a".to_owned()],
            library: Some("one".to_owned()),
        };
        manifest.playlists.insert(list.key.clone(), list);
        let picture = CompanionRecord {
            path: "Music/cover.jpg".to_owned(),
            of: "a".to_owned(),
            kind: CompanionKind::Picture,
            made_from: "m".to_owned(),
            file: Some(PlaylistFile { path: "Music/cover.jpg".to_owned(), ..file }),
        };
        manifest.companions.insert(picture.path.clone(), picture);
        let good = String::from_utf8(to_bytes(&manifest).unwrap()).unwrap();
        assert_eq!(parse(good.as_bytes()).unwrap(), manifest);
        let starts =
            ["{\"identity\":", "{\"key\":", "{\"path\":\"Playlists", "{\"path\":\"Music/cover.jpg\",\"of\""];
        for start in starts {
            assert!(good.contains(start), "{start} in {good}");
            let later = good.replacen(start, &format!("{{\"locked\":true,{}", &start[1..]), 1);
            let reason = parse(later.as_bytes()).unwrap_err();
            assert!(reason.contains("a later ferrotape wrote it: unknown field `locked`"), "{reason}");
        }
    }

    #[test]
    fn what_is_not_our_manifest_is_refused() {
        let good = String::from_utf8(to_bytes(&example()).unwrap()).unwrap();
        for (bad, word) in [
            (good[..good.len() / 2].to_owned(), "damaged"),
            (good.replace("\"version\":3", "\"version\":4"), "version 4"),
            (good.replace("\"version\":3", "\"version\":0"), "version 0"),
            (good.replace("Music/a", "Music/../../a"), "cannot be ours"),
            (good.replace("Music/a", "/etc/a"), "cannot be ours"),
            (good.replace("Music/a", ".Ferrotape/a"), "cannot be ours"),
            (good.replace("Music/a", "Music/b"), "share the path"),
            (good.replace("\"folders\"", "\"later\":1,\"folders\""), "a later ferrotape"),
            ("[".repeat(100_000), "damaged"),
        ] {
            let reason = parse(bad.as_bytes()).unwrap_err();
            assert!(reason.contains(word), "{reason}");
        }
    }
}
