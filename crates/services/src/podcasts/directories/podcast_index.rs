//! Podcast Index: `https://api.podcastindex.org/api/1.0`, with a key of the user's own.
//!
//! Each request is signed with the time, which may be three minutes off; where it is refused and the service's clock is
//! another than ours, that is what is said.

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FaultKind};
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;
use sha1::{Digest, Sha1};

use super::super::NAME;
use super::super::feeds::fault;
use super::{ASKED_FOR, Entry, KEEP, MOST_ENTRIES, web_address};
use crate::Secret;
use crate::answers::{NEVER, answer, is_counted, said, unless};
use crate::net::{Address, Line, Net, Reply, Request, Told};

const HOST: &str = "api.podcastindex.org";
const GAP: Duration = Duration::from_secs(1);
/// The service allows three minutes.
const MOST_SECONDS_OFF: i64 = 150;
const NO_LIST: &str = "what Podcast Index answers is no list of podcasts";

/// A user's key and secret for Podcast Index, from <https://api.podcastindex.org>. `Debug` shows neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodcastIndexKey {
    key: Secret,
    secret: Secret,
}

impl PodcastIndexKey {
    /// Takes both.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { key: Secret::new(key), secret: Secret::new(secret) }
    }
}

pub(super) fn ask(
    net: &Net,
    key: &PodcastIndexKey,
    name: &str,
    cancel: &Cancel,
) -> Result<Vec<Entry>, Fault> {
    let address = Address::parse("https://api.podcastindex.org/api/1.0/search/byterm")
        .map_err(|why| fault(HOST, FaultKind::Permanent, why))?
        .with("q", name)
        .with("max", ASKED_FOR);
    let line = Line::public(format!("{NAME}/{HOST}"), GAP);
    let now = net.now_ms().div_euclid(1000);
    let request = Request::get(&line, address)
        .header("x-auth-key", key.key.reveal())
        .header("x-auth-date", now.to_string())
        .header("authorization", signature(key, now))
        .kept(KEEP)
        .unless_told(told);
    let Some(reply) = answer(net, &request, NEVER, cancel)? else {
        return Err(fault(HOST, FaultKind::Temporary { retry_after_seconds: None }, NO_LIST));
    };
    match reply.status {
        200..300 => read(&reply.body)
            .ok_or_else(|| fault(HOST, FaultKind::Temporary { retry_after_seconds: None }, NO_LIST)),
        401 | 403 => Err(fault(HOST, FaultKind::NeedsUser, refused(&reply, now))),
        status => {
            let reason = format!("Podcast Index answers with status {status}");
            Err(fault(HOST, FaultKind::Temporary { retry_after_seconds: None }, reason))
        }
    }
}

/// The trouble in an answer: it lists what was found, and counts it.
fn told(body: &[u8]) -> Option<Told> {
    let said = said(body);
    unless(&said, is_counted(said.get("feeds"), said.get("count")))
}

fn signature(key: &PodcastIndexKey, now: i64) -> String {
    let sum = Sha1::digest(format!("{}{}{now}", key.key.reveal(), key.secret.reveal()));
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn refused(reply: &Reply, now: i64) -> String {
    let theirs = reply.header("date").and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    let off = theirs.map_or(0, |theirs| now - theirs.as_second());
    let minutes = (off.abs() + 30) / 60;
    match off {
        off if off > MOST_SECONDS_OFF => {
            format!(
                "Podcast Index refuses us, for this computer's clock is {minutes} minutes fast – set it right"
            )
        }
        off if off < -MOST_SECONDS_OFF => {
            format!(
                "Podcast Index refuses us, for this computer's clock is {minutes} minutes slow – set it right"
            )
        }
        _ => "Podcast Index does not know your key, or its secret is another – see docs/sources/podcasts.md"
            .to_owned(),
    }
}

/// `None` where it is no such answer.
pub(super) fn read(body: &[u8]) -> Option<Vec<Entry>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_dead = |row: &&Value| row.get("dead").and_then(Value::as_i64).unwrap_or(0) != 0;
    let rows = answer.get("feeds")?.as_array()?.iter().take(MOST_ENTRIES).filter(|row| !is_dead(row));
    let entries = rows.map(|row| Entry {
        title: text(row, "title"),
        author: text(row, "author"),
        feed: web_address(&text(row, "url")),
    });
    Some(entries.filter(|entry| !entry.title.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_signed_and_keys_not_shown() {
        let key = PodcastIndexKey::new("ABC", "def");
        // As `printf ABCdef1700000000 | sha1sum` says.
        assert_eq!(signature(&key, 1_700_000_000), "91e48e4690f4fe7d77ecb73e5a754f9146005466");
        let said = format!("{key:?}");
        assert!(!said.contains("ABC") && !said.contains("def"), "{said}");
    }

    #[test]
    fn a_clock_that_is_off_is_told() {
        let reply = |date: &str| Reply {
            status: 401,
            headers: vec![("date".to_owned(), date.to_owned())],
            body: Vec::new(),
            stale: None,
            moved: None,
            asked_again: None,
        };
        let now = 1_602_217_838;
        let table = [
            ("Fri, 09 Oct 2020 04:20:38 GMT", "10 minutes fast"),
            ("Fri, 09 Oct 2020 05:30:38 GMT", "60 minutes slow"),
            ("Fri, 09 Oct 2020 04:31:38 GMT", "does not know your key"),
            ("", "does not know your key"),
        ];
        for (date, says) in table {
            assert!(refused(&reply(date), now).contains(says), "{date}");
        }
    }

    #[test]
    fn dead_feeds_are_left_out() {
        let body = br#"{"status":"true","feeds":[{"title":"Low Tide","url":"https://t.example/f","author":"Mara","dead":0},
            {"title":"Low Tide","url":"https://old.example/f","dead":1},{"url":"https://x.example/"}],"count":3}"#;
        let entries = read(body).unwrap_or_default();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries.first().and_then(|entry| entry.feed.as_deref()), Some("https://t.example/f"));
        assert_eq!((read(b"{\"status\":\"false\"}"), read(b"")), (None, None));
    }
}
