//! Where a file lies until it is known what came, and until the library knows where it is from: in a folder beside its
//! place that no scan looks into. Only then it gets its name, so that a run that is killed at any moment leaves none that
//! would pass for the user's own.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{DISK, FETCHING, Fault, FaultKind};

/// A file on its way to its place.
#[derive(Debug, Clone)]
pub(super) struct Arriving {
    lies: PathBuf,
    to: PathBuf,
}

impl Arriving {
    /// One that is to lie at `to`.
    pub(super) fn at(to: &Path) -> Self {
        let name = to.file_name().unwrap_or_default();
        let mut folder = name.to_owned();
        folder.push(FETCHING);
        let arriving = Self { lies: to.with_file_name(folder).join(name), to: to.to_owned() };
        arriving.take_over();
        arriving
    }

    /// Where it lies meanwhile.
    pub(super) fn path(&self) -> &Path {
        &self.lies
    }

    /// Where it is to lie.
    pub(super) fn to(&self) -> &Path {
        &self.to
    }

    /// Gives it its name.
    pub(super) fn settle(&self) -> Result<(), Fault> {
        let named = fs::rename(&self.lies, &self.to).and_then(|()| match self.to.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        });
        self.clear();
        named.map_err(|error: io::Error| Fault {
            source: DISK.to_owned(),
            kind: FaultKind::NeedsUser,
            reason: format!("{}: {error}", self.to.display()),
        })
    }

    /// Takes its name away again, where it has it.
    pub(super) fn take_back(&self) -> io::Result<()> {
        if self.lies.exists() || !self.to.exists() {
            return Ok(());
        }
        if let Some(folder) = self.lies.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(&self.to, &self.lies)
    }

    /// It is of no use.
    pub(super) fn throw_away(&self) {
        drop(fs::remove_file(&self.lies));
        self.clear();
    }

    /// Takes the folder away, unless there is more in it than the beginning of a file of which nothing came.
    pub(super) fn clear(&self) {
        let mut partial = self.lies.clone();
        partial.as_mut_os_string().push(".partial");
        if fs::metadata(&partial).is_ok_and(|begun| begun.len() == 0) {
            drop(fs::remove_file(partial));
        }
        if let Some(folder) = self.lies.parent() {
            drop(fs::remove_dir(folder));
        }
    }

    /// Earlier versions kept what had come so far beside the place itself; it is gone on with.
    fn take_over(&self) {
        for ending in [".partial", ".partial.json"] {
            let [old, new] = [&self.to, &self.lies].map(|path| {
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(ending);
                path.with_file_name(name)
            });
            if let Some(folder) = new.parent().filter(|_| old.is_file() && !new.exists()) {
                // Where this fails, it is fetched from its beginning.
                drop(fs::create_dir_all(folder).and_then(|()| fs::rename(&old, &new)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_its_name_at_the_end_and_nothing_is_left_beside_it() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let to = folder.path().join("Ebb [0011aabb].mp3");
        fs::write(folder.path().join("Ebb [0011aabb].mp3.partial"), "eb")?;
        let arriving = Arriving::at(&to);
        assert_eq!(arriving.path().file_name(), to.file_name(), "programs go by its ending");
        let mut partial = arriving.path().to_owned();
        partial.as_mut_os_string().push(".partial");
        assert_eq!(fs::read(&partial)?, b"eb", "what an earlier version began");
        fs::rename(partial, arriving.path())?;
        assert!(!to.exists());
        arriving.settle().map_err(io::Error::other)?;
        assert_eq!((fs::read(&to)?, fs::read_dir(folder.path())?.count()), (b"eb".to_vec(), 1));
        Arriving::at(&folder.path().join("Gull.mp3")).throw_away();
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
