//! Discs: what a CD holds, the port that reads one, and the port that asks what others read off the same.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use crate::{Cancel, Fault, Progress, TagSet};

/// A track of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscTrack {
    /// Its number on the disc.
    pub number: u32,
    /// Its first sector, counted from the beginning of the first track of a usual disc; 75 to a second.
    pub start: u32,
    /// How many sectors it has.
    pub sectors: u32,
}

/// Where everything is on a disc.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscToc {
    /// Tracks of sound, in order.
    pub tracks: Vec<DiscTrack>,
    /// Where a track of data begins.
    pub data_start: Option<u32>,
    /// The first sector behind all of it.
    pub leadout: u32,
}

/// What a disc says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiscContents {
    /// Where everything is.
    pub toc: DiscToc,
    /// What its texts say, by track.
    pub texts: BTreeMap<u32, TagSet>,
}

/// Whether others read the same off their copies of a disc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RipCheck {
    /// They did.
    Same {
        /// So many.
        confidence: u32,
        /// The version of the sum, 1 or 2.
        version: u8,
    },
    /// They read something else: another pressing, an offset of the drive, or an error.
    Differs,
    /// Nobody told of this disc.
    Unknown,
    /// It was not asked: why.
    NotChecked(String),
}

/// Reads discs.
pub trait DiscReader: Sync {
    /// Whether it is an image: it can be read whole in seconds, and gives the same each time.
    fn is_image(&self) -> bool;

    /// What is on the disc.
    fn contents(&self, cancel: &Cancel) -> Result<DiscContents, Fault>;

    /// Writes a track's sound to `to`: 16 bits, stereo, 44.1 kHz, little end first, nothing before or behind. Tells its
    /// sectors as pieces of [`crate::Phase::Rip`].
    fn rip(
        &self,
        track: &DiscTrack,
        to: &Path,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(), Fault>;

    /// Writes a part of a track's sound to `to` as [`DiscReader::rip`] writes all of it; `sectors` count from the track's first.
    fn read_part(
        &self,
        track: &DiscTrack,
        sectors: Range<u32>,
        to: &Path,
        cancel: &Cancel,
    ) -> Result<(), Fault>;
}

/// Knows what others said of discs.
pub trait DiscRegister: Sync {
    /// MusicBrainz' identity of the disc; `None` where its table of contents makes none.
    fn disc_id(&self, toc: &DiscToc) -> Option<String>;

    /// Compares the sound of a track, as [`DiscReader::rip`] wrote it.
    fn check(&self, toc: &DiscToc, track: &DiscTrack, pcm: &Path, cancel: &Cancel) -> RipCheck;

    /// Names of the tracks; `None` where the disc is not known.
    fn texts(&self, toc: &DiscToc, cancel: &Cancel) -> Result<Option<BTreeMap<u32, TagSet>>, Fault>;
}
