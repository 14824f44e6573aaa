//! Filing: every staged file gets its place below `bought`, and what stays known of it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::{Cancel, ContentId, Provenance, Rights, TagSet};

use super::album::{Album, albums};
use super::earlier::Earlier;
use super::known::Known;
use super::listing::Dropped;
use super::staging::Piece;
use super::{FileNews, News, apart, grown, sheet_words, shops};
use crate::shelves::{Ready, Shelf, Shelves};
use crate::{Context, EngineError};

/// The part of the collection that people bought or brought.
pub(super) const BOUGHT: &str = "bought";
/// Folders of one album: nobody has so many discs.
const MOST_COPIES: u32 = 10_000;
/// [`Provenance::source`] of what came in here.
pub(super) const SOURCE: &str = "inbox";

pub(super) struct Filing {
    pub(super) shelves: Shelves,
    /// The folder that all is filed in.
    pub(super) bought: PathBuf,
    came: bool,
}

/// What became of a drop's pieces.
pub(super) struct Filed {
    pub(super) news: Vec<FileNews>,
    /// What was to go along and belongs to nothing that is filed.
    pub(super) alone: Vec<Piece>,
    /// Why not all of it could be filed: the next run tries again.
    pub(super) trouble: Option<String>,
}

/// What became of one album.
#[derive(Default)]
struct Shelved {
    news: Vec<FileNews>,
    origins: Vec<Provenance>,
    trouble: Option<io::Error>,
}

impl Filing {
    pub(super) fn new(collection: &Path) -> Self {
        Self { shelves: Shelves::new(collection), bought: collection.join(BOUGHT), came: false }
    }

    /// Whether there is something in the collection that no scan has seen.
    pub(super) fn something_came(&self) -> bool {
        self.came
    }

    /// Files what was staged of a drop; `others` are the folders of its music that is no news, `earlier` where that lies.
    pub(super) fn file(
        &mut self,
        (mut pieces, others, earlier): (Vec<Piece>, BTreeSet<Vec<String>>, &Earlier),
        drop: &Dropped,
        known: &mut Known,
        context: &Context,
    ) -> Result<Filed, EngineError> {
        sheet_words::fill(&mut pieces, drop, context.cancel);
        let (albums, alone) = albums(pieces, drop, others);
        let mut filed = Filed { news: Vec::new(), alone, trouble: None };
        for album in albums {
            if context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            let shelved = self.file_album(album, (drop, earlier), known, context);
            context.library.keep_provenance(&shelved.origins)?;
            filed.news.extend(shelved.news);
            match shelved.trouble {
                Some(_) if context.cancel.is_stopped() => return Err(EngineError::Interrupted),
                Some(error) => filed.trouble = filed.trouble.or_else(|| Some(cannot_be_filed(&error))),
                None => {}
            }
        }
        Ok(filed)
    }

    /// Files one album. What lies in its way stops no other, and each of its files is told of.
    fn file_album(
        &mut self,
        album: Album,
        (drop, earlier): (&Dropped, &Earlier),
        known: &mut Known,
        context: &Context,
    ) -> Shelved {
        let mut shelved = Shelved::default();
        let mut shelf = match self.shelf_for(&album, earlier, context.cancel) {
            Ok(shelf) => Some(shelf),
            Err(error) => {
                shelved.trouble = Some(error);
                None
            }
        };
        for piece in album.pieces {
            let placed = match shelf.as_mut().filter(|_| shelved.trouble.is_none()) {
                Some(shelf) => {
                    self.place(&piece, shelf, (drop, &mut *known, context.now), &mut shelved.origins)
                }
                None => Ok(News::Broken(NOT_FILED.to_owned())),
            };
            let news = placed.unwrap_or_else(|error| {
                shelved.trouble = Some(error);
                News::Broken(NOT_FILED.to_owned())
            });
            shelved.news.push(news_of(&piece, news));
        }
        if let Some(Err(error)) = shelf.map(|shelf| self.shelves.sync(&shelf)) {
            shelved.trouble = shelved.trouble.or(Some(error));
        }
        shelved
    }

    /// Puts one file onto its shelf; `origins` gets where it came from, where that is not on record.
    fn place(
        &mut self,
        piece: &Piece,
        shelf: &mut Shelf,
        (drop, known, now): (&Dropped, &mut Known, i64),
        origins: &mut Vec<Provenance>,
    ) -> io::Result<News> {
        // Twice in one drop.
        let sha256 = &piece.staged.sha256;
        let twin = piece.sound.as_ref().and_then(|sound| known.same_at(&sound.content, sha256));
        if let Some(place) = twin {
            return Ok(News::Had(place.to_owned()));
        }
        let (place, is_new) = match grown::half_copy(piece, shelf, &self.shelves) {
            Some(place) => {
                fs::rename(&piece.staged.path, &place)?;
                (place, true)
            }
            None => self.shelves.put(&ready(piece), own_name(piece), shelf)?,
        };
        if let Some(sound) = &piece.sound {
            self.came = true;
            known.add(&sound.content, place.clone(), piece.staged.size);
            if known.with_origin.insert(sound.content.clone()) {
                origins.push(origin(piece, drop, &sound.tags, sound.content.clone(), now));
            }
        }
        Ok(if is_new { News::Filed(place) } else { News::Had(place) })
    }

    /// Files a sheet that came after its music on the shelf of that.
    pub(super) fn file_late(&mut self, sheet: &Piece, mut shelf: Shelf) -> io::Result<FileNews> {
        let (place, is_new) = self.shelves.put(&ready(sheet), own_name(sheet), &mut shelf)?;
        self.came |= is_new;
        self.shelves.sync(&shelf)?;
        Ok(news_of(sheet, if is_new { News::Filed(place) } else { News::Had(place) }))
    }

    /// The album's folder; one of its own, where what lies there is another disc's, and a sheet would mix them up.
    fn shelf_for(&self, album: &Album, earlier: &Earlier, cancel: &Cancel) -> io::Result<Shelf> {
        let mut shelf = self.shelves.shelf(folders(album))?;
        for copy in 2..MOST_COPIES {
            if cancel.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if !apart::clash(album, &shelf, &self.shelves, earlier)? {
                return Ok(shelf);
            }
            shelf = self.shelves.shelf_copy(folders(album), copy)?;
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// What is said of a file; what was in the way is said of the drop.
const NOT_FILED: &str = "it could not be filed";

pub(super) fn cannot_be_filed(error: &io::Error) -> String {
    format!("it could not be filed: {error}; the next run tries again")
}

/// What is said of a piece.
fn news_of(piece: &Piece, news: News) -> FileNews {
    FileNews {
        sha256: Some(piece.staged.sha256.clone()),
        from: piece.from.clone(),
        is_beside: piece.sound.is_none(),
        ..FileNews::of(&piece.path, news)
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

/// What a drop is called where it is kept what came in it.
pub(super) fn name_on_record(drop: &Dropped) -> String {
    drop.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn origin(piece: &Piece, drop: &Dropped, tags: &TagSet, content: ContentId, now: i64) -> Provenance {
    let remote_id = if drop.is_loose { piece.path.join("/") } else { name_on_record(drop) };
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
