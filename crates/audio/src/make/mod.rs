//! From a source file to a finished MP3, in one pass.

pub(crate) mod pieces;
mod progress;
pub(crate) mod request;
mod shaping;

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{AudioFormat, ReplayGain, TagSet};

use self::progress::Progress;
use self::shaping::{NoSound, Shaping};
use crate::decode::{DecodeError, Decoding, Planes};
use crate::encode::{encoder_for, stream};
use crate::formats::sniff::{Recognised, Sniffed, sniff};
use crate::limits::guarded;
use crate::make::request::{MadeMp3, MakeError, Method, Mp3Request, Way};
use crate::mpeg::copy::{CopyPlan, Copyable, copy_frames, plan_copy};
use crate::mpeg::walk::CopyProblem;
use crate::sound::loudness::Loudness;
use crate::tags::v1::id3v1_tag;
use crate::tags::write::{reserved_size, tag_of_size};

/// Makes the MP3 that `request` describes into `out`, an empty file open for reading, writing and seeking.
///
/// `advanced` is told how much audio was decoded since its last call. Equal requests give equal bytes.
pub fn make_mp3(
    request: &Mp3Request<'_>,
    out: &mut File,
    advanced: &mut dyn FnMut(Duration),
) -> Result<MadeMp3, MakeError> {
    let made = guarded(|| make(request, out, advanced));
    made.unwrap_or_else(|reason| Err(MakeError::SourceBroken { path: request.source.to_owned(), reason }))
}

fn make(
    request: &Mp3Request<'_>,
    out: &mut File,
    advanced: &mut dyn FnMut(Duration),
) -> Result<MadeMp3, MakeError> {
    let errors = Errors { path: request.source };
    let mut source = File::open(request.source).map_err(|error| errors.unreadable(error))?;
    let len = source.metadata().map_err(|error| errors.unreadable(error))?.len();
    let what = match sniff(&mut source, len).map_err(|error| errors.unreadable(error))? {
        Sniffed::Sound(what) => what,
        Sniffed::NotYet(format) => return Err(errors.decode(DecodeError::NotYet(format))),
        Sniffed::NotAudio => return Err(errors.broken("there is no sound in it")),
    };
    let _core = request.cores.take();
    let job = Job { request, what: &what, errors };
    let mut notes = Vec::new();
    if request.copy_mp3 && what.format == AudioFormat::Mp3 {
        match plan_copy(&mut source, &what, request.cancel).map_err(|problem| job.copy_problem(problem))? {
            Copyable::Yes(plan) => return job.copy(source, &plan, out, advanced),
            Copyable::No(reason) => {
                notes.push(format!("its frames could not be copied ({reason}), so it was encoded again"));
            }
        }
    }
    job.encode(source, out, advanced, notes)
}

/// From this length on a recording is encoded in segments on several cores.
const LONG: Duration = Duration::from_secs(600);
/// The same where no header tells the length, in bytes of the source.
const LONG_BYTES: u64 = 24 << 20;

/// What is wrong with a source without a sound; not to be taken for one whose loudness cannot be measured.
const SILENT: &str = "it is silent from beginning to end";

struct Job<'a> {
    request: &'a Mp3Request<'a>,
    what: &'a Recognised,
    errors: Errors<'a>,
}

