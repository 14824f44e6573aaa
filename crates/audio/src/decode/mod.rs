//! Any readable file as a stream of one- or two-channel sound, exact to the sample.
//!
//! Symphonia reads most containers and decodes most of what is in them; the rest have a module each, behind the seam
//! in [`packets`]. Done here, for all: priming and padding, damaged packets (replaced by silence, counted), and the
//! comparison of what came out with what the headers promised, so that a cut file never passes for the whole.

mod flac;
mod following;
mod he_aac;
mod monkeys_audio;
mod mpeg;
mod musepack;
mod ogg;
mod open;
mod opus;
mod packets;
pub(crate) mod part;
pub(crate) mod reader;
#[cfg(test)]
mod tests;
mod wavpack;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::AudioFormat;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::packet::Packet;

use crate::decode::following::Following;
use crate::decode::packets::{PacketDecoder, PacketReader};
use crate::formats::sniff::Recognised;
use crate::listen::fingerprint::Depth;
use crate::mpeg::frames::{self, FrameHeader};
use crate::sound::downmix::Downmix;

/// Errors in a row after which the rest of a file is given up.
const MOST_ERRORS_IN_A_ROW: u32 = 64;
/// Recordings chained in one Ogg file that are followed.
const MOST_LINKS: u32 = 1000;

/// Why no (more) sound comes out.
#[derive(Debug)]
pub(crate) enum DecodeError {
    Io(io::Error),
    NotYet(&'static str),
    Broken(String),
}

/// Sound as one vector of samples per channel, −1 to 1.
pub(crate) type Planes = Vec<Vec<f32>>;

/// A file being decoded.
pub(crate) struct Decoding {
    reader: Box<dyn PacketReader>,
    track: u32,
    decoder: Box<dyn PacketDecoder>,
    format: AudioFormat,
    exact: bool,
    /// Samples before a wanted one from which on packets must be decoded; none where all must.
    warm_up: Option<u64>,
    rate: u32,
    depth: Depth,
    mix: Downmix,
    /// Samples still to leave out at the start.
    skip: u64,
    /// Samples still to come, where a container limits them.
    left: Option<u64>,
    /// Samples held back because they may be the padding at the end.
    held: Planes,
    hold: usize,
    promised: Option<u64>,
    produced: u64,
    /// For FLAC: the position the next packet must have.
    expected: Option<i64>,
    damage: Damage,
    scratch: Planes,
    /// What the last packet gave, before its rate was looked at.
    fresh: Planes,
    following: Following,
    /// Recordings that stand one behind the other in an Ogg file, this one included.
    links: u32,
    errors_in_a_row: u32,
    cut_off: bool,
}

#[derive(Debug, Default)]
struct Damage {
    packets: u64,
    samples: u64,
    first_at: u64,
}

impl Decoding {
    /// Prepares to decode `file`, which was recognised as `what`.
    pub(crate) fn open(file: File, what: &Recognised) -> Result<Self, DecodeError> {
        let xing = match what.format {
            AudioFormat::Mp3 => first_frame(&file, what).map_err(DecodeError::Io)?,
            _ => None,
        };
        let opened = open::open(file, what)?;
        let mut this = Self {
            reader: opened.reader,
            track: opened.track,
            decoder: opened.decoder,
            format: what.format,
            exact: opened.exact,
            warm_up: opened.warm_up,
            rate: opened.rate,
            depth: opened.depth,
            mix: Downmix::default(),
            skip: opened.skip,
            left: opened.left,
            held: Planes::new(),
            hold: 0,
            promised: opened.promised,
            produced: 0,
            expected: opened.counted.then_some(0),
            damage: Damage::default(),
            scratch: Planes::new(),
            fresh: Planes::new(),
            following: Following::default(),
            links: 1,
            errors_in_a_row: 0,
            cut_off: false,
        };
        if what.format == AudioFormat::Mp3 {
            this.trim_mp3(xing);
        }
        Ok(this)
    }

