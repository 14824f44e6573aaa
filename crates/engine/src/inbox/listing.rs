//! What lies in the inboxes: zips, and folders of files; and what is still being written.
//!
//! Nothing is opened but for the first bytes that tell a zip and other archives, and cue sheets beside images of discs.
//! Links are not followed. Our own folders are no inbox, whatever they lie in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ferrotape_device::is_filled;
use ferrotape_domain::ListedFile;
use ferrotape_import::is_zip;

use super::ours::{Ours, lies_in};
use super::unopened::{self, Unopened};
use super::writing::being_written;
use super::{InboxRequest, kinds};
use crate::scan::UnreadableFile;
use crate::sheets::is_sheet;
use crate::{Context, EngineError};

/// Files of one inbox that are looked at.
pub const MOST_FILES: usize = 20_000;
/// Folders in folders that are looked into.
const DEEPEST: usize = 8;
/// A file that changed so lately may still be being written.
const FRESH: Duration = Duration::from_secs(3);
/// How long such a file is watched.
const WATCHED: Duration = Duration::from_millis(1_200);
/// What programs call files that they have not finished.
const UNFINISHED: [&str; 8] =
    ["part", "crdownload", "partial", "tmp", "download", "opdownload", "aria2", "filepart"];

/// What belongs together: a zip, or the files of one folder.
#[derive(Debug, Clone)]
pub(super) struct Dropped {
    /// The zip or folder.
    pub(super) path: PathBuf,
    /// The inbox that it lies in.
    pub(super) inbox: PathBuf,
    pub(super) is_zip: bool,
    /// Whether it is the inbox itself: what lies there need not belong together.
    pub(super) is_loose: bool,
    pub(super) files: Vec<ListedFile>,
    /// Music of it that was looked at before, and is not looked at now.
    pub(super) music_before: Vec<PathBuf>,
}

impl Dropped {
    /// Whether all its files were looked at as they are.
    pub(super) fn is_as(&self, seen: &HashMap<PathBuf, String>) -> bool {
        self.files.iter().all(|file| seen.get(&file.path).is_some_and(|stamp| *stamp == stamp_of(file)))
    }

    /// Whether this file is one to be missed when the music goes. What lies loose in an inbox may be anything; but a cue
    /// sheet is of music.
    pub(super) fn belongs(&self, file: &ListedFile) -> bool {
        !self.is_loose || file.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("cue"))
    }

    /// Leaves out what was looked at as it is; what goes along goes along with what is new.
    pub(super) fn keep_new(&mut self, seen: &HashMap<PathBuf, String>) {
        let is_new = |file: &ListedFile| seen.get(&file.path).is_none_or(|stamp| *stamp != stamp_of(file));
        let goes_along = |file: &ListedFile| kinds::kind_of(&file.path) == kinds::Kind::Beside;
        let (stay, go): (Vec<ListedFile>, Vec<ListedFile>) =
            std::mem::take(&mut self.files).into_iter().partition(|file| is_new(file) || goes_along(file));
        self.files = stay;
        let music = go.into_iter().filter(|file| kinds::kind_of(&file.path) == kinds::Kind::Sound);
        self.music_before = music.map(|file| file.path).collect();
    }
}

pub(super) fn stamp_of(file: &ListedFile) -> String {
    format!("{}-{}", file.size, file.modified_ns)
}

pub(super) struct Listed {
    pub(super) drops: Vec<Dropped>,
    pub(super) waiting: Vec<PathBuf>,
    pub(super) unreadable: Vec<UnreadableFile>,
    pub(super) unopened: Vec<Unopened>,
}