impl Job<'_> {
    fn encode(
        &self,
        source: File,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
        mut notes: Vec<String>,
    ) -> Result<MadeMp3, MakeError> {
        let errors = &self.errors;
        let room = self.reserve(out)?;
        let decoding = Decoding::open(source, self.what).map_err(|error| errors.decode(error))?;
        let shaping = Shaping::begin(decoding, self.request.cancel, advanced);
        let mut shaping = shaping
            .map_err(|error| errors.no_sound(error))?
            .ok_or_else(|| errors.broken("there is no sound in it"))?;
        let way = way_for(self.request.way, shaping.expected(), self.what);
        let encoder = encoder_for(self.request.preset);
        let shape = shaping.shape();
        let header = encoder.header_frame(shape).map_err(|reason| errors.encoder(reason))?;
        write_at(out, room, &vec![0; header.len()]).map_err(|error| errors.write(error))?;
        let header = stream::encode(&*encoder, shape, (way, self.request.cores), out, &mut |sound| {
            shaping.next(sound)
        })
        .map_err(|failure| errors.not_encoded(failure))?;
        write_at(out, room, &header).map_err(|error| errors.write(error))?;
        notes.extend(shaping.verdict().map_err(|error| errors.decode(error))?);
        if shaping.loudness.is_silent() {
            return Err(errors.broken(SILENT));
        }
        let made = MadeMp3 {
            bytes: 0,
            blake3: String::new(),
            samples: shaping.samples,
            sample_rate: shape.rate,
            method: Method::Encoded,
            gain: shaping.loudness.gain(),
            notes,
        };
        self.complete(made, out, room)
    }

    fn copy(
        &self,
        source: File,
        plan: &CopyPlan,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<MadeMp3, MakeError> {
        let room = self.reserve(out)?;
        copy_frames(&source, plan, out, room, self.request.cancel)
            .map_err(|problem| self.copy_problem(problem))?;
        let mut notes = plan.notes.clone();
        let gain = match self.request.tags.track_gain {
            Some(gain) => Some(gain),
            None => match self.measure(source, advanced) {
                // The frames are carried over as they are, whatever this decoder thinks of them.
                Err(MakeError::SourceBroken { reason, .. }) if reason != SILENT => {
                    notes.push(format!("its loudness could not be measured ({reason})"));
                    None
                }
                measured => measured?,
            },
        };
        if self.request.tags.track_gain.is_some() {
            advanced(Duration::from_secs_f64(plan.samples as f64 / f64::from(plan.sample_rate.max(1))));
        }
        let made = MadeMp3 {
            bytes: 0,
            blake3: String::new(),
            samples: plan.samples,
            sample_rate: plan.sample_rate,
            method: Method::Copied,
            gain,
            notes,
        };
        self.complete(made, out, room)
    }

    /// The loudness of a source that is copied and carries none.
    fn measure(
        &self,
        source: File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<Option<ReplayGain>, MakeError> {
        let errors = &self.errors;
        let mut decoding = Decoding::open(source, self.what).map_err(|error| errors.decode(error))?;
        let mut sound = Planes::new();
        let mut loudness: Option<Loudness> = None;
        let mut progress = Progress::new(decoding.rate(), advanced);
        while decoding.next(&mut sound).map_err(|error| errors.decode(error))? {
            self.check_cancel()?;
            loudness.get_or_insert_with(|| Loudness::new(sound.len(), decoding.rate())).add(&sound);
            progress.add(sound.first().map_or(0, Vec::len));
        }
        decoding.verdict().map_err(|error| errors.decode(error))?;
        if loudness.as_ref().is_some_and(Loudness::is_silent) {
            return Err(errors.broken(SILENT));
        }
        Ok(loudness.and_then(|loudness| loudness.gain()))
    }

    /// Leaves room for the tag at the start of `out`; gives its size.
    fn reserve(&self, out: &mut File) -> Result<u64, MakeError> {
        let size = reserved_size(self.request.tags, self.request.cover, &self.request.style)
            .map_err(|reason| self.errors.encoder(reason))?;
        let zeros = vec![0; size];
        write_at(out, 0, &zeros).map_err(|error| self.errors.write(error))?;
        Ok(size as u64)
    }

    /// Writes the tag and takes the finished file's identity.
    fn complete(&self, mut made: MadeMp3, out: &mut File, room: u64) -> Result<MadeMp3, MakeError> {
        let errors = &self.errors;
        let tags = TagSet { track_gain: made.gain, ..self.request.tags.clone() };
        let tag = tag_of_size(&tags, self.request.cover, &self.request.style, room as usize)
            .map_err(|reason| errors.encoder(reason))?;
        write_at(out, 0, &tag).map_err(|error| errors.write(error))?;
        if self.request.style.id3v1 {
            out.seek(SeekFrom::End(0)).map_err(|error| errors.write(error))?;
            out.write_all(&id3v1_tag(&tags)).map_err(|error| errors.write(error))?;
        }
        out.flush().map_err(|error| errors.write(error))?;
        out.seek(SeekFrom::Start(0)).map_err(|error| errors.write(error))?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut *out).map_err(|error| errors.write(error))?;
        made.bytes = hasher.count();
        made.blake3 = hasher.finalize().to_hex().to_string();
        Ok(made)
    }

    fn check_cancel(&self) -> Result<(), MakeError> {
        if self.request.cancel.is_stopped() { Err(MakeError::Cancelled) } else { Ok(()) }
    }

    fn copy_problem(&self, problem: CopyProblem) -> MakeError {
        pieces::told(&self.errors, problem)
    }
}

/// Half an hour of music is worth several cores; a song is done by one before the others are warm. The choice hangs on
/// the source alone, so that equal requests give equal bytes.
fn way_for(asked: Way, expected: Option<Duration>, what: &Recognised) -> stream::Way {
    let is_long = expected.map_or(what.end - what.start >= LONG_BYTES, |expected| expected >= LONG);
    match asked {
        Way::Whole => stream::Way::Whole,
        Way::Segments => stream::Way::Segments,
        Way::ByLength if is_long => stream::Way::Segments,
        Way::ByLength => stream::Way::Whole,
    }
}

fn write_at(out: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    out.seek(SeekFrom::Start(at))?;
    out.write_all(bytes)
}

/// Errors that name the source.
struct Errors<'a> {
    path: &'a Path,
}

impl Errors<'_> {
    fn unreadable(&self, source: io::Error) -> MakeError {
        MakeError::SourceUnreadable { path: self.path.to_owned(), source }
    }

    fn broken(&self, reason: &str) -> MakeError {
        MakeError::SourceBroken { path: self.path.to_owned(), reason: reason.to_owned() }
    }

    fn decode(&self, error: DecodeError) -> MakeError {
        match error {
            DecodeError::Io(error) => self.unreadable(error),
            DecodeError::NotYet(format) => MakeError::NotReadableYet { path: self.path.to_owned(), format },
            DecodeError::Broken(reason) => self.broken(&reason),
        }
    }

    fn no_sound(&self, error: NoSound) -> MakeError {
        match error {
            NoSound::Cancelled => MakeError::Cancelled,
            NoSound::Decode(error) => self.decode(error),
            NoSound::Shape(reason) => self.encoder(reason),
        }
    }

    fn not_encoded(&self, failure: stream::Failure<NoSound>) -> MakeError {
        match failure {
            stream::Failure::Sound(error) => self.no_sound(error),
            stream::Failure::Encoder(reason) => self.encoder(reason),
            stream::Failure::Write(error) => self.write(error),
        }
    }

    fn write(&self, error: io::Error) -> MakeError {
        let path = self.path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => MakeError::NoSpace { path, error },
            _ => MakeError::Write { path, error },
        }
    }

    fn encoder(&self, reason: String) -> MakeError {
        MakeError::Encoder { path: self.path.to_owned(), reason }
    }
}
