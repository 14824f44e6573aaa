//! Verify: is every file of ours still as it was written? Looks only.

use ferrotape_domain::{Cancel, Event, Phase, Progress};

use crate::error::DeviceError;
use crate::target::Target;

impl Target {
    /// Compares every file of ours with the manifest: its size, and when `thorough` its content as it is on the disk, past
    /// what the system remembers of it. Returns what differs, as sentences; running the same convert again mends each.
    pub fn verify(
        &self,
        thorough: bool,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Vec<String>, DeviceError> {
        let records: Vec<(String, u64, String)> = {
            let ledger = self.ledger();
            // What was adopted is the user's to change and to take away.
            let files = ledger.manifest.files.values().filter(|file| !file.adopted);
            let tracks = files.map(|file| (file.path.clone(), file.bytes, file.sum.clone()));
            let lists = ledger.manifest.playlists.values().filter_map(|list| list.file.as_ref());
            let beside = ledger.manifest.companions.values().filter_map(|companion| companion.file.as_ref());
            tracks
                .chain(lists.chain(beside).map(|file| (file.path.clone(), file.bytes, file.sum.clone())))
                .collect()
        };
        if thorough {
            // What is still on its way to the disk could not be read from there.
            self.root.sync_all()?;
        }
        progress.event(Event::Started { phase: Phase::Verify, total: Some(records.len() as u64) });
        let mut differing = Vec::new();
        for (path, bytes, sum) in records {
            if cancel.is_stopped() {
                break;
            }
            match self.root.look(&path)?.flatten() {
                None => differing.push(format!("{path} is gone – run the same convert again to put it back")),
                Some(found) if found != bytes => {
                    differing.push(format!(
                        "{path} has {found} bytes instead of {bytes} – run the same convert again"
                    ));
                }
                Some(_)
                    if thorough
                        && self.root.fingerprint_on_disk(&path)?.is_none_or(|(_, found)| found != sum) =>
                {
                    differing
                        .push(format!("{path} has other bytes of the same number – something changed it on the player, or its memory fails; \
                             delete it there and run the same convert again"));
                }
                Some(_) => {}
            }
            progress.event(Event::Advanced { phase: Phase::Verify, by: 1, bytes });
        }
        progress.event(Event::Finished { phase: Phase::Verify });
        Ok(differing)
    }
}
