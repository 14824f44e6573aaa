//! Files that were filed while they were still being written: some sound is whole wherever it ends. When the rest comes, the
//! half copy must not stay as a recording of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::filing::own_name;
use super::staging::{Piece, Staged};
use crate::shelves::{Shelf, Shelves};

/// The place of a sound's own name, where the beginning of it lies and nothing else: all of that comes again.
pub(super) fn half_copy(piece: &Piece, shelf: &Shelf, shelves: &Shelves) -> Option<PathBuf> {
    let (place, is_there) = shelves.own_place(own_name(piece), shelf);
    let is_half = piece.sound.is_some() && is_there && is_beginning(&place, &piece.staged).unwrap_or(false);
    is_half.then_some(place)
}

fn is_beginning(place: &Path, whole: &Staged) -> io::Result<bool> {
    let found = place.symlink_metadata()?;
    if !found.is_file() || found.len() == 0 || found.len() >= whole.size {
        return Ok(false);
    }
    let (mut part, mut whole) =
        (BufReader::new(File::open(place)?), BufReader::new(File::open(&whole.path)?));
    loop {
        let (one, other) = (part.fill_buf()?, whole.fill_buf()?);
        if one.is_empty() {
            return Ok(true);
        }
        let length = one.len().min(other.len());
        if length == 0 || one.get(..length) != other.get(..length) {
            return Ok(false);
        }
        part.consume(length);
        whole.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_file_is_told_from_another_file() {
        let home = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..60_000_u32).flat_map(u32::to_le_bytes).collect();
        let path = home.path().join("whole");
        std::fs::write(&path, &bytes).unwrap();
        let whole = Staged { path, size: bytes.len() as u64, sha256: String::new() };
        let place = home.path().join("place");
        let mut other = bytes[..100_000].to_vec();
        other[90_000] ^= 1;
        let cases: [(&[u8], bool); 5] =
            [(&bytes[..100_000], true), (&bytes[..1], true), (&other, false), (&[], false), (&bytes, false)];
        for (there, is_so) in cases {
            std::fs::write(&place, there).unwrap();
            assert_eq!(is_beginning(&place, &whole).unwrap(), is_so, "{}", there.len());
        }
    }
}
