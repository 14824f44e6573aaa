//! One list, read to its end page by page, or taken from what is kept.
//!
//! Pages are counted by offset and total. The address of the "next" page that an answer names is never followed: it
//! could lead to another server, and the token with it.

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

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
    /// The first attempt at this pull.
    pub(super) first: u64,
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

/// One page to have.
struct Asked<'p> {
    path: &'p str,
    /// The state of the list that it must belong to.
    of: &'p str,
    /// A kept one will do when it is of this pull or a later one.
    since: u64,
    /// Where it begins, in lists whose pages are counted.
    offset: Option<u64>,
}

impl Asked<'_> {
    /// Whether rows are missing by Spotify's own count.
    fn is_short(&self, page: &Kept) -> bool {
        let (Some(offset), Some(total), None) = (self.offset, page.total, page.refused) else { return false };
        (page.rows.len() as u64) < covers(page).min(total.saturating_sub(offset))
    }
}

/// Rows of the list that a page stands for.
fn covers(page: &Kept) -> u64 {
    page.limit.unwrap_or(LIMIT).clamp(1, LIMIT)
}

impl Lists<'_> {
    /// A list of any length.
    pub(super) fn read(&self, list: &ByOffset) -> Result<Kept, Fault> {
        let known = kept::list(self.cache, &list.path)?;
        if let Some((_, known)) = known.as_ref().filter(|(_, known)| self.still_holds(known, list)) {
            self.count_kept(known.rows.len());
            return Ok(known.clone());
        }
        let known = known.filter(|(_, known)| list.newest_first && known.is_whole());
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
        let mut whole = Kept { pull: self.pull, ..Kept::default() };
        let (mut offset, mut pages, mut at) = (0, Vec::new(), self.now);
        // The first page tells which later ones belong to it, whenever they came.
        let mut of = list.snapshot.clone().unwrap_or_default();
        loop {
            let path = list.page(offset);
            let since = if may_be_kept { self.since(list, offset) } else { u64::MAX };
            let (came, page) = self.page(&Asked { path: &path, of: &of, since, offset: Some(offset) })?;
            match offset {
                0 => of = state_of(&of, &page),
                _ if page.refused.is_some() || page.total != whole.total => return Ok(Reading::Changed),
                _ => {}
            }
            at = at.min(came);
            (whole.total, whole.refused) = (page.total, page.refused);
            let (rows, covers) = (page.rows.len() as u64, covers(&page));
            whole.rows.extend(page.rows);
            pages.push(path);
            offset += covers;
            if let Some((since, rows, kept)) = known.and_then(|known| joined(&whole, known)) {
                (at, whole.rows) = (at.min(since), rows);
                self.count_kept(kept);
                break;
            }
            let is_last = whole.total.map_or(rows < covers, |total| offset >= total);
            if is_last || whole.refused.is_some() {
                break;
            }
            not_endless(&list.path, &pages)?;
        }
        if whole.is_whole() {
            whole.snapshot = list.snapshot.clone().unwrap_or_default();
        }
        self.keep(&list.path, at, &whole, &pages)?;
        Ok(Reading::Done(whole))
    }

    /// How old a kept page may be. The first is looked at in each attempt; where nothing but all pages would tell of a
    /// change, so are the others.
    fn since(&self, list: &ByOffset, offset: u64) -> u64 {
        let tells = list.newest_first || list.snapshot.as_ref().is_some_and(|snapshot| !snapshot.is_empty());
        if tells && offset > 0 { self.first } else { self.pull }
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
            let (_, page) = self.page(&Asked { path: &path, of: "", since: self.pull, offset: None })?;
            (whole.total, whole.refused) = (whole.total.or(page.total), page.refused);
            whole.rows.extend(page.rows);
            pages.push(path);
            let Some(after) = page.after.filter(|after| seen.insert(after.clone())) else { break };
            not_endless(list.path, &pages)?;
            // A cursor comes from outside and becomes a part of an address.
            let after = percent_encoding::utf8_percent_encode(&after, percent_encoding::NON_ALPHANUMERIC);
            path = format!("{}&limit={LIMIT}&after={after}", list.path);
        }
        self.keep(list.path, self.now, &whole, &pages)?;
        Ok(whole)
    }

    /// A page and when it came, asked for unless one that is kept will do. It is kept at once, but for one that is a
    /// whole list.
    fn page(&self, asked: &Asked<'_>) -> Result<(i64, Kept), Fault> {
        let kept = kept::page(self.cache, asked.path)?;
        if let Some((at, page)) =
            kept.filter(|(_, page)| (asked.since..=self.pull).contains(&page.pull) && page.of == asked.of)
        {
            self.count_kept(page.rows.len());
            return Ok((at, page));
        }
        let mut page = self.ask(asked)?;
        if asked.is_short(&page) {
            // Missing rows would look like rows that were taken out.
            page = self.ask(asked)?;
        }
        let is_only = asked.offset.is_none_or(|offset| offset == 0)
            && page.after.is_none()
            && page.total.is_some()
            && page.is_whole();
        // One that is short is asked for again by whoever goes on.
        if page.refused.is_none() && !is_only && !asked.is_short(&page) {
            kept::keep_page(self.cache, asked.path, self.now, &page)?;
        }
        Ok((self.now, page))
    }

    fn ask(&self, asked: &Asked<'_>) -> Result<Kept, Fault> {
        let nothing = Kept { pull: self.pull, of: asked.of.to_owned(), ..Kept::default() };
        Ok(match self.session.get(asked.path)? {
            Given::Refused(status) => Kept { refused: Some(status), ..nothing },
            Given::Json(answer) => match Page::of(answer) {
                // A playlist without `items` is one whose entries are not for this account.
                None => Kept { refused: Some(200), ..nothing },
                Some(Page { rows, total, limit, after }) => Kept { rows, total, limit, after, ..nothing },
            },
        })
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

fn not_endless(path: &str, pages: &[String]) -> Result<(), Fault> {
    if pages.len() < MAX_PAGES { Ok(()) } else { Err(faults::permanent(format!("{path} has no end"))) }
}

/// What tells one state of a list from another, as far as its first page can.
fn state_of(snapshot: &str, first: &Kept) -> String {
    let mut hasher = DefaultHasher::new();
    (snapshot, first.total, first.limit).hash(&mut hasher);
    first.rows.iter().for_each(|row| identity(row).hash(&mut hasher));
    format!("{:016x}", hasher.finish())
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
mod tests;
