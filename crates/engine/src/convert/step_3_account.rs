//! Step 3: the account. Every wanted thing is given the one outcome it ended in.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use ferrotape_device::{NoRoom, SyncPlan, WhyNoRoom, WhyWritten};
use ferrotape_domain::{Outcome, WantedKind};
use ferrotape_store::SavedWait;

use super::ConvertRequest;
use super::in_doubt::and_stays;
use super::results::{Performed, Stopped, TrackResult, cannot_be_reached, with_what_came};
use super::step_1_plan::ConversionPlan;
use crate::gather::Gathered;
use crate::matching::{Answer, Matched, Matching};
use crate::more_of_albums::only_one;
use crate::partly::{PERHAPS, Partly};
use crate::report::{self, ConversionReport, wait_says};
use crate::review::Reason;
use crate::selection::Selection;
use crate::{Context, EngineError, size};

/// Puts the report together and, unless this was a dry run, keeps it.
pub(super) fn account(
    request: &ConvertRequest,
    selection: &Selection,
    matching: &Matching,
    done: &Done,
    context: &Context,
) -> Result<ConversionReport, EngineError> {
    let does_not_fit = done.plan.sync.does_not_fit.iter().map(|one| (one.track, *one)).collect();
    let target = request.target_name();
    let ledger = Ledger {
        done,
        matching,
        does_not_fit,
        kept_older: kept_older(done),
        earlier: stood_in_before(request, done, context)?,
        waited: waited_before(&target, context)?,
        now: context.now,
    };
    matching.matched.iter().for_each(|matched| ledger.tell_chosen_is_gone(matched, context));
    let outcomes: HashMap<i64, Outcome> =
        matching.matched.iter().map(|matched| (matched.wanted.id, ledger.outcome(matched))).collect();
    let waits = matching
        .matched
        .iter()
        .filter(|matched| matches!(outcomes.get(&matched.wanted.id), Some(Outcome::OnPlayer { .. })));
    let waits: Vec<SavedWait> = waits.filter_map(|matched| ledger.held_up(matched)).collect();
    let report = report::assemble(&target, &selection.wanted, &selection.lists, outcomes, context)?;
    if done.performed.is_some() {
        report::save(&report, &selection.lists, waits, context)?;
    }
    Ok(report)
}

/// What was planned and done.
pub(super) struct Done<'a> {
    pub(super) plan: &'a ConversionPlan,
    /// `None` for a dry run.
    pub(super) performed: Option<&'a Performed>,
    /// Wanted things whose file turned out to be broken in an earlier round, and how.
    pub(super) broken: &'a HashMap<i64, String>,
    /// What places elsewhere had; `None` when nobody was asked.
    pub(super) gathered: Option<&'a Gathered>,
    /// Where the files lie that give way to what did not come, in words, by the wanted thing.
    pub(super) stays: BTreeMap<i64, String>,
}

struct Ledger<'a> {
    done: &'a Done<'a>,
    matching: &'a Matching,
    does_not_fit: HashMap<usize, NoRoom>,
    /// Where the files of earlier runs lie that stay as they are, by the track that found no room beside them.
    kept_older: HashMap<usize, &'a str>,
    /// What the things that stay on the player stood in as when they were put there.
    earlier: HashMap<i64, String>,
    /// What waited beside the rows of the last run to the same target.
    waited: HashMap<i64, SavedWait>,
    now: i64,
}

/// A full player keeps what an earlier run made of a track until there is room for the new file.
fn kept_older<'a>(done: &Done<'a>) -> HashMap<usize, &'a str> {
    let sync = &done.plan.sync;
    let planned = sync.kept_older.iter().map(|file| (file.track, file.path.as_str()));
    let full = done.performed.filter(|performed| performed.stopped == Some(Stopped::PlayerFull));
    let ended_early = full.into_iter().flat_map(move |performed| {
        let waits =
            move |track: &usize| matches!(performed.results.get(track), Some(TrackResult::Waiting { .. }));
        let changed = sync.writes.iter().filter(|write| write.why == WhyWritten::Changed);
        let older = changed.filter_map(|write| Some((write.track, write.replaces.as_deref()?)));
        older.filter(move |(track, _)| waits(track))
    });
    planned.chain(ended_early).collect()
}

