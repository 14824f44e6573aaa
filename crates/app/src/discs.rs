//! CDs: who reads them, and who is asked about them.

use std::path::PathBuf;
use std::sync::Arc;

use ferrotape_domain::{DiscReader, DiscRegister, Fault, FaultKind};
use ferrotape_services::cd::{CdParanoia, Register};
use ferrotape_services::net::{Net, Ways};
use ferrotape_store::ServiceFile;

use crate::OpenLibrary;

/// A disc in a drive, or the cue sheet of an image, by its absolute path; `offset` is the drive's, in samples.
pub fn disc_reader(device: PathBuf, offset: i32) -> impl DiscReader {
    CdParanoia::new(device, offset)
}

/// What others know of discs; nobody is asked unless `online`. `stand_in` is asked in place of all others, by tests.
pub fn disc_register(
    opened: &OpenLibrary,
    online: bool,
    stand_in: Option<&str>,
) -> Result<impl DiscRegister + use<>, Fault> {
    if !online {
        return Ok(Register::new(None));
    }
    let memory = ServiceFile::open(&opened.folder).map_err(|error| Fault {
        source: opened.folder.display().to_string(),
        kind: FaultKind::Permanent,
        reason: error.to_string(),
    })?;
    let ways = Ways { stand_in: stand_in.map(str::to_owned), ..Ways::default() };
    Ok(Register::new(Some(Net::new(Arc::new(memory), &ways)?)))
}
