//! A file that is renamed is at one of two places, and where it is tells whose the file at the other is.
//!
//! A power cut can leave its name at both: the new folder's entry came to the disk, and that the old one's is gone did not. On
//! FAT and exFAT both then mean the same bytes, and who removes the one gives the room of the other away. The system lets
//! nobody see that; only a check of the file system puts it right.

use std::io::Read;
use std::time::SystemTime;

use crate::error::DeviceError;
use crate::journal::Step;
use crate::names::clash_key;
use crate::root::Root;
use crate::storage::Entry;
use crate::sums::Summing;

/// A file that the journal says was about to be renamed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OnTheWay<'s> {
    pub(crate) from: &'s str,
    pub(crate) to: &'s str,
    pub(crate) bytes: u64,
    pub(crate) sum: &'s str,
}

impl<'s> OnTheWay<'s> {
    /// `None` where nothing is renamed, or was by a ferrotape that did not write down from where.
    pub(crate) fn of(step: &'s Step) -> Option<Self> {
        let (from, to, bytes, sum) = match step {
            Step::File { record, from } => (from, &record.path, record.bytes, &record.sum),
            Step::Playlist { record, from } => {
                let file = record.file.as_ref()?;
                (from, &file.path, file.bytes, &file.sum)
            }
            Step::Companion { record, from } => {
                let file = record.file.as_ref()?;
                (from, &file.path, file.bytes, &file.sum)
            }
            Step::Folder { .. } | Step::Void { .. } => return None,
        };
        Some(Self { from: from.as_deref()?, to, bytes, sum })
    }

    /// Whether what lies at its new place is somebody else's: it never came there, for it is whole at the old one. What is the
    /// beginning of it is no other file, but itself, as a power cut or the check after it left it.
    pub(crate) fn is_anothers(&self, root: &Root) -> Result<bool, DeviceError> {
        // What is sent to a device lies here until all of it is there.
        if root.device().is_some() {
            return Ok(false);
        }
        let Some(there) = root.look(self.to)?.flatten() else { return Ok(false) };
        if !is_whole(root, self.from, self.bytes, self.sum)? {
            return Ok(false);
        }
        Ok(there >= self.bytes || !begins_with(root, self.from, there, self.to)?)
    }
}

/// Fails where a renamed file is at both places, before anything is removed.
pub(crate) fn refuse_doubled(root: &Root, from: &str, to: &str) -> Result<(), DeviceError> {
    match is_doubled(root, from, to)? {
        true => Err(DeviceError::NeedsCheck { place: root.path().join(to), left: from.to_owned() }),
        false => Ok(()),
    }
}

fn is_doubled(root: &Root, from: &str, to: &str) -> Result<bool, DeviceError> {
    // Equal keys may be one name on FAT. To and from a device, files are copied.
    if root.device().is_some() || clash_key(from) == clash_key(to) {
        return Ok(false);
    }
    match (root.look(from)?, root.look(to)?) {
        // An empty file has no bytes to share.
        (Some(Some(old)), Some(Some(new))) if old == new && new > 0 => {
            Ok(root.fingerprint_on_disk(from)? == root.fingerprint_on_disk(to)?)
        }
        _ => Ok(false),
    }
}

/// Whether two files were last written at different times; one that is renamed keeps its own.
pub(crate) fn are_of_other_times(root: &Root, one: &str, other: &str) -> Result<bool, DeviceError> {
    let (one, other) = (modified(root, one)?, modified(root, other)?);
    Ok(one.is_some() && other.is_some() && one != other)
}

fn modified(root: &Root, path: &str) -> Result<Option<SystemTime>, DeviceError> {
    match root.metadata(path)? {
        Some(Entry::File { modified, .. }) => Ok(modified),
        _ => Ok(None),
    }
}

/// Whether a file is there with this size and hash.
pub(crate) fn is_whole(root: &Root, path: &str, bytes: u64, hash: &str) -> Result<bool, DeviceError> {
    if root.look(path)? != Some(Some(bytes)) {
        return Ok(false);
    }
    // What the system remembers of a file may be more than came to the disk.
    Ok(root.fingerprint_on_disk(path)?.is_some_and(|(size, found)| size == bytes && found == *hash))
}

/// Whether a file of so many bytes is the beginning of another.
fn begins_with(root: &Root, whole: &str, bytes: u64, part: &str) -> Result<bool, DeviceError> {
    let fault = |error| root.fault(error, "read", whole);
    let file = root.dir().open(whole).map_err(fault)?;
    let beginning = Summing::default().read_all(&mut file.take(bytes)).map_err(fault)?;
    Ok(root.fingerprint_on_disk(part)? == Some(beginning))
}
