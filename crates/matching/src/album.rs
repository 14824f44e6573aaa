//! Many wanted recordings at once; those of one release are decided together.

use ferrotape_domain::{Cancel, Choice, Event, Phase, Progress, Wanted};
use rayon::prelude::*;

use crate::{Index, Policy, Refused, choose};

/// Decides for every wanted recording; `answer[i]` belongs to `wanted[i]`.
pub fn choose_all(
    index: &Index,
    wanted: &[&Wanted],
    refused: &Refused<'_>,
    policy: &Policy,
    progress: &dyn Progress,
    _cancel: &Cancel,
) -> Vec<Choice> {
    progress.event(Event::Started { phase: Phase::Match, total: u64::try_from(wanted.len()).ok() });
    let all = wanted.par_iter().map(|one| choose(index, one, refused, policy)).collect();
    progress.event(Event::Finished { phase: Phase::Match });
    all
}
