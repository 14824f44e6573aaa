//! Filing: every staged file gets its place below `bought`, and what stays known of it.
//!
//! A place that holds the same bytes already is the file's place: that is how a run that was killed goes on.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_device::{NameRules, Profile, clash_key, safe_name};
use ferrotape_domain::{Provenance, Rights, TagSet};

use super::album::{Album, albums, stem};
use super::known::Known;
use super::listing::Dropped;
use super::staging::{Piece, sum_of};
use super::{FileNews, News, shops};
use crate::{Context, EngineError};

/// The part of the collection that people bought or brought.
const BOUGHT: &str = "bought";
/// [`Provenance::source`] of what came in here.
const SOURCE: &str = "inbox";
/// UTF-16 units and bytes of one name; file systems take 255 bytes.
const NAME_UNITS: usize = 120;
const NAME_BYTES: usize = 200;
const LONGEST_EXTENSION: usize = 8;

pub(super) struct Filing {
    collection: PathBuf,
    names: NameRules,
    came: bool,
}

impl Filing {
    pub(super) fn new(collection: &Path) -> Self {
        Self { collection: collection.to_owned(), names: Profile::generic().names, came: false }
    }

    /// Whether there is something in the collection that no scan has seen.
    pub(super) fn something_came(&self) -> bool {
        self.came
    }

    /// Files what was staged of a drop.
    pub(super) fn file(
        &mut self,
        pieces: Vec<Piece>,
        drop: &Dropped,
        known: &mut Known,
        context: &Context,
    ) -> Result<Vec<FileNews>, EngineError> {
        let mut all = Vec::new();
        for album in albums(pieces, drop) {
            let folder = self.collection.clone();
            let fault = |error: io::Error| EngineError::Inbox { folder: folder.clone(), reason: error.to_string() };
            let (news, origins) = self.file_album(album, drop, known, context.now).map_err(fault)?;
            context.library.keep_provenance(&origins)?;
            all.extend(news);
        }
        Ok(all)
    }

    fn file_album(
        &mut self,
        album: Album,
        drop: &Dropped,
        known: &mut Known,
        now: i64,
    ) -> io::Result<(Vec<FileNews>, Vec<Provenance>)> {
        let (folder, mut taken) = self.folder_of(&album.folders)?;
        let (mut all, mut origins) = (Vec::new(), Vec::new());
        for piece in album.pieces {
            let mut news = FileNews::new(piece.path.join("/"), News::Filed(PathBuf::new()));
            news.sha256 = Some(piece.staged.sha256.clone());
            news.is_beside = piece.sound.is_none();
            // Twice in one drop.
            let twin = piece.sound.as_ref().and_then(|sound| known.place_of(&sound.content));
            if let Some(place) = twin {
                news.news = News::Had(place.to_owned());
                all.push(news);
                continue;
            }
            let (place, is_new) = self.place(&piece, &folder, &mut taken)?;
            if let Some(sound) = &piece.sound {
                self.came = true;
                known.add(sound.content.clone(), place.clone(), piece.staged.size);
                if known.with_origin.insert(sound.content.clone()) {
                    origins.push(origin(&piece, drop, &sound.tags, sound.content.clone(), now));
                }
            }
            news.news = if is_new { News::Filed(place) } else { News::Had(place) };
            all.push(news);
        }
        for folder in folder.ancestors().take_while(|folder| folder.starts_with(&self.collection)) {
            File::open(folder)?.sync_all()?;
        }
        Ok((all, origins))
    }

    /// Makes the folder and answers what is in it, by [`clash_key`]. One that differs in nothing but case is the same.
    fn folder_of(&self, folders: &[String]) -> io::Result<(PathBuf, HashMap<String, String>)> {
        let mut path = self.collection.clone();
        let mut entries = entries_of(&path)?;
        for wanted in std::iter::once(BOUGHT).chain(folders.iter().map(String::as_str)) {
            let safe = safe_name(wanted, &self.names, NAME_UNITS, NAME_BYTES);
            let safe = if safe.is_empty() { "_".to_owned() } else { safe };
            let there = entries.get(&clash_key(&safe)).filter(|name| path.join(name).is_dir());
            path = path.join(there.unwrap_or(&safe));
            if !path.is_dir() {
                fs::create_dir(&path)?;
            }
            entries = entries_of(&path)?;
        }
        Ok((path, entries))
    }

    /// Puts a piece into its place; says where that is, and whether it was not there.
    fn place(
        &self,
        piece: &Piece,
        folder: &Path,
        taken: &mut HashMap<String, String>,
    ) -> io::Result<(PathBuf, bool)> {
        let name = piece.path.last().map(String::as_str).unwrap_or_default();
        for copy in 1_u32.. {
            let name = self.name(name, copy);
            let key = clash_key(&name);
            let Some(there) = taken.get(&key) else {
                let place = folder.join(&name);
                fs::rename(&piece.staged.path, &place)?;
                taken.insert(key, name);
                return Ok((place, true));
            };
            let place = folder.join(there);
            let same_size = place.metadata().is_ok_and(|found| found.is_file() && found.len() == piece.staged.size);
            if same_size && sum_of(&place)? == piece.staged.sha256 {
                return Ok((place, false));
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// A file's own name, made safe; the `copy`-th of its kind.
    fn name(&self, name: &str, copy: u32) -> String {
        let extension: String = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.chars().filter(char::is_ascii_alphanumeric))
            .map(|letters| letters.take(LONGEST_EXTENSION).collect())
            .unwrap_or_default();
        let safe = safe_name(stem(name), &self.names, NAME_UNITS, NAME_BYTES);
        let safe = if safe.is_empty() { "_".to_owned() } else { safe };
        let mark = if copy < 2 { String::new() } else { format!(" ({copy})") };
        let dot = if extension.is_empty() { "" } else { "." };
        format!("{safe}{mark}{dot}{extension}")
    }
}

fn entries_of(folder: &Path) -> io::Result<HashMap<String, String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.map(|name: io::Result<String>| name.map(|name| (clash_key(&name), name))).collect()
}

fn origin(
    piece: &Piece,
    drop: &Dropped,
    tags: &TagSet,
    content: ferrotape_domain::ContentId,
    now: i64,
) -> Provenance {
    let own = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let remote_id = if drop.is_loose { piece.path.join("/") } else { own(&drop.path) };
    let (note, page) = shops::note(drop.is_zip.then_some(remote_id.as_str()), tags);
    Provenance {
        content,
        source: SOURCE.to_owned(),
        remote_id,
        url: None,
        page,
        rights: Rights::Own,
        note,
        at: now,
        sha256: piece.staged.sha256.clone(),
        said: TagSet::default(),
    }
}
