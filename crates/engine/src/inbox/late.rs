//! Cue sheets that come after their music: many rippers write the sheet last, and the music may be filed by then.
//!
//! A sheet gives sound its names. So one that comes late is filed only where it is clear what it is about: music that it lay
//! in one folder with, or that has just the lengths of the sheet's disc, and nothing else that it may name. Any other stays,
//! and is told of.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ferrotape_audio::{CueFile, CueSheet, probe, read_cue_sheet};
use ferrotape_domain::ListedFile;

use super::FileNews;
use super::album::{file_of, stem};
use super::earlier::{Earlier, low_stem};
use super::folder::parts;
use super::kinds::{Kind, kind_of, may_be_sound};
use super::listing::Dropped;
use crate::disc_folders::disc_of;
use crate::sheets::{MOST_SHEETS, Names, is_sheet};
use crate::shelves::{Shelf, Shelves, sum_of};

/// The sheets of a folder that nothing is told of yet.
pub(super) fn sheets<'d>(drop: &'d Dropped, told: &[FileNews]) -> Vec<&'d ListedFile> {
    if drop.is_zip {
        return Vec::new();
    }
    let told: HashSet<&PathBuf> = told.iter().filter_map(|news| news.from.as_ref()).collect();
    drop.files.iter().filter(|file| is_sheet(&file.path) && !told.contains(&file.path)).collect()
}

/// Whether a sheet is of music: those of data alone are nobody's.
pub(super) fn may_be_of_sound(sheet: &Path) -> bool {
    let Ok(sheet) = read_cue_sheet(sheet) else { return true };
    let mut tracks = sheet.files.iter().flat_map(|file| &file.tracks).peekable();
    tracks.peek().is_none() || tracks.any(|track| track.is_sound)
}

/// What the late sheets of a drop may be about, by folder: there may be thousands of sheets, and of files.
pub(super) struct Late<'d> {
    drop: &'d Dropped,
    music: HashMap<&'d Path, HashSet<&'d PathBuf>>,
    /// As many of each folder as are read.
    sheets: HashMap<&'d Path, Vec<Sheet<'d>>>,
    /// Where those files of the drop lie that were filed before.
    filed: HashMap<&'d Path, Vec<&'d PathBuf>>,
    /// Where that lies which came in a drop of this name lately.
    went: Vec<PathBuf>,
    /// What it is called.
    called: HashSet<String>,
}

/// A sheet, read once at most.
struct Sheet<'d> {
    path: &'d Path,
    names: OnceCell<Option<Names>>,
}

impl Sheet<'_> {
    fn names(&self) -> Option<&Names> {
        self.names.get_or_init(|| Names::read(self.path, self.path)).as_ref()
    }

    fn may_mean_one(&self, places: &[PathBuf]) -> bool {
        self.names().is_some_and(|names| places.iter().any(|place| names.may_mean(place)))
    }
}

impl<'d> Late<'d> {
    /// `bought` is the folder that all is filed in.
    pub(super) fn of(drop: &'d Dropped, earlier: &'d Earlier, bought: &Path) -> Self {
        let sounds = drop.files.iter().map(|file| &file.path).filter(|path| kind_of(path) == Kind::Sound);
        let before = drop.music_before.iter().chain(earlier.here.iter().map(|(path, _)| path));
        let mut music: HashMap<&Path, HashSet<&PathBuf>> = HashMap::new();
        for path in sounds.chain(before) {
            music.entry(folder_of(path)).or_default().insert(path);
        }
        let mut sheets: HashMap<&Path, Vec<Sheet>> = HashMap::new();
        for path in drop.files.iter().map(|file| &file.path).filter(|path| is_sheet(path)) {
            let beside = sheets.entry(folder_of(path)).or_default();
            if beside.len() < MOST_SHEETS {
                beside.push(Sheet { path, names: OnceCell::new() });
            }
        }
        let mut filed: HashMap<&Path, Vec<&PathBuf>> = HashMap::new();
        for (path, place) in earlier.here.iter().filter(|(_, place)| place.starts_with(bought)) {
            filed.entry(path).or_default().push(place);
        }
        let went: Vec<PathBuf> =
            earlier.from_drop.iter().filter(|place| place.starts_with(bought)).cloned().collect();
        let called = went.iter().map(|place| low_stem(place)).collect();
        Self { drop, music, sheets, filed, went, called }
    }

    /// The shelf that a sheet is to be filed on, where that is clear.
    pub(super) fn shelf_for(&self, sheet: &Path, shelves: &Shelves) -> Option<Shelf> {
        let beside = self.sheets.get(folder_of(sheet))?;
        let names = beside.iter().find(|one| one.path == sheet)?.names()?;
        let music = self.music.get(folder_of(sheet)).into_iter().flatten().copied();
        let here: Vec<&PathBuf> = music.filter(|path| names.may_mean(path)).collect();
        let places = match here.is_empty() {
            true => self.of_what_went(sheet)?,
            false => self.of_what_is_here(&here)?,
        };
        let folder = places.first()?.parent()?;
        if places.iter().any(|place| place.parent() != Some(folder)) || is_contested(sheet, beside, &places) {
            return None;
        }
        let shelf = Shelves::shelf_at(folder.to_owned()).ok()?;
        is_clear(sheet, &places, (&shelf, shelves)).then_some(shelf)
    }

