//! `--move`: what was dropped goes, once what was filed was read again from the disk and is the same.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::ListedFile;

use super::FileNews;
use super::listing::Dropped;
use super::staging::is_unchanged;
use super::writing::being_written;
use crate::shelves::sum_of;

/// Removes what was filed or was here already, and marks it; says whether the whole drop went, and why not. The inboxes
/// stay, empty or not.
pub(super) fn let_go(
    drop: &Dropped,
    files: &mut [FileNews],
    (left, stray_bytes): (usize, u64),
) -> (bool, Option<String>) {
    let result = match drop.is_zip {
        true => zip(drop, files, (left, stray_bytes)),
        false => files_of(drop, files),
    };
    match result {
        Ok(went) => (went, None),
        Err(why) => (false, Some(why)),
    }
}

fn zip(drop: &Dropped, files: &mut [FileNews], (left, stray_bytes): (usize, u64)) -> Result<bool, String> {
    let stays = files.iter().filter(|file| file.is_trouble()).count() + left;
    if stays > 0 {
        return Err(format!("it was not moved: {stays} of its files were not filed"));
    }
    // Another zip may lie there, and no list of members tells of it.
    if stray_bytes > 0 {
        return Err(format!(
            "it was not moved: it holds {stray_bytes} bytes that are no part of the archive"
        ));
    }
    for file in files.iter() {
        if !is_same(file, None).map_err(|error| format!("it was not moved: {error}"))? {
            return Err(format!("it was not moved: the copy of {} is not the same", file.name));
        }
    }
    let places: Vec<&Path> = files.iter().filter_map(|file| file.path().map(PathBuf::as_path)).collect();
    let Some(listed) = drop.files.first().filter(|_| !files.is_empty()) else { return Ok(false) };
    remove(listed, &places)?;
    let went = true;
    files.iter_mut().for_each(|file| file.moved = went);
    if went {
        remove_emptied_around(&drop.path, drop);
    }
    Ok(went)
}

fn files_of(drop: &Dropped, files: &mut [FileNews]) -> Result<bool, String> {
    let mut went = 0;
    // By the path, not by the name: names that are no UTF-8 may be shown alike.
    let taken = files.iter().enumerate().filter(|(_, file)| !file.is_trouble());
    let taken: HashMap<PathBuf, usize> =
        taken.filter_map(|(at, file)| Some((file.from.clone()?, at))).collect();
    for listed in &drop.files {
        let Some(file) = taken.get(&listed.path).and_then(|at| files.get_mut(*at)) else { continue };
        let name = file.name.clone();
        let same =
            is_same(file, Some(&listed.path)).map_err(|error| format!("{name} was not moved: {error}"))?;
        if !same {
            return Err(format!("{name} was not moved: the copy is not the same"));
        }
        remove(listed, &file.path().map(PathBuf::as_path).into_iter().collect::<Vec<_>>())?;
        file.moved = true;
        went += 1;
        remove_emptied_around(&listed.path, drop);
    }
    Ok(went == drop.files.len())
}

/// Whether what lies in the collection is what came, and safe there. Removing it is no copy's loss then.
fn is_same(file: &FileNews, original: Option<&Path>) -> io::Result<bool> {
    let Some(place) = file.path() else { return Ok(false) };
    // A file that is its own copy is never removed.
    if let Some(original) = original
        && original.canonicalize()? == place.canonicalize()?
    {
        return Ok(false);
    }
    // What was summed when it came says nothing of what lies there now.
    let now = original.map(sum_of).transpose()?;
    if let (Some(came), Some(now)) = (&file.sha256, &now)
        && came != now
    {
        return Ok(false);
    }
    let Some(sum) = now.or_else(|| file.sha256.clone()) else { return Ok(false) };
    File::open(place)?.sync_all()?;
    Ok(sum_of(place)? == sum)
}

/// Removes a file of which all lies at `places`. A folder may be reached by two paths that no look at them tells – mounted
/// twice, shared twice, a disk that does not care for capital letters – and then the "copy" is the file itself. So it is
/// called otherwise first: if what lies at its place is gone by that, it is called as before, and stays.
fn remove(listed: &ListedFile, places: &[&Path]) -> Result<(), String> {
    let shown = listed.path.display();
    if !is_unchanged(listed) {
        return Err(format!("{shown} was not moved: {CHANGED}"));
    }
    if is_being_written(&listed.path) {
        return Err(format!("{shown} was not moved: {WRITTEN}"));
    }
    if let Some(place) = places.iter().find(|place| may_be_one(&listed.path, place)) {
        return Err(format!(
            "{shown} was not moved: it may be itself what lies at {}, by another path",
            place.display()
        ));
    }
    remove_aside(listed, places)
}

