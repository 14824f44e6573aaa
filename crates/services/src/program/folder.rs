//! The folder that a program puts a file into: new and empty, beside where the file is to be. What is in it is believed to
//! be a file only after a look.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ferrotape_domain::{FETCHING, RemoteOffer};

use crate::net::check_sums;

/// The folder; gone with all that is in it when this is dropped.
pub(super) struct Folder {
    path: PathBuf,
    file: PathBuf,
}

impl Folder {
    pub(super) fn beside(to: &Path) -> Result<Self, String> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        let file_name = name.clone();
        name.push(FETCHING);
        let path = to.with_file_name(name);
        let fail = |error: io::Error| format!("{}: {error}", path.display());
        // What a run that was killed left behind.
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
        fs::create_dir_all(&path).map_err(fail)?;
        only_for_us(&path).map_err(fail)?;
        let file = path.join(file_name);
        Ok(Self { path, file })
    }

    /// Where the program is to put the file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// How much of it is there.
    pub(super) fn size(&self) -> u64 {
        fs::symlink_metadata(&self.file).map_or(0, |found| found.len())
    }

    /// Looks at what was put there: size and SHA-256; `Err` says what is wrong with it.
    pub(super) fn take(&self, offer: &RemoteOffer, most: u64) -> Result<(u64, String), String> {
        let found = fs::symlink_metadata(&self.file)
            .map_err(|_| "it is done, but the file is not where it should be".to_owned())?;
        if !found.is_file() || !is_alone(&found) {
            return Err("it put something else than a file of its own there: a link or a folder".to_owned());
        }
        let size = found.len();
        match offer.size {
            _ if size == 0 => return Err("the file is empty".to_owned()),
            _ if size > most => return Err(format!("the file has more than {} MiB", most >> 20)),
            Some(promised) if promised != size => {
                return Err(format!("the file has {size} bytes where {promised} were promised"));
            }
            _ => {}
        }
        let fail = |error: io::Error| format!("the file cannot be read: {}", error.kind());
        if looks_like_a_page(&self.file).map_err(fail)? {
            return Err("it put a web page there instead of the file".to_owned());
        }
        match check_sums(&self.file, &offer.sums).map_err(fail)? {
            Ok(sha256) => Ok((size, sha256)),
            Err(sum) => Err(format!("what came has not the {sum} sum that was promised")),
        }
    }

    /// Gives the file its place.
    pub(super) fn publish(&self, to: &Path) -> Result<(), String> {
        let fail = |error: io::Error| format!("{}: {error}", to.display());
        File::open(&self.file).and_then(|file| file.sync_all()).map_err(fail)?;
        fs::rename(&self.file, to).map_err(fail)?;
        match to.parent() {
            Some(folder) => File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail),
            None => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays is thrown away by the next try.
        drop(fs::remove_dir_all(&self.path));
    }
}

fn looks_like_a_page(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(512).read_to_end(&mut start)?;
    let start = start.trim_ascii_start();
    Ok(start.starts_with(b"<") || start.starts_with(b"{\""))
}

#[cfg(unix)]
fn only_for_us(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_for_us(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// A second name of a file that lies elsewhere would change with it.
#[cfg(unix)]
fn is_alone(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) == 1
}

#[cfg(not(unix))]
fn is_alone(_found: &Metadata) -> bool {
    true
}
