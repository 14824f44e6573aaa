//! The state of a folder, to tell whether anything in it changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::KitError;

/// One file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    /// Size in bytes.
    pub size: u64,
    /// BLAKE3 of the content, in hex.
    pub blake3: String,
    /// Last change.
    pub modified: SystemTime,
}

impl FileState {
    /// Whether both hold the same bytes, whenever they were written.
    pub fn same_bytes(&self, other: &Self) -> bool {
        self.size == other.size && self.blake3 == other.blake3
    }
}

/// Every file below a folder by its path relative to it (with `/`), hidden ones too. Links are not followed.
pub fn tree_snapshot(dir: &Path) -> Result<BTreeMap<String, FileState>, KitError> {
    let mut files = BTreeMap::new();
    visit(dir, "", &mut files)?;
    Ok(files)
}

/// What differs between two snapshots in bytes (not in time): `added x`, `removed x`, `changed x`.
pub fn changes(before: &BTreeMap<String, FileState>, after: &BTreeMap<String, FileState>) -> Vec<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths
        .into_iter()
        .filter_map(|path| match (before.get(path), after.get(path)) {
            (None, _) => Some(format!("added {path}")),
            (_, None) => Some(format!("removed {path}")),
            (Some(old), Some(new)) => (!old.same_bytes(new)).then(|| format!("changed {path}")),
        })
        .collect()
}

fn visit(dir: &Path, prefix: &str, files: &mut BTreeMap<String, FileState>) -> Result<(), KitError> {
    for entry in fs::read_dir(dir).map_err(KitError::io("list", dir))? {
        let entry = entry.map_err(KitError::io("list", dir))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let meta = fs::symlink_metadata(&path).map_err(KitError::io("read", &path))?;
        if meta.is_dir() {
            visit(&path, &format!("{name}/"), files)?;
        } else if meta.is_file() {
            let mut hasher = blake3::Hasher::new();
            let mut file = fs::File::open(&path).map_err(KitError::io("read", &path))?;
            std::io::copy(&mut file, &mut hasher).map_err(KitError::io("read", &path))?;
            let modified = meta.modified().map_err(KitError::io("read", &path))?;
            let blake3 = hasher.finalize().to_hex().to_string();
            files.insert(name, FileState { size: meta.len(), blake3, modified });
        }
    }
    Ok(())
}
