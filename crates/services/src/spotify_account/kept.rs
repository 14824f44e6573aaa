//! What is kept of an account's answers between runs: pages of a pull that is under way, lists that are whole, and how
//! far the pull is.

use ferrotape_domain::{AnswerCache, Fault};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::faults;

const PULL: &str = "pull";

/// How far the pull is. Pulls are numbered: a clock may stand still, a number does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PullState {
    pub(super) number: u64,
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
}

/// A page of a list, or the whole list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Number of the pull that brought it.
    pub(super) pull: u64,
    /// The snapshot of the playlist it belongs to.
    pub(super) snapshot: String,
    /// The status by which it was refused, instead of rows.
    pub(super) refused: Option<u16>,
    pub(super) total: Option<u64>,
    pub(super) limit: Option<u64>,
    pub(super) after: Option<String>,
    pub(super) rows: Vec<Value>,
}

/// A page that is under way.
pub(super) fn page(cache: &dyn AnswerCache, path: &str) -> Result<Option<Kept>, Fault> {
    Ok(read(cache, &format!("page {path}"))?.map(|(_, kept)| kept))
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
