//! What the cue sheets of a drop say of the files beside them, where these say nothing of themselves: a disc that was ripped
//! into a file for each track often has its names in the sheet alone.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::Cancel;

use super::listing::Dropped;
use super::staging::Piece;
use crate::sheets::{Near, Said, is_sheet};

/// Fills the tags of what was staged, as far as it comes before the user stops it. The files keep their own: in the
/// collection the sheet lies beside them again.
pub(super) fn fill(pieces: &mut [Piece], drop: &Dropped, cancel: &Cancel) {
    // With the drop's own name: a sheet may call its folder by that.
    let top = if drop.is_zip { drop.path.with_extension("") } else { drop.path.clone() };
    let paths: Vec<PathBuf> = pieces.iter().map(|piece| top.join(path_of(piece))).collect();
    // Sheets, each with its copy, and sounds.
    type InFolder<'p> = (Vec<(&'p Path, &'p Path)>, Vec<&'p Path>);
    let mut folders: BTreeMap<Option<&Path>, InFolder<'_>> = BTreeMap::new();
    for (piece, path) in pieces.iter().zip(&paths) {
        let (sheets, sounds) = folders.entry(path.parent()).or_default();
        if piece.sound.is_some() {
            sounds.push(path);
        } else if is_sheet(path) {
            sheets.push((path.as_path(), piece.staged.path.as_path()));
        }
    }
    let with_sheets = folders.iter().filter(|(_, (sheets, _))| !sheets.is_empty());
    let with_sheets: HashSet<&Path> = with_sheets.filter_map(|(folder, _)| *folder).collect();
    let sounds = folders.values().flat_map(|(_, sounds)| sounds.iter().copied());
    let near = Near::of(sounds, &with_sheets);
    let mut said = Said::default();
    for (mut sheets, sounds) in folders.into_values().filter(|(sheets, _)| !sheets.is_empty()) {
        // As the scan has them, which reads so many and tells what cannot be read.
        sheets.sort_unstable();
        said.take_folder(sheets.into_iter(), (sounds, &near), cancel, &|_, _| {});
    }
    for (piece, path) in pieces.iter_mut().zip(&paths) {
        if let Some(sound) = &mut piece.sound {
            said.fill(path, &mut sound.tags);
        }
    }
}

/// Its place in the drop.
fn path_of(piece: &Piece) -> PathBuf {
    piece.path.iter().collect()
}
