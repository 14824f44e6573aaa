//! Whether a source is still the file that was scanned: what it answers was decided by that, and somebody may put another
//! there at any time.

use std::fs;
use std::time::UNIX_EPOCH;

use ferrotape_audio::{MakeError, probe};

use super::step_1_plan::PlannedTrack;
use crate::Context;

/// Size in bytes and time of the last change in nanoseconds.
type Stamp = (u64, i64);

/// How the source was when it was begun to be read.
pub(super) struct AsScanned<'t> {
    track: &'t PlannedTrack,
    before: Stamp,
}

impl<'t> AsScanned<'t> {
    /// Err where another file lies there now; one that was only touched is the same.
    pub(super) fn check(track: &'t PlannedTrack, context: &Context) -> Result<Self, MakeError> {
        let before = stamp(track)?;
        let scanned = context.library.stamp(&track.source).ok().flatten();
        if scanned != Some(before) {
            let whole = track.identity.split(':').next().unwrap_or_default();
            if probe(&track.source).is_ok_and(|found| found.content.0 != whole) {
                return Err(changed(track));
            }
        }
        Ok(Self { track, before })
    }

    /// Err where somebody wrote to it since.
    pub(super) fn still(&self) -> Result<(), MakeError> {
        if stamp(self.track)? == self.before { Ok(()) } else { Err(changed(self.track)) }
    }
}

fn changed(track: &PlannedTrack) -> MakeError {
    MakeError::SourceChanged { path: track.source.clone() }
}

fn stamp(track: &PlannedTrack) -> Result<Stamp, MakeError> {
    let unreadable = |source| MakeError::SourceUnreadable { path: track.source.clone(), source };
    let found = fs::metadata(&track.source).map_err(unreadable)?;
    let since = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified_ns = since.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0);
    Ok((found.len(), modified_ns))
}
