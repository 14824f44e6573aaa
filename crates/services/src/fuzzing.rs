//! Every parser of answers by name, for `cargo xtask fuzz` and for the mutation test below.
//!
//! A parser takes bytes that may be anything and must come back: no panic, no hang, bounded memory. To have a new one
//! fuzzed, add a row to the `READERS` of its source; what its inputs begin as are the files of the folder it names.

use std::fs;
use std::io;
use std::path::Path;

use crate::podcasts::fuzzing as podcasts;

/// One parser of answers.
#[derive(Clone, Copy)]
pub struct Reader {
    /// What to call it on the command line.
    pub name: &'static str,
    /// The folder of `tests/cases` whose files, those of its folders included, its inputs begin as.
    pub seeds: &'static str,
    /// Reads the bytes and judges what came of them.
    pub read: fn(&[u8]),
}

/// All of them.
pub fn readers() -> impl Iterator<Item = Reader> {
    podcasts::READERS.iter().copied()
}

/// What the inputs of a parser begin as; `cases` is the folder of the case folders.
pub fn seeds_of(reader: &Reader, cases: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(cases.join(reader.seeds))? {
        let path = entry?.path();
        if path.is_dir() {
            let inside =
                fs::read_dir(&path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
            files.extend(inside);
        } else {
            files.push(path);
        }
    }
    files.retain(|path| path.file_name().is_some_and(|name| name != "expected.txt"));
    files.sort();
    files.into_iter().map(fs::read).collect()
}

#[cfg(test)]
mod tests {
    use ferrotape_testkit::Random;

    use super::*;

    /// Changed inputs for each parser.
    const INPUTS: usize = 2000;
    const SIGNS: &[u8] = b"\"'<>[]{}:,;&\\/\n\r\t \0\xff#=%!?-";

    #[test]
    fn podcast_parsers_stand_changed_bytes() -> io::Result<()> {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        for reader in readers() {
            let seeds = seeds_of(&reader, &cases)?;
            assert!(!seeds.is_empty(), "{} has nothing to begin with", reader.name);
            let mut random = Random::seeded(1);
            let mut below = |count: usize| random.below(count.max(1) as u64) as usize;
            for at in 0..INPUTS {
                let mut bytes = seeds[at % seeds.len()].clone();
                for _ in 0..=below(4) {
                    let from = below(bytes.len() + 1);
                    let to = (from + below(64) + 1).min(bytes.len());
                    match below(5) {
                        0 => bytes[from..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << below(8)),
                        1 => bytes.insert(from, SIGNS[below(SIGNS.len())]),
                        2 => drop(bytes.drain(from..to)),
                        3 => {
                            let piece = bytes[from..to].to_vec();
                            bytes.splice(from..from, piece);
                        }
                        _ => bytes.truncate(from),
                    }
                }
                let read = std::panic::catch_unwind(|| (reader.read)(&bytes));
                assert!(read.is_ok(), "{} panicked on {:?}", reader.name, String::from_utf8_lossy(&bytes));
            }
        }
        Ok(())
    }
}
