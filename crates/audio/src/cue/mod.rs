//! Cue sheets: the tracks of an album that is one file, and the names of one that is a file for each track.
//!
//! A sheet is a text beside the sound, or inside of a FLAC (a `CUESHEET` comment, or the block of that name). It is
//! outside input like any other: [`read_cue_sheet`] gives what was understood and what was not, and [`parts_of`] turns
//! one `FILE` of it into parts that lie within the sound; [`whole_file_tags`] names a file that is one track as a whole.
//! Which file a `FILE` line means is for the scan to find, in the sheet's own folder only. Own parser: see
//! docs/decisions/0019.

mod disc;
mod embedded;
mod parts;
mod sheet;
mod whole;
pub(crate) mod words;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub(crate) use embedded::embedded_sheet;
pub use parts::{NamedPart, parts_of};
pub use sheet::{CueFile, CueSheet, CueTrack, Start};
pub use whole::{fill_from_sheet, whole_file_tags};

/// A sheet of 999 tracks with long names has a tenth of this.
const LARGEST: u64 = 1 << 20;

/// Reads the sheet at `path`; the error says why nothing of it can be used.
pub fn read_cue_sheet(path: &Path) -> io::Result<CueSheet> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other("it is too long for a cue sheet"));
    }
    Ok(sheet_of(&bytes))
}

pub(crate) fn sheet_of(bytes: &[u8]) -> CueSheet {
    let (text, guess) = words::text_of(bytes);
    let mut sheet = CueSheet::parse(&text);
    if let Some(encoding) = guess {
        sheet.problems.push(format!("it was read as {encoding}, a guess; check that its names look right"));
    }
    sheet
}
