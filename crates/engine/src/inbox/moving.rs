//! `--move`: what was dropped goes, once what was filed was read again from the disk and is the same.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::FileNews;
use super::listing::Dropped;
use super::staging::is_unchanged;
use crate::shelves::sum_of;

/// Removes what was filed or was here already, and marks it; says whether the whole drop went, and why not.
pub(super) fn let_go(drop: &Dropped, files: &mut [FileNews], left: usize) -> (bool, Option<String>) {
    let result = match drop.is_zip {
        true => zip(drop, files, left),
        false => files_of(drop, files),
    };
    match result {
        Ok(went) => (went, None),
        Err(why) => (false, Some(why)),
    }
}

fn zip(drop: &Dropped, files: &mut [FileNews], left: usize) -> Result<bool, String> {
    let stays = files.iter().filter(|file| file.is_trouble()).count() + left;
    if stays > 0 {
        return Err(format!("it was not moved: {stays} of its files were not filed"));
    }
    for file in files.iter() {
        if !is_same(file, None).map_err(|error| format!("it was not moved: {error}"))? {
            return Err(format!("it was not moved: the copy of {} is not the same", file.name));
        }
    }
    let went = remove(drop.files.first().filter(|_| !files.is_empty()))?;
    files.iter_mut().for_each(|file| file.moved = went);
    if went {
        remove_emptied_around(drop);
    }
    Ok(went)
}

fn files_of(drop: &Dropped, files: &mut [FileNews]) -> Result<bool, String> {
    let mut went = 0;
    for listed in &drop.files {
        // By the path, not by the name: names that are no UTF-8 may be shown alike.
        let is_it = |file: &&mut FileNews| file.from.as_ref() == Some(&listed.path) && !file.is_trouble();
        let Some(file) = files.iter_mut().find(is_it) else { continue };
        let name = file.name.clone();
        let same =
            is_same(file, Some(&listed.path)).map_err(|error| format!("{name} was not moved: {error}"))?;
        if !same {
            return Err(format!("{name} was not moved: the copy is not the same"));
        }
        file.moved = remove(Some(listed))?;
        went += usize::from(file.moved);
    }
    if !drop.is_loose {
        remove_empty(&drop.path);
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

fn remove(listed: Option<&ferrotape_domain::ListedFile>) -> Result<bool, String> {
    let Some(listed) = listed else { return Ok(false) };
    if !is_unchanged(listed) {
        return Err(format!("{} was not moved: it changed meanwhile", listed.path.display()));
    }
    let removed = fs::remove_file(&listed.path);
    removed.map(|()| true).map_err(|error| format!("{} could not be removed: {error}", listed.path.display()))
}

/// Takes away the folders that held nothing but the zip; never the inbox.
fn remove_emptied_around(drop: &Dropped) {
    let around = drop.path.ancestors().skip(1);
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

/// Takes away folders that hold nothing now.
fn remove_empty(folder: &Path) {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in folders.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        remove_empty(&entry.path());
    }
    let _ = fs::remove_dir(folder);
}
