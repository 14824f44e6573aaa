//! Review: the things a person must decide, and what they said. Decisions are kept for ever.

mod decision_file;
mod filter;
mod reason;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_audio::probe;
use ferrotape_domain::{Cancel, ContentId, Decision, Match, Offer, Silent, Verdict};
use ferrotape_store::{Found, ScannedFile, StoredWanted};

pub use decision_file::{export_decisions, import_decisions};
pub use filter::{Filter, same_answer};
pub use reason::Reason;

use crate::listening::with_sound;
use crate::matching::{Answer, Matched, match_wanted};
use crate::named_file::NamedFile;
use crate::policies::RunPolicy;
use crate::same_file::{have_one_look, stamp_of};
use crate::selection::{ImportRules, select};
use crate::{Context, EngineError, broken};

/// What is wanted lasts as long as a file when no more than this is between them.
const SAME_LENGTH: Duration = Duration::from_secs(2);

/// One thing to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewCase {
    /// What is wanted; its id is the number of the case.
    pub wanted: StoredWanted,
    /// The few files it may be, best first. Empty for an album whose edition is unclear.
    pub candidates: Vec<(Offer, Match)>,
    /// What kind of reason kept it from being decided.
    pub reason: Reason,
    /// Why it was not decided.
    pub why: String,
    /// Names of the lists that ask for it.
    pub lists: Vec<String>,
    /// Whether it is answered by what the user said.
    pub decided: bool,
}

/// Everything in the library that waits for a decision, in library order.
pub fn open_cases(roots: &[PathBuf], context: &Context) -> Result<Vec<ReviewCase>, EngineError> {
    cases_with(&[], roots, context)
}

/// Everything that waits for a decision, and the things of these numbers though they were decided without asking:
/// what was chosen can be refused, too.
pub fn cases_with(
    numbers: &[i64],
    roots: &[PathBuf],
    context: &Context,
) -> Result<Vec<ReviewCase>, EngineError> {
    let selection = select(&[], &ImportRules::default(), context)?;
    let mut lists: HashMap<i64, Vec<String>> = HashMap::new();
    for list in &selection.lists {
        for id in &list.entries {
            let names = lists.entry(*id).or_default();
            if names.last() != Some(&list.name) {
                names.push(list.name.clone());
            }
        }
    }
    let matching = match_wanted(selection.wanted, roots, &RunPolicy::default(), context)?;
    let mut cases = Vec::new();
    for matched in &matching.matched {
        let asked = numbers.contains(&matched.wanted.id);
        let (candidates, why) = match &matched.answer {
            Answer::Review(candidates, why) => (candidates.as_slice(), why.as_str()),
            Answer::File(chosen) if asked && is_decided(matched) => {
                (std::slice::from_ref(chosen), "chosen by you")
            }
            Answer::File(chosen) if asked => (std::slice::from_ref(chosen), "chosen without asking"),
            _ => continue,
        };
        let with_offer = |found: &Match| matching.offer(found.file_id).map(|o| (o.clone(), found.clone()));
        cases.push(ReviewCase {
            reason: Reason::of(candidates, matched.wanted.wanted.kind),
            candidates: candidates.iter().filter_map(with_offer).collect(),
            why: why.to_owned(),
            lists: lists.remove(&matched.wanted.id).unwrap_or_default(),
            decided: is_decided(matched),
            wanted: matched.wanted.clone(),
        });
    }
    Ok(cases)
}

/// Whether a file answers it because the user said so; a refusal before does not make it so.
fn is_decided(matched: &Matched) -> bool {
    match &matched.answer {
        Answer::File(found) => found.evidence.iter().any(|evidence| evidence.kind == "decision"),
        _ => false,
    }
}

/// The wanted thing with this number.
pub fn wanted_by_number(number: i64, context: &Context) -> Result<StoredWanted, EngineError> {
    context.library.wanted_by_ids(&[number])?.pop().ok_or_else(|| {
        EngineError::NoSuchReview(format!(
            "there is no entry number {number} – `ferrotape review --list` shows them"
        ))
    })
}

/// "It is this file."
pub fn use_offer(wanted: &StoredWanted, offer: &Offer, context: &Context) -> Result<(), EngineError> {
    say(&[(wanted, its_file(offer))], context)
}

/// What [`use_offer`] says, for [`say`].
pub fn its_file(offer: &Offer) -> Verdict {
    let path = offer.place();
    Verdict::UseFile { content: offer.content.clone(), path, heard: None }
}

