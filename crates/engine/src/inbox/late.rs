//! Cue sheets that come after their music: many rippers write the sheet last, and the music may be filed by then.
//!
//! A sheet gives sound its names. So one that comes late is filed only where it is clear what it is about: music that it lay
//! in one folder with, and nothing else that it may name. Any other stays, and is told of.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ferrotape_audio::read_cue_sheet;
use ferrotape_domain::ListedFile;

use super::FileNews;
use super::album::{file_of, lines_of_sheet, stem};
use super::earlier::{Earlier, low_stem};
use super::filing::Filing;
use super::folder::parts;
use super::kinds::{Kind, kind_of, may_be_sound};
use super::listing::Dropped;
use crate::disc_folders::disc_of;
use crate::sheets::{MOST_SHEETS, Names, is_sheet};
use crate::shelves::{Shelf, Shelves, sum_of};

/// The sheets of a folder that nothing is told of yet. Those of data alone are nobody's.
pub(super) fn sheets<'d>(drop: &'d Dropped, told: &[FileNews]) -> Vec<&'d ListedFile> {
    if drop.is_zip {
        return Vec::new();
    }
    let told: HashSet<&PathBuf> = told.iter().filter_map(|news| news.from.as_ref()).collect();
    let sheets = drop.files.iter().filter(|file| is_sheet(&file.path) && !told.contains(&file.path));
    sheets.filter(|file| may_be_of_sound(&file.path)).collect()
}

fn may_be_of_sound(sheet: &Path) -> bool {
    let Ok(sheet) = read_cue_sheet(sheet) else { return true };
    let mut tracks = sheet.files.iter().flat_map(|file| &file.tracks).peekable();
    tracks.peek().is_none() || tracks.any(|track| track.is_sound)
}

/// The shelf that a sheet is to be filed on, where that is clear.
pub(super) fn shelf_for(sheet: &Path, drop: &Dropped, earlier: &Earlier, filing: &Filing) -> Option<Shelf> {
    let names = Names::read(sheet, sheet)?;
    let music = drop.files.iter().map(|file| &file.path).filter(|path| kind_of(path) == Kind::Sound);
    let music = music.chain(&drop.music_before).chain(earlier.here.iter().map(|(path, _)| path));
    let here: HashSet<&PathBuf> =
        music.filter(|path| path.parent() == sheet.parent() && names.may_mean(path)).collect();
    let places = match here.is_empty() {
        true => of_what_went(sheet, drop, earlier, &filing.bought)?,
        false => of_what_is_here(&here, earlier, &filing.bought)?,
    };
    let folder = places.first()?.parent()?;
    if places.iter().any(|place| place.parent() != Some(folder)) || is_contested(sheet, drop, &places) {
        return None;
    }
    let shelf = Shelves::shelf_at(folder.to_owned()).ok()?;
    is_clear(sheet, &places, (&shelf, &filing.shelves)).then_some(shelf)
}

/// Where those files lie that the sheet lies with; `None` where one was not filed, or is called otherwise now.
fn of_what_is_here(here: &HashSet<&PathBuf>, earlier: &Earlier, bought: &Path) -> Option<Vec<PathBuf>> {
    let place_of = |path: &PathBuf| {
        let mut places = earlier.here.iter().filter(|(from, _)| from == path).map(|(_, place)| place);
        places.find(|place| place.starts_with(bought) && low_stem(place) == low_stem(path)).cloned()
    };
    here.iter().copied().map(place_of).collect()
}

/// Where those files lie that went from the sheet's folder. Only the drop's name tells of these, so the sheet must name all
/// of them, and they be all that it names.
fn of_what_went(sheet: &Path, drop: &Dropped, earlier: &Earlier, bought: &Path) -> Option<Vec<PathBuf>> {
    let places: Vec<PathBuf> =
        earlier.from_drop.iter().filter(|place| place.starts_with(bought)).cloned().collect();
    let lines = lines_of_sheet(sheet);
    let named: HashSet<String> = lines.iter().map(|line| stem(&file_of(line)).to_owned()).collect();
    let called: HashSet<String> = places.iter().map(|place| low_stem(place)).collect();
    let is_called_so = lines.len() == 1 && called.len() == 1 && called.contains(&low_stem(sheet));
    let is_whole = named.len() == lines.len() && (called == named || is_called_so);
    let folder = places.first()?.parent()?.file_name()?.to_string_lossy().to_lowercase();
    let is_from_there = match parts(sheet.parent()?, drop).last() {
        Some(own) => own.to_lowercase() == folder,
        None => disc_of(&folder).is_none(),
    };
    (is_whole && called.len() == places.len() && is_from_there).then_some(places)
}

/// Whether another sheet that lies beside this one is about the same: which is right nobody can say.
fn is_contested(sheet: &Path, drop: &Dropped, places: &[PathBuf]) -> bool {
    let beside = drop.files.iter().map(|file| file.path.as_path()).filter(|path| is_sheet(path));
    let mut others =
        beside.filter(|path| *path != sheet && path.parent() == sheet.parent()).take(MOST_SHEETS);
    others.any(|other| may_mean_one(other, places) && !is_same(other, sheet))
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
