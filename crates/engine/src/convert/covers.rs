//! Covers made ready for a player, kept by what they were made from.
//!
//! An album's tracks share a picture, and a second run often needs what the first one made (another player, another
//! preset, a new tag): scaling a large one takes longer than copying an MP3. They are files in the library's folder,
//! named by the picture's content and the player's rules; losing them costs time only. What the file already holds in
//! the right form is taken from there and not kept twice.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use ferrotape_audio::{CoverProblem, CoverRules, cover_for, ready_cover};
use ferrotape_domain::Cover;

use super::step_1_plan::{CoverSource, PlannedTrack};
use crate::locked;

/// Folder below the library's.
pub(crate) const FOLDER: &str = "covers";
/// Raise it when the same picture and rules would give another cover.
const MAKER: &str = "1";
/// Covers are small after scaling; this many in memory take a few megabytes.
const MOST_IN_MEMORY: usize = 64;
/// Most bytes kept on disk. Beyond it the oldest go, down to three quarters.
const MOST_ON_DISK: u64 = 64 << 20;
/// Most entries of the folder looked at.
const MOST_FILES: usize = 100_000;

/// The covers of one run.
pub(super) struct Covers {
    rules: CoverRules,
    folder: Option<PathBuf>,
    known: Mutex<HashMap<CoverSource, Option<Cover>>>,
    written: AtomicU64,
}

impl Covers {
    /// Keeps covers in `library`, if that is a folder.
    pub(super) fn new(rules: CoverRules, library: Option<&Path>) -> Self {
        let folder = library.map(|library| library.join(FOLDER));
        if let Some(folder) = &folder {
            clean_up(folder, MOST_ON_DISK);
        }
        Self { rules, folder, known: Mutex::default(), written: AtomicU64::new(0) }
    }

    /// The cover for `track`; `None` when there is no picture.
    pub(super) fn get(&self, track: &PlannedTrack) -> Result<Option<Cover>, CoverProblem> {
        self.of(&track.cover, &track.source)
    }

    /// That picture, made ready; `source` is the audio file that may hold it.
    pub(super) fn of(&self, picture: &CoverSource, source: &Path) -> Result<Option<Cover>, CoverProblem> {
        let folder_picture = match picture {
            CoverSource::None => return Ok(None),
            CoverSource::Embedded(_) => None,
            CoverSource::Folder(path, ..) => Some(path.as_path()),
        };
        if let Some(known) = locked(&self.known).get(picture) {
            return Ok(known.clone());
        }
        let place = self.place(picture);
        let kept = place.as_deref().and_then(|place| read_kept(place, &self.rules));
        let cover = match kept {
            Some(cover) => Ok(Some(cover)),
            None => self.make(source, folder_picture, place.as_deref()),
        };
        // What went wrong is told once, for the first track.
        let known = cover.as_ref().map_or(None, Clone::clone);
        let mut covers = locked(&self.known);
        if covers.len() >= MOST_IN_MEMORY {
            covers.clear();
        }
        covers.insert(picture.clone(), known);
        cover
    }

    fn make(
        &self,
        source: &Path,
        folder_picture: Option<&Path>,
        place: Option<&Path>,
    ) -> Result<Option<Cover>, CoverProblem> {
        let cover = cover_for(source, folder_picture, &self.rules)?;
        if let (Some(cover), Some(place)) = (&cover, place)
            && ready_cover(cover.picture.clone(), &self.rules).is_some()
            && self.written.fetch_add(cover.picture.len() as u64, Ordering::Relaxed) < MOST_ON_DISK
        {
            // A cover that cannot be kept is made again next time.
            let _ = keep(place, &cover.picture, self.written.fetch_add(1, Ordering::Relaxed));
        }
        Ok(cover)
    }

    fn place(&self, source: &CoverSource) -> Option<PathBuf> {
        let picture = match source {
            CoverSource::Embedded(content) => content.clone(),
            CoverSource::Folder(path, ..) => hash_of(path).ok()?,
            CoverSource::None => return None,
        };
        let name = blake3::hash(format!("{MAKER} {picture} {:?}", self.rules).as_bytes()).to_hex();
        Some(self.folder.as_ref()?.join(format!("{}.jpg", name.get(..40)?)))
    }
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn read_kept(place: &Path, rules: &CoverRules) -> Option<Cover> {
    let mut picture = Vec::new();
    fs::File::open(place).ok()?.take(rules.max_bytes as u64 + 1).read_to_end(&mut picture).ok()?;
    ready_cover(picture, rules)
}

/// Written beside its place and renamed: another run may read it at this moment.
fn keep(place: &Path, picture: &[u8], turn: u64) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{}-{turn}.part", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| file.write_all(picture));
    let kept = written.and_then(|()| fs::rename(&beside, place));
    if kept.is_err() {
        let _ = fs::remove_file(&beside);
    }
    kept
}

/// Removes what a killed run left and, when there is more than `most` bytes, the oldest covers.
fn clean_up(folder: &Path, most: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in entries.take(MOST_FILES).filter_map(Result::ok) {
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        let ours = |kind: &str| metadata.is_file() && path.extension().is_some_and(|found| found == kind);
        if ours("part") {
            let _ = fs::remove_file(&path);
        } else if ours("jpg") {
            files.push((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len(), path));
        }
    }
    let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    if total <= most {
        return;
    }
    files.sort_unstable();
    for (_, bytes, path) in files {
        if total <= most / 4 * 3 {
            break;
        }
        if fs::remove_file(path).is_ok() {
            total -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_covers_and_half_written_ones_go_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for (age, name) in
            [(3, "old.jpg"), (2, "middle.jpg"), (1, "new.jpg"), (9, "a.part"), (9, "notes.txt")]
        {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).unwrap();
            let time = SystemTime::now() - std::time::Duration::from_secs(age * 60);
            fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        }
        clean_up(folder.path(), 299);
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["middle.jpg", "new.jpg", "notes.txt"]);
    }

    #[test]
    fn a_kept_cover_that_is_damaged_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("covers/a.jpg");
        keep(&place, b"\xff\xd8 not a picture \xff\xd9", 0).unwrap();
        assert!(place.exists() && read_kept(&place, &CoverRules::default()).is_none());
    }
}
