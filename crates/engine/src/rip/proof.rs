//! Proof that a disc is the one that was ripped before.
//!
//! Two discs may have the same table of contents; images made of tracks that are cut to whole seconds often do. So a file
//! on record counts only where it sounds as the disc does: of an image all of it, sample for sample; of a drive, which is
//! slow, a second of it, as drives read it: from a few samples away, and with errors on a scratched disc.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};

use ferrotape_audio::{is_cd_sound, part_of_cd_flac};
use ferrotape_domain::{DiscTrack, Fault, Silent};

use super::naming::Had;
use super::{Run, stopped_or};
use crate::EngineError;
use crate::shelves::COPIES;

const SECTOR: usize = 2352;
/// Left and right, 16 bits each.
const FRAME: usize = 4;
/// A second.
const SPOT: u32 = 75;
/// How far, in sectors, two drives may be apart; AccurateRip knows of none that is further off.
const APART: u32 = 5;
/// A sector with fewer different frames is as good as silent, and tells nothing.
const TELLING: usize = 16;

/// How a file compares with the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    Same,
    Other,
    /// One of them could not be read.
    Unknown,
}

impl Run<'_> {
    /// Finds what was ripped of this very disc, and whether another one has its place.
    pub(super) fn compare(&mut self) -> Result<(), EngineError> {
        let mut others: Vec<PathBuf> = Vec::new();
        for track in &self.toc.tracks {
            if self.context.cancel.is_stopped() {
                return Err(EngineError::Interrupted);
            }
            let there = self.there(track)?;
            if there.is_empty() {
                continue;
            }
            let sounds = self.sounds(track, &there)?;
            for (had, sound) in there.into_iter().zip(sounds) {
                match sound {
                    Sound::Same => self.same.entry(track.number).or_default().push(had),
                    Sound::Other => others.push(had.path),
                    Sound::Unknown => {}
                }
            }
        }
        self.report.is_another = self.same.is_empty() && !others.is_empty();
        self.copy = self.copy_beside(&others);
        Ok(())
    }

    /// Which of the folders of its name the disc goes into: where its tracks are, else where none of another is.
    fn copy_beside(&self, others: &[PathBuf]) -> u32 {
        let holds = |copy: u32, path: &Path| self.shelves.is_in(self.folders(), copy, path);
        let is_own = |copy: &u32| self.same.values().flatten().any(|had| holds(*copy, &had.path));
        let is_free = |copy: &u32| !others.iter().any(|path| holds(*copy, path));
        (1..=COPIES).find(is_own).or_else(|| (1..=COPIES).find(is_free)).unwrap_or(1)
    }

    fn sounds(&self, track: &DiscTrack, files: &[Had]) -> Result<Vec<Sound>, EngineError> {
        let pcm = self.staging.join("track.raw");
        let sounds = match self.request.reader.is_image() {
            true => self.all_of_it(track, files, &pcm),
            false => self.spots_of_it(track, files, &pcm),
        };
        let _ = fs::remove_file(&pcm);
        sounds
    }

    fn all_of_it(&self, track: &DiscTrack, files: &[Had], pcm: &Path) -> Result<Vec<Sound>, EngineError> {
        let read = self.request.reader.rip(track, pcm, self.context.cancel, &Silent);
        if !self.could_read(read)? {
            return Ok(vec![Sound::Unknown; files.len()]);
        }
        let sound = |had: &Had| match File::open(pcm).and_then(|pcm| is_cd_sound(&had.path, pcm)) {
            Ok(true) => Sound::Same,
            Ok(false) => Sound::Other,
            Err(_) => Sound::Unknown,
        };
        Ok(files.iter().map(sound).collect())
    }

    /// Where the first spot tells nothing, the next is read.
    fn spots_of_it(&self, track: &DiscTrack, files: &[Had], pcm: &Path) -> Result<Vec<Sound>, EngineError> {
        let mut sounds: Vec<Option<Sound>> = vec![None; files.len()];
        let mut is_silent = true;
        for spot in spots(track) {
            let read = self.request.reader.read_part(track, spot.clone(), pcm, self.context.cancel);
            let disc = if self.could_read(read)? { fs::read(pcm).ok() } else { None };
            let Some(disc) = disc else {
                is_silent = false;
                continue;
            };
            for (had, sound) in files.iter().zip(&mut sounds).filter(|(_, sound)| sound.is_none()) {
                *sound = match ripped_around(&had.path, &spot) {
                    Ok(ripped) => heard(&disc, &ripped),
                    Err(_) => Some(Sound::Unknown),
                };
            }
            if sounds.iter().all(Option::is_some) {
                break;
            }
        }
        let undecided = if is_silent { Sound::Same } else { Sound::Unknown };
        Ok(sounds.into_iter().map(|sound| sound.unwrap_or(undecided)).collect())
    }

    /// What cannot be read is no proof; a user who wants to stop does.
    fn could_read(&self, read: Result<(), Fault>) -> Result<bool, EngineError> {
        match read.map_err(|fault| stopped_or(fault, self.context)) {
            Ok(()) => Ok(true),
            Err(EngineError::Disc(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// The middle first; a second of each.
fn spots(track: &DiscTrack) -> [Range<u32>; 3] {
    let length = SPOT.min(track.sectors);
    [3, 1, 5].map(|sixth| {
        let start = (track.sectors - length) / 6 * sixth;
        start..start + length
    })
}

/// A file's sound of a spot, and so much around it as drives may be apart.
fn ripped_around(flac: &Path, spot: &Range<u32>) -> std::io::Result<Vec<u8>> {
    let bytes = |sectors: u32| u64::from(sectors) * SECTOR as u64;
    let start = spot.start.saturating_sub(APART);
    part_of_cd_flac(flac, bytes(start), bytes(spot.end + APART - start))
}

/// Whether a spot of the disc is in what was ripped around it; `None` where both are silent.
fn heard(disc: &[u8], ripped: &[u8]) -> Option<Sound> {
    let telling: Vec<&[u8]> = disc.chunks_exact(SECTOR).filter(|sector| is_telling(sector)).collect();
    if telling.is_empty() {
        let is_silent = !ripped.chunks_exact(SECTOR).skip(APART as usize).take(SPOT as usize).any(is_telling);
        return if is_silent { None } else { Some(Sound::Other) };
    }
    let is_there = |sector: &&&[u8]| {
        (0..ripped.len()).step_by(FRAME).any(|at| ripped.get(at..at + SECTOR) == Some(**sector))
    };
    // A scratch spoils some of it; another recording has none.
    let found = telling.iter().filter(is_there).count();
    Some(if found * 2 >= telling.len() { Sound::Same } else { Sound::Other })
}

fn is_telling(sector: &[u8]) -> bool {
    let mut frames: Vec<&[u8]> = sector.chunks_exact(FRAME).collect();
    frames.sort_unstable();
    frames.dedup();
    frames.len() >= TELLING
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sound of so many sectors that no other seed has.
    fn sound(seed: u32, sectors: usize) -> Vec<u8> {
        let frame = |at: u32| (at ^ seed.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b9).rotate_left(15);
        (0..sectors as u32 * 588).flat_map(|at| frame(at).to_le_bytes()).collect()
    }

    #[test]
    fn the_same_disc_is_heard_through_scratches_and_from_another_drive() {
        let ripped = sound(1, 85);
        let of_disc = |shift: usize| ripped[5 * SECTOR + shift..80 * SECTOR + shift].to_vec();
        assert_eq!(heard(&of_disc(0), &ripped), Some(Sound::Same));
        assert_eq!(heard(&of_disc(667 * FRAME), &ripped), Some(Sound::Same));
        let mut scratched = of_disc(12);
        scratched[..30 * SECTOR].fill(7);
        assert_eq!(heard(&scratched, &ripped), Some(Sound::Same));
        scratched[..60 * SECTOR].copy_from_slice(&sound(3, 60));
        assert_eq!(heard(&scratched, &ripped), Some(Sound::Other));
        assert_eq!(heard(&sound(2, 75), &ripped), Some(Sound::Other));
    }

    #[test]
    fn silence_tells_nothing_but_of_sound() {
        let silence = vec![0; 85 * SECTOR];
        assert_eq!(heard(&silence[..75 * SECTOR], &silence), None);
        assert_eq!(heard(&silence[..75 * SECTOR], &sound(1, 85)), Some(Sound::Other));
        assert_eq!(heard(&sound(1, 75), &silence), Some(Sound::Other));
    }

    #[test]
    fn spots_lie_within_their_track() {
        let of = |sectors| spots(&DiscTrack { number: 1, start: 0, sectors });
        assert_eq!(of(975), [450..525, 150..225, 750..825]);
        assert_eq!(of(40), [0..40, 0..40, 0..40]);
    }
}
