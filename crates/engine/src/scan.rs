//! Scan: which audio files are there, what they are, what their tags say.
//!
//! Incremental: a file whose size and times are as before – that of its bytes, and that of its entry, which nobody can set
//! back – is not opened. A file that turns up elsewhere with the same
//! content is the same file moved. A file that is gone is marked, never forgotten; and when a folder cannot be read
//! at all, nothing in it is marked, for "could not ask" is not "has none".

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferrotape_audio::{Probed, Unreadable, listen, probe, whole_sum};
use ferrotape_domain::{
    AudioSource, ContentId, Fault, FaultKind, Health, ListedFile, Listing, Phase, Unlisted,
};
use ferrotape_store::{FileStamp, Found, KnownFile, ScannedFile, WatchedKind};
use rayon::prelude::*;

use crate::disc_folders::only_disc_of;
use crate::same_file::{Summed, has_its_time, of_its_own};
use crate::sheets::{self, Cut, Said, Sheets};
use crate::{Context, EngineError, locked};

/// How many files are read before they are written to the library together.
const BATCH: usize = 1_000;
/// Longer sound is not decoded to its end, so nothing tells its length.
const MOST_HEARD: Duration = Duration::from_secs(3 * 3600);

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScanReport {
    /// Files listed in all sources.
    pub listed: u64,
    /// Files that were opened because they are new or changed.
    pub opened: u64,
    /// Files known by content that turned up in another place.
    pub moved: u64,
    /// Files that were there before and are gone; kept on record.
    pub missing: u64,
    /// Readable audio files below the sources now.
    pub audio: u64,
    /// Audio that cannot be read, with the reason; and places that could not be looked into.
    pub unreadable: Vec<UnreadableFile>,
    /// Sources that could not be asked at all.
    pub faults: Vec<Fault>,
    /// What was listed, with sizes and times, as one hash; empty where a source could not be asked.
    pub stamp: String,
}

