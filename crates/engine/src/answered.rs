//! Which wanted things files that just came answer.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use crate::matching::{Answer, Matched, Matching, match_wanted};
use crate::more_of_albums::only_one;
use crate::partly::Partly;
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Candidates of one review that are told.
const MOST_CANDIDATES: usize = 5;

/// Wanted things: number and name.
pub type Things = Vec<(i64, String)>;

/// What some files answer.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    pub(crate) answers: HashMap<PathBuf, Things>,
    /// Where a person must say.
    pub(crate) may_answer: HashMap<PathBuf, Things>,
    /// What other files answer as well or better.
    pub(crate) had_already: HashMap<PathBuf, Things>,
    /// What nothing answered before, or not all of it.
    pub(crate) ticked_off: Things,
    /// Albums of which a part is here now and was not before, with how much it is: they are still to be had.
    pub(crate) in_part: Things,
}

/// What was answered before something came.
pub(crate) struct Before {
    /// With all of it.
    whole: HashSet<i64>,
    /// Albums with a part of it, and what was told of that.
    in_part: HashMap<i64, String>,
}

/// What is answered without what just came: asked before the collection is looked through.
pub(crate) fn before(context: &Context) -> Result<Before, EngineError> {
    let wanted = context.library.every_wanted()?;
    // What was heard before counts; nothing more is listened to for what is known anyway.
    let quiet = Context { listen: false, ..*context };
    let matching = match_wanted(wanted, &[], &RunPolicy::default(), &quiet)?;
    let (mut whole, mut in_part) = (HashSet::new(), HashMap::new());
    for one in matching.matched.iter().filter(|one| is_sure(&one.answer)) {
        match part_says(one, &matching) {
            None => {
                whole.insert(one.wanted.id);
            }
            Some(says) => {
                in_part.insert(one.wanted.id, says);
            }
        }
    }
    Ok(Before { whole, in_part })
}

/// How much of an album is here, where it is not all of it.
fn part_says(one: &Matched, matching: &Matching) -> Option<String> {
    let more = || matching.more_of(one.wanted.id).map(str::to_owned);
    Partly::of_answer(one, matching).map(Partly::says).or_else(more)
}

fn is_sure(answer: &Answer) -> bool {
    matches!(answer, Answer::File(_) | Answer::Files(..))
}

/// What `files` answer now.
pub(crate) fn by(
    files: &HashSet<PathBuf>,
    before: &Before,
    context: &Context,
) -> Result<Answered, EngineError> {
    let matching = match_wanted(context.library.every_wanted()?, &[], &RunPolicy::default(), context)?;
    let mut all = Answered::default();
    for one in &matching.matched {
        let (found, sure): (Vec<i64>, bool) = match &one.answer {
            Answer::File(found) => (vec![found.file_id], true),
            Answer::Files(files, _) => (files.clone(), true),
            Answer::Review(found, _) => {
                (found.iter().take(MOST_CANDIDATES).map(|found| found.file_id).collect(), false)
            }
            _ => continue,
        };
        let paths: HashSet<PathBuf> =
            found.iter().filter_map(|id| Some(matching.offer(*id)?.path.clone())).collect();
        let named = (one.wanted.id, one.wanted.wanted.label());
        let mut is_ours = false;
        for path in paths.into_iter().filter(|path| files.contains(path)) {
            is_ours = true;
            let to = if sure { &mut all.answers } else { &mut all.may_answer };
            to.entry(path).or_default().push(named.clone());
        }
        if !is_ours || !sure || before.whole.contains(&named.0) {
            continue;
        }
        match part_says(one, &matching) {
            None => all.ticked_off.push(match only_one(one, &matching) {
                Some(says) => (named.0, format!("{} ({says})", named.1)),
                None => named,
            }),
            Some(says) if before.in_part.get(&named.0) != Some(&says) => {
                all.in_part.push((named.0, format!("{} ({says})", named.1)));
            }
            Some(_) => {}
        }
    }
    all.had_already = had_already(files, &all, &matching, context)?;
    Ok(all)
}

/// What files that answer nothing would answer, if they were alone: another file is taken for it.
fn had_already(
    files: &HashSet<PathBuf>,
    answered: &Answered,
    matching: &Matching,
    context: &Context,
) -> Result<HashMap<PathBuf, Things>, EngineError> {
    let is_told =
        |path: &&PathBuf| answered.answers.contains_key(*path) || answered.may_answer.contains_key(*path);
    let mut silent: Vec<PathBuf> = files.iter().filter(|path| !is_told(path)).cloned().collect();
    silent.sort();
    let mut had: HashMap<PathBuf, Things> = HashMap::new();
    let answers = matching.matched.iter().filter(|one| is_sure(&one.answer));
    let wanted: Vec<_> = answers.map(|one| one.wanted.clone()).collect();
    if silent.is_empty() || wanted.is_empty() {
        return Ok(had);
    }
    let quiet = Context { listen: false, ..*context };
    let alone = match_wanted(wanted, &silent, &RunPolicy::default(), &quiet)?;
    for one in alone.matched.iter().filter(|one| !one.decided) {
        let found = match &one.answer {
            Answer::File(found) => std::slice::from_ref(&found.file_id),
            Answer::Files(files, _) => files.as_slice(),
            _ => continue,
        };
        let paths: HashSet<&PathBuf> = found.iter().filter_map(|id| Some(&alone.offer(*id)?.path)).collect();
        for path in paths {
            had.entry(path.clone()).or_default().push((one.wanted.id, one.wanted.wanted.label()));
        }
    }
    Ok(had)
}