    fn trim_mp3(&mut self, first: Option<(FrameHeader, frames::GaplessHeader)>) {
        let Some((header, xing)) = first else { return };
        let (delay, padding) =
            xing.trim.map_or((0, 0), |(delay, padding)| (u64::from(delay), u64::from(padding)));
        if xing.trim.is_some() {
            self.skip = delay + frames::DECODER_DELAY;
            self.hold = padding.saturating_sub(frames::DECODER_DELAY) as usize;
        }
        let total = xing.frames.map(|frames| u64::from(frames) * u64::from(header.samples()));
        self.promised = total.map(|total| total.saturating_sub(delay + padding)).filter(|total| *total > 0);
    }

    /// Whether more channels were folded to the ones that came out.
    pub(crate) fn has_folded(&self) -> bool {
        self.mix.has_folded()
    }

    /// Whether the source stores whole numbers.
    pub(crate) fn depth(&self) -> Depth {
        self.depth
    }

    /// The same with all channels as they were recorded.
    pub(crate) fn without_mixing(mut self) -> Self {
        self.mix = Downmix::none();
        self
    }

    /// Samples per second.
    pub(crate) fn rate(&self) -> u32 {
        self.rate
    }

    /// Whether what is given are the file's own whole numbers: lossless, not floating point, nothing folded.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact
    }

    /// Samples per channel that the headers promise, where they do.
    pub(crate) fn promised(&self) -> Option<u64> {
        self.promised
    }

    /// Samples per channel given so far.
    pub(crate) fn produced(&self) -> u64 {
        self.produced
    }

    /// After the last stretch: whether the sound ends before its container does, or before its headers say.
    pub(crate) fn is_cut_short(&self) -> bool {
        let decoded = self.following.decoded(self.produced);
        let missing = |promised: u64| too_much(promised.saturating_sub(decoded), promised, self.rate);
        self.produced > 0 && ((is_ogg(self.format) && self.cut_off) || self.promised.is_some_and(missing))
    }

    /// Replaces `out` by the next stretch of sound, one or two channels; `false` at the end.
    pub(crate) fn next(&mut self, out: &mut Planes) -> Result<bool, DecodeError> {
        loop {
            out.iter_mut().for_each(Vec::clear);
            if self.left == Some(0) {
                return Ok(false);
            }
            let Some(packet) = self.next_packet()? else { return self.last(out) };
            if packet.track_id != self.track {
                continue;
            }
            let gap = self.gap_before(&packet);
            if self.passes_over(&packet, gap) {
                continue;
            }
            self.decode_packet(&packet, gap)?;
            self.give_out(out);
            if out.first().is_some_and(|plane| !plane.is_empty()) {
                return Ok(true);
            }
        }
    }

    /// What a change of rate still holds back at the end.
    fn last(&mut self, out: &mut Planes) -> Result<bool, DecodeError> {
        self.scratch.iter_mut().for_each(Vec::clear);
        self.following.finish(&mut self.scratch).map_err(DecodeError::Broken)?;
        self.give_out(out);
        Ok(out.first().is_some_and(|plane| !plane.is_empty()))
    }

