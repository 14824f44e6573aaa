//! Files that can be opened, but turned out to be broken when they were decoded: which wanted things they would answer.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_domain::{Match, Objection, Offer, Silent};
use ferrotape_store::StoredWanted;

use crate::gather::are_two_tracks;
use crate::matching::{Answer, Matched, Matching, match_among};
use crate::policies::RunPolicy;
use crate::same_file::stamp_of;
use crate::{Context, EngineError, scan};

/// So much longer or shorter than it is wanted a file is another recording.
const APART: Duration = Duration::from_secs(2);

/// Says of what no file answers, where that is so, that its file is broken; and asks about a file that is only the best
/// because a broken one is not there.
pub(crate) fn tell(
    matching: &mut Matching,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<(), EngineError> {
    tell_of_parts(matching, roots, context)?;
    let is_asked = |one: &Matched| match one.answer {
        Answer::None(_) => true,
        Answer::File(_) => !one.decided,
        _ => false,
    };
    if !matching.matched.iter().any(is_asked) {
        return Ok(());
    }
    let wanted = || matching.matched.iter().map(|one| one.wanted.clone()).collect();
    let mut broken = would_answer(wanted, roots, run, context)?;
    let mut doubted = Vec::new();
    for one in &mut matching.matched {
        let Some(file) = broken.remove(&one.wanted.id) else { continue };
        match &mut one.answer {
            Answer::None(why) => {
                *why = file.says(why);
                if file.is_sure {
                    matching.broken.insert(one.wanted.id, file.how);
                }
            }
            Answer::File(_) if !one.decided => doubted.push(one.wanted.clone()),
            _ => {}
        }
    }
    ask_instead(matching, doubted, (roots, run), context)
}

/// Asks about those of the `doubted` answers that would be another file if that were whole.
fn ask_instead(
    matching: &mut Matching,
    doubted: Vec<StoredWanted>,
    (roots, run): (&[PathBuf], &RunPolicy),
    context: &Context,
) -> Result<(), EngineError> {
    let these: &Matching = matching;
    let ids: HashSet<i64> = doubted.iter().map(|one| one.id).collect();
    let of_it = these.matched.iter().filter(|one| ids.contains(&one.wanted.id));
    let of_it = of_it.filter_map(|one| Some((one.wanted.id, answer_among(&one.answer, these)?.clone())));
    let taken: HashMap<i64, Offer> = of_it.collect();
    let mut better = better_if_whole(&taken, doubted, (roots, run), context)?;
    for one in &mut matching.matched {
        let Answer::File(found) = &one.answer else { continue };
        if let Some(says) = better.remove(&one.wanted.id) {
            one.answer = as_question(found, says);
        }
    }
    Ok(())
}

/// A question about a file that is only the best because a broken one is not there.
pub(crate) fn as_question(found: &Match, says: String) -> Answer {
    let objection = Some(Objection { kind: "title", says: says.clone() });
    Answer::Review(vec![Match { objection, ..found.clone() }], says)
}

/// Which of these things would be answered by another file than the one that is `taken` if that were whole, and is surely not a
/// copy of it: of two songs of one name on an album the other one is not to be taken for the broken one.
pub(crate) fn better_if_whole(
    taken: &HashMap<i64, Offer>,
    wanted: Vec<StoredWanted>,
    (roots, run): (&[PathBuf], &RunPolicy),
    context: &Context,
) -> Result<HashMap<i64, String>, EngineError> {
    if taken.is_empty() {
        return Ok(HashMap::new());
    }
    let broken: HashMap<i64, (Offer, String)> = context
        .library
        .broken_offers(roots)?
        .into_iter()
        .map(|(offer, reason)| (offer.file_id, (offer, reason)))
        .collect();
    if broken.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known = HashSet::new();
    let all = broken.values().map(|(offer, _)| offer).chain(taken.values());
    let all: Vec<Offer> = all.filter(|offer| known.insert(offer.file_id)).cloned().collect();
    let quiet = Context { listen: false, progress: &Silent, ..*context };
    let if_whole = match_among(all, wanted, run, &quiet)?;
    let best = |one: &Matched| {
        let Answer::File(found) = &one.answer else { return None };
        let (offer, reason) = broken.get(&found.file_id)?;
        let is_other = is_another(offer, taken.get(&one.wanted.id)?, one.wanted.wanted.duration);
        let says = format!("the file that fits best is broken: {}: {reason}", offer.path.display());
        is_other.then_some((one.wanted.id, says))
    };
    Ok(if_whole.matched.iter().filter_map(best).collect())
}

fn answer_among<'m>(answer: &Answer, matching: &'m Matching) -> Option<&'m Offer> {
    match answer {
        Answer::File(found) => matching.offer(found.file_id),
        _ => None,
    }
}

