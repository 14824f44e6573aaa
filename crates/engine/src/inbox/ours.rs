//! Folders that are no part of an inbox whatever they lie in, known by what they are: on disks that do not care for capital
//! letters, and through links, one folder has several spellings.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub(super) struct Ours {
    paths: HashSet<PathBuf>,
    ids: HashSet<FolderId>,
}

impl Ours {
    pub(super) fn of<'p>(folders: impl Iterator<Item = &'p Path>) -> Self {
        let paths: HashSet<PathBuf> = folders.map(Path::to_owned).collect();
        let ids = paths.iter().filter_map(|path| id_of(path)).collect();
        Self { paths, ids }
    }

    pub(super) fn has(&self, folder: &Path) -> bool {
        self.paths.contains(folder) || id_of(folder).is_some_and(|id| self.ids.contains(&id))
    }
}

/// Whether a folder is another one or lies in it, however both are spelled.
pub fn lies_in(folder: &Path, around: &Path) -> bool {
    let is_around = |id: FolderId| folder.ancestors().any(|one| id_of(one) == Some(id));
    folder.starts_with(around) || id_of(around).is_some_and(is_around)
}

/// Disk and number on it.
type FolderId = (u64, u64);

#[cfg(unix)]
fn id_of(folder: &Path) -> Option<FolderId> {
    use std::os::unix::fs::MetadataExt;
    let found = folder.metadata().ok()?;
    // A disk that numbers nothing gives all its folders the same.
    Some((found.dev(), found.ino())).filter(|(_, number)| *number != 0)
}

/// Elsewhere only the spelling tells.
#[cfg(not(unix))]
fn id_of(_folder: &Path) -> Option<FolderId> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_folder_is_known_by_each_of_its_spellings() {
        let home = tempfile::tempdir().unwrap();
        let [music, other, way] = ["Music", "other", "way"].map(|name| home.path().join(name));
        std::fs::create_dir_all(music.join("Zed")).unwrap();
        std::fs::create_dir(&other).unwrap();
        std::os::unix::fs::symlink(&music, &way).unwrap();
        let ours = Ours::of([way.as_path()].into_iter());
        assert!(ours.has(&music) && ours.has(&way));
        assert!(!ours.has(&other) && !ours.has(&music.join("Zed")) && !ours.has(&home.path().join("gone")));
        assert!(lies_in(&music.join("Zed"), &way) && lies_in(&music, &way));
        assert!(!lies_in(home.path(), &way) && !lies_in(&other, &way));
    }
}