    fn next_packet(&mut self) -> Result<Option<Packet>, DecodeError> {
        loop {
            let problem = match self.reader.next_packet() {
                Ok(packet) => {
                    self.errors_in_a_row = 0;
                    return Ok(packet);
                }
                Err(problem) => problem,
            };
            match problem {
                SymphoniaError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    self.cut_off = true;
                    return Ok(None);
                }
                SymphoniaError::IoError(error) if is_real(&error) => return Err(DecodeError::Io(error)),
                SymphoniaError::ResetRequired => self.next_link()?,
                _ => self.errors_in_a_row += 1,
            }
            if self.errors_in_a_row > MOST_ERRORS_IN_A_ROW {
                self.cut_off = true;
                return Ok(None);
            }
        }
    }

    /// Goes on with the recording that follows in an Ogg file.
    fn next_link(&mut self) -> Result<(), DecodeError> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(broken("more than a thousand recordings are chained in it"));
        }
        let track = self.reader.track();
        let track = track.ok_or_else(|| broken("a recording without sound is chained in it"))?;
        (self.decoder, _) = open::open_codec(track, self.format)?;
        self.track = track.id;
        self.skip += self.decoder.pre_skip();
        Ok(())
    }

    /// FLAC frames carry their position, so frames that are missing altogether can be counted; pages of Ogg likewise.
    fn gap_before(&mut self, packet: &Packet) -> u64 {
        let Some(expected) = self.expected else { return self.reader.lost_before() };
        let gap = packet.pts.get().saturating_sub(expected);
        self.expected = Some(packet.pts.get().saturating_add(packet.dur.get() as i64));
        u64::try_from(gap).unwrap_or(0)
    }

    /// Decodes `packet` into `self.scratch`, after `gap` samples of silence for what is missing before it.
    fn decode_packet(&mut self, packet: &Packet, gap: u64) -> Result<(), DecodeError> {
        self.scratch.iter_mut().for_each(Vec::clear);
        if gap > 0 {
            self.note_damage(gap);
            // What is left out before the part that is wanted, be it hours, need not be made.
            let passed = gap.min(self.skip);
            self.skip -= passed;
            let silence = (gap - passed).min(u64::from(self.rate));
            self.mix.silence(silence as usize, &mut self.scratch);
        }
        self.fresh.iter_mut().for_each(Vec::clear);
        let decoded = self.decoder.decode(packet, &mut self.mix, &mut self.fresh)?;
        if let Some(kind) = decoded {
            let added = self.following.add(kind, self.rate, &mut self.fresh, &mut self.scratch);
            return added.map_err(DecodeError::Broken);
        }
        let samples = self.decoder.samples_of(packet);
        self.note_damage(samples);
        self.mix.silence(samples.min(u64::from(self.rate)) as usize, &mut self.scratch);
        Ok(())
    }

    fn note_damage(&mut self, samples: u64) {
        // Damage before the part that is wanted harms nobody.
        let samples = samples.saturating_sub(self.skip);
        if samples == 0 {
            return;
        }
        if self.damage.packets == 0 {
            self.damage.first_at = self.produced;
        }
        self.damage.packets += 1;
        self.damage.samples = self.damage.samples.saturating_add(samples);
    }

    /// Moves what is music from `self.scratch` to `out`.
    fn give_out(&mut self, out: &mut Planes) {
        let had = self.scratch.first().map_or(0, Vec::len);
        let skip = self.skip.min(had as u64) as usize;
        self.skip -= skip as u64;
        let keep = self.left.map_or(had - skip, |left| left.min((had - skip) as u64) as usize);
        out.resize_with(self.scratch.len(), Vec::new);
        self.held.resize_with(self.scratch.len(), Vec::new);
        for ((plane, held), out) in self.scratch.iter().zip(&mut self.held).zip(out.iter_mut()) {
            let fresh = plane.get(skip..skip + keep).unwrap_or_default();
            if self.hold == 0 {
                out.extend_from_slice(fresh);
            } else {
                held.extend_from_slice(fresh);
                out.extend(held.drain(..held.len().saturating_sub(self.hold)));
            }
        }
        let given = out.first().map_or(0, Vec::len) as u64;
        self.produced += given;
        if let Some(left) = &mut self.left {
            *left -= keep as u64;
        }
    }

    /// What is damaged, by its number: of Ogg whole pages are, with many frames in each.
    fn damaged_are(&self) -> &'static str {
        match (is_ogg(self.format), self.damage.packets) {
            (true, 1) => "stretch",
            (true, _) => "stretches",
            (false, 1) => "frame",
            (false, _) => "frames",
        }
    }

    /// After the last stretch: an error when too much is missing, else what the user should know.
    pub(crate) fn verdict(&self) -> Result<Vec<String>, DecodeError> {
        if self.produced == 0 {
            return Err(broken("there is no sound in it"));
        }
        if is_ogg(self.format) && self.cut_off {
            return Err(broken(&format!("it is cut off after {}", clock(self.produced, self.rate))));
        }
        let mut notes = Vec::new();
        if let Some(promised) = self.promised {
            let missing = promised.saturating_sub(self.following.decoded(self.produced));
            if too_much(missing, promised, self.rate) {
                return Err(broken(&format!(
                    "it ends after {}, but its headers promise {}",
                    clock(self.produced, self.rate),
                    clock(promised, self.rate)
                )));
            }
            if missing > 0 {
                notes.push(format!(
                    "ends {} ms before its headers say",
                    missing * 1000 / u64::from(self.rate)
                ));
            }
        }
        let Damage { packets, samples, first_at } = self.damage;
        if too_much(samples, self.produced, self.rate) {
            let seconds = samples / u64::from(self.rate.max(1));
            return Err(broken(&format!("{packets} damaged {}, {seconds} s in all", self.damaged_are())));
        }
        if packets > 0 {
            let (what, at) = (self.damaged_are(), clock(first_at, self.rate));
            notes.push(format!("{packets} damaged {what} from {at} on replaced by silence"));
        }
        notes.extend(self.reader.notes());
        if self.links > 1 {
            notes.push(format!("{} recordings are chained in it; they follow each other", self.links));
        } else if self.following.changes() > 0 {
            notes.push("its sample rate or channels change in the middle; it goes on as it began".to_owned());
        }
        Ok(notes)
    }
}

