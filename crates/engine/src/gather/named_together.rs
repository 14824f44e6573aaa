//! Recordings that contend get their names in the collection together: one that lies there alone would be taken for what its
//! rival may be. Which those are is written down before the first of them gets its name, so that what a run that was killed
//! in between began is finished before anybody looks into the collection.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use ferrotape_domain::{DISK, FETCHING, Fault, FaultKind};

use super::arriving::Arriving;
use crate::EngineError;

/// The note of which files get their names now; scans pass over what is called so.
fn note_in(root: &Path) -> PathBuf {
    root.join(format!("together{FETCHING}"))
}

/// Gives files below `root` their names: all of them or, where one cannot get its own, none.
pub(super) fn name_together(root: &Path, all: &[&Arriving]) -> Result<(), Fault> {
    if let [alone] = all {
        return alone.settle();
    }
    if all.is_empty() {
        return Ok(());
    }
    write_down(root, all).map_err(|error| Fault {
        source: DISK.to_owned(),
        kind: FaultKind::NeedsUser,
        reason: format!("{}: {error}", note_in(root).display()),
    })?;
    let named = all.iter().try_for_each(|one| one.settle());
    // Each is tried, also after one that could not be taken back.
    let take_back = || all.iter().filter(|one| one.take_back().is_err()).count() == 0;
    if named.is_ok() || take_back() {
        // Left behind it does no harm: nothing of it waits for its name.
        drop(fs::remove_file(note_in(root)));
    }
    named
}

/// All of it is on the disk before anything gets its name.
fn write_down(root: &Path, all: &[&Arriving]) -> io::Result<()> {
    let below = |one: &&Arriving| one.to().strip_prefix(root).ok()?.to_str().map(|path| format!("{path}\n"));
    let paths: Option<String> = all.iter().map(below).collect();
    let paths = paths.ok_or_else(|| io::Error::other("a name cannot be written down"))?;
    let note = note_in(root);
    let new = root.join(format!("new together{FETCHING}"));
    let mut file = File::create(&new)?;
    file.write_all(paths.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &note)?;
    File::open(root)?.sync_all()
}

/// Gives their names to the files below `root` that a run was about to name together when it ended.
pub(crate) fn finish_naming(root: &Path) -> Result<(), EngineError> {
    let note = note_in(root);
    let in_the_way = |error: io::Error| EngineError::Naming(format!("{}: {error}", note.display()));
    let paths = match fs::read_to_string(&note) {
        Ok(paths) => paths,
        // What cannot be read now would leave one of several alone.
        Err(error) if note.symlink_metadata().is_ok() => return Err(in_the_way(error)),
        Err(_) => return Ok(()),
    };
    for path in paths.lines().map(Path::new) {
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            continue;
        }
        let arriving = Arriving::at(&root.join(path));
        if arriving.path().is_file() {
            arriving.settle().map_err(|fault| EngineError::Naming(fault.reason))?;
        }
    }
    fs::remove_file(&note).map_err(in_the_way)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arriving(root: &Path, name: &str) -> io::Result<Arriving> {
        let arriving = Arriving::at(&root.join("music/home").join(name));
        if let Some(folder) = arriving.path().parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(arriving.path(), name)?;
        Ok(arriving)
    }

    fn finish(root: &Path) -> io::Result<()> {
        finish_naming(root).map_err(|error| io::Error::other(error.to_string()))
    }

    #[test]
    fn what_a_run_had_begun_to_name_is_named_whole() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        let (one, other) = (arriving(root, "Ebb [1].mp3")?, arriving(root, "Ebb [2].mp3")?);
        write_down(root, &[&one, &other])?;
        one.settle().map_err(io::Error::other)?;
        // Here it was killed.
        finish(root)?;
        assert_eq!(fs::read(other.to())?, b"Ebb [2].mp3");
        assert_eq!((fs::read_dir(root)?.count(), fs::read_dir(root.join("music/home"))?.count()), (1, 2));
        finish(root)
    }

    #[test]
    fn where_one_cannot_get_its_name_none_has_one() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        let (one, other) = (arriving(root, "Ebb [1].mp3")?, arriving(root, "Ebb [2].mp3")?);
        // A folder has its name.
        fs::create_dir_all(other.to().join("in the way"))?;
        assert!(name_together(root, &[&one, &other]).is_err());
        assert!(!one.to().exists() && one.path().is_file() && other.path().is_file());
        assert!(!note_in(root).exists());
        fs::remove_dir_all(other.to())?;
        name_together(root, &[&one, &other]).map_err(io::Error::other)?;
        assert!(one.to().is_file() && other.to().is_file() && !note_in(root).exists());
        Ok(())
    }

    #[test]
    fn a_note_that_cannot_be_read_is_not_passed_over() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        finish(root)?;
        finish(&root.join("not there"))?;
        fs::write(note_in(root), [0xff_u8, 0xfe])?;
        assert!(finish(root).is_err_and(|error| error.to_string().contains("together.fetching: ")));
        Ok(())
    }

    #[test]
    fn a_note_names_nothing_outside_of_the_collection() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("collection");
        fs::create_dir(&root)?;
        let outside = arriving(folder.path(), "Ebb.mp3")?;
        fs::write(note_in(&root), "../music/home/Ebb.mp3\n")?;
        finish(&root)?;
        assert!(!outside.to().exists());
        Ok(())
    }
}
