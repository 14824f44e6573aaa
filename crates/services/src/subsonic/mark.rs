//! Whether anything has changed on a server since it was listed.
//!
//! What a server can tell is found out once and remembered: the time of its last scan, or of the last change to its
//! index. The number of tracks alone was rejected: it stays the same when tags are corrected.

use std::sync::atomic::Ordering;

use ferrotape_domain::{Cancel, Fault};

use super::calls::Server;
use super::short;
use crate::loose::{number, text, yes};

/// Under which name it is remembered what the mark is made of.
const MARK_NOTE: &str = "mark-by";
/// The year 2100: nothing was changed since, so a server that listens sends no list.
const FUTURE_MS: &str = "4102444800000";

/// What the mark is made of, in the order in which it is tried.
const MARKS: [(&str, Ask); 2] = [("scan", by_scan), ("indexes", by_indexes)];

type Ask = fn(&Server, &Cancel) -> Result<Option<Mark>, Fault>;

enum Mark {
    Is(String),
    /// It changes just now.
    Unsettled,
}

/// One request, once it is known which; two the first time, and on servers that cannot tell.
pub(super) fn mark(server: &Server, cancel: &Cancel) -> Result<Option<String>, Fault> {
    let memory = server.net.memory();
    let known = memory.note(&server.line.name, MARK_NOTE).ok().flatten().unwrap_or_default();
    for (name, ask) in MARKS.iter().filter(|(name, _)| known.is_empty() || known == *name) {
        let found = match ask(server, cancel)? {
            Some(Mark::Is(mark)) => Some(format!("{mark}{}", short::today(server))),
            Some(Mark::Unsettled) => None,
            None => continue,
        };
        drop(memory.keep_note(&server.line.name, MARK_NOTE, name));
        return Ok(found);
    }
    // What was known holds no more: next time all are tried.
    drop(memory.keep_note(&server.line.name, MARK_NOTE, ""));
    Ok(None)
}

/// The time of the last scan; a count alone does not tell of tags that were changed.
fn by_scan(server: &Server, cancel: &Cancel) -> Result<Option<Mark>, Fault> {
    let Ok(answer) = server.call("getScanStatus", &[], cancel)? else { return Ok(None) };
    let Some(status) = answer.get("scanStatus") else { return Ok(None) };
    let Some(last) = text(status.get("lastScan")) else { return Ok(None) };
    if yes(status.get("scanning")) {
        return Ok(Some(Mark::Unsettled));
    }
    let count = number(status.get("count")).unwrap_or(0);
    server.counted.store(count, Ordering::Relaxed);
    Ok(Some(Mark::Is(format!("scan {count} {last}"))))
}

fn by_indexes(server: &Server, cancel: &Cancel) -> Result<Option<Mark>, Fault> {
    let answer = server.call("getIndexes", &[("ifModifiedSince", FUTURE_MS)], cancel)?;
    let Ok(answer) = answer else { return Ok(None) };
    let modified = number(answer.pointer("/indexes/lastModified")).filter(|&modified| modified > 0);
    Ok(modified.map(|modified| Mark::Is(format!("modified {modified}"))))
}
