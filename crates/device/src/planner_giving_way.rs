//! The plan's part about files that give way to others: what takes their place may not come now, and then they stay.

use std::collections::HashSet;

use crate::plan::{PlannedRemoval, UnchangedFile};
use crate::planner::Planner;
use crate::space::Space;

impl Planner<'_> {
    /// Says what fits. What gives way to a track that does not come stays and takes its room, so what else fits is asked again.
    pub(crate) fn fit_with_what_stays(&mut self, space: Space) {
        if self.desired.gives_way.is_empty() {
            return self.fit_into_space(space);
        }
        let mut planned = self.plan.writes.clone();
        self.fit_into_space(space);
        let needed = self.plan.bytes_needed;
        while self.take_back_removals() {
            let refused = std::mem::take(&mut self.plan.does_not_fit);
            planned.retain(|write| !refused.iter().any(|one| one.track == write.track));
            self.plan.writes = planned.clone();
            self.plan.remove_first = false;
            self.fit_into_space(space);
            let more = std::mem::replace(&mut self.plan.does_not_fit, refused);
            self.plan.does_not_fit.extend(more);
        }
        self.plan.bytes_needed = needed;
    }

    /// Keeps what was to go and gives way to a track that does not come; whether there was any.
    fn take_back_removals(&mut self) -> bool {
        let (desired, plan) = (self.desired, &self.plan);
        let no_room = plan.does_not_fit.iter().map(|one| one.track);
        let missing: HashSet<usize> = no_room.chain(plan.cannot_be_made.iter().copied()).collect();
        // Where another file comes to lie it cannot stay.
        let displaced =
            plan.writes.iter().filter_map(|write| Some(write.displaces.as_ref()?.identity.clone()));
        let displaced: HashSet<String> = displaced.collect();
        let stays = |removal: &PlannedRemoval| {
            let mut tracks = desired.gives_way.get(&removal.identity).into_iter().flatten();
            !displaced.contains(&removal.identity) && tracks.any(|track| missing.contains(track))
        };
        let removals = std::mem::take(&mut self.plan.removals);
        let (staying, going): (Vec<PlannedRemoval>, Vec<PlannedRemoval>) =
            removals.into_iter().partition(stays);
        self.plan.removals = going;
        self.share_of_removals();
        let any = !staying.is_empty();
        let unchanged = staying.into_iter().map(|one| {
            let PlannedRemoval { identity, path, bytes, .. } = one;
            UnchangedFile { identity, path, bytes }
        });
        self.plan.unchanged.extend(unchanged);
        any
    }
}