fn waited_before(target: &str, context: &Context) -> Result<HashMap<i64, SavedWait>, EngineError> {
    let waits = context.library.last_run(Some(target))?.map(|run| run.waits);
    Ok(waits.into_iter().flatten().map(|wait| (wait.id, wait)).collect())
}

fn stood_in_before(
    request: &ConvertRequest,
    done: &Done,
    context: &Context,
) -> Result<HashMap<i64, String>, EngineError> {
    if done.plan.kept.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = context.library.last_run(Some(&request.target_name()))?.map(|run| run.rows);
    let stood_in = rows.into_iter().flatten().filter_map(|(id, outcome)| match outcome {
        Outcome::OnPlayer { substitute: Some(what), .. } => Some((id, what)),
        _ => None,
    });
    Ok(stood_in.collect())
}

impl Ledger<'_> {
    /// How the file is broken that would answer a thing.
    fn broken(&self, wanted: i64) -> Option<&String> {
        self.done.broken.get(&wanted).or_else(|| self.matching.broken.get(&wanted))
    }

    /// A file that the user named is not there now, and its music stays on the player: the outcome says only the latter.
    fn tell_chosen_is_gone(&self, matched: &Matched, context: &Context) {
        let is_chosen = matched.decided && matched.refused.is_empty();
        let stays = self.done.plan.kept.contains_key(&matched.wanted.id);
        if let Answer::None(why) = &matched.answer
            && is_chosen
            && stays
        {
            context.warn(
                matched.wanted.wanted.label(),
                format!("{why}; what was made of it stays on the player"),
            );
        }
    }

    fn outcome(&self, matched: &Matched) -> Outcome {
        let outcome = self.outcome_of_answer(matched);
        let (plan, id) = (self.done.plan, matched.wanted.id);
        let did_not_come = matches!(outcome, Outcome::Waiting { .. } | Outcome::Failed(_));
        let older = self.done.stays.get(&id).filter(|_| did_not_come);
        match plan.in_doubt.get(&id).or(older) {
            Some(place) => and_stays(outcome, place, id),
            None => outcome,
        }
    }

    fn outcome_of_answer(&self, matched: &Matched) -> Outcome {
        if let Some(path) = self.done.plan.kept.get(&matched.wanted.id) {
            let substitute = self.earlier.get(&matched.wanted.id).cloned();
            return Outcome::OnPlayer { path: path.clone(), substitute };
        }
        if let Some(path) = self.done.plan.altered.get(&matched.wanted.id) {
            let reason = format!(
                "its file on the player, {path}, is not as it was written, and its source is not there"
            );
            return waiting(reason, "its disk or folder is back");
        }
        match &matched.answer {
            Answer::NotYet(what) => Outcome::NotYet(what.clone()),
            Answer::None(why) => match self.broken(matched.wanted.id) {
                Some(broken) => self.outcome_of_broken(matched.wanted.id, broken),
                None => match self.done.gathered {
                    Some(gathered) => gathered.outcome(matched.wanted.id, why),
                    None => Outcome::NotInSources(why.clone()),
                },
            },
            Answer::Review(found, why) => {
                let waits = self.done.gathered.filter(|_| Reason::is_version(found));
                let waits = waits.and_then(|gathered| gathered.version_waits(matched.wanted.id));
                waits.unwrap_or_else(|| Outcome::NeedsReview(why.clone()))
            }
            Answer::LeftOut(why) => Outcome::LeftOut(match self.left_out_beside(matched) {
                Some(more) => format!("{why}; {more}"),
                None => why.clone(),
            }),
            Answer::File(found) => match self.outcome_of_tracks(matched) {
                Outcome::OnPlayer { path, .. } => {
                    Outcome::OnPlayer { path, substitute: found.substitute.clone() }
                }
                other => other,
            },
            Answer::Files(..) => match (self.outcome_of_tracks(matched), self.broken(matched.wanted.id)) {
                // Places elsewhere were asked for what is broken of it, too.
                (Outcome::OnPlayer { path, .. }, Some(broken)) => {
                    let how = format!("{broken}; what else there is of it is on the player: {path}");
                    self.outcome_of_broken(matched.wanted.id, &how)
                }
                (Outcome::OnPlayer { path, .. }, None) => {
                    Outcome::OnPlayer { path, substitute: self.only_a_part(matched) }
                }
                (outcome, _) => outcome,
            },
        }
    }

    /// That files are missing, or may be, of an album or a podcast that is on the player, or do not come any more.
    fn only_a_part(&self, matched: &Matched) -> Option<String> {
        let partly = Partly::of_answer(matched, self.matching);
        let have = match &matched.answer {
            Answer::Files(files, _) => files.len(),
            _ => 0,
        };
        let listed = self.done.gathered.and_then(|gathered| gathered.listed(matched.wanted.id));
        let list = self.matching.list_of(matched.wanted.id).zip(partly);
        let list = list.map(|(list, partly)| (partly.of, list.source.as_str()));
        let not_taken = self.done.gathered.and_then(|gathered| gathered.not_taken(matched.wanted.id));
        let of_album = Partly::told(partly, have, listed.or(list)).map(|told| match not_taken {
            Some(why) => format!("{told}; {why}"),
            None => told,
        });
        let wanted_too = || self.matching.more_of(matched.wanted.id).map(str::to_owned);
        let of_podcast = || Some(format!("{PERHAPS}{}", self.left_out_beside(matched)?));
        let not_taken = || Some(format!("{PERHAPS}{}", not_taken?));
        let single = || only_one(matched, self.matching).map(str::to_owned);
        let held_up = self.held_up(matched).map(|wait| wait_says(&wait, self.now));
        let told = of_album.or_else(wanted_too).or_else(of_podcast).or_else(not_taken).or_else(single);
        let told = told.into_iter().chain(held_up);
        told.reduce(|one, other| format!("{one}; {other}"))
    }

    /// What a podcast or an album waits for of which there are files. Where nobody was asked, a podcast waits as before.
    fn held_up(&self, matched: &Matched) -> Option<SavedWait> {
        let id = matched.wanted.id;
        let before = self.waited.get(&id);
        let Some(gathered) = self.done.gathered.filter(|gathered| gathered.is_word_of_places()) else {
            let is_podcast = matched.wanted.wanted.kind == WantedKind::Show;
            return before.filter(|_| is_podcast).cloned();
        };
        let wait = gathered.held_up(id)?.clone();
        let since = before.map_or(self.now, |before| before.since);
        Some(SavedWait { id, since, at: self.now, reason: wait.reason, until: wait.until, on: wait.on })
    }

    /// What is told of files that may be a podcast's or another's of its name: an earlier run may have taken them.
    fn left_out_beside(&self, matched: &Matched) -> Option<String> {
        let (id, count) = (matched.wanted.id, self.matching.unsure.get(&matched.wanted.id)?.len());
        let (files, are, them) = match count {
            1 => ("file", "is", "it"),
            _ => ("files", "are", "them"),
        };
        Some(format!(
            "{count} more {files} may be this podcast's or another's of its name, and {are} left out – `ferrotape explain \
             {id}` shows {them}, `ferrotape review --file {id}=PATH` takes the one at PATH and what lies beside it instead"
        ))
    }

    /// How a thing ends of which a file is broken, as `how` tells.
    fn outcome_of_broken(&self, wanted: i64, how: &str) -> Outcome {
        match self.done.gathered {
            Some(gathered) => gathered.outcome_of_broken(wanted, how),
            None => Outcome::Failed(how.to_owned()),
        }
    }

    /// A recording has one track; an album ends as the worst of its own.
    fn outcome_of_tracks(&self, matched: &Matched) -> Outcome {
        let tracks = self.done.plan.fills.get(&matched.wanted.id).map(Vec::as_slice).unwrap_or_default();
        let outcomes: Vec<Outcome> = tracks.iter().map(|track| self.outcome_of_track(*track)).collect();
        let worst = outcomes.iter().find(|outcome| !matches!(outcome, Outcome::OnPlayer { .. }));
        match (worst, outcomes.as_slice()) {
            (Some(worst), all) => with_what_came(worst, all),
            (None, [one]) => one.clone(),
            (None, []) => Outcome::NotInSources("its file is no longer among your sources".to_owned()),
            (None, [..]) => album_path(&outcomes),
        }
    }

    fn outcome_of_track(&self, track: usize) -> Outcome {
        if self.done.plan.sync.cannot_be_made.contains(&track) {
            return self.out_of_reach(track);
        }
        if let Some(path) = self.kept_older.get(&track) {
            return Outcome::OnPlayer { path: (*path).to_owned(), substitute: None };
        }
        if let Some(one) = self.does_not_fit.get(&track) {
            return no_room(*one, &self.done.plan.sync);
        }
        match self.done.performed.and_then(|performed| performed.results.get(&track)) {
            Some(TrackResult::Failed(why)) => Outcome::Failed(why.clone()),
            Some(TrackResult::Waiting { reason, until }) => waiting(reason.clone(), until),
            Some(TrackResult::Written { .. }) | None => {
                let identity =
                    self.done.plan.tracks.get(track).map(|track| track.identity.as_str()).unwrap_or_default();
                let stayed = self.done.performed.and_then(|performed| performed.not_renamed.get(identity));
                let path = stayed.or_else(|| self.done.plan.paths.get(identity)).cloned().unwrap_or_default();
                Outcome::OnPlayer { path, substitute: None }
            }
        }
    }
}

