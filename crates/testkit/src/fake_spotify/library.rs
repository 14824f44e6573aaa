//! The library of the made-up account, and how Spotify would write it.

use serde_json::{Value, json};

use crate::export::{spotify_id, spotify_uri};

/// What the account holds. Titles stand for whole things; lists of saved things begin with the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeLibrary {
    /// Whose it is.
    pub account_id: String,
    /// Rows that one page may have at most; Spotify gives 50.
    pub page: usize,
    /// Saved tracks.
    pub tracks: Vec<String>,
    /// Saved albums.
    pub albums: Vec<String>,
    /// Saved episodes.
    pub episodes: Vec<String>,
    /// Saved podcasts.
    pub shows: Vec<String>,
    /// Saved audiobooks.
    pub audiobooks: Vec<String>,
    /// Followed artists.
    pub artists: Vec<String>,
    /// Playlists, of the user's own and followed.
    pub playlists: Vec<FakePlaylist>,
}

/// A playlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakePlaylist {
    /// Its name.
    pub name: String,
    /// Changes with its entries.
    pub snapshot: String,
    /// Whether the user owns it; Spotify gives the entries of no other.
    pub own: bool,
    /// Titles of tracks; `episode:TITLE`, `gone:` (null) and `old:TITLE` (under the key of 2025) are something else.
    pub rows: Vec<String>,
}

impl FakePlaylist {
    /// A playlist of the user's own.
    pub fn own(name: &str, rows: &[&str]) -> Self {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        Self { name: name.to_owned(), snapshot: format!("snapshot of {name}"), own: true, rows }
    }

    /// One that the user follows.
    pub fn followed(name: &str) -> Self {
        Self { own: false, ..Self::own(name, &["Not For Us"]) }
    }

    /// Its id.
    pub fn id(&self) -> String {
        spotify_id("playlist", &self.name)
    }
}

impl FakeLibrary {
    /// A library with something of everything, on pages of two rows.
    pub fn small() -> Self {
        let list = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect();
        Self {
            account_id: "made-up-account".to_owned(),
            page: 2,
            tracks: list(&["Undertow", "Paper Kites", "Low Water", "Tin Roof", "Ember Days"]),
            albums: list(&["Harbour Lights", "Winter Maps", "Second Sun"]),
            episodes: list(&["On Lighthouses"]),
            shows: list(&["The Tide Table"]),
            audiobooks: list(&["A Field of Salt"]),
            artists: list(&["Mara Quill", "The Lanterns", "Odd Harbour"]),
            playlists: vec![
                FakePlaylist::own(
                    "Road Trip",
                    &["Undertow", "Tin Roof", "Undertow", "episode:On Lighthouses"],
                ),
                FakePlaylist::own("Quiet", &["Paper Kites"]),
                FakePlaylist::followed("Somebody Else's Hits"),
            ],
        }
    }

    /// The rows of a saved list, by the last word of its path, in Spotify's form.
    pub(super) fn saved(&self, list: &str) -> Option<Vec<Value>> {
        let (titles, key, object): (&[String], &str, fn(&str) -> Value) = match list {
            "tracks" => (&self.tracks, "track", track),
            "albums" => (&self.albums, "album", album),
            "episodes" => (&self.episodes, "episode", episode),
            "shows" => (&self.shows, "show", show),
            "audiobooks" => (&self.audiobooks, "audiobook", audiobook),
            _ => return None,
        };
        // The oldest row keeps its time when newer ones come.
        let added = |at: usize| added_at(titles.len() - at);
        let row = |(at, title): (usize, &String)| json!({ "added_at": added(at), key: one(title, object) });
        Some(titles.iter().enumerate().map(row).collect())
    }

    /// The playlists as their list names them.
    pub(super) fn playlists(&self) -> Vec<Value> {
        self.playlists.iter().map(|playlist| self.playlist(playlist)).collect()
    }

    fn playlist(&self, playlist: &FakePlaylist) -> Value {
        let owner = if playlist.own { self.account_id.as_str() } else { "somebody-else" };
        let mut value = link("playlist", &playlist.name);
        let more = json!({
            "collaborative": false, "images": [], "public": false, "snapshot_id": playlist.snapshot,
            "owner": { "id": owner, "type": "user", "display_name": owner },
        });
        extend(&mut value, more);
        if playlist.own {
            let href = format!("https://api.spotify.com/v1/playlists/{}/items", playlist.id());
            extend(&mut value, json!({ "items": { "href": href, "total": playlist.rows.len() } }));
        }
        value
    }

