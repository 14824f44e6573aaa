//! A file that is renamed is at one of two places.
//!
//! A power cut can leave its name at both: the new folder's entry came to the disk, and that the old one's is gone did not. On
//! FAT and exFAT both then mean the same bytes, and who removes the one gives the room of the other away. The system lets
//! nobody see that; only a check of the file system puts it right.

use crate::error::DeviceError;
use crate::journal::Step;
use crate::names::clash_key;
use crate::root::Root;

/// A file that the journal says was about to be renamed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OnTheWay<'s> {
    pub(crate) from: &'s str,
    pub(crate) to: &'s str,
}

impl<'s> OnTheWay<'s> {
    /// `None` where nothing is renamed, or was by a ferrotape that did not write down from where.
    pub(crate) fn of(step: &'s Step) -> Option<Self> {
        let (from, to) = match step {
            Step::File { record, from } => (from, &record.path),
            Step::Playlist { record, from } => (from, &record.file.as_ref()?.path),
            Step::Companion { record, from } => (from, &record.file.as_ref()?.path),
            Step::Folder { .. } | Step::Void { .. } => return None,
        };
        Some(Self { from: from.as_deref()?, to })
    }
}

/// Fails where a renamed file is at both places, before anything is removed.
pub(crate) fn refuse_doubled(root: &Root, from: &str, to: &str) -> Result<(), DeviceError> {
    // Equal keys may be one name on FAT. To and from a device, files are copied.
    if root.device().is_some() || clash_key(from) == clash_key(to) {
        return Ok(());
    }
    let (Some(Some(old)), Some(Some(new))) = (root.look(from)?, root.look(to)?) else { return Ok(()) };
    // An empty file has no bytes to share.
    if old != new || new == 0 {
        return Ok(());
    }
    if root.fingerprint_on_disk(from)? == root.fingerprint_on_disk(to)? {
        return Err(DeviceError::NeedsCheck { place: root.path().join(to), left: from.to_owned() });
    }
    Ok(())
}

/// Whether a file is there with this size and hash.
pub(crate) fn is_whole(root: &Root, path: &str, bytes: u64, hash: &str) -> Result<bool, DeviceError> {
    if root.look(path)? != Some(Some(bytes)) {
        return Ok(false);
    }
    // What the system remembers of a file may be more than came to the disk.
    Ok(root.fingerprint_on_disk(path)?.is_some_and(|(size, found)| size == bytes && found == hash))
}
