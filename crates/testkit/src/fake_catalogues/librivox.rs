//! LibriVox: its catalogue; the files are those of the Internet Archive.

use serde_json::{Value, json};

use super::{FakeTrack, Shelf};
use crate::{HttpAnswer, HttpRequest};

pub(super) fn answer(shelf: &Shelf, request: &HttpRequest) -> HttpAnswer {
    let title = request.parameter("title").unwrap_or_default().to_lowercase();
    let author = request.parameter("author");
    let matches = |track: &&FakeTrack| {
        let own = bare(&track.album).to_lowercase();
        let named = title.strip_prefix('^').map_or(own == title, |start| own.starts_with(start));
        let written = author.as_ref().is_none_or(|last| track.artist.ends_with(last.as_str()));
        track.is_spoken && named && written
    };
    let mut found: Vec<&FakeTrack> = shelf.tracks.iter().filter(matches).collect();
    found.dedup_by_key(|track| track.slug());
    if found.is_empty() {
        let none = HttpAnswer::json(&json!({"error": "Audiobooks could not be found"}));
        return none.and_status(404);
    }
    let books: Vec<Value> = (1..).zip(found).map(|(id, track)| book(shelf, id, track)).collect();
    HttpAnswer::json(&json!({"books": shelf.list(books)}))
}

/// Articles are kept apart there.
fn bare(title: &str) -> &str {
    title.strip_prefix("The ").unwrap_or(title)
}

fn book(shelf: &Shelf, id: u32, first: &FakeTrack) -> Value {
    let sections = shelf.tracks.iter().filter(|track| track.slug() == first.slug());
    let sections: Vec<Value> = sections.map(section).collect();
    let (given, last) = first.artist.rsplit_once(' ').unwrap_or(("", &first.artist));
    json!({
        "id": id.to_string(),
        "title": bare(&first.album),
        "description": "<p>A book.</p>",
        "language": "English",
        "copyright_year": "1887",
        "num_sections": sections.len().to_string(),
        "url_iarchive": format!("https://archive.org/details/{}", first.slug()),
        "url_librivox": format!("https://librivox.org/{}/", first.slug()),
        "totaltimesecs": 3600,
        "authors": [{"id": "1", "first_name": given, "last_name": last, "dob": "1830", "dod": "1890"}],
        "sections": sections,
    })
}

fn section(track: &FakeTrack) -> Value {
    let name = format!("{}_{:02}_64kb.mp3", track.slug().replace('-', "_"), track.number);
    json!({
        "id": "7",
        "section_number": track.number.to_string(),
        "title": track.title,
        "listen_url": format!("https://www.archive.org/download/{}/{name}", track.slug()),
        "language": "English",
        "playtime": format!("{:.0}", track.seconds.floor()),
        "file_name": null,
        "readers": [{"reader_id": "3", "display_name": "Reader"}],
    })
}
