//! What is looked at: of a run what it did not find and what waits for a place that may have it, of the library what stands in
//! lists and has no whole file, or waits.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{ContentId, Outcome, WantedKind};
use ferrotape_store::{SavedRun, StoredWanted};

use super::{PerhapsInPart, Waits, Which};
use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::partly::{PERHAPS, Partly};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// What is there to be told.
pub(super) struct Found {
    pub(super) lists: Vec<String>,
    /// Lists with entries that the run was not about.
    pub(super) other_lists: u64,
    /// It is to be bought.
    pub(super) missing: Vec<StoredWanted>,
    /// It may come from a place yet.
    pub(super) waiting: Vec<StoredWanted>,
    /// What things wait for, by their numbers.
    pub(super) waits: HashMap<i64, Waits>,
    /// Albums of which only single songs may be here.
    pub(super) perhaps_in_part: Vec<PerhapsInPart>,
    /// How many things files only come near, so that a person must say whether they will do.
    pub(super) in_question: u64,
    pub(super) target: Option<String>,
    pub(super) at: i64,
}

/// `None` where there was no run whose things could be looked at.
pub(super) fn found(which: Which, context: &Context) -> Result<Option<Found>, EngineError> {
    match which {
        Which::LastRun => of_last_run(context),
        Which::All => of_all(context).map(Some),
    }
}

fn of_last_run(context: &Context) -> Result<Option<Found>, EngineError> {
    let Some(run) = context.library.last_run(None)? else { return Ok(None) };
    // What stands in may be a part of an album.
    let may_be_missing = |outcome: &Outcome| {
        matches!(
            outcome,
            Outcome::NotInSources(_) | Outcome::Failed(_) | Outcome::OnPlayer { substitute: Some(_), .. }
        )
    };
    let ids = run.rows.iter().filter(|(_, outcome)| may_be_missing(outcome)).map(|(id, _)| *id);
    let missing = context.library.wanted_by_ids(&ids.collect::<Vec<i64>>())?;
    let said = said_by(std::slice::from_ref(&run));
    let waits = waits_of(&said);
    let looked_at: HashSet<i64> = missing.iter().map(|one| one.id).chain(waits.keys().copied()).collect();
    let all: Vec<i64> = run.rows.iter().map(|(id, _)| *id).collect();
    // What came since, as by the inbox, would else be bought twice.
    let is_question = |(_, outcome): &(i64, Outcome)| matches!(outcome, Outcome::NeedsReview(_));
    let matching = match looked_at.is_empty() && !run.rows.iter().any(is_question) {
        true => Matching::default(),
        false => matching_of(&all, context)?,
    };
    let perhaps_in_part = perhaps_in_part(&matching, &said, context)?;
    let in_question = in_question(&matching, &waits);
    let things = without_a_whole_file(&matching, &looked_at, &waits);
    let (waiting, missing) = things.into_iter().partition(|one| waits.contains_key(&one.id));
    let is_other = |key: &str| run.lists.iter().all(|list| list.key != key);
    let playlists = context.library.playlists()?;
    let others = playlists.iter().filter(|list| !list.entries.is_empty() && is_other(&list.key));
    let other_lists = others.count() as u64;
    let lists = run.lists.iter().map(|list| list.name.clone()).collect();
    let (target, at) = (Some(run.target), run.at);
    Ok(Some(Found { lists, other_lists, missing, waiting, waits, perhaps_in_part, in_question, target, at }))
}

fn of_all(context: &Context) -> Result<Found, EngineError> {
    // What was only heard of, as by a play, or left the lists is not wanted.
    let listed = context.library.on_lists()?;
    let mut ids: Vec<i64> = listed.iter().copied().collect();
    ids.sort_unstable();
    let said = said_by(&context.library.last_runs()?);
    let waits = waits_of(&said);
    let matching = matching_of(&ids, context)?;
    let perhaps_in_part = perhaps_in_part(&matching, &said, context)?;
    let in_question = in_question(&matching, &waits);
    let missing = without_a_whole_file(&matching, &listed, &waits);
    let (lists, waiting, target, at) = (Vec::new(), Vec::new(), None, context.now);
    Ok(Found { lists, other_lists: 0, missing, waiting, waits, perhaps_in_part, in_question, target, at })
}

