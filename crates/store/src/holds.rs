//! What only one at a time may hold, whichever process it is in: locks on empty files.
//!
//! The operating system drops a lock when its holder dies in whatever way. The files stay: one that is removed while
//! another opens it would be held twice.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ferrotape_domain::Hold;

use crate::StoreError;
use crate::library::{make_file, make_folder};

/// So many files stay open while nobody here holds them: a server is asked thousands of times, hosts of podcasts are many.
const MOST_OPEN: usize = 32;
/// Bytes of a line in the name of a file. Lines that begin with as many alike share theirs.
const LONGEST: usize = 200;

/// The folder of the files; made when the first is needed.
pub(crate) struct Holds {
    folder: PathBuf,
    /// Open files that are not held here, by name.
    idle: Mutex<HashMap<String, File>>,
}

impl Holds {
    pub(crate) fn below(folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { folder, idle: Mutex::default() })
    }

    /// Holds a name of a line's; `None` while another does.
    pub(crate) fn hold(self: &Arc<Self>, line: &str, name: &str) -> Result<Option<Hold>, StoreError> {
        let name = format!("{}.{name}", plain(line));
        let known = self.idle().remove(&name);
        let file = match known {
            Some(file) => file,
            None => self.open(&name)?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(Held { file: Some(file), name, holds: Arc::clone(self) }))),
            Err(TryLockError::WouldBlock) => {
                self.lay_aside(name, file);
                Ok(None)
            }
            Err(TryLockError::Error(source)) => Err(StoreError::io(self.folder.join(name), source)),
        }
    }

    fn open(&self, name: &str) -> Result<File, StoreError> {
        let path = self.folder.join(name);
        make_folder(&self.folder)?;
        make_file(&path)?;
        let opened = OpenOptions::new().read(true).write(true).open(&path);
        opened.map_err(|source| StoreError::io(path, source))
    }

    fn lay_aside(&self, name: String, file: File) {
        let mut idle = self.idle();
        if idle.len() < MOST_OPEN {
            idle.insert(name, file);
        }
    }

    fn idle(&self) -> MutexGuard<'_, HashMap<String, File>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is locked.
struct Held {
    file: Option<File>,
    name: String,
    holds: Arc<Holds>,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Unlocked first: a program that is just being started may have it open for a moment more. One that cannot be
        // unlocked is closed.
        if let Some(file) = self.file.take().filter(|file| file.unlock().is_ok()) {
            self.holds.lay_aside(std::mem::take(&mut self.name), file);
        }
    }
}

/// A line as part of a file's name, on any file system.
fn plain(line: &str) -> String {
    let mut name = String::with_capacity(line.len());
    for byte in line.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            _ => name.push_str(&format!("_{byte:02x}")),
        }
    }
    name.truncate(LONGEST);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_have_files_that_differ_wherever_they_lie() {
        assert_eq!(plain("podcasts/feeds.example.org"), "podcasts_2ffeeds.example.org");
        assert_ne!(plain("subsonic:Home").to_lowercase(), plain("subsonic:home"));
        assert_eq!(plain(&"Å".repeat(300)).len(), LONGEST);
    }
}
