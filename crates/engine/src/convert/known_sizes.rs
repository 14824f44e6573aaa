//! How large finished tracks are whose sound was made before, which the cache knows, or is copied. Without it sizes are guesses,
//! mostly too large, and a full player would be said to have no room for what fits.

use std::collections::HashSet;
use std::sync::OnceLock;

use ferrotape_device::{Desired, SyncPlan};
use rayon::prelude::*;

use super::ConvertRequest;
use super::covers::Covers;
use super::desired::bytes_beside_sound;
use super::reuse::Reuse;
use super::step_1_plan::{CoverSource, PlannedTrack};
use super::style::cover_rules;
use crate::Context;

/// How often one plan is made anew: each time more fits, and that is asked about in turn.
const MOST_TIMES: usize = 8;
/// Of what finds no room only so many are asked about at a time, the most important first, until one of them has another size.
const REFUSED_AT_A_TIME: usize = 64;
/// There may be a whole library of it, and each source is opened.
const MOST_ASKED: usize = 2_000;
/// So many pictures are made ready to see how large the covers are: a tenth of a second each.
const MOST_PICTURES: usize = 64;

/// What was asked of the cache for one plan.
pub(super) struct KnownSizes<'a> {
    reuse: Reuse<'a>,
    request: &'a ConvertRequest<'a>,
    context: &'a Context<'a>,
    covers: OnceLock<Covers>,
    pictures: HashSet<CoverSource>,
    asked: HashSet<usize>,
    times: usize,
}

impl<'a> KnownSizes<'a> {
    pub(super) fn new(request: &'a ConvertRequest<'a>, context: &'a Context<'a>) -> Self {
        let (reuse, covers) = (Reuse::new(request, context), OnceLock::new());
        let (pictures, asked) = (HashSet::new(), HashSet::new());
        Self { reuse, request, context, covers, pictures, asked, times: 0 }
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
        let mut is_news = self.ask(coming.chain(older), planned, desired);
        let refused = sync.does_not_fit.iter().map(|one| one.track);
        let refused: Vec<usize> = refused.filter(|at| !self.asked.contains(at)).collect();
        for some in refused.chunks(REFUSED_AT_A_TIME) {
            is_news |= self.ask(some.iter().copied(), planned, desired);
            if is_news {
                break;
            }
        }
        is_news
    }

    /// Whether any of these has another size than was guessed.
    fn ask(
        &mut self,
        tracks: impl Iterator<Item = usize>,
        planned: &mut [PlannedTrack],
        desired: &mut Desired,
    ) -> bool {
        let left = MOST_ASKED.saturating_sub(self.asked.len());
        let may_be_known = |at: &usize| {
            !self.asked.contains(at) && planned.get(*at).is_some_and(|track| self.reuse.may_know_bytes(track))
        };
        let unasked: Vec<usize> = tracks.filter(may_be_known).take(left).collect();
        self.asked.extend(&unasked);
        let with_covers: Vec<(usize, bool)> =
            unasked.iter().map(|at| (*at, self.looks_at_cover(planned, *at))).collect();
        let known = |(at, with_cover): (usize, bool)| {
            let track = planned.get(at).filter(|_| !self.context.cancel.is_stopped())?;
            let sound = self.reuse.bytes_of_sound(track)?;
            Some((at, sound.saturating_add(self.beside_sound(track, with_cover))))
        };
        let sizes: Vec<(usize, u64)> = with_covers.into_par_iter().filter_map(known).collect();
        let mut is_news = false;
        for (at, bytes) in sizes {
            if let (Some(track), Some(wanted)) = (planned.get_mut(at), desired.tracks.get_mut(at)) {
                is_news |= bytes != track.expected_bytes;
                (track.expected_bytes, wanted.expected_bytes) = (bytes, bytes);
            }
        }
        is_news
    }

    fn looks_at_cover(&mut self, planned: &[PlannedTrack], at: usize) -> bool {
        let Some(track) = planned.get(at).filter(|track| track.cover != CoverSource::None) else {
            return false;
        };
        let is_one_more = self.pictures.len() < MOST_PICTURES && self.pictures.insert(track.cover.clone());
        is_one_more || self.pictures.contains(&track.cover)
    }

    /// What is known of the rest of the file.
    fn beside_sound(&self, track: &PlannedTrack, with_cover: bool) -> u64 {
        if !with_cover {
            return bytes_beside_sound(&track.tags, track.cover != CoverSource::None);
        }
        let covers = self
            .covers
            .get_or_init(|| Covers::new(cover_rules(&self.request.profile), self.context.library.folder()));
        let cover = covers.get(track).ok().flatten();
        bytes_beside_sound(&track.tags, false) + cover.map_or(0, |cover| cover.picture.len() as u64)
    }
}
