//! The thin typed client: as much of an answer as tells what to ask next. Every field may be missing or of another type.
//!
//! What the rows mean is none of our business; they are handed on as they came, but without pictures' addresses, lists of
//! markets and other people's names, which nobody needs and which are most of the bytes.

use ferrotape_domain::SpotifyId;
use serde_json::Value;

/// Never kept: cover art is not taken from Spotify, other people are none of our business, and the rest is not used.
const LEFT_OUT: [&str; 10] = [
    "added_by",
    "audio_preview_url",
    "available_markets",
    "description",
    "external_urls",
    "href",
    "html_description",
    "images",
    "owner",
    "preview_url",
];

/// A page of a list.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Page {
    pub(super) rows: Vec<Value>,
    /// Rows of the whole list.
    pub(super) total: Option<u64>,
    /// Rows that one page covers by the service's own counting.
    pub(super) limit: Option<u64>,
    /// Where the next page begins, in lists that have cursors.
    pub(super) after: Option<String>,
}

impl Page {
    /// Reads a page; one of followed artists lies in an object of its own. `None` is no page at all.
    pub(super) fn of(mut answer: Value) -> Option<Self> {
        if let Some(inner) = answer.get_mut("artists") {
            answer = inner.take();
        }
        let number = |key: &str| answer.get(key).and_then(Value::as_u64);
        let (total, limit) = (number("total"), number("limit").filter(|limit| *limit > 0));
        let after = answer.pointer("/cursors/after").and_then(Value::as_str).map(str::to_owned);
        let Some(Value::Array(mut rows)) = answer.get_mut("items").map(Value::take) else { return None };
        rows.iter_mut().for_each(leave_out);
        Some(Self { rows, total, limit, after: after.filter(|after| !after.is_empty()) })
    }
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
            fields.values_mut().for_each(leave_out);
        }
        Value::Array(values) => values.iter_mut().for_each(leave_out),
        _ => {}
    }
}

/// What tells a saved row from another: when it was added, and what it is.
pub(super) fn identity(row: &Value) -> (&str, &str) {
    const KINDS: [&str; 6] = ["track", "album", "episode", "show", "audiobook", "item"];
    let inner = KINDS.iter().find_map(|kind| row.get(*kind)).unwrap_or(row);
    (text(row, "added_at"), text(inner, "uri"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A playlist as the list of playlists names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: SpotifyId,
    pub(super) name: String,
    pub(super) link: String,
    /// Changes with every change of its entries; empty where it is not said.
    pub(super) snapshot: String,
}

impl Named {
    /// `None` for a row without a usable id. The id becomes a part of an address, so it must be one.
    pub(super) fn of(row: &Value) -> Option<Self> {
        let id = SpotifyId::parse(text(row, "id")).ok()?;
        let link = format!("spotify:playlist:{}", id.as_str());
        Some(Self {
            link,
            name: text(row, "name").to_owned(),
            snapshot: text(row, "snapshot_id").to_owned(),
            id,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_are_read_however_little_they_say() {
        assert_eq!(Page::of(json!({})), None);
        assert_eq!(Page::of(json!({ "items": null })), None);
        assert_eq!(Page::of(json!({ "items": [] })), Some(Page::default()));
        let page =
            Page::of(json!({ "artists": { "items": [null], "total": 3, "cursors": { "after": "x" } } }));
        let page = page.unwrap();
        assert_eq!((page.rows.len(), page.total, page.after.as_deref()), (1, Some(3), Some("x")));
    }

    #[test]
    fn pictures_are_left_out_at_every_depth() {
        let page =
            json!({ "items": [{ "track": { "name": "A", "album": { "images": [1], "name": "B" } } }] });
        let rows = Page::of(page).unwrap().rows;
        assert_eq!(rows, [json!({ "track": { "name": "A", "album": { "name": "B" } } })]);
    }

    #[test]
    fn a_playlist_without_a_true_id_is_not_asked_for() {
        assert_eq!(Named::of(&json!({ "id": "../me", "name": "x" })), None);
        assert_eq!(Named::of(&Value::Null), None);
        let named = Named::of(&json!({ "id": "6rqhFgbbKwnb9MLmUQDhG6" })).unwrap();
        assert_eq!((named.name.as_str(), named.snapshot.as_str()), ("", ""));
    }
}
