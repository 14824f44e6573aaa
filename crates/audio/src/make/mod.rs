//! From a source file to a finished MP3, in one pass.

pub(crate) mod again;
mod copying;
mod loudness_use;
pub(crate) mod measure;
pub(crate) mod pieces;
mod progress;
pub(crate) mod quick_sum;
pub(crate) mod request;
mod shaping;
pub(crate) mod sound_id;
pub(crate) mod source_read;
mod straight;

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{AudioFormat, TagSet};

use self::shaping::{NoSound, Shaping};
use crate::decode::{DecodeError, Decoding};
use crate::encode::{encoder_for, stream};
use crate::formats::sniff::{Recognised, Sniffed, sniff};
use crate::limits::guarded;
use crate::make::measure::{Ahead, is_passed_on};
use crate::make::quick_sum::QuickSum;
use crate::make::request::{LoudnessUse, MadeMp3, MakeError, Method, Mp3Request, Way};
use crate::mpeg::gain::GainChange;
use crate::sound::level::{album_gain, replay_gain};
use crate::sound::loudness::is_silent;
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
    let before = source.metadata().map_err(|error| errors.unreadable(error))?;
    let what = match sniff(&mut source, before.len()).map_err(|error| errors.unreadable(error))? {
        Sniffed::Sound(what) => what,
        Sniffed::NotYet(format) => return Err(errors.decode(DecodeError::NotYet(format))),
        Sniffed::CutOff | Sniffed::NotAudio => return Err(errors.broken("there is no sound in it")),
    };
    let _core = request.cores.take();
    let job = Job { request, what: &what, errors };
    let mut notes = Vec::new();
    if request.copy_mp3 && what.format == AudioFormat::Mp3 {
        match job.copied(&mut source, &before, out, advanced)? {
            Ok(made) => return Ok(made),
            Err(note) => notes.push(note),
        }
    }
    job.encode(source, out, advanced, notes)
}

/// From this length on a recording is encoded in segments on several cores.
const LONG: Duration = Duration::from_secs(600);
/// The same where no header tells the length, in bytes of the source.
const LONG_BYTES: u64 = 24 << 20;

/// Bytes of an ID3v1 tag.
const ID3V1: u64 = 128;

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
        let room = self.reserve(out, None)?;
        let decoding = Decoding::open_part(source, self.what, self.request.part.as_ref());
        let decoding = decoding.map_err(|error| errors.decode(error))?;
        let ahead = Ahead::look(self.request, self.what, errors, &decoding)?;
        let exact = is_passed_on(&decoding, self.request.rates);
        let level_db = ahead.level_db;
        notes.extend(ahead.note());
        let shaping = Shaping::begin(decoding, ahead, self.request.rates, self.request.cancel, advanced);
        let mut shaping = shaping
            .map_err(|error| errors.no_sound(error))?
            .ok_or_else(|| errors.broken("there is no sound in it"))?;
        if self.request.hear {
            shaping.take_fingerprint();
        }
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
        let samples = shaping.samples;
        let (loudness, heard) = shaping.heard();
        if is_silent(&loudness) {
            return Err(errors.broken(SILENT));
        }
        let made = MadeMp3 {
            bytes: 0,
            sum: String::new(),
            sound: 0..0,
            samples,
            sample_rate: shape.rate,
            method: Method::Encoded,
            gain: None,
            loudness: Some(loudness).filter(|_| self.request.loudness.purpose != LoudnessUse::Off),
            exact,
            level_db,
            volume: None,
            heard,
            read: None,
            notes,
        };
        complete(self.request, errors, made, out)
    }

    /// Leaves room for the tag at the start of `out`; gives its size.
    fn reserve(&self, out: &mut File, volume: Option<&GainChange>) -> Result<u64, MakeError> {
        let size = room_for_tag(self.request, volume, &self.errors)?;
        write_at(out, 0, &vec![0; size]).map_err(|error| self.errors.write(error))?;
        Ok(size as u64)
    }
}

/// Half an hour of music is worth several cores; a song is done by one before the others are warm. The choice hangs on
/// the source alone, so that equal requests give equal bytes.
fn way_for(asked: Way, expected: Option<Duration>, what: &Recognised) -> stream::Way {
    let is_long = expected.map_or(what.end - what.start >= LONG_BYTES, |expected| expected >= LONG);
    match asked {
        Way::Whole => stream::Way::Whole,
        Way::Segments(frames) => {
            let segment = u64::from(frames).max(100);
            stream::Way::Segments(stream::Grid { segment, ..stream::Grid::USUAL })
        }
        Way::ByLength if is_long => stream::Way::Segments(stream::Grid::USUAL),
        Way::ByLength => stream::Way::Whole,
    }
}