    /// Where those files lie that the sheet lies with; `None` where one was not filed, or is called otherwise now.
    fn of_what_is_here(&self, here: &[&PathBuf]) -> Option<Vec<PathBuf>> {
        let place_of = |path: &&PathBuf| {
            let mut places = self.filed.get(path.as_path())?.iter().copied();
            places.find(|place| low_stem(place) == low_stem(path)).cloned()
        };
        here.iter().map(place_of).collect()
    }

    /// Where those files lie that went from the sheet's folder. Only the drop's name tells of these, and the next disc may
    /// come in a folder of the same name, its sheet first: so the sheet must name all of them, they be all that it names,
    /// and its disc be as long as they are.
    fn of_what_went(&self, sheet: &Path) -> Option<Vec<PathBuf>> {
        let read = read_cue_sheet(sheet).ok()?;
        let named: HashSet<String> =
            read.files.iter().map(|file| stem(&file_of(&file.name)).to_owned()).collect();
        let is_only = read.files.len() == 1 && self.called.len() == 1;
        let is_called_so = is_only && self.called.contains(&low_stem(sheet));
        let is_whole = named.len() == read.files.len() && (self.called == named || is_called_so);
        let folder = self.went.first()?.parent()?.file_name()?.to_string_lossy().to_lowercase();
        let is_from_there = match parts(sheet.parent()?, self.drop).last() {
            Some(own) => own.to_lowercase() == folder,
            None => disc_of(&folder).is_none(),
        };
        let may_be_it = is_whole && self.called.len() == self.went.len() && is_from_there;
        (may_be_it && is_of_their_disc(&read, &self.went)).then(|| self.went.clone())
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Whether a sheet is of the disc that these files, which it names, are all of. Without a number of its disc none tells:
/// where the last track ends no sheet says, and of a file for each track nothing.
fn is_of_their_disc(sheet: &CueSheet, places: &[PathBuf]) -> bool {
    if sheet.disc_id.is_none() {
        return false;
    }
    let by_stem: HashMap<String, &PathBuf> = places.iter().map(|place| (low_stem(place), place)).collect();
    let only = places.first().filter(|_| places.len() == 1);
    let length = |file: &CueFile| {
        let place = only.or_else(|| by_stem.get(stem(&file_of(&file.name))).copied())?;
        probe(place).ok()?.facts.duration
    };
    let lengths: Option<Vec<Duration>> = sheet.files.iter().map(length).collect();
    lengths.is_some_and(|lengths| sheet.is_of_disc(&lengths))
}

/// Whether another sheet that lies beside this one is about the same: which is right nobody can say.
fn is_contested(sheet: &Path, beside: &[Sheet], places: &[PathBuf]) -> bool {
    let mut others = beside.iter().filter(|other| other.path != sheet);
    others.any(|other| other.may_mean_one(places) && !is_same(other.path, sheet))
}

/// Whether a sheet would name just these files of a shelf, and no other sheet there does.
fn is_clear(sheet: &Path, places: &[PathBuf], (shelf, shelves): (&Shelf, &Shelves)) -> bool {
    let Some(own) = sheet.file_name().map(|name| name.to_string_lossy()) else { return false };
    let (at, is_there) = shelves.own_place(&own, shelf);
    if is_there && !is_same(&at, sheet) {
        return false;
    }
    let Some(names) = Names::read(&at, sheet) else { return false };
    let is_meant = |place: &PathBuf| names.may_mean(place);
    let is_other = |place: &PathBuf| may_be_sound(place) && !places.contains(place) && place.is_file();
    if !places.iter().all(is_meant) || shelf.places().any(|place| is_meant(&place) && is_other(&place)) {
        return false;
    }
    let sheets: Vec<PathBuf> = shelf.places().filter(|place| is_sheet(place)).take(MOST_SHEETS).collect();
    !sheets.iter().any(|other| may_mean_one(other, places) && !is_same(other, sheet))
}

fn may_mean_one(sheet: &Path, places: &[PathBuf]) -> bool {
    Names::read(sheet, sheet).is_some_and(|names| places.iter().any(|place| names.may_mean(place)))
}

fn is_same(one: &Path, other: &Path) -> bool {
    let size = |path: &Path| path.metadata().ok().map(|found| found.len());
    size(one).is_some() && size(one) == size(other) && sum_of(one).ok() == sum_of(other).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn listed(path: &Path) -> ListedFile {
        ListedFile { path: path.to_owned(), size: 1, modified_ns: 1, changed_ns: 0 }
    }

    #[test]
    fn of_each_folder_a_hundred_sheets_are_looked_at_and_each_is_read_once() {
        let home = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> =
            (0..=MOST_SHEETS).map(|at| home.path().join(format!("{at:03}.cue"))).collect();
        fs::write(&paths[0], "FILE \"a.wav\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n").unwrap();
        let files = paths.iter().map(|path| listed(path)).collect();
        let (path, inbox) = (home.path().to_owned(), home.path().to_owned());
        let drop = Dropped { path, inbox, is_zip: false, is_loose: true, files, music_before: Vec::new() };
        let earlier = Earlier::default();
        let late = Late::of(&drop, &earlier, Path::new("/collection/bought"));
        let sheets = &late.sheets[home.path()];
        assert_eq!(sheets.len(), MOST_SHEETS);
        assert!(sheets.iter().all(|sheet| sheet.path != paths[MOST_SHEETS]));
        let places = [PathBuf::from("/collection/bought/a.flac")];
        assert!(sheets[0].may_mean_one(&places));
        fs::remove_file(&paths[0]).unwrap();
        assert!(sheets[0].may_mean_one(&places), "it is not read again");
    }
}
