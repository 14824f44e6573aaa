//! Removing what we put there: to the trash, unless told otherwise.

use crate::error::DeviceError;
use crate::plan::PlannedRemoval;
use crate::target::{Ledger, Target};
use crate::trash;

impl Target {
    /// Performs one planned removal; returns where the file lies in the trash, if it went there.
    ///
    /// Does nothing if the manifest does not list that file at that path (any more). A file that something else
    /// changed since we wrote it goes to the trash in any case.
    pub fn remove(&self, removal: &PlannedRemoval) -> Result<Option<String>, DeviceError> {
        self.check_may_write()?;
        let mut ledger = self.ledger();
        self.remove_from(&mut ledger, removal)
    }

    pub(crate) fn remove_from(
        &self,
        ledger: &mut Ledger,
        removal: &PlannedRemoval,
    ) -> Result<Option<String>, DeviceError> {
        let known = ledger.manifest.files.get(&removal.identity).filter(|record| record.path == removal.path);
        let Some(record) = known else { return Ok(None) };
        if record.adopted {
            ledger.manifest.files.remove(&removal.identity);
            return Ok(None);
        }
        let kept = self.discard(&record.path, record.bytes, removal.to_trash)?;
        ledger.manifest.files.remove(&removal.identity);
        ledger.receipt.files_removed += 1;
        Ok(kept)
    }

    /// Deletes a file that is as we left it, or moves it to the trash; leaves alone what is no plain file.
    pub(crate) fn discard(
        &self,
        path: &str,
        bytes: u64,
        to_trash: bool,
    ) -> Result<Option<String>, DeviceError> {
        match self.root.look(path)? {
            Some(Some(found)) if found == bytes && !to_trash => match self.root.remove_file(path) {
                // A device was asked once more, and it was changed since it was looked at.
                Err(DeviceError::Occupied { .. }) => trash::put(&self.root, path).map(Some),
                removed => removed.map(|()| None),
            },
            Some(Some(_)) => trash::put(&self.root, path).map(Some),
            Some(None) | None => Ok(None),
        }
    }
}
