//! Which sound a file holds, whatever its tags say: so that new tags and another cover do not make it another file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use ferrotape_domain::AudioFormat;

use crate::decode::is_ogg;
use crate::formats::flac::read_front;
use crate::formats::sniff::{Container, Recognised};
use crate::limits::guarded;
use crate::make::quick_sum::QuickSum;
use crate::probe::{Unreadable, content_id, hash_windows, recognised};

/// Changes whenever other frames would be made of the same sound with the same settings: decoders, folding, resampling,
/// the encoder, the header frame. Tags do not count.
pub const SOUND_VERSION: u32 = 1;

/// Identity of the sound in a file: 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SoundId(pub String);

/// Identity of the sound in the file `path`, as cheap as [`content_id`] and as sure; of frames of a constant size, where
/// what is mended between the windows changes no length, all of it is read.
///
/// Where the tags lie before or behind the sound it is the same whatever they say: FLAC, bare MPEG and AAC frames,
/// WavPack, Monkey's Audio, Musepack. In other containers tags and sound lie too close together to be told apart
/// without decoding; there the whole file counts.
pub fn sound_id(path: &Path) -> Result<SoundId, Unreadable> {
    id_by(path, |sound, hasher| hasher.update_reader(sound).map(drop))
}

/// The same, where all is read by a quick hash: enough to know again what was made of one's own file, not to have
/// other sound stand in for it.
pub fn quick_sound_id(path: &Path) -> Result<SoundId, Unreadable> {
    id_by(path, |sound, hasher| {
        let mut quick = QuickSum::default();
        io::copy(sound, &mut quick)?;
        add_quick(&quick, hasher);
        Ok(())
    })
}

/// How many bytes lie in a file without the tags before and behind: of an MP3 its frames, which are what is copied. Only its ends
/// are read.
pub fn bytes_of_frames(path: &Path) -> Result<u64, Unreadable> {
    let (_, what) = recognised(path)?;
    Ok(what.end.saturating_sub(what.start))
}

/// Adds what was hashed quickly.
pub(super) fn add_quick(quick: &QuickSum, hasher: &mut blake3::Hasher) {
    hasher.update(b" quickly ").update(&quick.number().to_le_bytes());
}

/// How all of the sound is hashed, where all is.
type HashAll = fn(&mut dyn Read, &mut blake3::Hasher) -> io::Result<()>;

fn id_by(path: &Path, all: HashAll) -> Result<SoundId, Unreadable> {
    let (mut file, what) = recognised(path)?;
    let broken = |reason| Unreadable::Broken { path: path.to_owned(), reason };
    let id = guarded(|| id_of(&mut file, &what, all)).map_err(broken)?;
    id.map_err(|source| Unreadable::Io { path: path.to_owned(), source })
}

fn id_of(file: &mut File, what: &Recognised, all: HashAll) -> io::Result<SoundId> {
    let mut hasher = begun_for(what.format);
    match sound_alone(file, what)? {
        Some((description, place)) => {
            hasher.update(description.as_bytes());
            if matches!(what.format, AudioFormat::Mp3 | AudioFormat::Mp2 | AudioFormat::Mp1) {
                file.seek(SeekFrom::Start(place.start))?;
                all(&mut Read::by_ref(file).take(place.end.saturating_sub(place.start)), &mut hasher)?;
            } else {
                hash_windows(file, place, &mut hasher)?;
            }
        }
        None => {
            hasher.update(b" whole file ");
            hasher.update(content_id(file)?.0.as_bytes());
        }
    }
    Ok(SoundId(hasher.finalize().to_hex().to_string()))
}

/// Whether nothing but its own frames and tags beside them is in the file.
pub(super) fn has_no_container(what: &Recognised) -> bool {
    what.container == Container::Own && what.mp4.is_none() && what.large.is_none()
}

/// What goes before the sound itself.
pub(super) fn begun_for(format: AudioFormat) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format.as_str().as_bytes());
    // Their holes are heard as silence now: what was made of such a file before is another sound.
    if is_ogg(format) {
        hasher.update(b" with its holes ");
    }
    hasher
}

/// Where nothing but sound lies, and what else decides how it is decoded; `None` where that cannot be told.
fn sound_alone(file: &mut File, what: &Recognised) -> io::Result<Option<(String, Range<u64>)>> {
    use AudioFormat as F;
    if !has_no_container(what) {
        return Ok(None);
    }
    match what.format {
        F::Flac => {
            let (description, frames) = read_front(file, what.start, what.end)?;
            // Without a length in it, the length of the whole decides how it is encoded.
            let description = description.filter(|description| description.total > 0);
            Ok(description.map(|description| (format!("{description:?}"), frames..what.end)))
        }
        F::Aac if !what.adts => Ok(None),
        F::Mp3 | F::Mp2 | F::Mp1 | F::Aac | F::WavPack | F::WavPackLossy | F::MonkeysAudio | F::Musepack => {
            Ok(Some((String::new(), what.start..what.end)))
        }
        F::OggFlac | F::Alac | F::Vorbis | F::Opus | F::Wav | F::Aiff => Ok(None),
    }
}