/// Lists all inboxes, twice where something in them is very new.
pub(super) fn list(request: &InboxRequest, context: &Context) -> Result<Listed, EngineError> {
    let (drops, waiting, unreadable, unopened) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut listed = Listed { drops, waiting, unreadable, unopened };
    // An inbox in an inbox is looked into by itself.
    let ours = request.keep_out.iter().chain(request.folders).map(PathBuf::as_path);
    let ours = Ours::of(ours.chain([request.collection]));
    for inbox in request.folders {
        let refused = |reason: &str| EngineError::Inbox { folder: inbox.clone(), reason: reason.to_owned() };
        if lies_in(inbox, request.collection) {
            return Err(refused("it lies in the collection, where things are filed; name another folder"));
        }
        let (mut files, mut problems) = files_in(inbox, &ours);
        if files.iter().any(|file| is_younger(file, FRESH)) {
            wait(context)?;
            let before: HashMap<PathBuf, String> =
                files.iter().map(|file| (file.path.clone(), stamp_of(file))).collect();
            (files, problems) = files_in(inbox, &ours);
            files.retain(|file| {
                let same = before.get(&file.path).is_some_and(|stamp| *stamp == stamp_of(file));
                if !same {
                    listed.waiting.push(file.path.clone());
                }
                same
            });
        }
        listed.unreadable.extend(problems);
        listed.waiting.extend(take_out_unfinished(&mut files));
        listed.waiting.extend(take_out_unsettled(&mut files, request.settled));
        listed.unopened.extend(unopened::take_out(&mut files));
        listed.drops.extend(drops_of(inbox, files));
    }
    listed.waiting.sort();
    Ok(listed)
}

/// The player that ferrotape filled, where a folder is one or lies in one.
pub fn player_around(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|around| is_filled(around))
}

fn wait(context: &Context) -> Result<(), EngineError> {
    const STEP: Duration = Duration::from_millis(100);
    let mut waited = Duration::ZERO;
    while waited < WATCHED {
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
        sleep(STEP);
        waited += STEP;
    }
    Ok(())
}

fn is_younger(file: &ListedFile, than: Duration) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let age = i128::try_from(now).unwrap_or(0) - i128::from(file.modified_ns);
    (0..i128::try_from(than.as_nanos()).unwrap_or(0)).contains(&age)
}

/// Takes out what programs say that they have not finished, and what that will become: browsers hold the final name with an
/// empty file.
fn take_out_unfinished(files: &mut Vec<ListedFile>) -> Vec<PathBuf> {
    let unfinished = files.iter().map(|file| &file.path).filter(|path| is_unfinished(path));
    let wait: HashSet<PathBuf> =
        unfinished.flat_map(|path| [path.clone(), path.with_extension("")]).collect();
    files.extract_if(.., |file| wait.contains(&file.path)).map(|file| file.path).collect()
}

/// Takes out what a program has open for writing, or what is not as it is for so long. A download that stalls does not
/// grow while it is watched. What is no music's and goes with none may be written as it likes.
fn take_out_unsettled(files: &mut Vec<ListedFile>, settled: Duration) -> Vec<PathBuf> {
    let may_be_taken = |file: &ListedFile| kinds::kind_of(&file.path) != kinds::Kind::Other;
    let paths = files.iter().filter(|file| may_be_taken(file)).map(|file| file.path.as_path());
    let written = being_written(paths);
    let mut waiting = Vec::new();
    files.retain(|file| {
        let is_young = may_be_taken(file) && is_younger(file, settled);
        let waits = is_young || written.contains(&file.path);
        if waits {
            waiting.push(file.path.clone());
        }
        !waits
    });
    waiting
}

fn is_unfinished(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| UNFINISHED.contains(&extension.as_str()))
}

