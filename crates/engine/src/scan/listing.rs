//! What the sources list: which files are to be opened, which are as they were, which are gone.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ferrotape_domain::{AudioSource, Fault, FaultKind, ListedFile, Listing, Phase, Unlisted};
use ferrotape_store::{FileStamp, KnownFile, WatchedKind};

use super::{ScanReport, UnreadableFile, summarise};
use crate::sheets::{self, Sheets};
use crate::{Context, EngineError, locked};

/// The result of listing: what to open, and what was seen where.
pub(super) struct Listed {
    pub(super) seen: HashSet<PathBuf>,
    pub(super) sheets: Sheets,
    pub(super) to_open: Vec<ListedFile>,
    /// Roots whose listing was complete.
    whole_roots: Vec<PathBuf>,
    /// Places below them that could not be looked into.
    unlisted: Vec<PathBuf>,
}

/// Everything that the sources list now.
pub(crate) struct Listings {
    /// In the order of their paths, so that a second run meets the same files in the same order; each once, though
    /// sources may overlap.
    files: Vec<ListedFile>,
    unlisted: Vec<Unlisted>,
    whole_roots: Vec<PathBuf>,
    faults: Vec<Fault>,
    /// See [`ScanReport::stamp`].
    pub(crate) stamp: String,
}

impl Listings {
    /// What a scan that need not open a file says.
    pub(crate) fn into_scanned(
        self,
        sources: &[Arc<dyn AudioSource>],
        context: &Context,
    ) -> Result<ScanReport, EngineError> {
        let listed = self.files.iter().filter(|file| !sheets::is_sheet(&file.path)).count() as u64;
        let unreadable = self.unlisted.into_iter().map(UnreadableFile::from).collect();
        let mut report = ScanReport { listed, unreadable, stamp: self.stamp, ..ScanReport::default() };
        summarise(sources, &mut report, context)?;
        Ok(report)
    }
}

/// Lists the sources; opens no file.
pub(crate) fn list(sources: &[Arc<dyn AudioSource>], context: &Context) -> Result<Listings, EngineError> {
    let found: Mutex<(Vec<ListedFile>, Vec<ListedFile>, Vec<Unlisted>)> = Mutex::default();
    let (mut whole_roots, mut faults) = (Vec::new(), Vec::new());
    context.started(Phase::List, None);
    for source in sources {
        let listed = source.list(context.cancel, &|listing| {
            let mut found = locked(&found);
            match listing {
                Listing::File(file) => found.0.push(file),
                Listing::Beside(file) => return found.1.push(file),
                Listing::Unreadable(place) => found.2.push(place),
            }
            drop(found);
            context.advanced(Phase::List, 1, 0);
        });
        match listed {
            Ok(()) => whole_roots.push(source.root()),
            Err(fault) => faults.push(fault),
        }
    }
    context.finished(Phase::List);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    let (mut files, mut beside, unlisted) =
        found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    for listed in [&mut files, &mut beside] {
        listed.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        listed.dedup_by(|a, b| a.path == b.path);
    }
    let stamp = if faults.is_empty() { stamp_of(&[&files, &beside], &unlisted) } else { String::new() };
    Ok(Listings { files, unlisted, whole_roots, faults, stamp })
}

fn stamp_of(listed: &[&[ListedFile]], unlisted: &[Unlisted]) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in listed.iter().copied().flatten() {
        hasher.update(file.path.as_os_str().as_encoded_bytes()).update(&[0]);
        hasher.update(&file.size.to_le_bytes()).update(&file.modified_ns.to_le_bytes());
        hasher.update(&file.changed_ns.to_le_bytes());
    }
    let mut closed: Vec<&Path> = unlisted.iter().map(|place| place.path.as_path()).collect();
    closed.sort_unstable();
    for path in closed {
        hasher.update(path.as_os_str().as_encoded_bytes()).update(&[1]);
    }
    hasher.finalize().to_hex().to_string()
}