impl Ledger<'_> {
    fn out_of_reach(&self, track: usize) -> Outcome {
        let plan = &self.done.plan;
        let planned = plan.tracks.get(track);
        let source = planned.map_or(Path::new(""), |track| track.source.as_path());
        let altered = planned.filter(|track| plan.sync.altered.contains(&track.identity));
        let reason = match altered.and_then(|track| plan.paths.get(&track.identity)) {
            Some(path) => format!(
                "its file on the player, {path}, is not as it was written, and {} cannot be reached",
                source.display()
            ),
            None => cannot_be_reached(source),
        };
        waiting(reason, "its disk or folder is back")
    }
}

/// What finds no room waits for it; where the user can make some by a word, that is said.
fn no_room(one: NoRoom, sync: &SyncPlan) -> Outcome {
    let until = match one.why {
        WhyNoRoom::FileTooLarge => "it is split, or made smaller",
        WhyNoRoom::Full | WhyNoRoom::TooManyTracks | WhyNoRoom::TooManyFolders => {
            "there is space on the player"
        }
    };
    let mut reason = format!("it does not fit: {}", one.why.words());
    if one.with_delete {
        reason += &match sync.trash_bytes {
            _ if !sync.later_lists.is_empty() => {
                "; `--delete` makes room, of what only lists have that you name later".to_owned()
            }
            0 => "; `--delete` makes room, of what is no longer wanted there".to_owned(),
            bytes => format!("; the player's trash holds {}, and `--delete` makes room of it", size(bytes)),
        };
    }
    waiting(reason, until)
}

fn waiting(reason: String, until: &str) -> Outcome {
    Outcome::Waiting { reason, until: until.to_owned(), on: Vec::new() }
}

/// The folder that holds all of them.
fn album_path(outcomes: &[Outcome]) -> Outcome {
    let folders: Vec<Vec<&str>> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::OnPlayer { path, .. } => Some(path.split('/').collect::<Vec<_>>()),
            _ => None,
        })
        .map(|mut names| {
            names.pop();
            names
        })
        .collect();
    let first = folders.first().cloned().unwrap_or_default();
    let shared = |other: &Vec<&str>| first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let depth = folders.iter().map(shared).min().unwrap_or(0);
    let folder = first.get(..depth).unwrap_or_default().join("/");
    let folder = if folder.is_empty() { "/" } else { &folder };
    Outcome::OnPlayer { path: format!("{folder} ({} tracks)", outcomes.len()), substitute: None }
}