impl ScanReport {
    /// What this look and an earlier one at the same sources found in one run: what each did, and all that either of
    /// them could not read.
    pub(crate) fn after(mut self, earlier: Self) -> Self {
        self.opened += earlier.opened;
        self.moved += earlier.moved;
        self.missing += earlier.missing;
        for file in earlier.unreadable {
            if self.unreadable.iter().all(|known| known.path != file.path) {
                self.unreadable.push(file);
            }
        }
        for fault in earlier.faults {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        self.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }
}

/// A file or place that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableFile {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

impl From<Unlisted> for UnreadableFile {
    fn from(place: Unlisted) -> Self {
        Self { path: place.path, reason: place.reason }
    }
}

/// Brings the library's picture of `sources` up to date.
pub fn scan(sources: &[Arc<dyn AudioSource>], context: &Context) -> Result<ScanReport, EngineError> {
    for root in sources.iter().map(|source| source.root()) {
        crate::gather::finish_naming(&root)?;
    }
    let known = context.library.known_files()?;
    let mut report = ScanReport::default();
    let listing = list_sources(sources, &known, &mut report, context)?;
    let gone = gone_files(&known, &listing);
    read_changed(&listing, &known, &gone, &mut report, context)?;
    summarise(sources, &mut report, context)?;
    crate::refresh::watch_music(sources, context)?;
    Ok(report)
}

/// The result of listing: what to open, and what was seen where.
struct Listed {
    seen: HashSet<PathBuf>,
    sheets: Sheets,
    to_open: Vec<ListedFile>,
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

fn list_sources(
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

fn file_stamp(file: &ListedFile) -> FileStamp {
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
    let reason = format!(
        "the folder is empty, but held {held} files at the last scan – plug the disk in, or name the folder \
         the files are in now"
    );
    Some(Fault { source: root.display().to_string(), kind: FaultKind::NeedsUser, reason })
}

/// Files of the library that a complete listing no longer showed.
fn gone_files<'k>(known: &'k [KnownFile], listing: &Listed) -> Vec<&'k KnownFile> {
    let below = |path: &Path, roots: &[PathBuf]| roots.iter().any(|root| path.starts_with(root));
    known
        .iter()
        .filter(|file| below(&file.path, &listing.whole_roots) && !below(&file.path, &listing.unlisted))
        .filter(|file| !listing.seen.contains(&file.path))
        .collect()
}

fn read_changed(
    listing: &Listed,
    known: &[KnownFile],
    gone: &[&KnownFile],
    report: &mut ScanReport,
    context: &Context,
) -> Result<(), EngineError> {
    let mut movable: HashMap<&ContentId, Vec<&KnownFile>> = HashMap::new();
    for file in known.iter().filter(|file| !listing.seen.contains(&file.path)) {
        if let Some(content) = &file.content {
            movable.entry(content).or_default().push(file);
        }
    }
    context.started(Phase::Scan, Some(listing.to_open.len() as u64));
    let mut moved = HashSet::new();
    let said = listing.sheets.read(&listing.to_open, &listing.seen, context);
    let summed = Summed::of(if listing.to_open.is_empty() { &[] } else { known });
    std::thread::scope(|scope| -> Result<(), EngineError> {
        let (sender, receiver) = mpsc::sync_channel::<Vec<ScannedFile>>(4);
        let known = (&said, &summed);
        scope.spawn(move || {
            for chunk in listing.to_open.chunks(BATCH) {
                let read: Vec<(ScannedFile, Vec<String>)> =
                    chunk.par_iter().filter_map(|file| read_file(file, listing, known, context)).collect();
                let told = read.into_iter().map(|(file, says)| tell(file, says, context));
                let batch: Vec<ScannedFile> = told.collect();
                if context.cancel.is_stopped() || sender.send(batch).is_err() {
                    break;
                }
            }
        });
        for mut batch in receiver {
            report.opened += batch.len() as u64;
            batch.retain_mut(|file| !record_if_moved(file, &mut movable, &mut moved, context));
            context.library.record_scanned(&batch)?;
        }
        Ok(())
    })?;
    context.finished(Phase::Scan);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    let missing: Vec<i64> = gone
        .iter()
        .filter(|file| !file.missing && !moved.contains(&file.file_id))
        .map(|file| file.file_id)
        .collect();
    context.library.mark_missing(&missing)?;
    report.missing = missing.len() as u64;
    report.moved = moved.len() as u64;
    Ok(())
}

/// Whether this file is a known one that moved; if so the library already has its new place.
fn record_if_moved(
    file: &mut ScannedFile,
    movable: &mut HashMap<&ContentId, Vec<&KnownFile>>,
    moved: &mut HashSet<i64>,
    context: &Context,
) -> bool {
    let Found::Audio { content, .. } = &file.found else { return false };
    // Also from a folder that this scan was not asked about; a copy that is still there did not move.
    let Some(files) = movable.get_mut(content) else { return false };
    let Some(at) = files.iter().position(|file| !file.path.exists()) else { return false };
    let known = files.swap_remove(at);
    if !is_surely_moved(known, file) {
        return false;
    }
    let stamp = FileStamp { size: file.size, modified_ns: file.modified_ns, changed_ns: file.changed_ns };
    let recorded = context.library.record_moved(known.file_id, &file.path, &stamp);
    // Its cue sheet may have stayed behind, its folder may be called as another disc, or it was to be looked at again.
    let same = known.sheets == file.sheets
        && disc_of_folder(&known.path) == disc_of_folder(&file.path)
        && known.modified_ns != 0;
    let recorded = recorded.and_then(|()| match same {
        true => Ok(()),
        false => context.library.record_scanned(std::slice::from_ref(file)),
    });
    if recorded.is_ok() {
        moved.insert(known.file_id);
    }
    recorded.is_ok()
}

/// Whether it is that file, also where the windows of a content id show nothing. If it is not, it gets an id of its own.
fn is_surely_moved(known: &KnownFile, file: &mut ScannedFile) -> bool {
    let Found::Audio { content, .. } = &mut file.found else { return false };
    let is_told = known.whole.is_empty() || !file.whole.is_empty();
    let now = FileStamp { size: file.size, modified_ns: file.modified_ns, changed_ns: file.changed_ns };
    if is_told || has_its_time(&now, &known.stamp()) {
        if file.whole.is_empty() {
            file.whole.clone_from(&known.whole);
        }
        return true;
    }
    match whole_sum(&file.path) {
        Ok(whole) => {
            let is_same = whole == known.whole;
            if !is_same {
                *content = of_its_own(content, &whole);
            }
            file.whole = whole;
            is_same
        }
        Err(error) => {
            file.found = Found::Unreadable { kind: IO.to_owned(), reason: error.to_string() };
            false
        }
    }
}

/// Says what is to be said of a file, in the order of the files.
fn tell(file: ScannedFile, says: Vec<String>, context: &Context) -> ScannedFile {
    says.into_iter().for_each(|says| context.warn(file.path.display().to_string(), says));
    file
}

/// The file, and what is to be said of it.
fn read_file(
    file: &ListedFile,
    listing: &Listed,
    (said, summed): (&Said, &Summed<'_>),
    context: &Context,
) -> Option<(ScannedFile, Vec<String>)> {
    if context.cancel.is_stopped() {
        return None;
    }
    let (mut says, mut whole) = (Vec::new(), String::new());
    let found = match probe(&file.path) {
        Ok(mut probed) => {
            match summed.settle(&file.path, &file_stamp(file), probed.content) {
                Ok(settled) => (probed.content, whole) = settled,
                // What is known of it stays, so that the next scan can compare.
                Err(error) => {
                    let says =
                        format!("could not be read to its end ({error}); the next scan looks at it again");
                    context.warn(file.path.display().to_string(), says);
                    return None;
                }
            }
            said.fill(&file.path, &mut probed.tags);
            probed.tags.disc_number = probed.tags.disc_number.or_else(|| disc_of_folder(&file.path));
            probed.facts.duration = probed.facts.duration.or_else(|| length_by_ear(&file.path));
            let Cut { parts, says: of_parts, doubt } = sheets::parts(&file.path, &probed, said);
            says = of_parts;
            let Probed { facts, tags, content, embedded_cover, .. } = probed;
            let cover = embedded_cover.unwrap_or_default();
            Found::Audio { content, facts, tags, cover, parts, doubt }
        }
        Err(unreadable) => Found::Unreadable {
            kind: kind_of(&unreadable, &file.path),
            reason: without_path(&unreadable, &file.path),
        },
    };
    context.advanced(Phase::Scan, 1, file.size);
    let sheets = listing.sheets.stamp(&file.path, said);
    let FileStamp { size, modified_ns, changed_ns } = file_stamp(file);
    let path = file.path.clone();
    Some((ScannedFile { path, size, modified_ns, changed_ns, whole, sheets, found }, says))
}

/// How long a file plays whose header does not tell it, as streamed ones do not: without its length it would be taken for
/// any recording of its name. It is listened to once, for what a scan found is kept.
fn length_by_ear(path: &Path) -> Option<Duration> {
    let heard = listen(path).ok()?;
    let whole = heard.health != Health::CutShort && heard.duration < MOST_HEARD;
    Some(heard.duration).filter(|length| whole && !length.is_zero())
}

/// A ripped set often tells its discs by folders alone; without the number, two tracks stand at every place of the album.
fn disc_of_folder(path: &Path) -> Option<u32> {
    only_disc_of(&path.parent()?.file_name()?.to_string_lossy())
}

/// The report names the file already.
pub(crate) fn without_path(unreadable: &Unreadable, path: &Path) -> String {
    let text = unreadable.to_string();
    let prefix = format!("{}: ", path.display());
    text.strip_prefix(&prefix).map_or_else(|| text.clone(), str::to_owned)
}

fn kind_of(unreadable: &Unreadable, path: &Path) -> String {
    let kind = match unreadable {
        Unreadable::NotAudio { .. } => NOT_AUDIO,
        // It may as well be a video.
        Unreadable::CutOff { .. } if !is_named_like_audio(path) => NOT_AUDIO,
        Unreadable::NotReadableYet { .. } => "not_readable_yet",
        Unreadable::CutOff { .. } | Unreadable::Broken { .. } => BROKEN,
        Unreadable::Io { .. } => IO,
    };
    kind.to_owned()
}

/// Remembered so that the file is not opened again, but no news for the user.
pub(crate) const NOT_AUDIO: &str = "not_audio";
/// Begins as audio, and cannot be read to its end.
pub(crate) const BROKEN: &str = "broken";
/// The disk did not give it.
pub(crate) const IO: &str = "io";

/// A file that says it is audio by its name must not vanish from the account.
pub(crate) fn is_named_like_audio(path: &Path) -> bool {
    const EXTENSIONS: [&str; 23] = [
        "aac", "aif", "aifc", "aiff", "alac", "ape", "caf", "dff", "dsf", "flac", "m4a", "m4b", "mka", "mp2",
        "mp3", "mpc", "oga", "ogg", "opus", "rf64", "w64", "wav", "wv",
    ];
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn summarise(
    sources: &[Arc<dyn AudioSource>],
    report: &mut ScanReport,
    context: &Context,
) -> Result<(), EngineError> {
    let roots: Vec<PathBuf> = sources.iter().map(|source| source.root()).collect();
    report.audio = context.library.count_offers(&roots)?;
    for (path, kind, reason) in context.library.unreadable_files(&roots)? {
        if kind != NOT_AUDIO || is_named_like_audio(&path) {
            report.unreadable.push(UnreadableFile { path, reason });
        }
    }
    report.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
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

    #[test]
    fn two_looks_of_one_run_tell_what_either_could_not_read() {
        let fault = |reason: &str| Fault {
            source: "collection".to_owned(),
            kind: FaultKind::NeedsUser,
            reason: reason.to_owned(),
        };
        let look = |opened: u64, unreadable: &[(&str, &str)], faults: Vec<Fault>| {
            let file = |(path, reason): &(&str, &str)| UnreadableFile {
                path: PathBuf::from(path),
                reason: (*reason).to_owned(),
            };
            let unreadable = unreadable.iter().map(file).collect();
            ScanReport { listed: opened, opened, unreadable, faults, ..ScanReport::default() }
        };
        let first = look(2, &[("a.mp3", "locked"), ("c.mp3", "cut off")], vec![fault("away"), fault("slow")]);
        let last = look(3, &[("b.mp3", "broken"), ("c.mp3", "broken")], vec![fault("slow")]);
        let both = look(5, &[("a.mp3", "locked"), ("b.mp3", "broken"), ("c.mp3", "broken")], Vec::new());
        let both = ScanReport { listed: 3, faults: vec![fault("slow"), fault("away")], ..both };
        assert_eq!(last.after(first), both);
    }
}