pub(super) fn list_sources(
    sources: &[Arc<dyn AudioSource>],
    known: &[KnownFile],
    report: &mut ScanReport,
    context: &Context,
) -> Result<Listed, EngineError> {
    let by_path: HashMap<&Path, &KnownFile> = known.iter().map(|file| (file.path.as_path(), file)).collect();
    let Listings { mut files, unlisted, mut whole_roots, faults, stamp } = list(sources, context)?;
    report.faults = faults;
    report.stamp = stamp;
    let sheets = Sheets::take_from(&mut files);
    report.listed = files.len() as u64;
    whole_roots.retain(|root| match emptied(root, &files, known) {
        Some(fault) => {
            report.faults.push(fault);
            report.stamp.clear();
            false
        }
        None => true,
    });
    let seen: HashSet<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let as_kept = |file: &ListedFile| {
        let known = by_path.get(file.path.as_path()).copied()?;
        let is_as_kept = !known.missing
            && file_stamp(file).agrees_with(&known.stamp())
            && sheets.is_as_kept(&file.path, known.sheets, &seen);
        is_as_kept.then_some(known)
    };
    take_out_unchanged(&mut files, &as_kept, context)?;
    let unlisted_paths = unlisted.iter().map(|place| place.path.clone()).collect();
    report.unreadable.extend(unlisted.into_iter().map(UnreadableFile::from));
    Ok(Listed { seen, sheets, to_open: files, whole_roots, unlisted: unlisted_paths })
}

/// Takes the files out that need not be opened, and learns when the entries of those were written that are known since before
/// entries were looked at. One that was written since the last scan may be of other bytes.
fn take_out_unchanged<'k>(
    files: &mut Vec<ListedFile>,
    as_kept: &dyn Fn(&ListedFile) -> Option<&'k KnownFile>,
    context: &Context,
) -> Result<(), EngineError> {
    let looked_at = times_of_folders(context)?;
    let mut learnt = Vec::new();
    files.retain(|file| {
        let Some(known) = as_kept(file) else { return true };
        let is_news = known.changed_ns == 0 && file.changed_ns != 0;
        if is_news && !was_looked_at_since(file, &looked_at) {
            return true;
        }
        learnt.extend(is_news.then_some((known.file_id, file.changed_ns)));
        false
    });
    if !learnt.is_empty() {
        context.library.record_changed(&learnt)?;
    }
    Ok(())
}

pub(super) fn file_stamp(file: &ListedFile) -> FileStamp {
    FileStamp { size: file.size, modified_ns: file.modified_ns, changed_ns: file.changed_ns }
}

/// The folders of music, and when each was looked through last, in seconds since 1970 UTC.
fn times_of_folders(context: &Context) -> Result<Vec<(PathBuf, i64)>, EngineError> {
    let watched = context.library.watched()?.into_iter().filter(|place| place.kind == WatchedKind::Music);
    Ok(watched.map(|place| (place.path, place.at)).collect())
}

fn was_looked_at_since(file: &ListedFile, looked_at: &[(PathBuf, i64)]) -> bool {
    let times = looked_at.iter().filter(|(folder, _)| file.path.starts_with(folder)).map(|(_, at)| *at);
    times.max().is_some_and(|at| file.changed_ns < at.saturating_mul(1_000_000_000))
}

/// A source that held music and is empty all at once is most likely the mount point of a disk that is not there: it
/// could not be asked.
fn emptied(root: &Path, files: &[ListedFile], known: &[KnownFile]) -> Option<Fault> {
    let held = known.iter().filter(|file| !file.missing && file.path.starts_with(root)).count();
    if held == 0 || files.iter().any(|file| file.path.starts_with(root)) {
        return None;
    }
    let held = if held == 1 { "a file".to_owned() } else { format!("{held} files") };
    let reason = format!(
        "the folder is empty, but held {held} at the last scan – plug the disk in, or name the folder where \
         that is now; if you deleted it, say so with `ferrotape doctor --gone FOLDER`"
    );
    Some(Fault { source: root.display().to_string(), kind: FaultKind::NeedsUser, reason })
}

/// Files of the library that a complete listing no longer showed.
pub(super) fn gone_files<'k>(known: &'k [KnownFile], listing: &Listed) -> Vec<&'k KnownFile> {
    let below = |path: &Path, roots: &[PathBuf]| roots.iter().any(|root| path.starts_with(root));
    known
        .iter()
        .filter(|file| below(&file.path, &listing.whole_roots) && !below(&file.path, &listing.unlisted))
        .filter(|file| !listing.seen.contains(&file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_entry_was_written_since_its_folder_was_looked_through_is_told_apart() {
        let looked_at = [(PathBuf::from("/m"), 100), (PathBuf::from("/m/new"), 200)];
        let was = |path: &str, seconds: i64| {
            let changed_ns = seconds * 1_000_000_000;
            let file = ListedFile { path: PathBuf::from(path), size: 1, modified_ns: 1, changed_ns };
            was_looked_at_since(&file, &looked_at)
        };
        assert!(was("/m/a.flac", 99) && was("/m/new/a.flac", 150));
        assert!(!was("/m/a.flac", 100) && !was("/m/a.flac", 150) && !was("/elsewhere/a.flac", 1));
    }
}