fn remove_aside(listed: &ListedFile, places: &[&Path]) -> Result<(), String> {
    let shown = listed.path.display();
    let cannot = |error: io::Error| format!("{shown} could not be removed: {error}");
    let aside = aside(&listed.path).map_err(cannot)?;
    fs::rename(&listed.path, &aside).map_err(cannot)?;
    if let Some(why) = why_not(listed, &aside, places) {
        // What came by its name meanwhile must not be written over.
        let back = match listed.path.symlink_metadata() {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&aside, &listed.path),
        };
        return Err(match back {
            Ok(()) => format!("{shown} was not moved: {why}"),
            Err(error) => {
                let aside = aside.display();
                format!("{shown} was not moved: {why}; and it is called {aside} now: {error}")
            }
        });
    }
    fs::remove_file(&aside).map_err(cannot)
}

/// Why what is called `aside` by now must not go. Nobody finds it by its old name any more, but who has it open goes on.
fn why_not(listed: &ListedFile, aside: &Path, places: &[&Path]) -> Option<String> {
    if let Some(place) = places.iter().find(|place| File::open(place).is_err()) {
        return Some(format!("it is itself what lies at {}, by another path", place.display()));
    }
    if !is_unchanged(&ListedFile { path: aside.to_owned(), ..listed.clone() }) {
        return Some(CHANGED.to_owned());
    }
    is_being_written(aside).then(|| WRITTEN.to_owned())
}

const CHANGED: &str = "it changed meanwhile";
const WRITTEN: &str = "a program is writing to it";

fn is_being_written(path: &Path) -> bool {
    !being_written([path]).is_empty()
}

/// Whether two paths may lead to one file: a share that is mounted twice has two numbers for its disk, but one for the file.
#[cfg(unix)]
fn may_be_one(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let what = |path: &Path| {
        let found = path.metadata().ok()?;
        Some((found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
    };
    what(one).is_some_and(|found| Some(found) == what(other))
}

/// Elsewhere only the other name tells.
#[cfg(not(unix))]
fn may_be_one(_one: &Path, _other: &Path) -> bool {
    false
}

/// A free name in the same folder that the next run takes for what it is, should this one be killed before it is done.
fn aside(path: &Path) -> io::Result<PathBuf> {
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let free = (0..100).map(|number| path.with_file_name(format!("leaving-{number}{ending}")));
    let mut free = free.filter(|aside| aside.symlink_metadata().is_err());
    free.next().ok_or_else(|| io::Error::other("too many files here are called leaving-1"))
}

/// Takes away the folders that held nothing but what went from `path`; never the inbox. What was empty before may be a place
/// that a disk is mounted at, or a part of something that is nobody's music.
fn remove_emptied_around(path: &Path, drop: &Dropped) {
    let around = path.ancestors().skip(1);
    for folder in around.take_while(|folder| *folder != drop.inbox && folder.starts_with(&drop.inbox)) {
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

/// Why the folder of a drop is there still, as a part of a sentence; `None` where it is not, or is the inbox itself.
pub(super) fn why_it_stays(drop: &Dropped) -> Option<String> {
    if drop.is_zip || drop.is_loose || !drop.path.is_dir() {
        return None;
    }
    let inside = fs::read_dir(&drop.path).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        inside.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    names.extend((more > 0).then(|| format!("{more} more")));
    Some(match names.as_slice() {
        [] => "it could not be removed".to_owned(),
        [one] => format!("{one} is in it"),
        several => format!("{} are in it", several.join(", ")),
    })
}

/// So many of the things that a folder holds are named.
const NAMED: usize = 3;

#[cfg(test)]
mod tests {
    use super::super::listing::listed;
    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_its_own_copy_by_another_path_stays() {
        let home = tempfile::tempdir().unwrap();
        let (file, other) = (home.path().join("music/ebb.flac"), home.path().join("mounted"));
        fs::create_dir(home.path().join("music")).unwrap();
        fs::write(&file, "sound").unwrap();
        std::os::unix::fs::symlink(home.path().join("music"), &other).unwrap();
        let one = listed(file.clone(), &file.metadata().unwrap());
        for remove in [remove, remove_aside] {
            let said = remove(&one, &[&other.join("ebb.flac")]).unwrap_err();
            assert!(said.contains("itself"), "{said}");
        }
        assert_eq!(fs::read(&file).unwrap(), b"sound");
        assert_eq!(fs::read_dir(home.path().join("music")).unwrap().count(), 1);
        // A copy is another file, and the original may go – but not while somebody writes to it.
        let copy = home.path().join("copy.flac");
        fs::copy(&file, &copy).unwrap();
        let one = listed(file.clone(), &file.metadata().unwrap());
        if cfg!(target_os = "linux") {
            let writer = File::options().append(true).open(&file).unwrap();
            for remove in [remove, remove_aside] {
                let said = remove(&one, &[&copy]).unwrap_err();
                assert!(said.contains("a program is writing to it") && file.exists(), "{said}");
            }
            drop(writer);
        }
        let other = ListedFile { modified_ns: one.modified_ns - 1, ..one.clone() };
        let said = remove_aside(&other, &[&copy]).unwrap_err();
        assert!(said.contains("it changed meanwhile") && file.exists(), "{said}");
        remove(&one, &[&copy]).unwrap();
        assert!(!file.exists() && copy.exists());
    }
}
