//! Every reader of outside bytes on made-up files with bytes changed: the same ones on every run, a few thousand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ferrotape_testkit::{Random, seeds};

use super::READERS;

/// Changed inputs for each reader.
const INPUTS: u64 = 600;
/// Seeds are cut to this many bytes, so that changes hit headers and the first frames.
const MOST_BYTES: usize = 16 << 10;

#[test]
fn no_changed_byte_makes_a_reader_panic() {
    let dir = tempfile::tempdir().unwrap();
    let seeds = seeds(dir.path()).unwrap();
    let mut scratch = tempfile::tempfile().unwrap();
    for reader in READERS {
        let fitting: Vec<&Vec<u8>> = seeds
            .iter()
            .filter(|(name, _)| reader.seeds.is_empty() || reader.seeds.contains(&name.as_str()))
            .map(|(_, bytes)| bytes)
            .collect();
        assert!(!fitting.is_empty(), "{} has nothing to begin with", reader.name);
        let mut random = Random::seeded(1);
        for at in 0..INPUTS {
            let seed = fitting[at as usize % fitting.len()];
            let bytes = changed(seed, &mut random);
            let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                (reader.read)(&mut scratch, &bytes);
            }));
            assert!(read.is_ok(), "{} panicked on {}", reader.name, kept(&bytes).display());
        }
    }
}

/// The bytes in a file that stays, for whoever mends what broke.
fn kept(bytes: &[u8]) -> std::path::PathBuf {
    let (mut file, path) = tempfile::NamedTempFile::new().unwrap().keep().unwrap();
    std::io::Write::write_all(&mut file, bytes).unwrap();
    path
}

/// A few changes of the kinds that break readers: flipped bits, numbers at their limits, pieces lost or doubled.
fn changed(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed[..seed.len().min(MOST_BYTES)].to_vec();
    for _ in 0..=random.below(4) {
        // Headers decide most, so every second change is made near the start.
        let reach = if random.below(2) == 0 { bytes.len().min(256) } else { bytes.len() };
        let at = random.below(reach as u64) as usize;
        let rest = (bytes.len() - at) as u64;
        let len = (random.below(64) + 1).min(rest) as usize;
        match random.below(7) {
            0 => bytes[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            1 => bytes[at..].iter_mut().take(1).for_each(|byte| *byte = random.next_u64() as u8),
            2 => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
            3 => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0),
            4 => drop(bytes.drain(at..at + len)),
            5 => {
                let piece = bytes[at..at + len].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}
