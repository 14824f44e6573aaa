//! Which files programs have open for writing, as far as the system tells: a download that stalls looks whole, and what is
//! written to a file that was removed exists nowhere.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

#[cfg(all(test, target_os = "linux"))]
thread_local! {
    /// How often the open files of all programs were gone through.
    pub(super) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Those of these files that a program of the user's has open for writing. Only Linux tells; of other users' programs
/// nobody tells.
#[cfg(target_os = "linux")]
pub(super) fn being_written<'p>(files: impl IntoIterator<Item = &'p Path>) -> HashSet<PathBuf> {
    use std::collections::HashMap;
    use std::ffi::OsStr;
    use std::fs::{metadata, read_dir, read_link};
    use std::os::unix::fs::MetadataExt;

    let mut by_name: HashMap<&OsStr, Vec<&Path>> = HashMap::new();
    for path in files {
        by_name.entry(path.file_name().unwrap_or_default()).or_default().push(path);
    }
    if by_name.is_empty() {
        return HashSet::new();
    }
    #[cfg(test)]
    LOOKS.set(LOOKS.get() + 1);
    let id_of = |path: &Path| metadata(path).ok().map(|found| (found.dev(), found.ino()));
    let mut written = HashSet::new();
    let processes = read_dir("/proc").into_iter().flatten().flatten();
    for opened in processes.filter_map(|process| read_dir(process.path().join("fd")).ok()).flatten().flatten()
    {
        // Only what is called so is looked at: other open files may lie on a disk that does not answer.
        let Some(lies_at) = read_link(opened.path()).ok().filter(|path| path.is_absolute()) else { continue };
        let Some(called_so) = lies_at.file_name().and_then(|name| by_name.get(name)) else { continue };
        if is_for_writing(&opened.path()) {
            let id = id_of(&opened.path());
            let same = called_so.iter().filter(|path| id.is_some() && id_of(path) == id);
            written.extend(same.map(|path| path.to_path_buf()));
        }
    }
    written
}

/// Whether what lies at `/proc/…/fd/…` was opened so.
#[cfg(target_os = "linux")]
fn is_for_writing(opened: &Path) -> bool {
    const READING_ALONE: u64 = 0;
    const ACCESS: u64 = 3;
    let told = |opened: &Path| {
        let of_process = opened.parent()?.parent()?.join("fdinfo").join(opened.file_name()?);
        let text = std::fs::read_to_string(of_process).ok()?;
        let flags = text.lines().find_map(|line| line.strip_prefix("flags:"))?;
        u64::from_str_radix(flags.trim(), 8).ok()
    };
    told(opened).is_some_and(|flags| flags & ACCESS != READING_ALONE)
}

/// Elsewhere only time tells.
#[cfg(not(target_os = "linux"))]
pub(super) fn being_written<'p>(_files: impl IntoIterator<Item = &'p Path>) -> HashSet<PathBuf> {
    HashSet::new()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_is_open_for_writing_is_told_from_what_is_read() {
        let home = tempfile::tempdir().unwrap();
        let [written, read, other] =
            ["ebb.mp3", "read/ebb.mp3", "flood.mp3"].map(|name| home.path().join(name));
        std::fs::create_dir(home.path().join("read")).unwrap();
        std::fs::write(&read, "sound").unwrap();
        std::fs::write(&other, "sound").unwrap();
        let writer = File::create(&written).unwrap();
        let reader = File::open(&read).unwrap();
        let all = || being_written([&written, &read, &other].map(|path| path.as_path()));
        assert_eq!(all(), HashSet::from([written.clone()]));
        drop((writer, reader));
        assert!(all().is_empty());
    }
}
