//! CDs: who reads them, and who is asked about them.

use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{DiscReader, DiscRegister};
use ferrotape_services::cd::{CdParanoia, Register};

use crate::Network;

/// A disc in a drive, by its absolute path; `offset` is the drive's, in samples.
pub fn disc_reader(drive: PathBuf, offset: i32) -> impl DiscReader {
    CdParanoia::drive(drive, offset)
}

/// An image of a disc, by the absolute paths of its cue sheet and of the file that this is about.
pub fn image_reader(sheet: PathBuf, sound: &Path, offset: i32) -> io::Result<impl DiscReader + use<>> {
    CdParanoia::image(sheet, sound, offset)
}

/// What others know of discs; nobody is asked without a network.
pub fn disc_register(network: Option<&Network>) -> impl DiscRegister + use<> {
    Register::new(network.map(Network::client))
}
