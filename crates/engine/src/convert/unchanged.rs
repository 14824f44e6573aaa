//! Whether a source is still the file that was scanned: what it answers was decided by that, and somebody may put another
//! there at any time.

use std::fs;

use ferrotape_audio::{MadeMp3, MakeError, probe, whole_sum};
use ferrotape_domain::ContentId;
use ferrotape_store::FileStamp;

use super::step_1_plan::PlannedTrack;
use crate::Context;
use crate::same_file::{is_another, stamp_of};

/// How the source was when it was begun to be read.
pub(super) struct AsScanned<'t> {
    track: &'t PlannedTrack,
    before: FileStamp,
    /// Whether a sum of all its bytes is kept.
    is_summed: bool,
}

impl<'t> AsScanned<'t> {
    /// Err where another file lies there now; one that was only touched is the same.
    pub(super) fn check(track: &'t PlannedTrack, context: &Context) -> Result<Self, MakeError> {
        let before = stamp(track)?;
        let scanned = context.library.stamp(&track.source).ok().flatten();
        let then = scanned.as_ref().map(|(then, whole)| (*then, whole.as_str()));
        let is_as_scanned = then.is_some_and(|(then, _)| before.agrees_with(&then));
        if !is_as_scanned && is_another_now(track, &before, then.unwrap_or((before, ""))) {
            return Err(changed(track));
        }
        Ok(Self { track, before, is_summed: then.is_some_and(|(_, whole)| !whole.is_empty()) })
    }

    /// Whether a sum of all bytes of the source is to be taken, because none is kept yet: its next change is told by that.
    pub(super) fn wants_sum(&self) -> bool {
        !self.is_summed
    }

    /// That sum. Where it was not taken on the way the source was just read, so most come out of memory; what is larger than
    /// that, or lies on a share, is read from there once more.
    pub(super) fn sum(&self, made: &MadeMp3) -> Option<String> {
        if self.is_summed {
            return None;
        }
        let on_the_way = made.read.as_ref().and_then(|read| read.whole.clone());
        on_the_way.or_else(|| whole_sum(&self.track.source).ok())
    }

    /// Err where somebody wrote to it since.
    pub(super) fn still(&self) -> Result<(), MakeError> {
        if stamp(self.track)? == self.before { Ok(()) } else { Err(changed(self.track)) }
    }
}

/// What cannot be read is told by whoever makes something of it.
fn is_another_now(track: &PlannedTrack, now: &FileStamp, (then, whole): (FileStamp, &str)) -> bool {
    let Ok(found) = probe(&track.source) else { return false };
    let planned = ContentId(file_of(track).to_owned());
    is_another((track.source.as_path(), now, &found.content), (&planned, &then, whole)).unwrap_or(false)
}

/// The content of the file that a track is made of, or of a part of.
pub(super) fn file_of(track: &PlannedTrack) -> &str {
    bytes_of(&track.identity)
}

/// The bytes that an identity is of.
pub(super) fn bytes_of(identity: &str) -> &str {
    identity.split(':').next().unwrap_or(identity)
}

fn changed(track: &PlannedTrack) -> MakeError {
    MakeError::SourceChanged { path: track.source.clone() }
}

fn stamp(track: &PlannedTrack) -> Result<FileStamp, MakeError> {
    let unreadable = |source| MakeError::SourceUnreadable { path: track.source.clone(), source };
    fs::metadata(&track.source).map(|found| stamp_of(&found)).map_err(unreadable)
}
