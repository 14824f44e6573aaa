//! One list, read to its end page by page, or taken from what is kept.
//!
//! Pages are counted by offset and total. The address of the "next" page that an answer names is never followed: it
//! could lead to another server, and the token with it.

use std::cell::Cell;
use std::collections::HashSet;

use ferrotape_domain::{AnswerCache, Fault};
use serde_json::Value;

use super::faults;
use super::kept::{self, Kept};
use super::rows::{Page, identity};
use super::session::{Given, Session};

/// The most that Spotify gives at once.
const LIMIT: u64 = 50;
/// 250,000 rows; a list that goes on for longer has no end.
const MAX_PAGES: usize = 5_000;
/// So often a list is begun again because it changed while it was read.
const BEGINNINGS: u32 = 3;

/// A list whose pages are counted.
pub(super) struct ByOffset {
    pub(super) path: String,
    /// Further parameters, with their `&`.
    pub(super) more: &'static str,
    /// For playlists: the snapshot to be read; empty when it is not known.
    pub(super) snapshot: Option<String>,
    /// Whether what was added last stands first.
    pub(super) newest_first: bool,
}

impl ByOffset {
    fn page(&self, offset: u64) -> String {
        format!("{}?limit={LIMIT}&offset={offset}{}", self.path, self.more)
    }
}

/// A list whose pages name the next one's beginning.
pub(super) struct ByCursor {
    /// With a query already.
    pub(super) path: &'static str,
}

/// What reads lists within one pull.
pub(super) struct Lists<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) cache: &'a dyn AnswerCache,
    pub(super) pull: u64,
    pub(super) now: i64,
    /// Rows that need not be asked for.
    pub(super) kept_rows: Cell<u64>,
}

/// How reading a list from its beginning ended.
enum Reading {
    Done(Kept),
    /// Its length changed in the middle.
    Changed,
}

impl Lists<'_> {
    /// A list of any length.
    pub(super) fn read(&self, list: &ByOffset) -> Result<Kept, Fault> {
        let known = kept::list(self.cache, &list.path)?;
        if let Some((_, known)) = known.as_ref().filter(|(_, known)| self.still_holds(known, list)) {
            self.count_kept(known.rows.len());
            return Ok(known.clone());
        }
        let known = known.filter(|(_, known)| list.newest_first && known.refused.is_none());
        for beginning in 0..BEGINNINGS {
            // Pages of an earlier beginning belong to the list as it was.
            match self.read_once(list, known.as_ref(), beginning == 0)? {
                Reading::Done(kept) => return Ok(kept),
                Reading::Changed => {}
            }
        }
        Err(faults::later(format!(
            "{} changed each time it was read – run the same command again when nothing changes it",
            list.path
        )))
    }

    /// Whether a list that is kept need not be asked for.
    fn still_holds(&self, known: &Kept, list: &ByOffset) -> bool {
        let same = list.snapshot.as_ref().is_some_and(|now| !now.is_empty() && *now == known.snapshot);
        known.pull == self.pull || same
    }

    fn read_once(
        &self,
        list: &ByOffset,
        known: Option<&(i64, Kept)>,
        may_be_kept: bool,
    ) -> Result<Reading, Fault> {
        let mut whole =
            Kept { pull: self.pull, snapshot: list.snapshot.clone().unwrap_or_default(), ..Kept::default() };
        let (mut offset, mut pages) = (0, Vec::new());
        let mut at = self.now;
        loop {
            let path = list.page(offset);
            let page = self.page(&path, may_be_kept, offset > 0)?;
            if offset > 0 && (page.refused.is_some() || page.total != whole.total) {
                return Ok(Reading::Changed);
            }
            (whole.total, whole.refused) = (page.total, page.refused);
            let (came, covers) = (page.rows.len(), page.limit.unwrap_or(LIMIT).clamp(1, LIMIT));
            whole.rows.extend(page.rows);
            pages.push(path);
            offset += covers;
            if let Some((since, rows, kept)) = known.and_then(|known| joined(&whole, known)) {
                (at, whole.rows) = (since, rows);
                self.count_kept(kept);
                break;
            }
            let is_last = whole.total.map_or((came as u64) < covers, |total| offset >= total);
            if is_last || whole.refused.is_some() {
                break;
            }
            if pages.len() >= MAX_PAGES {
                return Err(faults::permanent(format!("{} has no end", list.path)));
            }
        }
        self.keep(&list.path, at, &whole, &pages)?;
        Ok(Reading::Done(whole))
    }

    /// A list with cursors.
    pub(super) fn read_by_cursor(&self, list: &ByCursor) -> Result<Kept, Fault> {
        if let Some((_, known)) = kept::list(self.cache, list.path)?
            && known.pull == self.pull
        {
            self.count_kept(known.rows.len());
            return Ok(known);
        }
        let mut whole = Kept { pull: self.pull, ..Kept::default() };
        let (mut pages, mut seen) = (Vec::new(), HashSet::new());
        let mut path = format!("{}&limit={LIMIT}", list.path);
        loop {
            let page = self.page(&path, true, !pages.is_empty())?;
            (whole.total, whole.refused) = (whole.total.or(page.total), page.refused);
            whole.rows.extend(page.rows);
            pages.push(path);
            let Some(after) = page.after.filter(|after| seen.insert(after.clone())) else { break };
            if pages.len() >= MAX_PAGES {
                return Err(faults::permanent(format!("{} has no end", list.path)));
            }
            // A cursor comes from outside and becomes a part of an address.
            let after = percent_encoding::utf8_percent_encode(&after, percent_encoding::NON_ALPHANUMERIC);
            path = format!("{}&limit={LIMIT}&after={after}", list.path);
        }
        self.keep(list.path, self.now, &whole, &pages)?;
        Ok(whole)
    }

    /// A page, asked for unless this pull has it. It is kept at once, but for one that is a whole list.
    fn page(&self, path: &str, may_be_kept: bool, is_later: bool) -> Result<Kept, Fault> {
        if may_be_kept && let Some(page) = kept::page(self.cache, path)?.filter(|page| page.pull == self.pull)
        {
            self.count_kept(page.rows.len());
            return Ok(page);
        }
        let kept = match self.session.get(path)? {
            Given::Refused(status) => Kept { pull: self.pull, refused: Some(status), ..Kept::default() },
            Given::Json(answer) => {
                let Some(page) = Page::of(answer) else {
                    // A playlist without `items` is one whose entries are not for this account.
                    return Ok(Kept { pull: self.pull, refused: Some(200), ..Kept::default() });
                };
                let Page { rows, total, limit, after } = page;
                Kept { pull: self.pull, rows, total, limit, after, ..Kept::default() }
            }
        };
        let goes_on = kept.after.is_some() || kept.total.is_none_or(|total| total > kept.rows.len() as u64);
        if kept.refused.is_none() && (is_later || goes_on) {
            kept::keep_page(self.cache, path, self.now, &kept)?;
        }
        Ok(kept)
    }

    /// Keeps a whole list in place of its pages.
    fn keep(&self, path: &str, at: i64, whole: &Kept, pages: &[String]) -> Result<(), Fault> {
        kept::keep_list(self.cache, path, at, whole)?;
        for page in pages {
            if kept::page(self.cache, page)?.is_some() {
                kept::drop_page(self.cache, page, self.now)?;
            }
        }
        Ok(())
    }

    fn count_kept(&self, rows: usize) {
        self.kept_rows.set(self.kept_rows.get() + rows as u64);
    }
}

