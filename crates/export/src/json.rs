//! ferrotape's own format: all that an import gives, for a record that outlives the account.
//!
//! One entry a line, so that two exports can be compared with any tool that compares lines. The schema is published
//! beside the documentation; `import::json::ferrotape` reads it back.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ferrotape_domain::{Noted, Play, Wanted, Wishlist};
use serde::Serialize;

use crate::entry::EntryJson;
use crate::list::List;

/// The JSON Schema (2020-12) of the format.
pub const SCHEMA: &str = include_str!("../../../docs/schema/library.schema.json");

#[derive(Serialize)]
struct NotedJson<'n> {
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'n str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize)]
struct PlayedJson<'p> {
    #[serde(flatten)]
    entry: EntryJson<'p>,
    played: Vec<PlayJson>,
}

#[derive(Serialize)]
struct PlayJson {
    ended_at: i64,
    played_ms: u32,
    source: &'static str,
}

/// Writes the lists, then what is kept on record, then the plays.
pub(crate) fn write(library: &Wishlist, lists: &[List<'_>]) -> io::Result<Vec<u8>> {
    let mut out = b"{\n\"format\": \"ferrotape-library\",\n\"version\": 1,\n\"lists\": [".to_vec();
    for (at, list) in lists.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        head(list, &mut out)?;
        rows(list.entries.iter().map(|entry| EntryJson::of(entry.wanted, entry.added)), &mut out)?;
        out.push(b'}');
    }
    out.extend_from_slice(b"\n],\n\"noted\": ");
    rows(library.noted.iter().map(noted), &mut out)?;
    out.extend_from_slice(b",\n\"plays\": ");
    rows(plays(library), &mut out)?;
    out.extend_from_slice(b"\n}\n");
    Ok(out)
}

fn head(list: &List<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    write!(out, "{{\"kind\": \"{}\", \"name\": ", list.kind.as_str())?;
    serde_json::to_writer(&mut *out, list.name)?;
    if let Some(link) = list.link {
        write!(out, ", \"link\": \"{link}\"")?;
    }
    out.write_all(b", \"entries\": ")
}

/// A list with one element a line.
fn rows<T: Serialize>(rows: impl Iterator<Item = T>, out: &mut Vec<u8>) -> io::Result<()> {
    out.push(b'[');
    for (at, row) in rows.enumerate() {
        out.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut *out, &row)?;
    }
    out.extend_from_slice(b"\n]");
    Ok(())
}

fn noted(noted: &Noted) -> NotedJson<'_> {
    NotedJson { kind: noted.kind, name: &noted.name, link: noted.spotify.as_ref().map(ToString::to_string) }
}

/// The plays by thing. The order depends on what the things are, not on the order in which a library met them.
fn plays(library: &Wishlist) -> impl Iterator<Item = PlayedJson<'_>> {
    let mut of_thing: BTreeMap<usize, Vec<&Play>> = BTreeMap::new();
    for play in &library.plays {
        of_thing.entry(play.wanted).or_default().push(play);
    }
    let mut things: Vec<(&Wanted, Vec<&Play>)> =
        of_thing.into_iter().filter_map(|(at, plays)| Some((library.wanted.get(at)?, plays))).collect();
    things.sort_by_cached_key(|(wanted, _)| {
        let isrc = wanted.isrc.as_ref().map(|isrc| isrc.as_str().to_owned());
        (wanted.spotify.as_ref().map(ToString::to_string), wanted.name_key(), isrc)
    });
    things.into_iter().map(|(wanted, mut plays)| {
        plays.sort_by_key(|play| (play.ended_at, play.source, play.played_ms));
        let played = plays.into_iter().map(|play| PlayJson {
            ended_at: play.ended_at,
            played_ms: play.played_ms,
            source: play.source.as_str(),
        });
        PlayedJson { entry: EntryJson::of(wanted, None), played: played.collect() }
    })
}
