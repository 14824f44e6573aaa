//! What lies in the cache's folder, by when it was last used.

use std::collections::VecDeque;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How files being written begin and end.
pub(super) const BEING_WRITTEN: (&str, &str) = (".sound-", ".part");
/// A file being written that is older was left behind by a kill.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
struct Item {
    used: SystemTime,
    bytes: u64,
    path: PathBuf,
}

/// The entries as they were found, and those added since. What other ferrotapes add meanwhile shows at the next run.
#[derive(Debug)]
pub(super) struct Shelf {
    oldest_first: VecDeque<Item>,
    bytes: u64,
    pub(super) limit: u64,
}

impl Shelf {
    /// Lists the entries; a folder that is not there has none.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut items = Vec::new();
        for_each_of_ours(folder, &mut |path, found, is_whole| {
            if is_whole {
                let used = found.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                items.push(Item { used, bytes: found.len(), path });
            }
        })?;
        items.sort_unstable_by(|a, b| a.used.cmp(&b.used).then_with(|| a.path.cmp(&b.path)));
        let bytes = items.iter().map(|item| item.bytes).sum();
        Ok(Self { oldest_first: items.into(), bytes, limit: u64::MAX })
    }

    pub(super) fn entries(&self) -> usize {
        self.oldest_first.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Removes what was not used for longest until `bytes` more fit at `path`, and holds them; `false` when they cannot.
    pub(super) fn make_room(&mut self, path: &Path, bytes: u64) -> bool {
        if bytes > self.limit {
            return false;
        }
        if path.exists()
            && let Some(at) = self.oldest_first.iter().position(|item| item.path == path)
        {
            self.give_back(self.oldest_first.get(at).map_or(0, |item| item.bytes));
            self.oldest_first.remove(at);
        }
        // Each is looked at twice at most: as it was found, and after it turned out to have been used since.
        let mut looks = self.oldest_first.len() * 2;
        while self.bytes.saturating_add(bytes) > self.limit {
            let Some(item) = self.oldest_first.pop_front().filter(|_| looks > 0) else { return false };
            looks -= 1;
            match fs::symlink_metadata(&item.path).and_then(|found| found.modified()) {
                Ok(used) if used > item.used => self.oldest_first.push_back(Item { used, ..item }),
                _ => {
                    // One that cannot be removed goes on taking its room.
                    if fs::remove_file(&item.path).is_ok() || !item.path.exists() {
                        self.give_back(item.bytes);
                    }
                }
            }
        }
        self.bytes = self.bytes.saturating_add(bytes);
        true
    }

    /// What was held for an entry that was not written is free again.
    pub(super) fn give_back(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// An entry was written in the room that was made for it.
    pub(super) fn add(&mut self, path: PathBuf, bytes: u64) {
        self.oldest_first.push_back(Item { used: SystemTime::now(), bytes, path });
    }
}

/// Removes what a kill left behind half written.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    for_each_of_ours(folder, &mut |path, found, is_whole| {
        let age = found.modified().ok().and_then(|written| written.elapsed().ok());
        if !is_whole && age.is_some_and(|age| age > LEFT_BEHIND) {
            let _ = fs::remove_file(path);
        }
    })
}

/// Removes every entry and every folder that is empty then.
pub(super) fn clear(folder: &Path) -> io::Result<(u64, u64)> {
    let (mut entries, mut bytes, mut failed) = (0, 0, None);
    for_each_of_ours(folder, &mut |path, found, is_whole| match fs::remove_file(&path) {
        Ok(()) if is_whole => {
            entries += 1;
            bytes += found.len();
        }
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => failed = Some(error),
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    for inner in read_dir(folder)? {
        // Those that hold anything of the user's stay.
        let _ = fs::remove_dir(inner);
    }
    Ok((entries, bytes))
}

/// Calls `each` with every entry (`true`) and every file being written (`false`). Nothing else is ours, and links are not followed.
fn for_each_of_ours(folder: &Path, each: &mut dyn FnMut(PathBuf, Metadata, bool)) -> io::Result<()> {
    for path in read_dir(folder)? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        // A file that is gone meanwhile was another ferrotape's to remove.
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        if found.is_file() && name.starts_with(BEING_WRITTEN.0) && name.ends_with(BEING_WRITTEN.1) {
            each(path, found, false);
        } else if found.is_dir() && name.len() == 2 && is_hex(name) {
            for inner in read_dir(&path)? {
                let named = inner.file_name().and_then(|name| name.to_str());
                let is_entry =
                    named.is_some_and(|inner| inner.len() == 64 && is_hex(inner) && inner.starts_with(name));
                match fs::symlink_metadata(&inner) {
                    Ok(found) if is_entry && found.is_file() => each(inner, found, true),
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

fn is_hex(name: &str) -> bool {
    name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn read_dir(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
