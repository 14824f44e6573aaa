//! What is kept of an account's answers between runs: pages of a pull that is under way, lists that are whole, and how
//! far the pull is.

use ferrotape_domain::{AnswerCache, Fault};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::faults;

const PULL: &str = "pull";
/// A pull that goes on within this time takes what it has as it is.
const FRESH_S: i64 = 3600;

/// How far the pull is. Pulls are numbered: a clock may stand still, a number does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PullState {
    pub(super) number: u64,
    /// Number of the first attempt at it: one that goes on after a long time gets a number of its own.
    pub(super) first: u64,
    /// When this attempt began, seconds since 1970 UTC.
    pub(super) begun_at: i64,
    /// Whether it was recorded; the next one begins anew.
    pub(super) finished: bool,
    /// When the last one was recorded, seconds since 1970 UTC.
    pub finished_at: Option<i64>,
    /// Spotify wants no request before this time.
    pub not_before: Option<i64>,
}

impl PullState {
    pub(super) fn load(cache: &dyn AnswerCache) -> Result<Self, Fault> {
        Ok(read(cache, PULL)?.map(|(_, state)| state).unwrap_or_default())
    }

    pub(super) fn save(&self, cache: &dyn AnswerCache, now: i64) -> Result<(), Fault> {
        write(cache, PULL, now, self)
    }

    /// The pull to go on with, or a new one. What came more than an hour ago is looked at again: it gets a new number.
    pub(super) fn next(self, now: i64) -> Self {
        let is_new = self.finished || self.number == 0;
        if !is_new && (0..=FRESH_S).contains(&now.saturating_sub(self.begun_at)) {
            return self;
        }
        let number = self.number + 1;
        let first = if is_new { number } else { self.first };
        Self { number, first, begun_at: now, finished: false, ..self }
    }
}

/// A page of a list, or the whole list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Number of the pull that brought it.
    pub(super) pull: u64,
    /// Of a whole playlist: its snapshot. Empty when Spotify refused it or kept rows back: such an answer holds for its
    /// own pull only.
    pub(super) snapshot: String,
    /// Of a page: the state of the list that it belongs to.
    pub(super) of: String,
    /// The status by which it was refused, instead of rows.
    pub(super) refused: Option<u16>,
    pub(super) total: Option<u64>,
    pub(super) limit: Option<u64>,
    pub(super) after: Option<String>,
    pub(super) rows: Vec<Value>,
}

impl Kept {
    /// Whether it is all that Spotify counts.
    pub(super) fn is_whole(&self) -> bool {
        self.refused.is_none() && self.total.is_none_or(|total| self.rows.len() as u64 >= total)
    }
}

/// A page that is under way, and when it came.
pub(super) fn page(cache: &dyn AnswerCache, path: &str) -> Result<Option<(i64, Kept)>, Fault> {
    read(cache, &format!("page {path}"))
}

pub(super) fn keep_page(cache: &dyn AnswerCache, path: &str, now: i64, kept: &Kept) -> Result<(), Fault> {
    write(cache, &format!("page {path}"), now, kept)
}

/// Empties the place of a page whose rows are kept with its list.
pub(super) fn drop_page(cache: &dyn AnswerCache, path: &str, now: i64) -> Result<(), Fault> {
    cache.keep(&format!("page {path}"), now, b"")
}

/// A whole list, and when the oldest of its rows came.
pub(super) fn list(cache: &dyn AnswerCache, path: &str) -> Result<Option<(i64, Kept)>, Fault> {
    read(cache, &format!("list {path}"))
}

pub(super) fn keep_list(cache: &dyn AnswerCache, path: &str, at: i64, kept: &Kept) -> Result<(), Fault> {
    write(cache, &format!("list {path}"), at, kept)
}

/// What cannot be read any more was kept by another version: as good as not kept.
fn read<T: DeserializeOwned>(cache: &dyn AnswerCache, key: &str) -> Result<Option<(i64, T)>, Fault> {
    let Some((at, text)) = cache.answer(key)? else { return Ok(None) };
    Ok(serde_json::from_slice(&text).ok().map(|kept| (at, kept)))
}

fn write(cache: &dyn AnswerCache, key: &str, at: i64, value: &impl Serialize) -> Result<(), Fault> {
    let text =
        serde_json::to_vec(value).map_err(|_| faults::permanent("an answer has no form to be kept in"))?;
    cache.keep(key, at, &text)
}