/// "It is the file at this path", which need not have been scanned before, or one part of it: `PATH, track N`.
///
/// The whole of a file that scans found to hold several recordings is only taken where it lasts as long as what is
/// wanted: most likely one of them is meant.
pub fn use_path(wanted: &StoredWanted, path: &Path, context: &Context) -> Result<(), EngineError> {
    let not_usable = |reason: String| EngineError::NoSuchReview(format!("{}: {reason}", path.display()));
    let named = NamedFile::of(path);
    let known = named.known(context)?;
    if named.track.is_some() {
        return match named.meant(known)? {
            Some(offer) => use_offer(wanted, &offer, context),
            None => Err(EngineError::FileNotScanned { path: named.path }),
        };
    }
    let path = named.path.canonicalize();
    let path = path.map_err(|error| not_usable(format!("cannot be opened ({error})")))?;
    let metadata = path.metadata().map_err(|error| not_usable(error.to_string()))?;
    let probed = probe(&path).map_err(|unreadable| not_usable(unreadable.to_string()))?;
    if let Some(how) = broken::how(&path, context)? {
        return Err(not_usable(format!("it cannot be used ({how}) – name a whole copy of it")));
    }
    // What a scan has found of the same file stays, its parts above all.
    let file_of = |offer: &Offer| ContentId(offer.content.bytes().to_owned());
    // Bytes that differ behind the same windows have an id of their own.
    let same = known.iter().map(file_of).find(|content| have_one_look(content, &probed.content));
    let (is_known, content) = (same.is_some(), same.unwrap_or(probed.content));
    let parts = known.iter().filter(|offer| offer.part.is_some());
    let lengths = wanted.wanted.duration.zip(probed.facts.duration);
    let lasts_as_long = lengths.is_some_and(|(wanted, whole)| wanted.abs_diff(whole) <= SAME_LENGTH);
    let parts = parts.count();
    if is_known && parts > 1 && !lasts_as_long {
        return Err(named.several(parts));
    }
    let stamp = stamp_of(&metadata);
    let file = ScannedFile {
        path: path.clone(),
        size: stamp.size,
        modified_ns: stamp.modified_ns,
        changed_ns: stamp.changed_ns,
        whole: String::new(),
        sheets: 0,
        found: Found::Audio {
            content: content.clone(),
            facts: probed.facts,
            tags: probed.tags,
            cover: probed.embedded_cover.unwrap_or_default(),
            // The next scan looks for sheets.
            parts: Vec::new(),
            doubt: None,
        },
    };
    if !is_known {
        context.library.record_scanned(&[file])?;
    }
    let path = path.to_string_lossy().into_owned();
    say(&[(wanted, Verdict::UseFile { content, path, heard: None })], context)
}

/// "None of these": the candidates are never proposed again for it, nor those refused before.
pub fn none_of_these(case: &ReviewCase, context: &Context) -> Result<(), EngineError> {
    say(&[(&case.wanted, its_none_of(case))], context)
}

/// What [`none_of_these`] says, for [`say`].
pub fn its_none_of(case: &ReviewCase) -> Verdict {
    let refused = case.candidates.iter().map(|(offer, _)| offer.content.clone()).collect();
    Verdict::NoneOfThese { refused, heard: Vec::new() }
}

/// "Leave it out": it is not to be on the player, whatever files come.
pub fn leave_out(wanted: &StoredWanted, context: &Context) -> Result<(), EngineError> {
    say(&[(wanted, Verdict::LeaveOut)], context)
}

/// Keeps what was said in one go, with the sound of the files it is about; [`undo_last`] takes it back in one go.
pub fn say(said: &[(&StoredWanted, Verdict)], context: &Context) -> Result<(), EngineError> {
    let mut decisions = Vec::with_capacity(said.len());
    for (wanted, verdict) in said {
        decisions.push(Decision {
            wanted_key: wanted.key.clone(),
            label: wanted.wanted.label(),
            verdict: with_sound(verdict.clone(), context)?,
            decided_at: context.now,
        });
    }
    Ok(context.library.save_decisions(&decisions)?)
}

/// Listens to the candidates of these cases while a person looks at them, the best of each first, so that deciding
/// need not wait for it. Ends early when `stop` is raised.
pub fn hear_ahead(cases: &[&ReviewCase], stop: &Cancel, context: &Context) {
    let quietly = Context { progress: &Silent, cancel: stop, ..*context };
    let most = cases.iter().map(|case| case.candidates.len()).max().unwrap_or(0);
    for rank in 0..most {
        for (offer, _) in cases.iter().filter_map(|case| case.candidates.get(rank)) {
            // What cannot be heard is decided without its sound.
            if stop.is_stopped() || !context.listen || with_sound(its_file(offer), &quietly).is_err() {
                return;
            }
        }
    }
}

/// Takes the last word on a thing back, so that the one before it holds again; `false` when there was none.
pub fn undo(wanted: &StoredWanted, context: &Context) -> Result<bool, EngineError> {
    // Two imports may have been decided apart before they were found to be one thing: the word that holds is meant.
    let said = context.library.decisions()?;
    let keys = std::iter::once(&wanted.key).chain(&wanted.aliases);
    let words = keys.filter_map(|key| said.iter().find(|decision| &decision.wanted_key == key));
    match words.rev().max_by_key(|decision| decision.decided_at) {
        Some(last) => Ok(context.library.take_back_decision(&last.wanted_key, context.now)?),
        None => Ok(false),
    }
}

/// Takes back what was last decided here in one go, in this run or an earlier one; gives it back.
pub fn undo_last(context: &Context) -> Result<Vec<Decision>, EngineError> {
    Ok(context.library.take_back_last(context.now)?)
}
