//! Filing: every staged file gets its place below `bought`, and what stays known of it.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, ContentId, Provenance, Rights, TagSet};

use super::album::{Album, albums};
use super::known::Known;
use super::listing::Dropped;
use super::staging::Piece;
use super::{FileNews, News, apart, sheet_words, shops};
use crate::shelves::{Ready, Shelf, Shelves};
use crate::{Context, EngineError};

/// The part of the collection that people bought or brought.
const BOUGHT: &str = "bought";
/// Folders of one album: nobody has so many discs.
const MOST_COPIES: u32 = 10_000;
/// [`Provenance::source`] of what came in here.
const SOURCE: &str = "inbox";

pub(super) struct Filing {
    collection: PathBuf,
    shelves: Shelves,
    came: bool,
}

/// What became of a drop's pieces.
pub(super) struct Filed {
    pub(super) news: Vec<FileNews>,
    /// What was to go along and belongs to nothing that is filed.
    pub(super) alone: Vec<Piece>,
}

impl Filing {
    pub(super) fn new(collection: &Path) -> Self {
        Self { collection: collection.to_owned(), shelves: Shelves::new(collection), came: false }
    }

    /// Whether there is something in the collection that no scan has seen.
    pub(super) fn something_came(&self) -> bool {
        self.came
    }

    /// Files what was staged of a drop; `others` are the folders of its music that is no news, `had` where that lies.
    pub(super) fn file(
        &mut self,
        (mut pieces, others, had): (Vec<Piece>, BTreeSet<Vec<String>>, &HashSet<PathBuf>),
        drop: &Dropped,
        known: &mut Known,
        context: &Context,
    ) -> Result<Filed, EngineError> {
        let mut all = Vec::new();
        let folder = self.collection.clone();
        let fault = |error: io::Error| match context.cancel.is_stopped() {
            true => EngineError::Interrupted,
            false => EngineError::Inbox { folder: folder.clone(), reason: error.to_string() },
        };
        sheet_words::fill(&mut pieces, drop, context.cancel);
        let (albums, alone) = albums(pieces, drop, others);
        for album in albums {
            if context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            let (news, origins) = self.file_album(album, (drop, had), known, context).map_err(fault)?;
            context.library.keep_provenance(&origins)?;
            all.extend(news);
        }
        Ok(Filed { news: all, alone })
    }

    fn file_album(
        &mut self,
        album: Album,
        (drop, had): (&Dropped, &HashSet<PathBuf>),
        known: &mut Known,
        context: &Context,
    ) -> io::Result<(Vec<FileNews>, Vec<Provenance>)> {
        let mut shelf = self.shelf_for(&album, had, context.cancel)?;
        let (mut all, mut origins) = (Vec::new(), Vec::new());
        for piece in album.pieces {
            let mut news = FileNews::new(piece.path.join("/"), News::Filed(PathBuf::new()));
            news.sha256 = Some(piece.staged.sha256.clone());
            news.from.clone_from(&piece.from);
            news.is_beside = piece.sound.is_none();
            // Twice in one drop.
            let twin = piece.sound.as_ref().and_then(|sound| known.place_of(&sound.content));
            if let Some(place) = twin {
                news.news = News::Had(place.to_owned());
                all.push(news);
                continue;
            }
            let (place, is_new) = self.shelves.put(&ready(&piece), own_name(&piece), &mut shelf)?;
            if let Some(sound) = &piece.sound {
                self.came = true;
                known.add(sound.content.clone(), place.clone(), piece.staged.size);
                if known.with_origin.insert(sound.content.clone()) {
                    origins.push(origin(&piece, drop, &sound.tags, sound.content.clone(), context.now));
                }
            }
            news.news = if is_new { News::Filed(place) } else { News::Had(place) };
            all.push(news);
        }
        self.shelves.sync(&shelf)?;
        Ok((all, origins))
    }

    /// The album's folder; one of its own, where what lies there is another disc's, and a sheet would mix them up.
    fn shelf_for(&self, album: &Album, had: &HashSet<PathBuf>, cancel: &Cancel) -> io::Result<Shelf> {
        let mut shelf = self.shelves.shelf(folders(album))?;
        for copy in 2..MOST_COPIES {
            if cancel.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if !apart::clash(album, &shelf, &self.shelves, had)? {
                return Ok(shelf);
            }
            shelf = self.shelves.shelf_copy(folders(album), copy)?;
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Where an album goes below the collection.
fn folders(album: &Album) -> impl Iterator<Item = &str> {
    std::iter::once(BOUGHT).chain(album.folders.iter().map(String::as_str))
}

pub(super) fn own_name(piece: &Piece) -> &str {
    piece.path.last().map(String::as_str).unwrap_or_default()
}

pub(super) fn ready(piece: &Piece) -> Ready<'_> {
    let staged = &piece.staged;
    Ready { at: &staged.path, size: staged.size, sha256: &staged.sha256 }
}

fn origin(piece: &Piece, drop: &Dropped, tags: &TagSet, content: ContentId, now: i64) -> Provenance {
    let own =
        |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let remote_id = if drop.is_loose { piece.path.join("/") } else { own(&drop.path) };
    let (note, page) = shops::note(drop.is_zip.then_some(remote_id.as_str()), tags);
    Provenance {
        content,
        file_name: String::new(),
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
