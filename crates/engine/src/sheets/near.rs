//! What lies around the folders with sheets. A line that names another folder may mean what is there, so what a sheet means
//! hangs on its own folder's name and on the folders below and beside it, too.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Files in the folders below and beside those with sheets: a path from another computer may mean one of them.
#[derive(Default)]
pub(crate) struct Near {
    /// By the folder above theirs.
    below: HashMap<PathBuf, Below>,
}

/// The files in the folders of one folder.
#[derive(Default)]
struct Below {
    /// By the files' names but for the extension, small.
    by_stem: HashMap<String, Folders>,
    /// As [`Folders::sum`], of all of them.
    sum: i64,
}

/// The folders that have a file of one name.
#[derive(Default)]
struct Folders {
    /// Small.
    names: HashSet<String>,
    /// Another when one comes or goes, in whatever order they are met.
    sum: i64,
}

impl Near {
    /// Of `files` those that are near one of the `folders`.
    pub(crate) fn of<'p>(files: impl Iterator<Item = &'p Path>, folders: &HashSet<&Path>) -> Self {
        let above: HashSet<&Path> = folders.iter().filter_map(|folder| folder.parent()).collect();
        let mut near = Self::default();
        for file in files {
            let Some(folder) = file.parent() else { continue };
            let (Some(top), Some(name), Some(stem)) = (folder.parent(), folder.file_name(), file.file_stem())
            else {
                continue;
            };
            if folders.contains(top) || above.contains(top) {
                near.below.entry(top.to_owned()).or_default().add(folded(name), folded(stem));
            }
        }
        near
    }

    /// Whether a folder below or beside `folder` is called so and has such a file.
    pub(super) fn has(&self, folder: &Path, named: &str, stem: &OsStr) -> bool {
        let (named, stem) = (named.to_lowercase(), folded(stem));
        self.around(folder)
            .any(|below| below.by_stem.get(&stem).is_some_and(|folders| folders.names.contains(&named)))
    }

    /// What is below `folder`, and beside it.
    fn around<'n>(&'n self, folder: &'n Path) -> impl Iterator<Item = &'n Below> {
        [Some(folder), folder.parent()].into_iter().flatten().filter_map(move |top| self.below.get(top))
    }
}

impl Below {
    fn add(&mut self, folder: String, stem: String) {
        let sum = sum_of(&[&folder, &stem]);
        let folders = self.by_stem.entry(stem).or_default();
        if folders.names.insert(folder) {
            folders.sum = folders.sum.wrapping_add(sum);
            self.sum = self.sum.wrapping_add(sum);
        }
    }
}

pub(crate) fn folded(text: &OsStr) -> String {
    text.to_string_lossy().to_lowercase()
}

fn sum_of(texts: &[&str]) -> i64 {
    let mut sum = blake3::Hasher::new();
    for text in texts {
        // No name has a zero byte in it.
        sum.update(text.as_bytes()).update(&[0]);
    }
    i64::from_le_bytes(sum.finalize().as_bytes().first_chunk().copied().unwrap_or_default())
}

/// What of all that is around a folder its sheets hang on. Most name no folder, and hang on nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hangs {
    /// The folder's own name, and which others have files that are called as its own.
    OnNames,
    /// The folder's own name, and all that the others have.
    OnAll,
}

/// The bits of a stamp that say what is around; which kind of that stands in the lowest two, and nothing where a folder's
/// sheets hang on nothing.
pub(super) const AROUND: i64 = 0xff_ffff;
const KIND: i64 = 3;

impl Hangs {
    fn mark(self) -> i64 {
        match self {
            Self::OnNames => 1,
            Self::OnAll => 2,
        }
    }

    /// Of a stamp that was kept.
    pub(super) fn kept_in(stamp: i64) -> Option<Self> {
        [Self::OnNames, Self::OnAll].into_iter().find(|hangs| hangs.mark() == stamp & KIND)
    }
}

/// What is around every folder with sheets.
pub(super) struct Around {
    pub(super) near: Near,
    sums: HashMap<PathBuf, Sums>,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    names: i64,
    all: i64,
}

impl Around {
    /// `seen` has every listed file, `folders` are those with sheets. In time with the files, however many folders lie
    /// beside each other.
    pub(super) fn of(seen: &HashSet<PathBuf>, folders: &HashSet<&Path>) -> Self {
        let near = Near::of(seen.iter().map(PathBuf::as_path), folders);
        let mut sums = HashMap::new();
        for folder in folders {
            let own = sum_of(&[&folded(folder.file_name().unwrap_or_default())]);
            let all = near.around(folder).map(|below| below.sum).fold(own, i64::wrapping_add);
            sums.insert((*folder).to_owned(), Sums { names: own, all });
        }
        for file in seen {
            let (Some(folder), Some(stem)) = (file.parent(), file.file_stem()) else { continue };
            let Some(of_folder) = sums.get_mut(folder) else { continue };
            let stem = folded(stem);
            let others = near.around(folder).filter_map(|below| below.by_stem.get(&stem));
            of_folder.names = others.map(|folders| folders.sum).fold(of_folder.names, i64::wrapping_add);
        }
        Self { near, sums }
    }

    /// The bits of [`AROUND`].
    pub(super) fn stamp(&self, folder: &Path, hangs: Hangs) -> i64 {
        let sums = self.sums.get(folder).copied().unwrap_or_default();
        let sum = match hangs {
            Hangs::OnNames => sums.names,
            Hangs::OnAll => sums.all,
        };
        (sum & AROUND & !KIND) | hangs.mark()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_of_a_folder_hangs_on_its_name_and_on_what_is_near() {
        let stamps = |folder: &str, others: &[&str]| {
            let own = ["Track01.flac", "Track02.flac"].map(|name| Path::new(folder).join(name));
            let seen: HashSet<PathBuf> = own.into_iter().chain(others.iter().map(PathBuf::from)).collect();
            let folder = Path::new(folder);
            let around = Around::of(&seen, &HashSet::from([folder]));
            [Hangs::OnNames, Hangs::OnAll].map(|hangs| {
                let stamp = around.stamp(folder, hangs);
                assert_eq!((stamp & !AROUND, Hangs::kept_in(stamp)), (0, Some(hangs)));
                stamp
            })
        };
        let plain = stamps("m/Album", &[]);
        assert_eq!(stamps("m/Album", &["m/a/b/Track01.flac", "n/CD2/Track01.flac"]), plain, "far away");
        assert_eq!(stamps("n/Album", &[]), plain, "with all that is around it");
        let renamed = stamps("m/CD2", &[]);
        assert!(renamed[0] != plain[0] && renamed[1] != plain[1]);
        for near in ["m/CD2/track01.wav", "m/Album/CD2/Track01.flac"] {
            let stamps = stamps("m/Album", &[near]);
            assert!(stamps[0] != plain[0] && stamps[1] != plain[1], "{near}");
        }
        let other = stamps("m/Album", &["m/CD2/Ebb.flac"]);
        assert!(other[0] == plain[0] && other[1] != plain[1], "a file that nothing here is called like");
        assert_eq!(Hangs::kept_in(0), None);
    }
}
