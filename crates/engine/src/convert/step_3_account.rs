//! Step 3: the account. Every wanted thing is given the one outcome it ended in.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::Outcome;

use super::ConvertRequest;
use super::step_1_plan::ConversionPlan;
use super::step_2_perform::{Performed, TrackResult};
use crate::matching::{Answer, Matched, Matching};
use crate::report::{self, ConversionReport};
use crate::selection::Selection;
use crate::{Context, EngineError};

/// Puts the report together and, unless this was a dry run, keeps it.
pub(super) fn account(
    request: &ConvertRequest,
    selection: &Selection,
    matching: &Matching,
    plan: &ConversionPlan,
    performed: Option<&Performed>,
    context: &Context,
) -> Result<ConversionReport, EngineError> {
    let ledger = Ledger { plan, performed, does_not_fit: plan.sync.does_not_fit.iter().copied().collect() };
    let outcomes: HashMap<i64, Outcome> =
        matching.matched.iter().map(|matched| (matched.wanted.id, ledger.outcome(matched))).collect();
    let target = request.target_name();
    let report = report::assemble(&target, &selection.wanted, &selection.lists, outcomes, context)?;
    if performed.is_some() {
        report::save(&report, &selection.lists, context)?;
    }
    Ok(report)
}

struct Ledger<'a> {
    plan: &'a ConversionPlan,
    performed: Option<&'a Performed>,
    does_not_fit: HashSet<usize>,
}

impl Ledger<'_> {
    fn outcome(&self, matched: &Matched) -> Outcome {
        if let Some(path) = self.plan.kept.get(&matched.wanted.id) {
            return Outcome::OnPlayer { path: path.clone() };
        }
        match &matched.answer {
            Answer::NotYet(what) => Outcome::NotYet(what.clone()),
            Answer::None(why) => Outcome::NotInSources(why.clone()),
            Answer::Review(_, why) => Outcome::NeedsReview(why.clone()),
            Answer::File(_) | Answer::Files(..) => self.outcome_of_tracks(matched),
        }
    }

    /// A recording has one track; an album ends as the worst of its own.
    fn outcome_of_tracks(&self, matched: &Matched) -> Outcome {
        let tracks = self.plan.fills.get(&matched.wanted.id).map(Vec::as_slice).unwrap_or_default();
        let outcomes: Vec<Outcome> = tracks.iter().map(|track| self.outcome_of_track(*track)).collect();
        let worst = outcomes.iter().find(|outcome| !matches!(outcome, Outcome::OnPlayer { .. }));
        match (worst, outcomes.as_slice()) {
            (Some(worst), _) => worst.clone(),
            (None, [one]) => one.clone(),
            (None, []) => Outcome::NotInSources("its file is no longer among your sources".to_owned()),
            (None, [first, ..]) => album_path(first, outcomes.len()),
        }
    }

    fn outcome_of_track(&self, track: usize) -> Outcome {
        if self.does_not_fit.contains(&track) {
            let reason = "it does not fit on the player".to_owned();
            return Outcome::Waiting { reason, until: "there is space on the player".to_owned() };
        }
        match self.performed.and_then(|performed| performed.results.get(&track)) {
            Some(TrackResult::Failed(why)) => Outcome::Failed(why.clone()),
            Some(TrackResult::Waiting { reason, until }) => {
                Outcome::Waiting { reason: reason.clone(), until: until.clone() }
            }
            Some(TrackResult::Written { .. }) | None => {
                let identity =
                    self.plan.tracks.get(track).map(|track| track.identity.as_str()).unwrap_or_default();
                Outcome::OnPlayer { path: self.plan.paths.get(identity).cloned().unwrap_or_default() }
            }
        }
    }
}

fn album_path(first: &Outcome, tracks: usize) -> Outcome {
    let Outcome::OnPlayer { path } = first else { return first.clone() };
    let folder = path.rsplit_once('/').map_or(path.as_str(), |(folder, _)| folder);
    Outcome::OnPlayer { path: format!("{folder} ({tracks} tracks)") }
}
