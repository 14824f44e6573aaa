//! Sources that turn out to be broken only when they are decoded: cut off in the middle, damaged throughout.
//!
//! They are recorded as broken, so that matching passes them over from now on, and the run goes another round: the
//! user may own a second copy. Every round sets at least one file aside, so the rounds end.

use std::collections::HashMap;
use std::time::UNIX_EPOCH;

use ferrotape_domain::Outcome;
use ferrotape_store::{Found, ScannedFile};

use super::ConvertRequest;
use super::step_1_plan::{ConversionPlan, PlannedTrack};
use super::step_2_perform::Performed;
use crate::{Context, EngineError};

/// What the rounds before this one learned and did.
#[derive(Default)]
pub(super) struct EarlierRounds {
    /// Wanted things whose file was broken, and how.
    pub(super) broken: HashMap<i64, String>,
    encoded: usize,
    from_cache: usize,
    copied: usize,
}

/// Wanted things whose file the last run (to `target`, or at all) found broken, and how, while the file is still so.
pub(crate) fn still_broken(
    target: Option<&str>,
    context: &Context,
) -> Result<HashMap<i64, String>, EngineError> {
    let Some(run) = context.library.last_run(target)? else { return Ok(HashMap::new()) };
    let unreadable = context.library.unreadable_files(&[])?;
    let paths: Vec<String> = unreadable.iter().map(|(path, ..)| path.display().to_string()).collect();
    let still_broken = |why: &str| paths.iter().any(|path| why.starts_with(path.as_str()));
    let broken = run.rows.into_iter().filter_map(|(id, outcome)| match outcome {
        Outcome::Failed(why) if still_broken(&why) => Some((id, why)),
        _ => None,
    });
    Ok(broken.collect())
}

impl EarlierRounds {
    /// What the last run to this target already found broken and still is: said again, not forgotten.
    pub(super) fn of_last_run(request: &ConvertRequest, context: &Context) -> Result<Self, EngineError> {
        let broken = still_broken(Some(&request.target_name()), context)?;
        Ok(Self { broken, ..Self::default() })
    }

    /// Records what was found broken. `true` when another round may do better.
    pub(super) fn found_broken(
        &mut self,
        performed: Option<&mut Performed>,
        plan: &ConversionPlan,
        context: &Context,
    ) -> Result<bool, EngineError> {
        let Some(performed) = performed else { return Ok(false) };
        performed.encoded += self.encoded;
        performed.from_cache += self.from_cache;
        performed.copied += self.copied;
        let (mut found, mut parts) = (Vec::new(), 0);
        for (track, reason) in &performed.broken {
            let wanted = plan.fills.iter().filter(|(_, tracks)| tracks.contains(track)).map(|(id, _)| *id);
            self.broken.extend(wanted.map(|id| (id, reason.clone())));
            let Some(track) = plan.tracks.get(*track) else { continue };
            // Of what is cut for the player the library knows only the file.
            if let Some(part) = track.part.as_ref().filter(|_| !track.is_piece) {
                context.library.record_broken_part(&track.source, part, without_path(track, reason))?;
                parts += 1;
            } else {
                found.extend(as_broken(track, reason, sheets_of(&track.source, context)?));
            }
        }
        context.library.record_scanned(&found)?;
        (self.encoded, self.from_cache) = (performed.encoded, performed.from_cache);
        self.copied = performed.copied;
        Ok((!found.is_empty() || parts > 0) && performed.stopped.is_none())
    }
}

/// `None` when the file is gone meanwhile; the next scan will see that.
fn as_broken(track: &PlannedTrack, reason: &str, sheets: i64) -> Option<ScannedFile> {
    let metadata = track.source.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let reason = without_path(track, reason);
    Some(ScannedFile {
        path: track.source.clone(),
        size: metadata.len(),
        modified_ns: i64::try_from(modified.as_nanos()).ok()?,
        sheets,
        found: Found::Unreadable { kind: "broken".to_owned(), reason: reason.to_owned() },
    })
}

/// Wherever the library's reasons are shown, the path stands before them.
fn without_path<'r>(track: &PlannedTrack, reason: &'r str) -> &'r str {
    let named = format!("{}: ", track.source.display());
    reason.strip_prefix(&named).unwrap_or(reason)
}

/// The stamp stays, so that the next scan does not look at the file again.
fn sheets_of(path: &std::path::Path, context: &Context) -> Result<i64, EngineError> {
    let known = context.library.known_files()?;
    Ok(known.into_iter().find(|file| file.path == path).map_or(0, |file| file.sheets))
}