/// Whether a broken file is surely another recording than the whole one that is taken: they lie beside each other as two
/// tracks of an album, or it alone is as long as is wanted. How long a broken file plays may be wrong.
fn is_another(broken: &Offer, whole: &Offer, wanted: Option<Duration>) -> bool {
    if broken.tags.isrc.is_some() && broken.tags.isrc == whole.tags.isrc {
        return false;
    }
    let is_as_wanted = |offer: &Offer| {
        offer.facts.duration.zip(wanted).is_some_and(|(ours, wanted)| ours.abs_diff(wanted) <= APART)
    };
    let is_nearer = is_as_wanted(broken) && !is_as_wanted(whole);
    let are_beside = broken.path.parent() == whole.path.parent();
    is_nearer || (are_beside && are_two_tracks(broken, whole))
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

/// How the file at `path` is broken; `None` where it is not known to be, or another was put there since.
pub(crate) fn how(path: &Path, context: &Context) -> Result<Option<String>, EngineError> {
    let known = context.library.stamp(path)?;
    let now = path.metadata().ok().map(|found| stamp_of(&found));
    let is_as_then = known.zip(now).is_some_and(|((then, _), now)| now.agrees_with(&then));
    if !is_as_then {
        return Ok(None);
    }
    let broken = context.library.unreadable_files(&[path.to_owned()])?;
    let mut broken = broken.into_iter().filter(|(found, kind, _)| found == path && kind == scan::BROKEN);
    Ok(broken.next().map(|(_, _, reason)| reason))
}

/// A file that would be an answer if it were whole.
pub(crate) struct BrokenFile {
    /// Which it is, and how it is broken.
    pub(crate) how: String,
    /// Whether it would be taken without asking.
    pub(crate) is_sure: bool,
}

impl BrokenFile {
    /// Why nothing answers the thing; `why` is what was said of the whole files. A file of which nobody is sure that it
    /// is the wanted one is no reason to give the thing up as broken.
    pub(crate) fn says(&self, why: &str) -> String {
        match self.is_sure {
            true => format!("its file cannot be used – {}", self.how),
            false => format!("{why}; one that may be it cannot be used – {}", self.how),
        }
    }
}

/// Which of these things a broken file would answer if it were whole. All that is asked about together is asked
/// together, as songs of one release lend each other weight.
pub(crate) fn would_answer(
    wanted: impl FnOnce() -> Vec<StoredWanted>,
    roots: &[PathBuf],
    run: &RunPolicy,
    context: &Context,
) -> Result<HashMap<i64, BrokenFile>, EngineError> {
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
    let of = |answer: &Answer| {
        let (how, is_sure) = match answer {
            Answer::File(found) => (how.get(&found.file_id), true),
            Answer::Files(files, _) => (files.iter().find_map(|file| how.get(file)), true),
            // Against a version that is not wanted stands an objection.
            Answer::Review(found, _) => {
                let first = found.first().filter(|found| found.objection.is_none());
                (first.and_then(|found| how.get(&found.file_id)), false)
            }
            Answer::None(_) | Answer::LeftOut(_) | Answer::NotYet(_) => (None, false),
        };
        how.cloned().map(|how| BrokenFile { how, is_sure })
    };
    Ok(matching.matched.iter().filter_map(|one| Some((one.wanted.id, of(&one.answer)?))).collect())
}
