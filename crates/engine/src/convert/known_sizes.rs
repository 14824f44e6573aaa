//! How large finished tracks are whose sound was made before: the cache knows. Without it sizes are guesses, a little too large
//! rather than too small, and a full player would be said to have no room for what fits.

use std::collections::HashSet;

use ferrotape_device::{Desired, SyncPlan};

use super::ConvertRequest;
use super::desired::bytes_beside_sound;
use super::reuse::Reuse;
use super::step_1_plan::{CoverSource, PlannedTrack};
use crate::Context;

/// How often one plan is made anew: each time more fits, and that is asked about in turn.
const MOST_TIMES: usize = 8;
/// Of what finds no room only so many are asked about at a time: there may be a whole library of it, and each source is opened.
const MOST_REFUSED: usize = 64;

/// What was asked of the cache for one plan.
pub(super) struct KnownSizes<'a> {
    reuse: Reuse<'a>,
    asked: HashSet<usize>,
    times: usize,
}

impl<'a> KnownSizes<'a> {
    pub(super) fn new(request: &'a ConvertRequest<'a>, context: &'a Context<'a>) -> Self {
        Self { reuse: Reuse::new(request, context), asked: HashSet::new(), times: 0 }
    }

    /// Where room is short in `sync`, puts the sizes that the cache knows into what it was made of. Whether there are any, so that it
    /// is to be made anew.
    pub(super) fn learn(
        &mut self,
        sync: &SyncPlan,
        planned: &mut [PlannedTrack],
        desired: &mut Desired,
    ) -> bool {
        if !sync.is_short_of_room() || self.times == MOST_TIMES {
            return false;
        }
        self.times += 1;
        let coming = sync.writes.iter().map(|write| write.track);
        let older = sync.kept_older.iter().map(|file| file.track);
        let refused = sync.does_not_fit.iter().map(|one| one.track);
        let refused = refused.filter(|at| !self.asked.contains(at)).take(MOST_REFUSED);
        let unasked: Vec<usize> =
            coming.chain(older).filter(|at| !self.asked.contains(at)).chain(refused).collect();
        let mut is_news = false;
        for at in unasked {
            self.asked.insert(at);
            let (Some(track), Some(wanted)) = (planned.get_mut(at), desired.tracks.get_mut(at)) else {
                continue;
            };
            let Some(sound) = self.reuse.bytes_of_sound(track) else { continue };
            let has_cover = track.cover != CoverSource::None;
            let bytes = sound.saturating_add(bytes_beside_sound(&track.tags, has_cover));
            is_news |= bytes != track.expected_bytes;
            (track.expected_bytes, wanted.expected_bytes) = (bytes, bytes);
        }
        is_news
    }
}
