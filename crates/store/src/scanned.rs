//! The library's picture of the files: what was scanned, what can be read of it, what was heard and measured.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::{ContentId, Heard, Loudness, Offer, Part};

use crate::library::Result;
use crate::model::{FileStamp, Former, KnownFile, ScannedFile, SheetDoubt};
use crate::sqlite::queries;
use crate::{Library, elsewhere};

impl Library {
    /// Every file ever scanned, in the order of their paths.
    pub fn known_files(&self) -> Result<Vec<KnownFile>> {
        self.read("read the scanned files", queries::files::known)
    }

    /// Records what was found, by path; these files are there.
    pub fn record_scanned(&self, batch: &[ScannedFile]) -> Result<()> {
        self.write("record the scanned files", |db| queries::files::record(db, batch))
    }

    /// Sets a file aside that cannot be decoded, until it is another one.
    pub fn record_broken(&self, path: &Path, reason: &str) -> Result<()> {
        self.write("record a broken file", |db| queries::files::break_file(db, path, reason))
    }

    /// Sets one part of a file aside, until the file is looked at anew.
    pub fn record_broken_part(&self, path: &Path, part: &Part, reason: &str) -> Result<()> {
        self.write("record a broken file", |db| queries::files::break_part(db, path, part, reason))
    }

    /// How the file at `path` was when it was last looked at, and the sum of all its bytes as it was kept by
    /// [`Library::record_whole`]; empty where it was not.
    pub fn stamp(&self, path: &Path) -> Result<Option<(FileStamp, String)>> {
        self.read("look for a file", |db| queries::files::stamp(db, path))
    }

    /// Records a known file's new place. Its row, and with it its id, stays.
    pub fn record_moved(&self, file_id: i64, new_path: &Path, stamp: &FileStamp) -> Result<()> {
        self.write("record a moved file", |db| queries::files::moved(db, file_id, new_path, stamp))
    }

    /// Keeps [`FileStamp::changed_ns`] of files, by row, that are known without it.
    pub fn record_changed(&self, changed: &[(i64, i64)]) -> Result<()> {
        self.write("record the files' times", |db| queries::files::record_changed(db, changed))
    }

    /// Keeps the sum of all bytes of a file of which something was made, if it has none: what the same content id has
    /// and is changed later is compared with it.
    pub fn record_whole(&self, path: &Path, whole: &str) -> Result<()> {
        self.write("record a file's sum", |db| queries::files::record_whole(db, path, whole))
    }

    /// Marks files as gone. Recording them again takes the mark away.
    pub fn mark_missing(&self, file_ids: &[i64]) -> Result<()> {
        self.write("mark missing files", |db| queries::files::mark_missing(db, file_ids))
    }

    /// Counts missing files again, which are there as they were. What is gone for good stays so.
    pub fn mark_there(&self, file_ids: &[i64]) -> Result<()> {
        self.write("mark files that are there", |db| queries::files::mark_there(db, file_ids))
    }

    /// Keeps that files are gone for good, as the user says. Recording them again takes that away.
    pub fn mark_gone_for_good(&self, file_ids: &[i64]) -> Result<()> {
        self.write("keep which files are gone", |db| queries::files::mark_gone_for_good(db, file_ids))
    }

    /// The files that are gone for good.
    pub fn gone_for_good(&self) -> Result<HashSet<i64>> {
        self.read("read which files are gone", queries::files::gone_for_good)
    }

