//! What lies beside music that is had already: a booklet that came with it before is had as well.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::staging::Piece;
use super::{FileNews, News};
use crate::shelves::sum_of;

/// The files in the folders of the music that is had already, with their sizes.
pub(super) fn beside_what_is_had(news: &[FileNews]) -> Vec<(PathBuf, u64)> {
    let places = news.iter().filter_map(FileNews::path);
    let folders: BTreeSet<&Path> = places.filter_map(|place| place.parent()).collect();
    let entries = folders.into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let files = entries.filter_map(|entry| {
        let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        Some((entry.path(), found.len()))
    });
    files.collect()
}

/// Which of these files is the same as this one of so many bytes, and their sum.
pub(super) fn same_among(had: &[(PathBuf, u64)], file: &Path, size: u64) -> Option<(PathBuf, String)> {
    let mut alike = had.iter().filter(|(_, its)| *its == size).map(|(path, _)| path).peekable();
    alike.peek()?;
    let sum = sum_of(file).ok()?;
    let same = alike.find(|path| sum_of(path).is_ok_and(|other| other == sum))?;
    Some((same.clone(), sum))
}

/// What a piece is that belongs to no new music, where the same lies beside what is had.
pub(super) fn had_before(piece: &Piece, had: &[(PathBuf, u64)]) -> Option<FileNews> {
    let (place, sum) = same_among(had, &piece.staged.path, piece.staged.size)?;
    let news = FileNews::of(&piece.path, News::Had(place));
    Some(FileNews { sha256: Some(sum), is_beside: true, from: piece.from.clone(), ..news })
}