/// What a run said of a thing.
struct Said {
    waits: Option<Waits>,
    /// Why it may be here only in part.
    perhaps: Option<String>,
}

impl Said {
    fn of(outcome: &Outcome) -> Self {
        let perhaps = match outcome {
            Outcome::OnPlayer { substitute: Some(says), .. } => says.strip_prefix(PERHAPS),
            _ => None,
        };
        Self { waits: Waits::of(outcome), perhaps: perhaps.map(str::to_owned) }
    }
}

/// What was said of each thing by the newest of these runs, the newest first, that was about it, or that still had it wait from an
/// earlier one to the same place. Runs are read with the numbers that things have now.
fn said_by(runs: &[SavedRun]) -> HashMap<i64, Said> {
    let mut newest: HashMap<i64, Said> = HashMap::new();
    for run in runs {
        for (id, outcome) in &run.rows {
            newest.entry(*id).or_insert_with(|| Said::of(outcome));
        }
        for wait in &run.waits {
            newest.entry(wait.id).or_insert_with(|| Said { waits: Some(Waits::beside(wait)), perhaps: None });
        }
    }
    newest
}

/// What things wait for.
fn waits_of(said: &HashMap<i64, Said>) -> HashMap<i64, Waits> {
    said.iter().filter_map(|(id, said)| Some((*id, said.waits.clone()?))).collect()
}

/// The albums that the last run to name them took for a part, perhaps, and that nothing came of since but what places gave:
/// whoever bought one has settled it.
fn perhaps_in_part(
    matching: &Matching,
    said: &HashMap<i64, Said>,
    context: &Context,
) -> Result<Vec<PerhapsInPart>, EngineError> {
    let perhaps_of = |one: &Matched| {
        let is_open = one.wanted.wanted.kind == WantedKind::Release && !one.decided;
        said.get(&one.wanted.id)?.perhaps.clone().filter(|_| is_open)
    };
    if !matching.matched.iter().any(|one| perhaps_of(one).is_some()) {
        return Ok(Vec::new());
    }
    let known = context.library.contents_that_came()?;
    let came = |file: &i64| {
        matching
            .offer(*file)
            .is_some_and(|offer| known.contains(&ContentId(offer.content.bytes().to_owned())))
    };
    let albums = matching.matched.iter().filter_map(|one| {
        let Answer::Files(files, _) = &one.answer else { return None };
        let says = perhaps_of(one).filter(|_| files.iter().all(came))?;
        let is_known =
            matching.list_of(one.wanted.id).is_some() || Partly::of_answer(one, matching).is_some();
        (!is_known).then(|| PerhapsInPart { id: one.wanted.id, wanted: one.wanted.wanted.clone(), says })
    });
    Ok(albums.collect())
}

/// All that things were wanted with is matched, as a run matches it: asked for alone, a thing would be given the file that another
/// one has.
fn matching_of(ids: &[i64], context: &Context) -> Result<Matching, EngineError> {
    match_wanted(context.library.wanted_by_ids(ids)?, &[], &RunPolicy::default(), context)
}

/// How many things files only come near, and no place is waited for.
fn in_question(matching: &Matching, waits: &HashMap<i64, Waits>) -> u64 {
    let is_question = |one: &&Matched| {
        let is_listed = waits.contains_key(&one.wanted.id) || matching.broken.contains_key(&one.wanted.id);
        matches!(one.answer, Answer::Review(..)) && !is_listed
    };
    matching.matched.iter().filter(is_question).count() as u64
}

/// Those of `looked_at` that no file answers, or only a broken one, or not all of: they need another copy. What waits for a
/// place is waited for, too, while files only come near.
fn without_a_whole_file(
    matching: &Matching,
    looked_at: &HashSet<i64>,
    waits: &HashMap<i64, Waits>,
) -> Vec<StoredWanted> {
    let has_none = |one: &&Matched| {
        matches!(one.answer, Answer::None(_))
            || (matches!(one.answer, Answer::Review(..)) && waits.contains_key(&one.wanted.id))
            || matching.broken.contains_key(&one.wanted.id)
            || Partly::of_answer(one, matching).is_some()
            || matching.more_of(one.wanted.id).is_some()
    };
    let matched = matching.matched.iter().filter(|one| looked_at.contains(&one.wanted.id));
    matched.filter(has_none).map(|one| one.wanted.clone()).collect()
}
