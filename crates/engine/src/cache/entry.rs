//! One entry: the sound as it was encoded, what was said of its making, and hashes of both.
//!
//! The sound comes first – header frame and frames – then the facts as JSON, their length (4 bytes, the least first),
//! their BLAKE3 (32 bytes) and a mark. So an entry is written in one pass, and a cut shows at once: the mark is missing.
//! The sound's own hash is XXH3 of 128 bits: it is to find damage, not deceit, and a strong one would be a third of the work of
//! copying.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ferrotape_audio::{MadeMp3, Method, QuickSum};
use ferrotape_domain::Loudness;
use serde::{Deserialize, Serialize};

use super::SoundKey;

const MARK: &[u8; 8] = b"ftsound2";
/// Length of the facts, their hash, the mark.
const TAIL: u64 = 4 + 32 + 8;
/// Facts are a kilobyte or two; more is no entry of ours.
const MOST_FACTS: u64 = 1 << 20;
const PIECE: usize = 256 << 10;

/// What is kept beside the sound.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// An entry under another name than its own is not believed.
    key: String,
    sound_bytes: u64,
    /// Known once the sound is written; as long before.
    sound_xxh3: String,
    samples: u64,
    sample_rate: u32,
    exact: bool,
    /// The bits of the number: it must come back as it was.
    level_db: u64,
    loudness: Option<String>,
    notes: Vec<String>,
}

/// An entry that was found.
pub(crate) struct Kept {
    /// What was said of its making.
    pub(crate) made: MadeMp3,
    /// Its sound.
    pub(crate) sound: CheckedSound,
}

/// Reads the sound of an entry; the end is reached only if all of it is what was written.
pub(crate) struct CheckedSound {
    file: io::Take<File>,
    taken: QuickSum,
    xxh3: String,
    bytes: u64,
}

impl Read for CheckedSound {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.taken.add(buffer.get(..read).unwrap_or_default());
        let ended = read == 0 && !buffer.is_empty();
        if ended && (self.taken.bytes() != self.bytes || self.taken.hex() != self.xxh3) {
            return Err(damaged());
        }
        Ok(read)
    }
}

pub(super) fn facts(key: &SoundKey, made: &MadeMp3) -> Facts {
    Facts {
        key: key.0.clone(),
        sound_bytes: made.sound.end.saturating_sub(made.sound.start),
        sound_xxh3: "0".repeat(32),
        samples: made.samples,
        sample_rate: made.sample_rate,
        exact: made.exact,
        level_db: made.level_db.to_bits(),
        loudness: made.loudness.as_ref().map(|loudness| BASE64.encode(loudness.to_bytes())),
        notes: made.notes.clone(),
    }
}

/// Bytes of the finished entry.
pub(super) fn size(facts: &Facts) -> u64 {
    let told = serde_json::to_vec(facts).map_or(0, |told| told.len() as u64);
    facts.sound_bytes.saturating_add(told).saturating_add(TAIL)
}

/// Writes an entry; the sound is read from where `from` stands.
pub(super) fn write(mut facts: Facts, from: &mut File, to: &mut File) -> io::Result<()> {
    let mut taken = QuickSum::default();
    let mut sound = from.take(facts.sound_bytes);
    let mut piece = vec![0; PIECE];
    loop {
        let read = match sound.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => piece.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        taken.add(read);
        to.write_all(read)?;
    }
    if taken.bytes() != facts.sound_bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    facts.sound_xxh3 = taken.hex();
    let told = serde_json::to_vec(&facts)?;
    let length = u32::try_from(told.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut tail = told;
    let hash = blake3::hash(&tail);
    tail.extend_from_slice(&length.to_le_bytes());
    tail.extend_from_slice(hash.as_bytes());
    tail.extend_from_slice(MARK);
    to.write_all(&tail)
}

/// Reads the facts of an entry. What is no entry of this key is [`io::ErrorKind::InvalidData`].
pub(super) fn read(mut file: File, key: &SoundKey) -> io::Result<Kept> {
    let len = file.metadata()?.len();
    let facts = read_facts(&mut file, len)?;
    let loudness = match &facts.loudness {
        None => None,
        Some(text) => {
            let bytes = BASE64.decode(text).map_err(|_| damaged())?;
            Some(Loudness::from_bytes(&bytes).ok_or_else(damaged)?)
        }
    };
    if facts.key != key.0 || size(&facts) != len {
        return Err(damaged());
    }
    file.seek(SeekFrom::Start(0))?;
    let bytes = facts.sound_bytes;
    let sound =
        CheckedSound { file: file.take(bytes), taken: QuickSum::default(), xxh3: facts.sound_xxh3, bytes };
    let made = MadeMp3 {
        bytes: 0,
        sum: String::new(),
        sound: 0..bytes,
        samples: facts.samples,
        sample_rate: facts.sample_rate,
        method: Method::Encoded,
        gain: None,
        loudness,
        exact: facts.exact,
        level_db: f64::from_bits(facts.level_db),
        volume: None,
        heard: None,
        read: None,
        notes: facts.notes,
    };
    Ok(Kept { made, sound })
}

fn read_facts(file: &mut File, len: u64) -> io::Result<Facts> {
    let tail_at = len.checked_sub(TAIL).ok_or_else(damaged)?;
    let mut tail = [0; TAIL as usize];
    file.seek(SeekFrom::Start(tail_at))?;
    file.read_exact(&mut tail)?;
    let (length, rest) = tail.split_first_chunk().ok_or_else(damaged)?;
    let (hash, mark) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
    let length = u64::from(u32::from_le_bytes(*length));
    let start = tail_at.checked_sub(length).filter(|_| length <= MOST_FACTS && mark == MARK);
    file.seek(SeekFrom::Start(start.ok_or_else(damaged)?))?;
    let mut told = vec![0; usize::try_from(length).map_err(|_| damaged())?];
    file.read_exact(&mut told)?;
    if blake3::hash(&told) != blake3::Hash::from_bytes(*hash) {
        return Err(damaged());
    }
    serde_json::from_slice(&told).map_err(|_| damaged())
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "an entry of the cache is damaged")
}