    /// The entries of a playlist; `None` where it is not the user's, or not there.
    pub(super) fn entries(&self, id: &str) -> Option<Vec<Value>> {
        let playlist = self.playlists.iter().find(|playlist| playlist.own && playlist.id() == id)?;
        let entry = |(at, row): (usize, &String)| {
            let (key, what) = match row.split_once(':') {
                Some(("episode", title)) => ("item", episode(title)),
                Some(("gone", _)) => ("item", Value::Null),
                Some(("old", title)) => ("track", track(title)),
                _ => ("item", track(row)),
            };
            json!({ "added_at": added_at(at), "is_local": false, "added_by": { "type": "user" }, key: what })
        };
        Some(playlist.rows.iter().enumerate().map(entry).collect())
    }

    pub(super) fn artists(&self) -> Vec<Value> {
        self.artists.iter().map(|name| link("artist", name)).collect()
    }

    pub(super) fn me(&self) -> Value {
        json!({ "account_id": self.account_id, "id": self.account_id, "display_name": "Made Up", "type": "user" })
    }
}

/// `null:` stands for a row that Spotify left empty.
fn one(title: &str, object: fn(&str) -> Value) -> Value {
    if title == "null:" { Value::Null } else { object(title) }
}

fn added_at(minutes: usize) -> String {
    format!("2026-03-{:02}T{:02}:{:02}:00Z", 1 + minutes / 1440 % 28, minutes / 60 % 24, minutes % 60)
}

/// What every object has.
fn link(kind: &str, name: &str) -> Value {
    let id = spotify_id(kind, name);
    json!({
        "id": id, "name": name, "type": kind, "uri": spotify_uri(kind, name),
        "href": format!("https://api.spotify.com/v1/{kind}s/{id}"),
        "external_urls": { "spotify": format!("https://open.spotify.com/{kind}/{id}") },
    })
}

fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (value, more) {
        fields.extend(more);
    }
}

fn with(kind: &str, name: &str, more: Value) -> Value {
    let mut value = link(kind, name);
    extend(&mut value, more);
    value
}

fn artist_of(title: &str) -> Value {
    link("artist", &format!("Band of {title}"))
}

fn pictures() -> Value {
    json!([{ "url": "https://pictures.invalid/cover.jpg", "height": 300, "width": 300 }])
}

fn simple_album(title: &str) -> Value {
    let more = json!({
        "album_type": "album", "total_tracks": 1, "images": pictures(), "release_date": "2019-05-17",
        "release_date_precision": "day", "artists": [artist_of(title)],
    });
    with("album", title, more)
}

fn simple_track(title: &str) -> Value {
    let more = json!({
        "artists": [artist_of(title)], "disc_number": 1, "track_number": 3, "duration_ms": 201_000, "explicit": false,
        "is_local": false, "is_playable": true,
    });
    with("track", title, more)
}

fn track(title: &str) -> Value {
    let digits = blake3::hash(title.as_bytes())
        .as_bytes()
        .iter()
        .take(7)
        .map(|byte| char::from(b'0' + byte % 10))
        .collect::<String>();
    let mut value = simple_track(title);
    let isrc = format!("QZFKE{digits}");
    extend(
        &mut value,
        json!({ "album": simple_album(&format!("{title} (Album)")), "external_ids": { "isrc": isrc } }),
    );
    value
}

fn album(title: &str) -> Value {
    let mut value = simple_album(title);
    // Label and popularity are gone since 2026, but the schema still demands them.
    let more = json!({
        "copyrights": [], "external_ids": { "upc": "0123456789012" }, "genres": [], "label": "", "popularity": 0,
        "tracks": {
            "href": "https://api.spotify.com/v1/albums/x/tracks", "items": [simple_track(&format!("{title}, part 1"))],
            "limit": 50, "next": null, "offset": 0, "previous": null, "total": 1,
        },
    });
    extend(&mut value, more);
    value
}

fn show(title: &str) -> Value {
    let more = json!({
        "copyrights": [], "description": "", "html_description": "", "explicit": false, "images": pictures(),
        "is_externally_hosted": false, "languages": ["en"], "media_type": "audio", "total_episodes": 1,
    });
    with("show", title, more)
}

fn episode(title: &str) -> Value {
    let more = json!({
        "description": "", "html_description": "", "duration_ms": 1_800_000, "explicit": false, "images": pictures(),
        "is_externally_hosted": false, "is_playable": true, "languages": ["en"], "release_date": "2024-01-09",
        "release_date_precision": "day", "show": show("The Tide Table"),
    });
    with("episode", title, more)
}

fn audiobook(title: &str) -> Value {
    let more = json!({
        "authors": [{ "name": format!("Writer of {title}") }], "narrators": [{ "name": "A Voice" }], "copyrights": [],
        "description": "", "html_description": "", "explicit": false, "images": pictures(), "languages": ["en"],
        "media_type": "audio", "total_chapters": 1,
        "chapters": {
            "href": "https://api.spotify.com/v1/audiobooks/x/chapters", "items": [], "limit": 50, "next": null,
            "offset": 0, "previous": null, "total": 0,
        },
    });
    with("audiobook", title, more)
}
