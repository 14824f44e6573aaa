//! CDs: who reads them, and who is asked about them.

use std::path::PathBuf;

use ferrotape_domain::{DiscReader, DiscRegister};
use ferrotape_services::cd::{CdParanoia, Register};

use crate::Network;

/// A disc in a drive, or the cue sheet of an image, by its absolute path; `offset` is the drive's, in samples.
pub fn disc_reader(device: PathBuf, offset: i32) -> impl DiscReader {
    CdParanoia::new(device, offset)
}

/// What others know of discs; nobody is asked without a network.
pub fn disc_register(network: Option<&Network>) -> impl DiscRegister + use<> {
    Register::new(network.map(Network::client))
}