/// The newest rows and the known ones behind them, when they fit together without a gap and add up to the total; with
/// the age of the known ones and their number. Else something was removed, and the whole list must be read.
fn joined(newest: &Kept, (since, known): &(i64, Kept)) -> Option<(i64, Vec<Value>, usize)> {
    let first = known.rows.first()?;
    let at = newest.rows.iter().position(|row| identity(row) == identity(first))?;
    let (new, again) = newest.rows.split_at(at);
    let fits = again.iter().zip(&known.rows).all(|(one, other)| identity(one) == identity(other));
    let length = (at + known.rows.len()) as u64;
    if !fits || newest.total != Some(length) {
        return None;
    }
    let rest = known.rows.get(again.len()..)?;
    let rows = new.iter().chain(again).chain(rest).cloned().collect();
    Some((*since, rows, rest.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(ids: &[u32], total: u64) -> Kept {
        let row = |id: &u32| json!({ "added_at": format!("t{id}"), "track": { "uri": format!("u{id}") } });
        Kept { rows: ids.iter().map(row).collect(), total: Some(total), ..Kept::default() }
    }

    fn joins(newest: &[u32], total: u64, known: &[u32]) -> Option<Vec<Value>> {
        joined(&kept(newest, total), &(7, kept(known, known.len() as u64))).map(|(_, rows, _)| rows)
    }

    #[test]
    fn new_rows_join_the_known_ones_when_nothing_is_missing() {
        assert_eq!(joins(&[3, 2], 3, &[3, 2, 1]), Some(kept(&[3, 2, 1], 3).rows), "nothing new");
        assert_eq!(joins(&[5, 4, 3], 5, &[3, 2, 1]), Some(kept(&[5, 4, 3, 2, 1], 5).rows), "two new");
    }

    #[test]
    fn a_list_that_lost_something_is_read_as_a_whole() {
        assert_eq!(joins(&[3, 2], 2, &[3, 2, 1]), None, "the last is gone");
        assert_eq!(joins(&[4, 3, 1], 3, &[3, 2, 1]), None, "one came, one went");
        assert_eq!(joins(&[5, 4], 5, &[3, 2, 1]), None, "not reached yet");
        assert_eq!(joins(&[1], 1, &[]), None);
    }
}
