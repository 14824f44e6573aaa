//! Folders of music as they are named on the command line: one that nobody ever saw is a slip, and told before anything
//! is done; one that was looked through before and is away now is an unplugged disk.

use std::path::{Path, PathBuf};

use ferrotape_app::sources;
use ferrotape_engine::store::{Watched, WatchedKind};

use crate::error::CliError;
use crate::output::{plain, talk};
use crate::session::Session;

/// Names that differ in so many letters are near.
const NEAR: usize = 2;

/// What a run uses that names no folder.
pub(crate) struct KnownMusic {
    pub(crate) files: u64,
    pub(crate) folders: Vec<PathBuf>,
    /// When the folder was looked through that was so longest ago, seconds since 1970 UTC.
    pub(crate) looked_at: Option<i64>,
    /// Folders that are not there, or are the empty mount points of disks that are not, and how many of the known files
    /// were in each. What is on a player of those stays there.
    pub(crate) away: Vec<(PathBuf, u64)>,
}

/// What earlier runs found in the folders of music; `None` where they found nothing.
pub(crate) fn known_music(session: &Session) -> Result<Option<KnownMusic>, CliError> {
    let library = &session.opened.library;
    let files = library.count_offers(&[])?;
    let mut watched = library.watched()?;
    watched.retain(|place| place.kind == WatchedKind::Music);
    let (here, gone): (Vec<Watched>, Vec<Watched>) =
        watched.into_iter().partition(|place| is_here(&place.path));
    let mut away = Vec::new();
    for path in gone.into_iter().map(|place| place.path) {
        match library.count_offers(std::slice::from_ref(&path))? {
            0 => {}
            files => away.push((path, files)),
        }
    }
    let paths: Vec<PathBuf> = away.iter().map(|(path, _)| path.clone()).collect();
    let files_away = if paths.is_empty() { 0 } else { library.count_offers(&paths)? };
    let looked_at = here.iter().map(|place| place.at).min();
    let folders = here.into_iter().map(|place| place.path).collect();
    Ok((files > 0).then_some(KnownMusic { files: files - files_away.min(files), folders, looked_at, away }))
}

/// An empty folder that held music is most likely where a disk is mounted that is not there.
fn is_here(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

/// Folders as the library knows them; refuses those that are not there and never were.
pub(crate) fn roots(given: &[PathBuf], session: &Session) -> Result<Vec<PathBuf>, CliError> {
    refuse_unknown(given, session)?;
    Ok(sources(given)?.iter().map(|source| source.root()).collect())
}

/// Those of the folders that [`roots`] gave that nobody ever looked through, nor what is in them; each is told.
pub(crate) fn tell_never_scanned(roots: &[PathBuf], session: &Session) -> Result<Vec<PathBuf>, CliError> {
    let watched = session.music_folders()?;
    let is_watched =
        |root: &Path| watched.iter().any(|folder| root.starts_with(folder) || folder.starts_with(root));
    let mut never: Vec<PathBuf> = roots.iter().filter(|root| !is_watched(root)).cloned().collect();
    if !never.is_empty() {
        let known = session.opened.library.known_files()?;
        never.retain(|root| !known.iter().any(|file| file.path.starts_with(root)));
    }
    for folder in never.iter().map(|folder| plain(&folder.display().to_string())) {
        talk(&format!(
            "{folder} was never scanned, so nothing is known of its files; this looks through it: `ferrotape scan \
             {folder}`"
        ));
    }
    Ok(never)
}

/// Refuses folders that are not there and never were.
pub(crate) fn refuse_unknown(given: &[PathBuf], session: &Session) -> Result<(), CliError> {
    for folder in given.iter().filter(|folder| !folder.exists()) {
        let root = sources(std::slice::from_ref(folder))?.first().map(|source| source.root());
        let root = root.unwrap_or_else(|| folder.clone());
        let watched = session.music_folders()?;
        let library = &session.opened.library;
        let is_known =
            watched.contains(&root) || library.known_files()?.iter().any(|file| file.path.starts_with(&root));
        if !is_known {
            return Err(no_such_folder(folder, &root, &watched));
        }
    }
    Ok(())
}

fn no_such_folder(given: &Path, root: &Path, watched: &[PathBuf]) -> CliError {
    let error = CliError::new(format!(
        "There is no folder {}, and none was ever looked through there",
        given.display()
    ));
    match near(root, watched) {
        Some(near) => error.hint(format!("is it {}?", near.display())),
        None => error.hint("name the folder that holds your music; if it is on a disk, plug that in"),
    }
}

/// The folder beside it, or among those that were looked through, whose name is nearest.
fn near(root: &Path, watched: &[PathBuf]) -> Option<PathBuf> {
    let name = root.file_name()?.to_string_lossy().to_lowercase();
    let beside = root.parent().and_then(|around| around.read_dir().ok());
    let beside = beside.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let found = beside.filter(|path| path.is_dir()).chain(watched.iter().cloned());
    let distance = |path: &PathBuf| {
        let own = path.file_name()?.to_string_lossy().to_lowercase();
        // In short names two letters are another word.
        Some(differ(&own, &name)).filter(|letters| *letters <= NEAR.min(name.chars().count() / 3))
    };
    let near = found.filter_map(|path| Some((distance(&path)?, path)));
    near.min().map(|(_, path)| path)
}

/// How many letters must be changed, put in or left out to make one text of the other.
fn differ(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in (1..).zip(one.chars()) {
        let mut now = vec![row];
        for (at, own) in other.iter().enumerate() {
            let (left, above, across) = (
                now.last().copied().unwrap_or(row),
                before.get(at + 1).copied().unwrap_or(row),
                before.get(at).copied().unwrap_or(row),
            );
            now.push((left.min(above) + 1).min(across + usize::from(letter != *own)));
        }
        before = now;
    }
    before.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ_are_counted() {
        for (one, other, count) in [
            ("music", "music", 0),
            ("music", "musik", 1),
            ("music", "msuic", 2),
            ("", "abc", 3),
            ("Ærø", "ærø", 1),
        ] {
            assert_eq!((differ(one, other), differ(other, one)), (count, count), "{one} {other}");
        }
    }
}