/// Whether it is a format of Ogg's.
pub(crate) fn is_ogg(format: AudioFormat) -> bool {
    matches!(format, AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus)
}

/// Whether `missing` of `total` samples is more than an encoder's rounding: a second, or 2 % and a tenth of one.
pub(crate) fn too_much(missing: u64, total: u64, rate: u32) -> bool {
    let rate = u64::from(rate);
    missing > rate || (missing > total / 50 && missing > rate / 10)
}

/// A position as `m:ss`.
pub(crate) fn clock(samples: u64, rate: u32) -> String {
    let seconds = samples / u64::from(rate.max(1));
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn broken(reason: &str) -> DecodeError {
    DecodeError::Broken(reason.to_owned())
}

/// The first MP3 frame, when it is a Xing, Info or VBRI header.
fn first_frame(file: &File, what: &Recognised) -> io::Result<Option<(FrameHeader, frames::GaplessHeader)>> {
    let mut file = file;
    file.seek(SeekFrom::Start(what.start))?;
    let mut bytes = Vec::new();
    file.take(frames::LONGEST_FRAME as u64).read_to_end(&mut bytes)?;
    let Some(header) = FrameHeader::parse(&bytes) else { return Ok(None) };
    bytes.truncate(header.frame_len());
    Ok(frames::parse_gapless_header(&bytes, &header).map(|xing| (header, xing)))
}

fn from_symphonia(error: SymphoniaError) -> DecodeError {
    match error {
        SymphoniaError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            broken("it ends within its headers")
        }
        SymphoniaError::IoError(error) if is_real(&error) => DecodeError::Io(error),
        SymphoniaError::Unsupported(what) => {
            DecodeError::Broken(format!("the decoder cannot handle it ({what})"))
        }
        other => DecodeError::Broken(other.to_string()),
    }
}

/// Whether the system, not a bit reader at the end of its bits, reported `error`.
fn is_real(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

/// The whole sound of the file `path`, for tests that compare decoders.
#[cfg(test)]
pub(crate) fn tests_only_decode(path: &std::path::Path) -> Planes {
    let (file, what) = crate::probe::recognised(path).unwrap();
    let mut decoding = Decoding::open(file, &what).unwrap();
    let (mut all, mut sound) = (Planes::new(), Planes::new());
    while decoding.next(&mut sound).unwrap() {
        all.resize_with(sound.len(), Vec::new);
        all.iter_mut().zip(&sound).for_each(|(all, sound)| all.extend_from_slice(sound));
    }
    all
}
