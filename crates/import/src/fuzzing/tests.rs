//! Every parser on the files of the cases with bytes changed: the same ones on every run, a few thousand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use ferrotape_testkit::Random;

use super::{READERS, seeds_of};

/// Changed inputs for each parser.
const INPUTS: u64 = 600;

#[test]
fn no_changed_byte_makes_a_parser_panic() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let dir = tempfile::tempdir().unwrap();
    let scratch = dir.path().join("scratch");
    for reader in READERS {
        let seeds = seeds_of(reader, &cases).unwrap();
        assert!(!seeds.is_empty(), "{} has nothing to begin with", reader.name);
        let mut random = Random::seeded(1);
        for at in 0..INPUTS {
            let mut bytes = seeds[at as usize % seeds.len()].clone();
            for _ in 0..=random.below(4) {
                change(&mut bytes, &mut random);
            }
            let read = std::panic::catch_unwind(|| (reader.read)(&scratch, &bytes));
            assert!(read.is_ok(), "{} panicked on {:?}", reader.name, String::from_utf8_lossy(&bytes));
        }
    }
}

/// A change of the kinds that break parsers: flipped bits, signs of the grammar, pieces lost or doubled.
fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    const SIGNS: &[u8] = b"\"'<>[]{}:,;&\\/\n\r\t \0\xff#=%";
    let at = random.below(bytes.len() as u64 + 1) as usize;
    let len = (random.below(64) + 1).min((bytes.len() - at) as u64) as usize;
    match random.below(5) {
        0 => bytes[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
        1 => bytes.insert(at, SIGNS[random.below(SIGNS.len() as u64) as usize]),
        2 => drop(bytes.drain(at..at + len)),
        3 => {
            let piece = bytes[at..at + len].to_vec();
            bytes.splice(at..at, piece);
        }
        _ => bytes.truncate(at),
    }
}
