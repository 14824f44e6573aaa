//! Review: the things a person must decide, and what they said. Decisions are kept for ever.

mod decision_file;

use std::path::{Path, PathBuf};

use ferrotape_audio::probe;
use ferrotape_domain::{Decision, Match, Offer, Verdict};
use ferrotape_store::{Found, ScannedFile, StoredWanted};

pub use decision_file::{export_decisions, import_decisions};

use crate::listening::with_sound;
use crate::matching::{Answer, match_wanted};
use crate::selection::{ImportRules, select};
use crate::{Context, EngineError};

/// One thing to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewCase {
    /// What is wanted; its id is the number of the case.
    pub wanted: StoredWanted,
    /// The few files it may be, best first. Empty for an album whose edition is unclear.
    pub candidates: Vec<(Offer, Match)>,
    /// Why it was not decided.
    pub why: String,
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
    let matching = match_wanted(selection.wanted, roots, context)?;
    let mut cases = Vec::new();
    for matched in &matching.matched {
        let asked = numbers.contains(&matched.wanted.id);
        let (candidates, why) = match &matched.answer {
            Answer::Review(candidates, why) => (candidates.as_slice(), why.as_str()),
            Answer::File(chosen) if asked => (std::slice::from_ref(chosen), "chosen without asking"),
            _ => continue,
        };
        let with_offer = |found: &Match| matching.offer(found.file_id).map(|o| (o.clone(), found.clone()));
        let candidates = candidates.iter().filter_map(with_offer).collect();
        cases.push(ReviewCase { wanted: matched.wanted.clone(), candidates, why: why.to_owned() });
    }
    Ok(cases)
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
    let path = offer.path.to_string_lossy().into_owned();
    decide(wanted, Verdict::UseFile { content: offer.content.clone(), path, heard: None }, context)
}

/// "It is the file at this path", which need not have been scanned before.
pub fn use_path(wanted: &StoredWanted, path: &Path, context: &Context) -> Result<(), EngineError> {
    let not_usable = |reason: String| EngineError::NoSuchReview(format!("{}: {reason}", path.display()));
    let path = path.canonicalize().map_err(|error| not_usable(format!("cannot be opened ({error})")))?;
    let metadata = path.metadata().map_err(|error| not_usable(error.to_string()))?;
    let probed = probe(&path).map_err(|unreadable| not_usable(unreadable.to_string()))?;
    let modified = metadata.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
    let file = ScannedFile {
        path: path.clone(),
        size: metadata.len(),
        modified_ns: modified.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0),
        found: Found::Audio {
            content: probed.content.clone(),
            facts: probed.facts,
            tags: probed.tags,
            cover: probed.embedded_cover.unwrap_or_default(),
        },
    };
    context.library.record_scanned(&[file])?;
    let path = path.to_string_lossy().into_owned();
    decide(wanted, Verdict::UseFile { content: probed.content, path, heard: None }, context)
}

/// "None of these": the candidates are never proposed again for it.
pub fn none_of_these(case: &ReviewCase, context: &Context) -> Result<(), EngineError> {
    let mut refused = already_refused(&case.wanted, context)?;
    for (offer, _) in &case.candidates {
        if !refused.contains(&offer.content) {
            refused.push(offer.content.clone());
        }
    }
    decide(&case.wanted, Verdict::NoneOfThese { refused, heard: Vec::new() }, context)
}

fn already_refused(
    wanted: &StoredWanted,
    context: &Context,
) -> Result<Vec<ferrotape_domain::ContentId>, EngineError> {
    let decisions = context.library.decisions()?.into_iter();
    let mut of_wanted = decisions.filter(|decision| decision.wanted_key == wanted.key);
    Ok(match of_wanted.next().map(|decision| decision.verdict) {
        Some(Verdict::NoneOfThese { refused, .. }) => refused,
        _ => Vec::new(),
    })
}

/// Takes the decision back; `false` when there was none.
pub fn undo(wanted: &StoredWanted, context: &Context) -> Result<bool, EngineError> {
    let mut undone = false;
    for key in std::iter::once(&wanted.key).chain(&wanted.aliases) {
        undone |= context.library.remove_decision(key)?;
    }
    Ok(undone)
}

fn decide(wanted: &StoredWanted, verdict: Verdict, context: &Context) -> Result<(), EngineError> {
    let verdict = with_sound(verdict, context)?;
    let decision = Decision {
        wanted_key: wanted.key.clone(),
        label: wanted.wanted.label(),
        verdict,
        decided_at: context.now,
    };
    Ok(context.library.save_decision(&decision)?)
}