    /// Files that could be read and are gone, in the order of their paths.
    pub fn gone_offers(&self) -> Result<Vec<Offer>> {
        self.read("read the files that are gone", |db| {
            let offers = queries::offers::gone_offers(db)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// Files that are there and can be read, below `roots` (all when empty), in the order of their paths.
    pub fn offers(&self, roots: &[PathBuf]) -> Result<Vec<Offer>> {
        self.read("read the files", |db| {
            let offers = queries::offers::offers(db, roots)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// How many [`Library::offers`] there are.
    pub fn count_offers(&self, roots: &[PathBuf]) -> Result<u64> {
        self.read("count the files", |db| queries::offers::count_offers(db, roots))
    }

    /// What would be among the [`Library::offers`] if it were not broken, and how it is.
    pub fn broken_offers(&self, roots: &[PathBuf]) -> Result<Vec<(Offer, String)>> {
        self.read("read the broken files", |db| {
            let (offers, reasons): (Vec<Offer>, Vec<String>) =
                queries::offers::broken_offers(db, roots)?.into_iter().unzip();
            Ok(elsewhere::with_said(db, offers)?.into_iter().zip(reasons).collect())
        })
    }

    /// Files that are there and cannot be read: path, kind of trouble, reason.
    pub fn unreadable_files(&self, roots: &[PathBuf]) -> Result<Vec<(PathBuf, String, String)>> {
        self.read("read the unreadable files", |db| queries::files::unreadable(db, roots))
    }

    /// Files that are there, and of which no cue sheet counts because they contradict each other.
    pub fn doubted_sheets(&self, roots: &[PathBuf]) -> Result<Vec<(PathBuf, SheetDoubt)>> {
        self.read("read what cue sheets say", |db| queries::files::doubted(db, roots))
    }

    /// A readable file by its row, also when it is missing now.
    pub fn offer_by_id(&self, file_id: i64) -> Result<Option<Offer>> {
        self.read("read a file", |db| {
            let offer = queries::offers::by_id(db, file_id)?;
            Ok(elsewhere::with_said(db, offer.into_iter().collect())?.pop())
        })
    }

    /// The readable file at this place, or its parts.
    pub fn files_at(&self, path: &Path) -> Result<Vec<Offer>> {
        self.read("read a file", |db| {
            let offers = queries::offers::by_path(db, path)?;
            elsewhere::with_said(db, offers)
        })
    }

    /// The readable files that are there with this content; of one of several things that equal bytes are, those that are it.
    pub fn files_by_content(&self, content: &ContentId) -> Result<Vec<Offer>> {
        self.read("read a file", |db| {
            if !content.is_another() {
                let offers = queries::offers::by_content(db, content)?;
                return elsewhere::with_said(db, offers);
            }
            let bytes = ContentId(content.bytes().to_owned());
            let offers = queries::offers::by_content(db, &bytes)?;
            let mut offers = elsewhere::with_said(db, offers)?;
            offers.retain(|offer| offer.content == *content);
            Ok(offers)
        })
    }

    /// Where files with these contents lie, as far as the last scans know.
    pub fn places_of(&self, contents: &[ContentId]) -> Result<HashMap<ContentId, Vec<PathBuf>>> {
        self.read("look for files", |db| queries::offers::places(db, contents))
    }

    /// Where these contents lay once and others were found later.
    pub fn former_contents(&self, contents: &[ContentId]) -> Result<Vec<Former>> {
        self.read("read the files' former contents", |db| queries::former::of_contents(db, contents))
    }

    /// What was heard of these contents by the listening of this version, as far as it is known.
    pub fn heard(&self, contents: &[ContentId], version: u32) -> Result<HashMap<ContentId, Heard>> {
        let version = i64::from(version);
        self.read("read what was heard", |db| queries::heard::of_contents(db, contents, version))
    }

    /// Keeps what the listening of this version heard; what an earlier version heard of the same contents goes.
    pub fn record_heard(&self, batch: &HashMap<ContentId, Heard>, version: u32) -> Result<()> {
        self.write("keep what was heard", |db| queries::heard::record(db, batch, i64::from(version)))
    }

    /// How loud these contents are by the meter of this version, as far as it is known.
    pub fn loudness(&self, contents: &[ContentId], version: u32) -> Result<HashMap<ContentId, Loudness>> {
        let version = i64::from(version);
        self.read("read what was measured", |db| queries::loudness::of_contents(db, contents, version))
    }

    /// Keeps what the meter of this version measured; what an earlier version measured of the same contents goes.
    pub fn record_loudness(&self, measured: &[(ContentId, Loudness)], version: u32) -> Result<()> {
        let version = i64::from(version);
        self.write("keep what was measured", |db| queries::loudness::record(db, measured, version))
    }
}