fn files_in(inbox: &Path, ours: &Ours) -> (Vec<ListedFile>, Vec<UnreadableFile>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut folders = vec![(inbox.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if let Err(error) = list_folder(&folder, depth, ours, &mut files, &mut folders) {
            problems.push(UnreadableFile { path: folder, reason: error.to_string() });
        }
        if files.len() >= MOST_FILES {
            let reason = format!("more than {MOST_FILES} files lie here; the others were not looked at");
            problems.push(UnreadableFile { path: inbox.to_owned(), reason });
            break;
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    (files, problems)
}

fn list_folder(
    folder: &Path,
    depth: usize,
    ours: &Ours,
    files: &mut Vec<ListedFile>,
    folders: &mut Vec<(PathBuf, usize)>,
) -> std::io::Result<()> {
    // A player that we filled holds copies of what is here. Moved, they would be missing there.
    if is_filled(folder) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if entry.file_name().as_encoded_bytes().starts_with(b".") || files.len() >= MOST_FILES {
            continue;
        }
        if kind.is_dir() && depth < DEEPEST && !ours.has(&path) {
            folders.push((path, depth + 1));
        } else if kind.is_file()
            && let Ok(found) = entry.metadata()
        {
            files.push(listed(path, &found));
        }
    }
    Ok(())
}

pub(super) fn listed(path: PathBuf, found: &fs::Metadata) -> ListedFile {
    let changed = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = changed.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0);
    ListedFile { path, size: found.len(), modified_ns, changed_ns: 0 }
}

/// Zips by themselves, the rest by folder; discs of an album together with it.
fn drops_of(inbox: &Path, files: Vec<ListedFile>) -> Vec<Dropped> {
    let (mut zips, mut by_folder) = (Vec::new(), BTreeMap::<PathBuf, Vec<ListedFile>>::new());
    for file in files {
        // What cannot be read is told of, if it is called so.
        let named_zip = |_| kinds::kind_of(&file.path) == kinds::Kind::Zip;
        if may_be_zip(&file.path) && is_zip(&file.path).unwrap_or_else(named_zip) {
            let path = file.path.clone();
            let inbox = inbox.to_owned();
            zips.push(Dropped {
                path,
                inbox,
                is_zip: true,
                is_loose: false,
                files: vec![file],
                music_before: Vec::new(),
            });
        } else {
            by_folder.entry(top_of(inbox, &file.path)).or_default().push(file);
        }
    }
    // A sheet may come after its music.
    let may_be_news = |file: &ListedFile| kinds::may_be_sound(&file.path) || is_sheet(&file.path);
    let folders = by_folder.into_iter().filter(|(_, files)| files.iter().any(may_be_news));
    let folders = folders.map(|(path, files)| {
        let is_loose = path == inbox;
        Dropped { path, inbox: inbox.to_owned(), is_zip: false, is_loose, files, music_before: Vec::new() }
    });
    let mut drops: Vec<Dropped> = zips.into_iter().chain(folders).collect();
    drops.sort_by(|a, b| a.path.cmp(&b.path));
    drops
}

/// Only names that could be one: a comic book or a document is a zip, too.
fn may_be_zip(path: &Path) -> bool {
    path.extension().is_none_or(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// The folder of the inbox that a file came in; the inbox itself for loose files.
fn top_of(inbox: &Path, path: &Path) -> PathBuf {
    let below = path.strip_prefix(inbox).unwrap_or(path);
    let mut parts = below.components();
    match (parts.next(), parts.next()) {
        (Some(first), Some(_)) => inbox.join(first),
        _ => inbox.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_write_waits_with_its_placeholder() {
        assert!(is_unfinished(Path::new("a/x.zip.part")) && is_unfinished(Path::new("x.CRDOWNLOAD")));
        assert!(!is_unfinished(Path::new("part.mp3")));
        let paths = ["a/x.zip", "a/x.zip.part", "a/y.zip", "b/x.zip"].map(PathBuf::from);
        let listed =
            |path: &PathBuf| ListedFile { path: path.clone(), size: 1, modified_ns: 1, changed_ns: 0 };
        let mut files: Vec<ListedFile> = paths.iter().map(listed).collect();
        assert_eq!(take_out_unfinished(&mut files), paths[..2]);
        assert_eq!(files.into_iter().map(|file| file.path).collect::<Vec<_>>(), paths[2..]);
    }

    #[test]
    fn a_folder_counts_with_all_below_it() {
        let inbox = Path::new("/in");
        assert_eq!(top_of(inbox, Path::new("/in/Album/CD 1/a.flac")), Path::new("/in/Album"));
        assert_eq!(top_of(inbox, Path::new("/in/a.flac")), inbox);
    }
}
