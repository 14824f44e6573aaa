//! Files that can be opened, but turned out to be broken when they were decoded: which wanted things they would answer.

use std::collections::HashMap;
use std::path::PathBuf;

use ferrotape_domain::Silent;
use ferrotape_store::StoredWanted;

use crate::matching::{Answer, Matching, match_among};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Says of what no file answers, where that is so, that its file is broken.
pub(crate) fn tell(
    matching: &mut Matching,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<(), EngineError> {
    if !matching.matched.iter().any(|one| matches!(one.answer, Answer::None(_))) {
        return Ok(());
    }
    let wanted = || matching.matched.iter().map(|one| one.wanted.clone()).collect();
    let mut broken = would_answer(wanted, roots, run, context)?;
    for one in &mut matching.matched {
        if let Answer::None(why) = &mut one.answer
            && let Some(how) = broken.remove(&one.wanted.id)
        {
            *why = says(&how);
            matching.broken.insert(one.wanted.id, how);
        }
    }
    Ok(())
}

/// Why nothing answers it.
pub(crate) fn says(how: &str) -> String {
    format!("its file cannot be used – {how}")
}

/// Which of these things a broken file would answer if it were whole: the file, and how it is broken. All that is asked
/// about together is asked together, as songs of one release lend each other weight.
pub(crate) fn would_answer(
    wanted: impl FnOnce() -> Vec<StoredWanted>,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<HashMap<i64, String>, EngineError> {
    let broken = context.library.broken_offers(roots)?;
    if broken.is_empty() {
        return Ok(HashMap::new());
    }
    let how: HashMap<i64, String> = broken
        .iter()
        .map(|(offer, reason)| (offer.file_id, format!("{}: {reason}", offer.path.display())))
        .collect();
    let offers = broken.into_iter().map(|(offer, _)| offer).collect();
    let quiet = Context { listen: false, progress: &Silent, ..*context };
    let matching = match_among(offers, wanted(), run, &quiet)?;
    let of = |answer: &Answer| match answer {
        Answer::File(found) => how.get(&found.file_id),
        Answer::Files(files, _) => files.iter().find_map(|file| how.get(file)),
        // Alone it may be less sure than among the whole files of its album; against a version that is not wanted stands
        // an objection.
        Answer::Review(found, _) => {
            let first = found.first().filter(|found| found.objection.is_none());
            first.and_then(|found| how.get(&found.file_id))
        }
        Answer::None(_) | Answer::LeftOut(_) | Answer::NotYet(_) => None,
    };
    Ok(matching.matched.iter().filter_map(|one| Some((one.wanted.id, of(&one.answer)?.clone()))).collect())
}
