//! Keeping discs apart: untagged files of every disc are called `Track01`, and a cue sheet names whatever lies beside it.
//! So no sheet is filed beside another disc's files that it would name, and no files beside another disc's sheet.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::album::Album;
use super::earlier::Earlier;
use super::filing::{own_name, ready};
use super::kinds::may_be_sound;
use super::staging::Piece;
use crate::sheets::{MOST_SHEETS, Names, is_sheet};
use crate::shelves::{Shelf, Shelves};

/// Whether the files of `album` and those of another disc on `shelf` would get into each other's sheets. The music of the
/// drop that was filed `earlier` belongs to the album.
pub(super) fn clash(album: &Album, shelf: &Shelf, shelves: &Shelves, earlier: &Earlier) -> io::Result<bool> {
    let (mut ours, mut to_come, mut sheets) = (HashSet::new(), Vec::new(), Vec::new());
    let comes_with_sheet = album.pieces.iter().any(is_piece_sheet);
    let went = earlier.went_from(shelf);
    let mut is_another = false;
    for piece in album.pieces.iter().filter(|piece| piece.sound.is_some() || is_piece_sheet(piece)) {
        let (place, is_there) = shelves.own_place(own_name(piece), shelf);
        // Whatever gets another name is meant by no sheet, and what comes with one must keep its name.
        let is_taken = is_there
            && (comes_with_sheet || !went.is_empty())
            && shelves.is_taken(&ready(piece), own_name(piece), shelf)?;
        is_another |= is_taken && piece.sound.is_some();
        match piece.sound {
            Some(_) if is_taken && comes_with_sheet => return Ok(true),
            Some(_) if !is_there => to_come.push((piece, place)),
            // A sheet that lies there already lies beside what it is about.
            None if !is_there || is_taken => sheets.push((piece, place)),
            _ => {
                ours.insert(place);
            }
        }
    }
    let is_ours = |place: &PathBuf| ours.contains(place) || earlier.has(place);
    let mut others: Vec<PathBuf> = shelf.places().filter(|place| !is_ours(place)).collect();
    others.sort_unstable();
    // A second file of one name is of a second disc, whose folder was called the same.
    let went = if is_another { Vec::new() } else { went };
    Ok(names_others(&sheets, &others, &went) || is_named_by_others(&to_come, &others, &went))
}

fn is_piece_sheet(piece: &Piece) -> bool {
    piece.sound.is_none() && is_sheet(Path::new(own_name(piece)))
}

/// Whether a sheet that comes would name what is there, but for what `went` from the drop before.
fn names_others(sheets: &[(&Piece, PathBuf)], others: &[PathBuf], went: &[PathBuf]) -> bool {
    let sounds: Vec<&PathBuf> =
        others.iter().filter(|place| may_be_sound(place) && place.is_file()).collect();
    let mut names =
        sheets.iter().take(MOST_SHEETS).filter_map(|(piece, place)| Names::read(place, &piece.staged.path));
    names.any(|names| {
        let is_own = are_its_disc(went, &names);
        sounds.iter().any(|place| names.may_mean(place) && !(is_own && went.contains(place)))
    })
}

/// Whether a sheet that is there would name what comes, and not as its tags do. The sheet of the drop itself may have gone
/// before: it is beside nothing but what went with it, and may name what has no title of its own.
fn is_named_by_others(to_come: &[(&Piece, PathBuf)], others: &[PathBuf], went: &[PathBuf]) -> bool {
    let title = |piece: &Piece| piece.sound.as_ref().and_then(|sound| sound.tags.title.clone());
    let sheets = others.iter().filter(|place| is_sheet(place)).take(MOST_SHEETS);
    let mut names = sheets.filter_map(|place| Names::read(place, place));
    names.any(|names| {
        let is_others = |place: &PathBuf| {
            may_be_sound(place) && names.may_mean(place) && !went.contains(place) && place.is_file()
        };
        let is_own = are_its_disc(went, &names) && !others.iter().any(is_others);
        let is_it = |piece: &Piece, place: &Path| match title(piece) {
            Some(title) => names.calls_it(place, &title),
            None => is_own,
        };
        to_come.iter().any(|(piece, place)| names.may_mean(place) && !is_it(piece, place))
    })
}

/// Whether what went from the drop is a disc's that the sheet is about: there is something, and it may name all of it. Two
/// discs that came in folders of one name are told by that.
fn are_its_disc(went: &[PathBuf], names: &Names) -> bool {
    !went.is_empty() && went.iter().all(|place| names.may_mean(place))
}
