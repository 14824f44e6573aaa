//! `Playlist1.json` and its successors: playlists with rows of every kind, empty ones included.

use ferrotape_domain::{Wanted, WantedKind};
use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::lenient::{self, Text};
use super::{audiobook, ended_early, expect_list};
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::text::{left_out, shown};
use crate::wanted::{describe, from_uri, says_something};

/// One row. Exactly one of the things is expected not to be null.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Row {
    track: Option<Track>,
    episode: Option<Episode>,
    audiobook: Option<Book>,
    local_track: Option<Local>,
    added_date: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Track {
    track_name: Text,
    artist_name: Text,
    album_name: Text,
    track_uri: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Episode {
    episode_name: Text,
    show_name: Text,
    episode_uri: Text,
}

/// No real one has been seen; the likely names of its fields are all tried.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Book {
    audiobook_name: Text,
    title: Text,
    name: Text,
    chapter_name: Text,
    author_name: Text,
    author: Text,
    audiobook_uri: Text,
    chapter_uri: Text,
    uri: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Local {
    uri: Text,
}

/// Takes one playlist.
pub(super) fn piece(piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if !piece.in_list {
        if piece.key == "playlists" {
            expect_list(piece, tally, collector);
        }
        return;
    }
    let number = tally.next_of(piece.key);
    if piece.key != "playlists" {
        return; // The list is named once, at the end.
    }
    if piece.text.first() != Some(&b'{') {
        collector.refuse(tally, number, "this playlist is not an object");
        return;
    }
    let mut name = format!("Playlist {number}");
    let list = collector.playlist(&name);
    let mut rows = 0;
    let mut items = Items::Missing;
    let mut others = Others::default();
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        match (part.key, part.in_list) {
            ("name", false) => {
                let given: Text = serde_json::from_slice(part.text).unwrap_or_default();
                if let Some(given) = given.get() {
                    name = shown(given);
                    collector.rename(list, &name);
                }
            }
            ("items", true) => {
                rows += 1;
                row(rows, part.text, list, &name, tally, collector);
            }
            ("items", false) => items = if part.begins_list() { Items::List } else { Items::NoList },
            (key, true) => others.add(key, part.text),
            _ => {}
        }
        true
    });
    if let Err(trouble) = done {
        ended_early(&trouble, rows, &format!("in playlist “{name}”: "), tally, collector);
    } else if rows == 0 {
        no_rows(&items, &others, &name, tally, collector);
    }
}

/// What stands under `items`.
enum Items {
    Missing,
    NoList,
    List,
}

/// The lists of a playlist besides `items`, with the number of objects in each.
#[derive(Default)]
struct Others(Vec<(String, u64)>);

impl Others {
    fn add(&mut self, key: &str, text: &[u8]) {
        const MOST: usize = 8;
        // With whom a playlist is shared is no row of it.
        if key == "collaborators" || text.first() != Some(&b'{') {
            return;
        }
        if let Some((_, rows)) = self.0.iter_mut().find(|(known, _)| known == key) {
            *rows += 1;
        } else if self.0.len() < MOST {
            self.0.push((key.to_owned(), 1));
        }
    }
}

/// A playlist gave no row: right where its list is empty, and told where its rows may stand elsewhere.
fn no_rows(items: &Items, others: &Others, name: &str, tally: &mut Tally, collector: &mut Collector) {
    let wrong = match items {
        Items::Missing => Some("it has no “items”, though a list of rows was expected there"),
        Items::NoList => Some("its “items” hold no list, though a list of rows was expected"),
        Items::List => None,
    };
    if let Some(wrong) = wrong {
        collector.remark(tally, None, format!("in playlist “{name}”: {wrong}"));
    }
    for (list, rows) in &others.0 {
        let (list, left_out) = (shown(list), left_out(*rows));
        let reason =
            format!("in playlist “{name}”: rows are expected in “items”, not in “{list}”; {left_out}");
        collector.refuse_all(tally, *rows, reason);
    }
}

fn row(number: u64, text: &[u8], list: usize, name: &str, tally: &mut Tally, collector: &mut Collector) {
    // A row that is null as a whole says no less than one whose every field is.
    let read = if text == b"null" { Ok(Row::default()) } else { lenient::object::<Row>(text) };
    match read.and_then(|row| wanted_of(&row).map(|found| (row, found))) {
        Ok((row, (wanted, odd))) => {
            if let Some(odd) = odd {
                collector.remark(tally, Some(number), format!("in playlist “{name}”: {odd}"));
            }
            collector.entry(tally, list, wanted, row.added_date.get().map(str::to_owned));
        }
        Err(reason) => collector.refuse(tally, number, format!("in playlist “{name}”: {reason}")),
    }
}

fn wanted_of(row: &Row) -> Result<(Wanted, Option<String>), String> {
    let (mut wanted, odd);
    if let Some(track) = &row.track {
        (wanted, odd) = from_uri(track.track_uri.get(), WantedKind::Recording);
        describe(&mut wanted, track.track_name.get(), track.artist_name.get(), track.album_name.get());
    } else if let Some(episode) = &row.episode {
        (wanted, odd) = from_uri(episode.episode_uri.get(), WantedKind::Episode);
        describe(&mut wanted, episode.episode_name.get(), None, episode.show_name.get());
    } else if let Some(book) = &row.audiobook {
        let title = book.audiobook_name.get().or(book.title.get()).or(book.name.get());
        let uri = book.audiobook_uri.get().or(book.uri.get());
        (wanted, odd) = (audiobook(book.chapter_name.get(), book.chapter_uri.get(), title, uri), None);
        describe(&mut wanted, None, book.author_name.get().or(book.author.get()), None);
    } else if let Some(local) = &row.local_track {
        (wanted, odd) = from_uri(local.uri.get(), WantedKind::LocalFile);
        if odd.is_some() {
            return Err("its local file's link cannot be read".into());
        }
    } else {
        return Ok((Wanted::of_kind(WantedKind::Unavailable), None));
    }
    if !says_something(&wanted) {
        return Ok((Wanted::of_kind(WantedKind::Unavailable), odd));
    }
    Ok((wanted, odd))
}
