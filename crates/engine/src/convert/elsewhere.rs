//! What a run took from outside the folders it looked through: files that the user chose there. No listing tells what lies
//! beside them now, so it is looked at by itself.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::companions::lyrics_beside;
use super::planned_tracks::picture_in;
use super::step_1_plan::ConversionPlan;
use crate::refresh;

/// More than these are not looked at one by one.
const MOST: usize = 500;

/// Files outside the folders of a run, and what lay beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Elsewhere {
    files: Vec<PathBuf>,
    beside: String,
}

impl Elsewhere {
    /// `None` where there are too many.
    pub(super) fn of(plan: &ConversionPlan, roots: &[PathBuf]) -> Option<Self> {
        let below = |path: &Path| roots.iter().any(|root| path.starts_with(root));
        let sources = plan.tracks.iter().map(|track| &track.source);
        let mut files: Vec<PathBuf> = sources.filter(|source| !below(source)).cloned().collect();
        files.sort_unstable();
        files.dedup();
        let beside = beside(&files);
        (files.len() <= MOST).then_some(Self { files, beside })
    }

    /// Whether the same lies beside them as then.
    pub(super) fn is_as_before(&self) -> bool {
        beside(&self.files) == self.beside
    }
}

/// Lyrics and pictures, by their size and time.
fn beside(files: &[PathBuf]) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in files.iter().take(MOST) {
        let lyrics = refresh::stamp(&lyrics_beside(file)).unwrap_or_default();
        let picture = file.parent().map(picture_in);
        hasher.update(format!("{lyrics} {picture:?} {}\n", file.exists()).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
