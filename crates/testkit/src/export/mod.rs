//! Spotify's "Download your data" and Exportify's CSV, in their true shapes, from invented wishes.
//!
//! File names, key order and value forms follow real packages; people, ids and times are made up. Ids are derived
//! from names, so one recording has one id wherever it appears and on every run.

mod account;
mod csv;
mod extended;

use std::fs;
use std::io::Write;
use std::path::Path;

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::KitError;

pub use self::csv::{CsvDialect, exportify_csv};

/// One recording as an export names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is what the export calls so")]
pub struct Track {
    pub artist: String,
    pub album: String,
    pub title: String,
    /// `spotify:track:…`; derived from the names when `None`.
    pub uri: Option<String>,
    // The rest appears in CSV only.
    pub album_artist: Option<String>,
    pub isrc: Option<String>,
    pub duration_ms: Option<u64>,
    pub track_number: Option<u32>,
    pub disc_number: Option<u32>,
    pub released: Option<String>,
}

impl Track {
    /// A recording with an id derived from its names.
    pub fn new(artist: &str, album: &str, title: &str) -> Self {
        Self { artist: artist.into(), album: album.into(), title: title.into(), ..Self::default() }
    }

    /// Its link.
    pub fn uri(&self) -> String {
        let derived = || spotify_uri("track", &format!("{}\n{}\n{}", self.artist, self.album, self.title));
        self.uri.clone().unwrap_or_else(derived)
    }

    /// The link of its album.
    pub fn album_uri(&self) -> String {
        let artist = self.album_artist.as_deref().unwrap_or(&self.artist);
        Album { artist: artist.into(), title: self.album.clone() }.uri()
    }
}

/// A saved album.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is what the export calls so")]
pub struct Album {
    pub artist: String,
    pub title: String,
}

impl Album {
    /// An album with an id derived from its names.
    pub fn new(artist: &str, title: &str) -> Self {
        Self { artist: artist.into(), title: title.into() }
    }

    /// Its link.
    pub fn uri(&self) -> String {
        spotify_uri("album", &format!("{}\n{}", self.artist, self.title))
    }
}

/// A row of a playlist or of the listening history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is what the export calls so")]
pub enum Row {
    Track(Track),
    Episode {
        show: String,
        title: String,
    },
    /// Its shape in playlists is a guess: no real one has been seen.
    Audiobook {
        author: String,
        title: String,
        chapter: String,
    },
    /// A file of the user's computer; parts may be empty.
    Local {
        artist: String,
        album: String,
        title: String,
        seconds: u32,
    },
    /// All fields `null`: something was here and is gone.
    Empty,
}

/// A playlist; duplicates and order are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is what the export calls so")]
pub struct ExportPlaylist {
    pub name: String,
    pub rows: Vec<Row>,
}

/// One play in the listening history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedRow {
    /// What was played.
    pub row: Row,
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub ended_at: String,
    /// For how long.
    pub played_ms: u32,
}

/// Which years' shape to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// `MyData/`, no links at all, one history file for music and podcasts.
    Y2021,
    /// `MyData/`, links of tracks.
    Y2022,
    /// `Spotify Account Data/` and `Spotify Extended Streaming History/`, links of everything.
    Y2025,
}

/// Everything one "Download your data" package tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// Liked tracks.
    pub liked: Vec<Track>,
    /// Saved albums.
    pub albums: Vec<Album>,
    /// Saved shows: name and publisher.
    pub shows: Vec<(String, String)>,
    /// Saved episodes: show and title.
    pub episodes: Vec<(String, String)>,
    /// Followed artists.
    pub artists: Vec<String>,
    /// Tracks the user never wants to hear.
    pub banned_tracks: Vec<Track>,
    /// Local files in the library (`other`); only [`Row::Local`] is written.
    pub local_files: Vec<Row>,
    /// Playlists in order.
    pub playlists: Vec<ExportPlaylist>,
    /// Listening history, oldest first. All of it goes into the extended history (from 2025), and what is at most a
    /// year older than the last play into the account history.
    pub plays: Vec<PlayedRow>,
}

impl Export {
    /// The files of the package: path inside it, and content.
    pub fn files(&self, generation: Generation) -> Result<Vec<(String, Vec<u8>)>, KitError> {
        let mut files = account::files(self, generation)?;
        if generation == Generation::Y2025 {
            files.extend(extended::files(self)?);
        }
        Ok(files)
    }

    /// Writes the package as a folder.
    pub fn write_folder(&self, dir: &Path, generation: Generation) -> Result<(), KitError> {
        for (name, bytes) in self.files(generation)? {
            let path = dir.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(KitError::io("make the folder", parent))?;
            }
            fs::write(&path, bytes).map_err(KitError::io("write", &path))?;
        }
        Ok(())
    }

    /// Writes the package as a zip, the way it is downloaded.
    pub fn write_zip(&self, path: &Path, generation: Generation) -> Result<(), KitError> {
        let zipped = |source| KitError::Zip { path: path.to_owned(), source };
        let file = fs::File::create(path).map_err(KitError::io("write", path))?;
        let mut archive = zip::ZipWriter::new(file);
        // The default time is fixed (1980): the same wishes give the same bytes.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in self.files(generation)? {
            archive.start_file(name, options).map_err(zipped)?;
            archive.write_all(&bytes).map_err(KitError::io("write", path))?;
        }
        archive.finish().map_err(zipped)?;
        Ok(())
    }
}

/// A well-formed id (22 characters, below 2^128) that depends on the kind and the name only.
pub fn spotify_id(kind: &str, name: &str) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let digest = blake3::hash(format!("{kind}\n{name}").as_bytes());
    let mut value = digest.as_bytes().iter().take(16).fold(0u128, |value, &b| (value << 8) | u128::from(b));
    let mut id = [b'0'; 22];
    for place in id.iter_mut().rev() {
        *place = ALPHABET.get((value % 62) as usize).copied().unwrap_or(b'0');
        value /= 62;
    }
    id.iter().map(|&byte| char::from(byte)).collect()
}

/// `spotify:kind:id` with an id that depends on the kind and the name only.
pub fn spotify_uri(kind: &str, name: &str) -> String {
    format!("spotify:{kind}:{}", spotify_id(kind, name))
}

fn local_uri(artist: &str, album: &str, title: &str, seconds: u32) -> String {
    let part = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b' ' => "+".to_owned(),
                b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    format!("spotify:local:{}:{}:{}:{seconds}", part(artist), part(album), part(title))
}

fn episode_uri(show: &str, title: &str) -> String {
    spotify_uri("episode", &format!("{show}\n{title}"))
}

fn pretty<T: serde::Serialize>(name: &str, value: &T) -> Result<(String, Vec<u8>), KitError> {
    let bytes = serde_json::to_vec_pretty(value)
        .map_err(|source| KitError::Json { subject: name.to_owned(), source })?;
    Ok((name.to_owned(), bytes))
}
