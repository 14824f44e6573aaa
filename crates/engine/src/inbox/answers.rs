//! Which wanted things the files that came answer.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::{InboxReport, News};
use crate::matching::{Answer, match_wanted};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Candidates of one review that are told.
const MOST_CANDIDATES: usize = 5;

/// What is answered without what just came: asked before the collection is looked through.
pub(super) fn before(context: &Context) -> Result<HashSet<i64>, EngineError> {
    let wanted = context.library.every_wanted()?;
    // What was heard before counts; nothing more is listened to for what is known anyway.
    let quiet = Context { listen: false, ..*context };
    let matching = match_wanted(wanted, &[], &RunPolicy::default(), &quiet)?;
    let answered = matching.matched.iter().filter(|one| matches!(one.answer, Answer::File(_) | Answer::Files(..)));
    Ok(answered.map(|one| one.wanted.id).collect())
}

/// Puts into the report what each file answers, and what is answered only now.
pub(super) fn tell(
    report: &mut InboxReport,
    before: &HashSet<i64>,
    context: &Context,
) -> Result<(), EngineError> {
    let matching = match_wanted(context.library.every_wanted()?, &[], &RunPolicy::default(), context)?;
    let filed = |news: &News| match news {
        News::Filed(path) | News::Had(path) => Some(path.clone()),
        _ => None,
    };
    let ours: HashSet<PathBuf> =
        report.drops.iter().flat_map(|drop| &drop.files).filter_map(|file| filed(&file.news)).collect();
    let mut answers: HashMap<PathBuf, Vec<(i64, String)>> = HashMap::new();
    let mut may_answer = answers.clone();
    for one in &matching.matched {
        let (files, is_sure) = match &one.answer {
            Answer::File(found) => (vec![found.file_id], true),
            Answer::Files(files, _) => (files.clone(), true),
            Answer::Review(found, _) => {
                (found.iter().take(MOST_CANDIDATES).map(|found| found.file_id).collect(), false)
            }
            _ => continue,
        };
        let paths: HashSet<PathBuf> =
            files.iter().filter_map(|id| Some(matching.offer(*id)?.path.clone())).collect();
        let named = (one.wanted.id, one.wanted.wanted.label());
        let mut is_ours = false;
        for path in paths.into_iter().filter(|path| ours.contains(path)) {
            is_ours = true;
            let to = if is_sure { &mut answers } else { &mut may_answer };
            to.entry(path).or_default().push(named.clone());
        }
        if is_ours && is_sure && !before.contains(&named.0) {
            report.ticked_off.push(named);
        }
    }
    for file in report.drops.iter_mut().flat_map(|drop| &mut drop.files) {
        if let Some(path) = filed(&file.news) {
            file.answers = answers.get(&path).cloned().unwrap_or_default();
            file.may_answer = may_answer.get(&path).cloned().unwrap_or_default();
        }
    }
    Ok(())
}
