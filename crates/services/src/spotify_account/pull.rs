//! What is asked, in which order: the saved lists, the followed artists, the playlists, then each playlist's entries.
//!
//! A part that is known and cannot have changed is not asked for again: what this pull has already brought within
//! the hour, and playlists whose snapshot is the same. Saved lists begin with their newest row, so their first page tells what is
//! new. Everything that comes is kept before the next request, so a pull that ends anywhere goes on from there.

use std::cell::Cell;
use std::collections::HashSet;

use ferrotape_domain::{AccountAnswer, AccountPart, AnswerCache, Fault, FaultKind, Pulled};
use serde_json::json;

use super::faults;
use super::kept::{Kept, PullState};
use super::lists::{ByCursor, ByOffset, Lists};
use super::rows::Named;
use super::session::Session;

/// The saved lists and where they are.
const SAVED: [(AccountPart, &str); 5] = [
    (AccountPart::Tracks, "/me/tracks"),
    (AccountPart::Albums, "/me/albums"),
    (AccountPart::Episodes, "/me/episodes"),
    (AccountPart::Shows, "/me/shows"),
    (AccountPart::Audiobooks, "/me/audiobooks"),
];

/// A stop that Spotify asked for is remembered: until then nothing is asked.
pub(super) fn may_ask(cache: &dyn AnswerCache, now: i64) -> Result<(), Fault> {
    let wait = PullState::load(cache)?.not_before.and_then(|then| u64::try_from(then - now).ok());
    match wait.filter(|seconds| *seconds > 0) {
        Some(seconds) => Err(faults::after(seconds, "it wanted a pause, which is not over")),
        None => Ok(()),
    }
}

/// Pulls everything.
pub(super) fn pull(session: &Session<'_>, cache: &dyn AnswerCache, now: i64) -> Result<Pulled, Fault> {
    let state = PullState { not_before: None, ..PullState::load(cache)? }.next(now);
    state.save(cache, now)?;
    let PullState { number: pull, first, .. } = state;
    let lists = Lists { session, cache, pull, first, now, kept_rows: Cell::new(0) };
    let answers = everything(&lists).map_err(|fault| remembered(fault, cache, now))?;
    Ok(Pulled { answers, asked: session.line.asked(), kept_rows: lists.kept_rows.get() })
}

/// Keeps until when nothing may be asked, so that the next run need not find out.
pub(super) fn remembered(fault: Fault, cache: &dyn AnswerCache, now: i64) -> Fault {
    let FaultKind::Temporary { retry_after_seconds: Some(seconds) } = fault.kind else { return fault };
    let not_before = Some(now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)));
    let state = PullState::load(cache);
    match state.and_then(|state| PullState { not_before, ..state }.save(cache, now)) {
        Ok(()) => fault,
        Err(worse) => worse,
    }
}

fn everything(lists: &Lists<'_>) -> Result<Vec<AccountAnswer>, Fault> {
    let mut answers = Vec::new();
    for (part, path) in SAVED {
        let list = ByOffset { path: path.to_owned(), more: "", snapshot: None, newest_first: true };
        let list = lists.read(&list)?;
        if part == AccountPart::Tracks && matches!(list.refused, Some(403 | 404)) {
            // Who may not see these may see nothing: no need to ask five more times.
            return Err(faults::not_let_in("library"));
        }
        answers.push(answer(part, list));
    }
    let artists = lists.read_by_cursor(&ByCursor { path: "/me/following?type=artist" })?;
    answers.push(answer(AccountPart::Artists, artists));
    playlists(lists, &mut answers)?;
    Ok(answers)
}

fn playlists(lists: &Lists<'_>, answers: &mut Vec<AccountAnswer>) -> Result<(), Fault> {
    let list = ByOffset { path: "/me/playlists".into(), more: "", snapshot: None, newest_first: false };
    let list = lists.read(&list)?;
    if list.refused.is_some() {
        answers.push(answer(AccountPart::Playlists, list));
        return Ok(());
    }
    if let Some(total) = list.total.filter(|_| !list.is_whole()) {
        let (count, part) = (list.rows.len(), AccountPart::Playlists);
        let rows =
            Err(format!("Spotify counts {total} playlists and gave {count}; the others stay as they are"));
        answers.push(AccountAnswer { part, rows });
    }
    let named: Vec<Named> = list.rows.iter().filter_map(Named::of).collect();
    let unnamed = list.rows.len() - named.len();
    if unnamed > 0 {
        let rows = Err(format!("{unnamed} of your playlists came without the id by which to ask for them"));
        answers.push(AccountAnswer { part: AccountPart::Playlists, rows });
    }
    let mut seen = HashSet::new();
    // A list that moves while it is paged through may name one twice.
    for playlist in named.into_iter().filter(|playlist| seen.insert(playlist.id.clone())) {
        let list = lists.read(&ByOffset {
            path: format!("/playlists/{}/items", playlist.id.as_str()),
            more: "&additional_types=track,episode",
            snapshot: Some(playlist.snapshot),
            newest_first: false,
        })?;
        answers.push(answer(AccountPart::Playlist { name: playlist.name, link: playlist.link }, list));
    }
    Ok(())
}

fn answer(part: AccountPart, list: Kept) -> AccountAnswer {
    let rows = match list.refused {
        None => Ok(json!({ "total": list.total, "items": list.rows }).to_string().into_bytes()),
        Some(status) => Err(match part {
            AccountPart::Playlist { .. } if status != 404 => {
                "Spotify gives its entries only for your own playlists and those you share in; it is left out"
                    .into()
            }
            AccountPart::Playlist { .. } => "Spotify does not know it any more; it is left out".into(),
            _ => "Spotify does not give this part of your library; it is left out".into(),
        }),
    };
    AccountAnswer { part, rows }
}

/// Marks the pull as recorded.
pub(super) fn recorded(cache: &dyn AnswerCache, now: i64) -> Result<(), Fault> {
    let state = PullState::load(cache)?;
    PullState { finished: true, finished_at: Some(now), ..state }.save(cache, now)
}
