//! One drop, taken in: gathered, checked, filed; and what is told of it.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ListedFile;

use super::beside::{beside_what_is_had, had_before};
use super::earlier::Earlier;
use super::filing::{Filing, cannot_be_filed};
use super::kinds::{Kind, kind_of};
use super::known::Known;
use super::late::{Late, may_be_of_sound};
use super::listing::Dropped;
use super::staging::{Gathered, Staging, Stop};
use super::{DropReport, FileNews, News, checking, folder, late, zip};
use crate::sheets::is_sheet;
use crate::{Context, EngineError};

/// Takes one drop in; `None` where there is nothing to tell of it.
pub(super) fn take(
    drop: &Dropped,
    (known, staging, filing): (&mut Known, &Staging, &mut Filing),
    context: &Context,
) -> Result<Option<DropReport>, EngineError> {
    let mut report = DropReport::of(drop);
    let gathered = match drop.is_zip {
        true => zip::gather(drop, known, staging, context),
        false => folder::gather(drop, known, staging, context),
    };
    let mut gathered = match gathered {
        Ok(gathered) => gathered,
        Err(Stop::User) => return Err(EngineError::Interrupted),
        Err(Stop::Drop(why)) => return Ok(Some(DropReport { trouble: Some(why), ..report })),
        Err(Stop::Later(why)) => return Ok(Some(report.all_put_off(why, drop))),
        Err(Stop::NoMusic) => return Ok(Some(report)),
    };
    checking::keep_whole(&mut gathered, context)?;
    let earlier = Earlier::of(drop, &gathered, known);
    file_music(gathered, (drop, &earlier), (known, &mut *filing), &mut report, context)?;
    file_sheets(drop, (&earlier, staging, filing), &mut report, context)?;
    // Members of a zip are not noted one by one.
    report.later |= drop.is_zip && report.files.iter().any(|file| file.is_passing);
    let is_named_anew =
        |file: &FileNews| matches!(file.news, News::Filed(_)) && is_sheet(Path::new(&file.name));
    if report.files.iter().any(is_named_anew) {
        report.named_anew = earlier.places().cloned().collect();
    }
    report.files.sort_by(|a, b| a.name.cmp(&b.name));
    let is_news = drop.is_zip || !report.files.is_empty() || !report.stays.is_empty() || report.later;
    Ok(is_news.then_some(report))
}

fn file_music(
    gathered: Gathered,
    (drop, earlier): (&Dropped, &Earlier),
    (known, filing): (&mut Known, &mut Filing),
    report: &mut DropReport,
    context: &Context,
) -> Result<(), EngineError> {
    let had = beside_what_is_had(&gathered.news);
    let before = drop.music_before.iter().filter_map(|path| Some(folder::parts(path.parent()?, drop)));
    let others = gathered.news.iter().map(|news| news.folders.clone());
    let others: BTreeSet<Vec<String>> = others.chain(before).collect();
    let filed = filing.file((gathered.pieces, others, earlier), drop, known, context)?;
    report.files.extend(gathered.news);
    report.files.extend(filed.news);
    report.later |= filed.trouble.is_some();
    report.trouble = filed.trouble;
    report.alone = gathered.alone;
    for piece in filed.alone {
        match had_before(&piece, &had) {
            Some(news) => report.files.push(news),
            None => report.alone.push(piece.path.join("/")),
        }
    }
    (report.left, report.stray_bytes) = (gathered.left, gathered.stray_bytes);
    // A sheet that is not filed leaves music without names, and nobody would look for it.
    let of_zip = report.alone.iter().filter(|_| drop.is_zip).map(|name| drop.path.join(name));
    report.stays = of_zip.filter(|path| is_sheet(path)).collect();
    Ok(())
}

