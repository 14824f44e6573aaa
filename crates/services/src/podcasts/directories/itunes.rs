//! Apple's directory: `https://itunes.apple.com/search`, some 20 questions a minute together with those about prices, no key.

use ferrotape_domain::{Cancel, Fault, FaultKind};
use serde_json::Value;

use super::super::NAME;
use super::super::feeds::fault;
use super::{ASKED_FOR, Entry, KEEP, MOST_ENTRIES, web_address};
use crate::itunes::question;
use crate::net::{Address, Net};

const HOST: &str = "itunes.apple.com";

pub(super) fn ask(net: &Net, country: &str, name: &str, cancel: &Cancel) -> Result<Vec<Entry>, Fault> {
    let address = Address::parse("https://itunes.apple.com/search")
        .map_err(|why| fault(HOST, FaultKind::Permanent, why))?
        .with("media", "podcast")
        .with("entity", "podcast")
        .with("term", name)
        .with("country", country)
        .with("limit", ASKED_FOR);
    // Which podcasts were looked for is forgotten with podcasts, whatever is known of the store.
    let reply = net.ask(&question(address).kept(KEEP).kept_for(NAME), cancel)?;
    if !reply.is_ok() {
        let reason = format!("Apple's directory answers with status {}", reply.status);
        return Err(fault(HOST, FaultKind::Temporary { retry_after_seconds: None }, reason));
    }
    read(&reply.body).ok_or_else(|| {
        let reason = "what Apple's directory answers is no list of podcasts";
        fault(HOST, FaultKind::Temporary { retry_after_seconds: None }, reason)
    })
}

/// The same fault as one of a part of podcasts: of what Apple does not tell, others may.
pub(super) fn ours(trouble: Fault) -> Fault {
    fault(HOST, trouble.kind, trouble.reason)
}

/// `None` where it is no such answer.
pub(super) fn read(body: &[u8]) -> Option<Vec<Entry>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let rows = answer.get("results")?.as_array()?.iter().take(MOST_ENTRIES);
    let entries = rows.map(|row| Entry {
        title: text(row, "collectionName"),
        author: text(row, "artistName"),
        feed: web_address(&text(row, "feedUrl")),
    });
    Some(entries.filter(|entry| !entry.title.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_without_feeds_are_entries() {
        let body = br#"{"resultCount":4,"results":[
            {"kind":"podcast","collectionName":"Low Tide","artistName":"Mara","feedUrl":"https://tide.example/f"},
            {"collectionName":"Low Tide Extra","artistName":"Mara"},
            {"collectionName":"Odd","feedUrl":"file:///etc/passwd"},
            {"artistName":7}]}"#;
        let entries = read(body).unwrap_or_default();
        let told: Vec<_> =
            entries.iter().map(|entry| (entry.title.as_str(), entry.feed.as_deref())).collect();
        let expected =
            [("Low Tide", Some("https://tide.example/f")), ("Low Tide Extra", None), ("Odd", None)];
        assert_eq!(told, expected);
        assert_eq!((read(b"{}"), read(b"<html>"), read(b"")), (None, None, None));
    }
}
