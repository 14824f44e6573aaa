//! Files that can be opened, but turned out to be broken when they were decoded: which wanted things they would answer.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::{Offer, Silent};
use ferrotape_store::StoredWanted;

use crate::matching::{Answer, Matched, Matching, match_among};
use crate::policies::RunPolicy;
use crate::{Context, EngineError};

/// Says of what no file answers, where that is so, that its file is broken.
pub(crate) fn tell(
    matching: &mut Matching,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<(), EngineError> {
    tell_of_parts(matching, roots, context)?;
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

/// Says of albums, podcasts and books whose files are here that one of them is broken: the rest alone is not all of it.
fn tell_of_parts(matching: &mut Matching, roots: &[PathBuf], context: &Context) -> Result<(), EngineError> {
    let has_parts = |one: &&Matched| matches!(one.answer, Answer::Files(..));
    if !matching.matched.iter().any(|one| has_parts(&one)) {
        return Ok(());
    }
    let named: HashMap<PathBuf, Offer> = context
        .library
        .broken_offers(roots)?
        .into_iter()
        .map(|(offer, _)| (offer.path.clone(), offer))
        .collect();
    let mut beside: HashMap<PathBuf, Vec<(PathBuf, String)>> = HashMap::new();
    for (path, kind, reason) in context.library.unreadable_files(roots)? {
        if let Some(folder) = path.parent().filter(|_| kind == "broken") {
            beside.entry(folder.to_owned()).or_default().push((path.clone(), reason));
        }
    }
    // What else lies in those folders, by its album.
    let mut albums: HashMap<&Path, HashSet<Option<&str>>> = HashMap::new();
    for offer in &matching.offers {
        if let Some(folder) = offer.path.parent().filter(|folder| beside.contains_key(*folder)) {
            albums.entry(folder).or_default().insert(offer.tags.album.as_deref());
        }
    }
    let mut found = Vec::new();
    for one in matching.matched.iter().filter(has_parts) {
        let Answer::Files(files, _) = &one.answer else { continue };
        let whole: Vec<&Offer> = files.iter().filter_map(|id| matching.offer(*id)).collect();
        let folders: HashSet<&Path> = whole.iter().filter_map(|offer| offer.path.parent()).collect();
        let mut near = folders.into_iter().filter_map(|folder| beside.get(folder)).flatten();
        let is_part = |path: &Path| match named.get(path) {
            Some(broken) => is_missing_part(broken, &whole),
            // Nothing is known of it: where all else in its folder is of one album, so is it.
            None => path.parent().and_then(|folder| albums.get(folder)).is_some_and(|albums| {
                albums.iter().all(|album| whole.iter().any(|one| one.tags.album.as_deref() == *album))
            }),
        };
        if let Some((path, reason)) = near.find(|(path, _)| is_part(path)) {
            found.push((one.wanted.id, format!("{}: {reason}", path.display())));
        }
    }
    matching.broken.extend(found);
    Ok(())
}

/// Whether a broken file belongs to the whole ones beside it, and none of them is its like.
fn is_missing_part(broken: &Offer, whole: &[&Offer]) -> bool {
    let is_of_it = |offer: &&Offer| broken.tags.album.is_none() || offer.tags.album == broken.tags.album;
    let is_its_like = |offer: &&Offer| broken.tags.title.is_some() && offer.tags.title == broken.tags.title;
    whole.iter().any(is_of_it) && !whole.iter().any(is_its_like)
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
