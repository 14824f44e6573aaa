//! A folder of the user's own music, listed in parallel.
//!
//! Listing opens no file. What cannot be audio by its name (pictures, texts, playlists) is told apart so that a scan
//! need not open it; everything else is recognised by content later. Links are followed, a link that
//! leads back up is named and left. Folders that other programs keep for themselves are passed over.

mod not_audio;

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ferrotape_domain::{AudioSource, Cancel, FETCHING, Fault, FaultKind, ListedFile, Listing, Unlisted};
use ignore::{DirEntry, WalkBuilder, WalkState};

/// Deeper than this no music collection goes; a deeper tree is a mistake or a trap.
const MAX_DEPTH: usize = 64;

/// A folder, with everything below it.
#[derive(Debug, Clone)]
pub struct LocalFolder {
    root: PathBuf,
}

impl LocalFolder {
    /// A source over `root`, which should be absolute so that its files keep their identity between runs.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl AudioSource for LocalFolder {
    fn name(&self) -> String {
        self.root.display().to_string()
    }

    fn root(&self) -> PathBuf {
        self.root.clone()
    }

    fn list(&self, cancel: &Cancel, found: &(dyn Fn(Listing) + Sync)) -> Result<(), Fault> {
        self.check_root()?;
        let walk = WalkBuilder::new(&self.root)
            .standard_filters(false)
            .follow_links(true)
            .max_depth(Some(MAX_DEPTH))
            .filter_entry(|entry| !belongs_to_another_program(entry))
            .build_parallel();
        walk.run(|| {
            Box::new(|entry| {
                if cancel.is_stopped() {
                    return WalkState::Quit;
                }
                if let Some(listing) = listing_of(entry) {
                    found(listing);
                }
                WalkState::Continue
            })
        });
        Ok(())
    }
}

impl LocalFolder {
    fn check_root(&self) -> Result<(), Fault> {
        let fault = |reason: String| Fault { source: self.name(), kind: FaultKind::NeedsUser, reason };
        match std::fs::read_dir(&self.root) {
            Ok(_) => Ok(()),
            Err(error) if self.root.is_file() => Err(fault(format!(
                "this is a file, not a folder ({error}) – name the folder that holds your music"
            ))),
            Err(error) => Err(fault(format!(
                "the folder cannot be read ({error}) – check the path, or plug the disk in"
            ))),
        }
    }
}

/// Folders that hold thumbnails, trash or our own working files, never music.
fn belongs_to_another_program(entry: &DirEntry) -> bool {
    const NAMES: [&str; 8] = [
        ".ferrotape",
        "@eaDir",
        ".Trash",
        "$RECYCLE.BIN",
        "System Volume Information",
        ".Spotlight-V100",
        ".fseventsd",
        "lost+found",
    ];
    let name = entry.file_name().to_string_lossy();
    entry.depth() > 0
        && (NAMES.contains(&name.as_ref())
            || name.starts_with(".Trash-")
            || name.ends_with(FETCHING)
            || is_our_player(entry))
}

/// A folder that ferrotape filled holds copies of what is here already; found again, they would pass for originals.
/// Named as the root itself, it is meant.
fn is_our_player(entry: &DirEntry) -> bool {
    // What is filled for the first time, or was when that was cut short, may have no more than a journal; and where a power cut
    // took that, the folder in which files are made.
    let lists = ["manifest.json", "manifest.new", "journal", "journal.copy"];
    let is_ours =
        |ours: PathBuf| lists.iter().any(|name| ours.join(name).is_file()) || ours.join("staging").is_dir();
    entry.file_type().is_some_and(|kind| kind.is_dir()) && is_ours(entry.path().join(".ferrotape"))
}

fn listing_of(entry: Result<DirEntry, ignore::Error>) -> Option<Listing> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(Listing::Unreadable(unlisted(&error))),
    };
    if !entry.file_type().is_some_and(|kind| kind.is_file()) || not_audio::is_side_file(entry.path()) {
        return None;
    }
    let is_audio = !not_audio::by_name(entry.path());
    match entry.metadata() {
        Ok(metadata) => {
            let (size, modified_ns) = (metadata.len(), modified_ns(&metadata));
            let file =
                ListedFile { path: entry.into_path(), size, modified_ns, changed_ns: changed_ns(&metadata) };
            Some(if is_audio { Listing::File(file) } else { Listing::Beside(file) })
        }
        Err(error) => is_audio.then(|| Listing::Unreadable(unlisted(&error))),
    }
}

/// Nanoseconds since 1970; 0 where the file system has no such time, which only means "look again".
fn modified_ns(metadata: &std::fs::Metadata) -> i64 {
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since_1970.and_then(|duration| i64::try_from(duration.as_nanos()).ok()).unwrap_or(0)
}

/// The same of the file's entry; 0 where there is no such time.
#[cfg(unix)]
fn changed_ns(metadata: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(_: &std::fs::Metadata) -> i64 {
    0
}

fn unlisted(error: &ignore::Error) -> Unlisted {
    let reason = match innermost(error) {
        ignore::Error::Loop { ancestor, .. } => {
            format!("a link that leads back to {}; passed over", ancestor.display())
        }
        other => other.to_string(),
    };
    Unlisted { path: path_of(error).unwrap_or_default(), reason }
}

fn innermost(error: &ignore::Error) -> &ignore::Error {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => innermost(err),
        other => other,
    }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(Path::to_owned(child)),
        _ => None,
    }
}