fn room_for_tag(
    request: &Mp3Request<'_>,
    volume: Option<&GainChange>,
    errors: &Errors<'_>,
) -> Result<usize, MakeError> {
    let form = request.loudness.purpose.gain_form();
    // As long as any other change would need.
    let tags = with_volume(request.tags.clone(), volume);
    reserved_size(&tags, request.cover, (&request.style, form)).map_err(|reason| errors.encoder(reason))
}

/// The tag as it stands in the finished file, as long as the room left for it, and what it says.
fn finished_tag(
    request: &Mp3Request<'_>,
    errors: &Errors<'_>,
    made: &mut MadeMp3,
) -> Result<(TagSet, Vec<u8>), MakeError> {
    let (own, level_db) = (request.tags, made.level_db);
    made.gain = match &made.loudness {
        Some(loudness) => replay_gain(loudness, level_db),
        None => own.track_gain,
    };
    let album_gain = album_gain(&request.loudness, own.track_gain, own.album_gain, made.gain, level_db);
    let sound_ms = made.samples * 1_000 / u64::from(made.sample_rate.max(1));
    let volume = made.volume.as_ref();
    let changed = volume.filter(|change| change.steps != 0);
    let mut tags = with_volume(TagSet { track_gain: made.gain, album_gain, ..own.clone() }, changed);
    // The last chapter often ends a little behind the sound, or does not say where.
    let last = tags.more.as_mut().and_then(|more| more.chapters.last_mut());
    if let Some(chapter) = last.filter(|chapter| chapter.start_ms < sound_ms) {
        chapter.end_ms = chapter.end_ms.min(sound_ms);
    }
    let (room, form) = (room_for_tag(request, volume, errors)?, request.loudness.purpose.gain_form());
    made.gain = made.gain.filter(|_| form.is_some());
    let tag = tag_of_size(&tags, request.cover, (&request.style, form), room);
    Ok((tags, tag.map_err(|reason| errors.encoder(reason))?))
}

/// Writes the tag into the room left for it and takes the finished file's identity.
fn complete(
    request: &Mp3Request<'_>,
    errors: &Errors<'_>,
    mut made: MadeMp3,
    out: &mut File,
) -> Result<MadeMp3, MakeError> {
    let (tags, tag) = finished_tag(request, errors, &mut made)?;
    write_at(out, 0, &tag).map_err(|error| errors.write(error))?;
    if request.style.id3v1 {
        // A file that was complete before has one already.
        let back = if made.bytes == 0 { 0 } else { ID3V1.cast_signed() };
        out.seek(SeekFrom::End(-back)).map_err(|error| errors.write(error))?;
        out.write_all(&id3v1_tag(&tags)).map_err(|error| errors.write(error))?;
    }
    out.flush().map_err(|error| errors.write(error))?;
    out.seek(SeekFrom::Start(0)).map_err(|error| errors.write(error))?;
    let mut sum = QuickSum::default();
    io::copy(out, &mut sum).map_err(|error| errors.write(error))?;
    Ok(identified(made, &sum, tag.len(), request))
}

/// With the identity of the finished file, of which all bytes went into `sum`.
fn identified(mut made: MadeMp3, sum: &QuickSum, tag_bytes: usize, request: &Mp3Request<'_>) -> MadeMp3 {
    made.bytes = sum.bytes();
    made.sum = sum.hex();
    let behind = if request.style.id3v1 { ID3V1 } else { 0 };
    made.sound = tag_bytes as u64..made.bytes.saturating_sub(behind);
    made
}

/// What undoes a change of the frames' own volume, as mp3gain writes it. Of the same length whatever the change.
fn with_volume(mut tags: TagSet, volume: Option<&GainChange>) -> TagSet {
    if let Some(change) = volume {
        let fields = [("MP3GAIN_UNDO", change.undo()), ("MP3GAIN_MINMAX", change.min_max())];
        let fields = fields.map(|(name, value)| (name.to_owned(), vec![value]));
        tags.more.get_or_insert_default().user.extend(fields);
    }
    tags
}

/// Writes the album's gain into an MP3 that was made before its album was known; `request` is the one it was made of,
/// with the album. The result is what [`make_mp3`] would have made of it.
pub fn write_album_gain(
    request: &Mp3Request<'_>,
    made: MadeMp3,
    out: &mut File,
) -> Result<MadeMp3, MakeError> {
    complete(request, &Errors { path: request.source }, made, out)
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
