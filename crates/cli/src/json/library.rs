//! The `--json` forms of the library over time.

use ferrotape_engine::store::{Description, ListVersion, Removal, RemovalCause, Snapshot, StoredWanted};
use ferrotape_engine::timeline::{ListChange, ListStep, ListThen};
use serde_json::{Value, json};

use super::explain::wanted as thing;

pub(crate) fn snapshot(snapshot: &Snapshot) -> Value {
    json!({
        "snapshot": snapshot.import_id, "label": snapshot.label, "at": snapshot.at,
        "origin": snapshot.origin.as_str(),
        "lists": snapshot.changes.iter().map(version).collect::<Vec<_>>(),
    })
}

fn version(version: &ListVersion) -> Value {
    json!({
        "name": version.name, "entries": version.entries, "added": version.added, "removed": version.removed,
    })
}

pub(crate) fn list_step(step: &ListStep) -> Value {
    json!({
        "snapshot": step.snapshot.import_id, "label": step.snapshot.label, "at": step.snapshot.at,
        "origin": step.snapshot.origin.as_str(), "entries": step.version.entries, "added": step.version.added,
        "removed": step.removed.iter().map(removed).collect::<Vec<_>>(),
    })
}

fn removed((wanted, removal): &(StoredWanted, Removal)) -> Value {
    let to = match removal.cause {
        RemovalCause::Relinked { to } => Some(to),
        _ => None,
    };
    json!({ "thing": thing(wanted), "cause": removal.cause.as_str(), "replaced_by": to })
}

pub(crate) fn list_then(then: &ListThen) -> Value {
    let entry =
        |(wanted, added): &(StoredWanted, Option<String>)| json!({ "thing": thing(wanted), "added": added });
    json!({
        "name": then.list.name, "name_then": then.version.name, "kind": then.list.kind.as_str(),
        "snapshot": then.snapshot.import_id, "at": then.snapshot.at,
        "entries": then.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

pub(crate) fn list_change(change: &ListChange) -> Value {
    json!({
        "name": change.name, "is_new": change.is_new, "reordered": change.reordered,
        "added": change.added.iter().map(thing).collect::<Vec<_>>(),
        "removed": change.removed.iter().map(removed).collect::<Vec<_>>(),
    })
}

pub(crate) fn description(said: &Description) -> Value {
    let wanted = &said.wanted;
    json!({
        "number": said.id, "origin": said.origin.as_str(), "reason": said.reason.map(|reason| reason.as_str()),
        "artist": wanted.artists.to_string(), "title": wanted.title, "album": wanted.release,
        "isrc": wanted.isrc.as_ref().map(ToString::to_string),
        "recording_mbid": wanted.recording_mbid.as_ref().map(ToString::to_string),
        "link": wanted.spotify.as_ref().map(|uri| uri.web_address()),
    })
}
