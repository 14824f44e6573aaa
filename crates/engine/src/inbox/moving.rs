//! `--move`: what was dropped goes, once what was filed was read again from the disk and is the same.

use std::collections::{HashMap, HashSet};
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
    remove(&[Going { listed, places }]).into_iter().collect::<Result<(), String>>()?;
    files.iter_mut().for_each(|file| file.moved = true);
    remove_emptied_around(&drop.path, drop);
    Ok(true)
}

fn files_of(drop: &Dropped, files: &mut [FileNews]) -> Result<bool, String> {
    // By the path, not by the name: names that are no UTF-8 may be shown alike.
    let taken = files.iter().enumerate().filter(|(_, file)| !file.is_trouble());
    let taken: HashMap<PathBuf, usize> =
        taken.filter_map(|(at, file)| Some((file.from.clone()?, at))).collect();
    let going = drop.files.iter().filter_map(|listed| Some((listed, *taken.get(&listed.path)?)));
    let going: Vec<(&ListedFile, usize)> = going.collect();
    for some in going.chunks(AT_ONCE) {
        let (gone, trouble) = some_of(some, files);
        for (listed, at) in gone {
            if let Some(file) = files.get_mut(at) {
                file.moved = true;
            }
            remove_emptied_around(&listed.path, drop);
        }
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
    }
    Ok(going.len() == drop.files.len())
}