/// Files the sheets that came after their music, where it is clear which that is; the others are told of.
fn file_sheets(
    drop: &Dropped,
    (earlier, staging, filing): (&Earlier, &Staging, &mut Filing),
    report: &mut DropReport,
    context: &Context,
) -> Result<(), EngineError> {
    let sheets = late::sheets(drop, &report.files);
    if sheets.is_empty() {
        return Ok(());
    }
    let late = Late::of(drop, earlier, &filing.bought);
    for sheet in sheets {
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
        if !may_be_of_sound(&sheet.path) {
            continue;
        }
        let Some(shelf) = late.shelf_for(&sheet.path, &filing.shelves) else {
            report.stays.push(sheet.path.clone());
            continue;
        };
        match folder::stage(sheet, staging, context) {
            Ok(Ok(staged)) => match filing.file_late(&folder::piece(sheet, drop, staged, None), shelf) {
                Ok(news) => report.files.push(news),
                Err(error) => report.put_off(cannot_be_filed(&error), sheet),
            },
            Ok(Err(why)) => report.files.push(folder::passing(sheet, drop, why)),
            Err(Stop::User) => return Err(EngineError::Interrupted),
            Err(Stop::Later(why) | Stop::Drop(why)) => report.put_off(why, sheet),
            Err(Stop::NoMusic) => {}
        }
    }
    Ok(())
}

/// What was to go with the music and stays; of a zip below its own name.
pub(super) fn stays(drop: &Dropped, one: &DropReport) -> Vec<PathBuf> {
    if drop.is_zip {
        return one.alone.iter().map(|name| drop.path.join(name)).collect();
    }
    let known: HashSet<&PathBuf> = one.files.iter().filter_map(|file| file.from.as_ref()).collect();
    let stays = drop.files.iter().filter(|file| drop.belongs(file) && !known.contains(&file.path));
    stays.map(|file| file.path.clone()).collect()
}

impl DropReport {
    fn of(drop: &Dropped) -> Self {
        Self {
            path: drop.path.clone(),
            is_zip: drop.is_zip,
            files: Vec::new(),
            trouble: None,
            moved: false,
            folder_stays: None,
            stays: Vec::new(),
            left: 0,
            alone: Vec::new(),
            stray_bytes: 0,
            later: false,
            untaken: 0,
            named_anew: Vec::new(),
        }
    }

    /// Leaves all of it for the next run: a disk is full.
    fn all_put_off(self, why: String, drop: &Dropped) -> Self {
        let sounds = drop.files.iter().filter(|file| kind_of(&file.path) == Kind::Sound).count();
        let why = match sounds {
            0 | 1 => why,
            several => {
                format!("{why}; none of its {several} music files was taken, the next run tries again")
            }
        };
        Self { trouble: Some(why), later: true, untaken: sounds, ..self }
    }

    /// Leaves a sheet for the next run.
    fn put_off(&mut self, why: String, sheet: &ListedFile) {
        self.later = true;
        self.trouble.get_or_insert(why);
        self.stays.push(sheet.path.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::InboxReport;
    use super::*;

    #[test]
    fn each_file_that_a_full_disk_keeps_out_is_counted() {
        let file =
            |name: &str| ListedFile { path: PathBuf::from(name), size: 1, modified_ns: 1, changed_ns: 0 };
        let files = ["/in/a.flac", "/in/b.mp3", "/in/bill.pdf"].map(file).to_vec();
        let (path, inbox) = (PathBuf::from("/in"), PathBuf::from("/in"));
        let drop = Dropped { path, inbox, is_zip: false, is_loose: true, files, music_before: Vec::new() };
        let one = DropReport::of(&drop).all_put_off("it could not be copied: full".to_owned(), &drop);
        assert!(one.trouble.as_ref().is_some_and(|why| why.contains("none of its 2 music files")), "{one:?}");
        let report = InboxReport { drops: vec![one], ..InboxReport::default() };
        assert_eq!(report.not_taken(), 2);
        assert!(report.has_trouble());
    }
}
