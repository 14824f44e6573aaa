//! The files that are fetched: made of their number wherever they are needed, and nowhere held as a whole.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// So many bytes are looked at at a time.
const PIECE: usize = 64 << 10;
/// The first that is large, and each so many after it: those with and without a sum in turn.
const FIRST_LARGE: usize = 100;
const LARGE_EVERY: usize = 501;
/// More than the memory that may be used.
const LARGE: usize = 300_000_000;
/// So is each eighth of them.
const LARGEST: usize = 1_000_000_000;

/// Which of the large ones it is, if it is one.
pub(super) fn large(number: usize) -> Option<usize> {
    let after = number.checked_sub(FIRST_LARGE)?;
    after.is_multiple_of(LARGE_EVERY).then_some(after / LARGE_EVERY)
}

/// How many bytes it has.
pub(super) fn length(number: usize) -> usize {
    match large(number) {
        None => 1_000 + number * 7_919 % 400_000,
        Some(which) if which % 8 == 3 => LARGEST + number,
        Some(_) => LARGE + number,
    }
}

/// Its bytes from a place on: without a period that a wrong place could hide behind, and never like a page.
pub(super) fn fill(number: usize, at: usize, into: &mut [u8]) {
    let begin = (number as u32).wrapping_mul(0x85EB_CA6B).wrapping_add(at as u32);
    for (offset, byte) in into.iter_mut().enumerate() {
        let place = begin.wrapping_add(offset as u32);
        *byte = (place.wrapping_mul(0x9E37_79B1) >> 24) as u8 | 1;
    }
}

/// Whether its sum is promised.
pub(super) fn has_sum(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// Its SHA-256.
pub(super) fn sha256(number: usize) -> String {
    let (mut sum, mut piece) = (Sha256::new(), vec![0; PIECE]);
    for at in (0..length(number)).step_by(PIECE) {
        let bytes = PIECE.min(length(number) - at);
        fill(number, at, &mut piece[..bytes]);
        sum.update(&piece[..bytes]);
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether what lies there is it, to the byte.
pub(super) fn is_whole(path: &Path, number: usize) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let (mut came, mut right) = (vec![0; PIECE], vec![0; PIECE]);
    let mut at = 0;
    loop {
        let read = file.read(&mut came)?;
        if read == 0 {
            return Ok(at == length(number));
        }
        fill(number, at, &mut right[..read]);
        if came[..read] != right[..read] {
            return Ok(false);
        }
        at += read;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_are_among_any_two_hundred_and_are_few_of_many() {
        let large: Vec<usize> = (0..10_000).filter(|number| large(*number).is_some()).collect();
        assert!(large[0] < 200 && large.len() == 20, "{large:?}");
        assert_eq!(large.iter().filter(|number| has_sum(**number)).count(), 10);
        assert!(large.iter().all(|number| length(*number) as u64 > super::super::MOST_MEMORY_KB * 1024));
    }

    #[test]
    fn a_file_is_the_same_in_pieces_and_known_from_one_that_is_not() {
        let (number, folder) = (5, tempfile::tempdir().unwrap());
        let mut whole = vec![0; length(number)];
        fill(number, 0, &mut whole);
        let mut part = vec![0; 900];
        fill(number, 700, &mut part);
        assert_eq!(part, whole[700..1_600]);
        let sum: String = Sha256::digest(&whole).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sha256(number), sum);

        let path = folder.path().join("a");
        std::fs::write(&path, &whole).unwrap();
        assert!(is_whole(&path, number).unwrap() && !is_whole(&path, number + 1).unwrap());
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(!is_whole(&path, number).unwrap());
        std::fs::write(&path, [&whole[..700], &whole[699..whole.len() - 1]].concat()).unwrap();
        assert!(!is_whole(&path, number).unwrap(), "joined at the wrong place");
    }
}