/// Removes some files, each of which is a copy of the one of that number, up to the first that is not; gives those that
/// went, and why not all did.
fn some_of<'l>(
    some: &[(&'l ListedFile, usize)],
    files: &[FileNews],
) -> (Vec<(&'l ListedFile, usize)>, Option<String>) {
    let (mut going, mut trouble) = (Vec::new(), None);
    for (listed, at) in some {
        let Some(file) = files.get(*at) else { break };
        match is_same(file, Some(&listed.path)) {
            Ok(true) => {
                let places = file.path().map(PathBuf::as_path).into_iter().collect();
                going.push(Going { listed, places });
                continue;
            }
            Ok(false) => trouble = Some(format!("{} was not moved: the copy is not the same", file.name)),
            Err(error) => trouble = Some(format!("{} was not moved: {error}", file.name)),
        }
        break;
    }
    let mut gone = Vec::new();
    for (one, result) in some.iter().zip(remove(&going)) {
        match result {
            Ok(()) => gone.push(*one),
            Err(why) => trouble = Some(trouble.unwrap_or(why)),
        }
    }
    (gone, trouble)
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

/// A file that may go, and where all of it lies.
struct Going<'a> {
    listed: &'a ListedFile,
    places: Vec<&'a Path>,
}

/// Removes files, and says of each whether it went, or why not. A folder may be reached by two paths that no look at them
/// tells – mounted twice, shared twice, a disk that does not care for capital letters – and then the "copy" is the file
/// itself. So each is called otherwise first: if what lies at its place is gone by that, it is called as before, and stays.
/// What programs have open is asked for all of them together: that goes through the open files of all programs.
fn remove(going: &[Going]) -> Vec<Result<(), String>> {
    let written = being_written(going.iter().map(|one| one.listed.path.as_path()));
    remove_aside(going, |one| one.may_go(&written))
}

/// The same, of those that `may_go`.
fn remove_aside(going: &[Going], may_go: impl Fn(&Going) -> Result<(), String>) -> Vec<Result<(), String>> {
    let aside: Vec<Result<PathBuf, String>> =
        going.iter().map(|one| may_go(one).and_then(|()| one.put_aside())).collect();
    // Nobody finds them by their old names any more, but who has one open goes on.
    let written = being_written(aside.iter().flatten().map(PathBuf::as_path));
    going.iter().zip(aside).map(|(one, aside)| one.let_go(&aside?, &written)).collect()
}

impl Going<'_> {
    fn may_go(&self, written: &HashSet<PathBuf>) -> Result<(), String> {
        let path = &self.listed.path;
        let shown = path.display();
        if !is_unchanged(self.listed) {
            return Err(format!("{shown} was not moved: {CHANGED}"));
        }
        if written.contains(path) {
            return Err(format!("{shown} was not moved: {WRITTEN}"));
        }
        if let Some(place) = self.places.iter().find(|place| may_be_one(path, place)) {
            return Err(format!(
                "{shown} was not moved: it may be itself what lies at {}, by another path",
                place.display()
            ));
        }
        Ok(())
    }

    /// Calls it otherwise; gives how.
    fn put_aside(&self) -> Result<PathBuf, String> {
        let path = &self.listed.path;
        let renamed = aside(path).and_then(|aside| fs::rename(path, &aside).map(|()| aside));
        renamed.map_err(|error| self.cannot(&error))
    }

    /// Removes it from `aside`, or calls it as before.
    fn let_go(&self, aside: &Path, written: &HashSet<PathBuf>) -> Result<(), String> {
        let path = &self.listed.path;
        let Some(why) = self.why_not(aside, written) else {
            return fs::remove_file(aside).map_err(|error| self.cannot(&error));
        };
        // What came by its name meanwhile must not be written over.
        let back = match path.symlink_metadata() {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(aside, path),
        };
        let shown = path.display();
        Err(match back {
            Ok(()) => format!("{shown} was not moved: {why}"),
            Err(error) => {
                let aside = aside.display();
                format!("{shown} was not moved: {why}; and it is called {aside} now: {error}")
            }
        })
    }

    /// Why what is called `aside` by now must not go.
    fn why_not(&self, aside: &Path, written: &HashSet<PathBuf>) -> Option<String> {
        if let Some(place) = self.places.iter().find(|place| File::open(place).is_err()) {
            return Some(format!("it is itself what lies at {}, by another path", place.display()));
        }
        if !is_unchanged(&ListedFile { path: aside.to_owned(), ..self.listed.clone() }) {
            return Some(CHANGED.to_owned());
        }
        written.contains(aside).then(|| WRITTEN.to_owned())
    }

    fn cannot(&self, error: &io::Error) -> String {
        format!("{} could not be removed: {error}", self.listed.path.display())
    }
}

const CHANGED: &str = "it changed meanwhile";
const WRITTEN: &str = "a program is writing to it";
/// So many files are called otherwise at a time: a run that is killed then leaves no more under names that are not theirs.
const AT_ONCE: usize = 32;

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

    /// What is said of one file, with and without a look at it before it is called otherwise.
    fn said_of(listed: &ListedFile, place: &Path) -> Vec<Result<(), String>> {
        let going = [Going { listed, places: vec![place] }];
        [remove(&going), remove_aside(&going, |_| Ok(()))].concat()
    }

    #[test]
    #[cfg(unix)]
    fn what_is_its_own_copy_by_another_path_stays() {
        let home = tempfile::tempdir().unwrap();
        let (file, other) = (home.path().join("music/ebb.flac"), home.path().join("mounted"));
        fs::create_dir(home.path().join("music")).unwrap();
        fs::write(&file, "sound").unwrap();
        std::os::unix::fs::symlink(home.path().join("music"), &other).unwrap();
        let one = listed(file.clone(), &file.metadata().unwrap());
        for said in said_of(&one, &other.join("ebb.flac")) {
            let said = said.unwrap_err();
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
            for said in said_of(&one, &copy) {
                let said = said.unwrap_err();
                assert!(said.contains("a program is writing to it") && file.exists(), "{said}");
            }
            drop(writer);
        }
        let other = ListedFile { modified_ns: one.modified_ns - 1, ..one.clone() };
        for said in said_of(&other, &copy) {
            let said = said.unwrap_err();
            assert!(said.contains("it changed meanwhile") && file.exists(), "{said}");
        }
        let said = remove(&[Going { listed: &one, places: vec![copy.as_path()] }]);
        assert!(said.iter().all(Result::is_ok), "{said:?}");
        assert!(!file.exists() && copy.exists());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_programs_have_open_is_asked_for_many_files_at_once() {
        use super::super::News;
        use super::super::writing::LOOKS;

        let home = tempfile::tempdir().unwrap();
        let (inbox, bought) = (home.path().join("inbox"), home.path().join("bought"));
        let folder = inbox.join("Low Water");
        for folder in [&folder, &bought] {
            fs::create_dir_all(folder).unwrap();
        }
        let (mut drop_files, mut files) = (Vec::new(), Vec::new());
        for number in 0..2 * AT_ONCE + 3 {
            let name = format!("{number:02}.flac");
            let (path, place) = (folder.join(&name), bought.join(&name));
            for at in [&path, &place] {
                fs::write(at, &name).unwrap();
            }
            drop_files.push(listed(path.clone(), &path.metadata().unwrap()));
            files.push(FileNews { from: Some(path), ..FileNews::of(&[name], News::Had(place)) });
        }
        let _writer = File::options().append(true).open(folder.join("40.flac")).unwrap();
        let drop = Dropped {
            path: folder.clone(),
            inbox,
            is_zip: false,
            is_loose: false,
            files: drop_files,
            music_before: Vec::new(),
        };
        let before = LOOKS.get();
        let said = files_of(&drop, &mut files).unwrap_err();
        assert!(said.contains("40.flac was not moved: a program is writing to it"), "{said}");
        assert_eq!(LOOKS.get() - before, 4, "twice for each group, of which the last was not come to");
        let stay = files.iter().filter(|file| !file.moved).map(|file| file.name.clone());
        let stay: Vec<String> = stay.collect();
        assert_eq!(stay, ["40.flac", "64.flac", "65.flac", "66.flac"]);
        let there = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut there: Vec<String> = there.map(|name| name.into_string().unwrap()).collect();
        there.sort();
        assert_eq!(there, stay);
    }
}
