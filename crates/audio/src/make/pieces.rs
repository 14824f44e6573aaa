//! MP3s cut, joined and made louder or softer as they are, without encoding.
//!
//! Only sound is written, from where `out` stands on: a header frame and the frames. Tags are the caller's.

use std::fs::File;
use std::io::Seek;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ferrotape_domain::{AudioFormat, Cancel};

use super::Errors;
use crate::formats::sniff::{Recognised, Sniffed, sniff};
use crate::limits::guarded;
use crate::make::request::MakeError;
use crate::mpeg::CopyProblem;
use crate::mpeg::copy::{Copyable, plan_copy};
use crate::mpeg::cut::cut_frames;
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::gain::{GainChange, copy_frames_with_gain};
use crate::mpeg::join::join_frames;
use crate::mpeg::walk::{Walked, walk};

/// An MP3 whose frames were found, to cut any number of pieces out of.
#[derive(Debug)]
pub struct CuttableMp3 {
    path: PathBuf,
    file: File,
    map: FrameMap,
}

/// What [`join_mp3`] made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinedMp3 {
    /// Samples per channel a gapless player hears.
    pub samples: u64,
    /// Seams at which one part does not continue the other, so that a gap of silence is heard.
    pub gaps: usize,
}

impl CuttableMp3 {
    /// Reads `path` once, to find its frames. An error when it is no MP3, or damaged in the middle.
    pub fn open(path: &Path, cancel: &Cancel) -> Result<Self, MakeError> {
        in_file(path, |errors| {
            let (mut file, what) = open(path, errors)?;
            match walk(&mut file, &what, cancel).map_err(|problem| told(errors, problem))? {
                Walked::Frames(map) => Ok(Self { path: path.to_owned(), file, map: *map }),
                Walked::Cannot(reason) => Err(errors.broken(&reason)),
            }
        })
    }

    /// Samples per channel a gapless player hears.
    pub fn samples(&self) -> u64 {
        let (from, to) = self.map.heard();
        to - from
    }

    /// Samples per second.
    pub fn sample_rate(&self) -> u32 {
        self.map.first.sample_rate
    }

    /// Writes the samples `range`, counted from the first that is heard, as an MP3 that plays exactly these.
    ///
    /// Frames are copied byte for byte; a decoder makes of the piece the very samples that it makes of the whole.
    pub fn cut(&self, range: Range<u64>, out: &mut File, cancel: &Cancel) -> Result<(), MakeError> {
        in_file(&self.path, |errors| {
            let at = out.stream_position().map_err(|error| errors.write(error))?;
            cut_frames(&self.file, &self.map, &range, 0, (out, at), cancel)
                .map(|_| ())
                .map_err(|problem| told(errors, problem))
        })
    }
}

/// Writes MP3s of one kind (version, sample rate, channels) behind each other as one.
///
/// Pieces that [`CuttableMp3::cut`] made and that follow each other are joined without a seam.
pub fn join_mp3(sources: &[&Path], out: &mut File, cancel: &Cancel) -> Result<JoinedMp3, MakeError> {
    let mut parts = Vec::with_capacity(sources.len());
    for source in sources {
        let CuttableMp3 { file, map, .. } = CuttableMp3::open(source, cancel)?;
        parts.push((file, map));
    }
    let last = sources.last().copied().unwrap_or(Path::new(""));
    in_file(last, |errors| {
        let at = out.stream_position().map_err(|error| errors.write(error))?;
        let joined = join_frames(&parts, (out, at), cancel).map_err(|problem| told(errors, problem))?;
        Ok(JoinedMp3 { samples: joined.samples, gaps: joined.gaps })
    })
}

/// Writes the MP3 `source` with its volume changed by `steps` × 1.5 dB in its frames, exactly reversible.
///
/// Fewer steps are made where more could not be undone; what came back says how many.
pub fn change_mp3_volume(
    source: &Path,
    steps: i32,
    out: &mut File,
    cancel: &Cancel,
) -> Result<GainChange, MakeError> {
    in_file(source, |errors| {
        let (mut file, what) = open(source, errors)?;
        let at = out.stream_position().map_err(|error| errors.write(error))?;
        match plan_copy(&mut file, &what, cancel).map_err(|problem| told(errors, problem))? {
            Copyable::Yes(plan) => copy_frames_with_gain(&file, &plan, steps, (out, at), cancel)
                .map_err(|problem| told(errors, problem)),
            Copyable::No(reason) => Err(errors.broken(&reason)),
        }
    })
}

fn in_file<T>(path: &Path, work: impl FnOnce(&Errors<'_>) -> Result<T, MakeError>) -> Result<T, MakeError> {
    let errors = Errors { path };
    guarded(|| work(&errors)).unwrap_or_else(|reason| Err(errors.broken(&reason)))
}

fn open(path: &Path, errors: &Errors<'_>) -> Result<(File, Recognised), MakeError> {
    let unreadable = |error| errors.unreadable(error);
    let mut file = File::open(path).map_err(unreadable)?;
    let len = file.metadata().map_err(unreadable)?.len();
    match sniff(&mut file, len).map_err(unreadable)? {
        Sniffed::Sound(what) if what.format == AudioFormat::Mp3 => Ok((file, what)),
        _ => Err(errors.broken("it is no MP3, and only MP3s can be changed without encoding")),
    }
}

pub(super) fn told(errors: &Errors<'_>, problem: CopyProblem) -> MakeError {
    match problem {
        CopyProblem::Cancelled => MakeError::Cancelled,
        CopyProblem::Source(error) => errors.unreadable(error),
        CopyProblem::Out(error) => errors.write(error),
        CopyProblem::Broken(reason) => errors.broken(&reason),
    }
}
