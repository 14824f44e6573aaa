//! What the cue sheets of a drop say of the files beside them, where these say nothing of themselves: a disc that was ripped
//! into a file for each track often has its names in the sheet alone.

use std::path::{Path, PathBuf};

use ferrotape_audio::read_cue_sheet;

use super::staging::Piece;
use crate::sheets::{Said, is_sheet};

/// Fills the tags of what was staged. The files keep their own: in the collection the sheet lies beside them again.
pub(super) fn fill(pieces: &mut [Piece]) {
    let paths: Vec<PathBuf> = pieces.iter().map(path_of).collect();
    let mut said = Said::default();
    for (sheet, path) in pieces.iter().zip(&paths).filter(|(_, path)| is_sheet(path)) {
        let is_beside =
            |(piece, other): &(&Piece, &PathBuf)| piece.sound.is_some() && other.parent() == path.parent();
        let mut beside: Vec<&Path> =
            pieces.iter().zip(&paths).filter(is_beside).map(|(_, other)| other.as_path()).collect();
        beside.sort_unstable();
        // What cannot be read is told by the scan.
        if let Ok(sheet) = read_cue_sheet(&sheet.staged.path) {
            said.take(&sheet, path, &beside);
        }
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
