//! `iTunes Library.xml`: a property list with all tracks by number, then playlists of these numbers.
//!
//! Every track is a row of the list “Library”. Playlists that Apple makes by itself (all music, a folder's whole content)
//! say nothing that the library and the others do not, and are no rows.

use std::collections::HashMap;
use std::io::BufRead;
use std::time::Duration;

use ferrotape_domain::{ArtistCredit, Wanted, WantedKind};

use super::pull::{Broken, Pull, Tag};
use super::tell;
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::text::{date, shown};

/// How many elements enclose: a section's key; a track or playlist; its fields; a playlist's numbers.
const SECTION: usize = 2;
const THING: usize = 3;
const FIELD: usize = 4;
const ITEM_FIELD: usize = 6;
/// Fields of a track that are looked at in the head of a file.
const ENOUGH: usize = 400;

/// Whether the first keys of a property list are those of a library.
pub(super) fn is_library(pull: &mut Pull<impl BufRead>) -> bool {
    for _ in 0..ENOUGH {
        match pull.next() {
            Ok(Some(Tag::Close { name, text })) if name == "key" && pull.depth() == SECTION => {
                if text == "Tracks" || text == "Playlists" {
                    return true;
                }
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
    false
}

/// The fields of a track or playlist, by Apple's names.
#[derive(Default)]
struct Fields {
    texts: HashMap<String, String>,
    items: Vec<String>,
}

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok().filter(|number| *number > 0)
    }

    fn is(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }
}

struct Library<'c> {
    tally: &'c mut Tally,
    collector: &'c mut Collector,
    list: Option<usize>,
    tracks: HashMap<String, Result<Wanted, &'static str>>,
    rows: u64,
}

/// Reads the library; answers what ended it early.
pub(super) fn read(
    pull: &mut Pull<impl BufRead>,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<Broken> {
    let mut library = Library { tally, collector, list: None, tracks: HashMap::new(), rows: 0 };
    let (mut section, mut key, mut item_key) = (String::new(), String::new(), String::new());
    let mut fields = Fields::default();
    let mut is_open = false;
    loop {
        let (name, text) = match pull.next() {
            Ok(None) => return None,
            Ok(Some(Tag::Open(name))) => {
                is_open |= name == "dict" && pull.depth() == THING + 1;
                continue;
            }
            Ok(Some(Tag::Close { name, text })) => (name, text),
            Err(broken) => {
                let row = (is_open && section == "Tracks").then_some(library.rows + 1);
                if is_open && section == "Playlists" {
                    library.playlist(&fields);
                }
                tell(&broken, row, library.tally, library.collector);
                return Some(broken);
            }
        };
        match (pull.depth(), name.as_str()) {
            (SECTION, "key") => section = text,
            (THING, "dict") => {
                is_open = false;
                let fields = std::mem::take(&mut fields);
                match section.as_str() {
                    "Tracks" => library.track(&fields),
                    "Playlists" => library.playlist(&fields),
                    _ => {}
                }
                if library.collector.rows() > limits.rows {
                    return None;
                }
            }
            (FIELD, "key") => key = text,
            (FIELD, "true" | "false") => _ = fields.texts.insert(std::mem::take(&mut key), name),
            (FIELD, "string" | "integer" | "date") => {
                fields.texts.insert(std::mem::take(&mut key), text);
            }
            (ITEM_FIELD, "key") => item_key = text,
            (ITEM_FIELD, "integer") if item_key == "Track ID" => fields.items.push(text),
            _ => {}
        }
    }
}

impl Library<'_> {
    fn track(&mut self, fields: &Fields) {
        self.rows += 1;
        let wanted = wanted_of(fields);
        let collector = &mut *self.collector;
        match &wanted {
            Ok(wanted) => {
                let list = *self.list.get_or_insert_with(|| collector.playlist("Library"));
                let added = fields.get("Date Added").map(str::to_owned);
                let id = fields.get("Track ID");
                collector.entry_with_id(self.tally, list, wanted.clone(), added, id);
            }
            Err(reason) => {
                let name = fields.get("Name").map_or_else(String::new, |name| format!("“{}”: ", shown(name)));
                collector.refuse(self.tally, self.rows, format!("{name}{reason}"));
            }
        }
        if let Some(id) = fields.get("Track ID") {
            self.tracks.insert(id.to_owned(), wanted);
        }
    }

    fn playlist(&mut self, fields: &Fields) {
        let own = ["Master", "Folder", "Music", "Movies", "TV Shows", "Podcasts", "Audiobooks"];
        if own.iter().any(|kind| fields.is(kind)) || fields.get("Distinguished Kind").is_some() {
            return;
        }
        let name = shown(fields.get("Name").unwrap_or("Playlist"));
        let list = self.collector.playlist(&name);
        for (row, id) in (1..).zip(&fields.items) {
            match self.tracks.get(id) {
                Some(Ok(wanted)) => {
                    self.collector.entry_with_id(self.tally, list, wanted.clone(), None, Some(id));
                }
                Some(Err(reason)) => {
                    self.collector.refuse(self.tally, row, format!("in playlist “{name}”: {reason}"));
                }
                None => {
                    let reason = format!("in playlist “{name}”: the library has no track {}", shown(id));
                    self.collector.refuse(self.tally, row, reason);
                }
            }
        }
    }
}

fn wanted_of(fields: &Fields) -> Result<Wanted, &'static str> {
    if ["Movie", "TV Show", "Has Video", "Music Video"].iter().any(|kind| fields.is(kind)) {
        return Err("it is a video");
    }
    if fields.get("Track Type") == Some("URL") {
        return Err("it is an address on the network; a radio station is no recording");
    }
    let is_book = |text: &str| text.to_ascii_lowercase().contains("audiobook") || text.contains("Audible");
    let kind = if fields.is("Podcast") {
        WantedKind::Episode
    } else if fields.get("Genre").is_some_and(is_book) || fields.get("Kind").is_some_and(is_book) {
        WantedKind::Audiobook
    } else {
        WantedKind::Recording
    };
    let title = fields.get("Name").ok_or("it has no name")?.to_owned();
    let credit = |name| ArtistCredit::printed(fields.get(name).unwrap_or_default());
    let time = fields.number("Total Time").map(|ms| Duration::from_millis(ms.into()));
    Ok(Wanted {
        title,
        artists: credit("Artist"),
        release: fields.get("Album").map(str::to_owned),
        release_artists: credit("Album Artist"),
        track_number: fields.number("Track Number"),
        disc_number: fields.number("Disc Number"),
        released: fields.get("Release Date").or(fields.get("Year")).and_then(date),
        duration: time.filter(|time| time.as_secs() < 7 * 24 * 3600),
        explicit: if fields.is("Explicit") { Some(true) } else { fields.is("Clean").then_some(false) },
        ..Wanted::of_kind(kind)
    })
}
