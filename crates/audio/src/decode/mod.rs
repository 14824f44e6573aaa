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
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE,
};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::packet::Packet;
use symphonia::default::formats::{
    AdtsReader, AiffReader, CafReader, IsoMp4Reader, MpaReader, OggReader, WavReader,
};

use crate::decode::flac::{FlacPackets, FlacSound};
use crate::decode::following::Following;
use crate::decode::mpeg::{MpegPackets, MpegSound};
use crate::decode::opus::OpusSound;
use crate::decode::packets::{Opened, PacketDecoder, PacketReader, SymphoniaPackets, SymphoniaSound};
use crate::formats::extent::Extent;
use crate::formats::mp4::Mp4Codec;
use crate::formats::sniff::{Container, Recognised};
use crate::listen::fingerprint::Depth;
use crate::mpeg::frames::{self, FrameHeader};
use crate::sound::downmix::Downmix;

/// Errors in a row after which the rest of a file is given up.
const MOST_ERRORS_IN_A_ROW: u32 = 64;
/// Recordings chained in one Ogg file that are followed.
const MOST_LINKS: u32 = 1000;

/// Samples in a packet of ALAC, as all its encoders write them.
const ALAC_FRAME: u64 = 4096;
/// Samples of AAC after which a decoder that began in the middle gives what one gives that began at the start: a frame
/// overlaps the next, and two more for what encoders keep longer.
const AAC_WARM_UP: u64 = 3 * 1024;

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
        let opened = match what.format {
            AudioFormat::WavPack | AudioFormat::WavPackLossy => wavpack::open(file, what)?,
            AudioFormat::MonkeysAudio => monkeys_audio::open(file, what)?,
            AudioFormat::Musepack => musepack::open(file, what)?,
            AudioFormat::Flac if what.container == Container::Own => open_flac(file, what)?,
            _ => open_with_symphonia(file, what)?,
        };
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
        let ogg = matches!(self.format, AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus);
        let decoded = self.following.decoded(self.produced);
        let missing = |promised: u64| too_much(promised.saturating_sub(decoded), promised, self.rate);
        self.produced > 0 && ((ogg && self.cut_off) || self.promised.is_some_and(missing))
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
        (self.decoder, _) = open_codec(track, self.format)?;
        self.track = track.id;
        self.skip += self.decoder.pre_skip();
        Ok(())
    }

    /// FLAC frames carry their position, so frames that are missing altogether can be counted.
    fn gap_before(&mut self, packet: &Packet) -> u64 {
        let Some(expected) = self.expected else { return 0 };
        let gap = packet.pts.get().saturating_sub(expected);
        self.expected = Some(packet.pts.get().saturating_add(packet.dur.get() as i64));
        u64::try_from(gap).unwrap_or(0)
    }

    /// Decodes `packet` into `self.scratch`, after `gap` samples of silence for what is missing before it.
    fn decode_packet(&mut self, packet: &Packet, gap: u64) -> Result<(), DecodeError> {
        self.scratch.iter_mut().for_each(Vec::clear);
        let silence = gap.min(u64::from(self.rate));
        if gap > 0 {
            self.note_damage(gap);
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

    /// After the last stretch: an error when too much is missing, else what the user should know.
    pub(crate) fn verdict(&self) -> Result<Vec<String>, DecodeError> {
        if self.produced == 0 {
            return Err(broken("there is no sound in it"));
        }
        let ogg = matches!(self.format, AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus);
        if ogg && self.cut_off {
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
            return Err(broken(&format!("{packets} damaged frames, {seconds} s in all")));
        }
        if packets > 0 {
            let (frames, at) = (if packets == 1 { "frame" } else { "frames" }, clock(first_at, self.rate));
            notes.push(format!("{packets} damaged {frames} from {at} on replaced by silence"));
        }
        if self.links > 1 {
            notes.push(format!("{} recordings are chained in it; they follow each other", self.links));
        } else if self.following.changes() > 0 {
            notes.push("its sample rate or channels change in the middle; it goes on as it began".to_owned());
        }
        Ok(notes)
    }
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

fn open_flac(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let mut frames = FlacPackets::open(file, what.start, what.end).map_err(DecodeError::Io)?;
    let description = frames.description();
    let sound = FlacSound::new(description);
    let first = frames.first().map_err(DecodeError::Io)?.ok_or_else(|| broken("there is no sound in it"))?;
    let (rate, channels, _) = sound.kind(&first)?;
    Ok(Opened {
        reader: Box::new(frames),
        decoder: Box::new(sound),
        track: 0,
        rate: sensible(rate)?,
        skip: 0,
        left: None,
        promised: description.map(|description| description.total).filter(|total| *total > 0),
        counted: true,
        exact: channels <= 2,
        depth: Depth::WholeNumbers,
        warm_up: Some(0),
    })
}

/// Everything that Symphonia reads; HE-AAC and Opus of it are decoded by others.
fn open_with_symphonia(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let mut reader = open_reader(file, what)?;
    let track = reader
        .default_track(TrackType::Audio)
        .ok_or_else(|| broken("there is no sound track in it"))?
        .clone();
    let depth = depth_of(&track, what.format);
    let exact = depth == Depth::WholeNumbers && is_plain(&track);
    let frames = track.num_frames.filter(|frames| *frames > 0);
    let found = match (what.format, track.codec_params.as_ref().and_then(|params| params.audio())) {
        (AudioFormat::Aac, Some(params)) => {
            let codec = what.mp4.as_ref().and_then(|mp4| mp4.sound.as_ref()?.codec);
            he_aac::look(reader.as_mut(), track.id, params, codec == Some(Mp4Codec::HeAac))?
        }
        _ => Default::default(),
    };
    let (he_aac, ahead) = found;
    let is_low_complexity = he_aac.is_none();
    let (decoder, rate): (Box<dyn PacketDecoder>, u32) = match he_aac {
        Some((decoder, rate)) => (Box::new(decoder), rate),
        None => open_codec(&track, what.format)?,
    };
    let mut skip = decoder.pre_skip();
    let (mut left, mut promised) = (None, frames);
    match (what.container, what.format) {
        (Container::Mp4, _) => {
            if let Some(mp4) = &what.mp4 {
                (skip, left) = mp4.trim(rate);
            }
            promised = left;
        }
        (Container::CoreAudio, _) => {
            skip = track.delay.unwrap_or(0).into();
            left = frames;
            // Some writers count the last packet as a full one, though its sound may be shorter.
            if what.format == AudioFormat::Alac {
                promised = frames.map(|frames| frames.saturating_sub(ALAC_FRAME - 1));
            }
        }
        // Neither tells its length beforehand, or only a guess of it.
        (_, AudioFormat::Mp1 | AudioFormat::Mp2 | AudioFormat::Mp3) => promised = None,
        (_, AudioFormat::Aac | AudioFormat::Vorbis | AudioFormat::Opus) => promised = None,
        _ => {}
    }
    if let Some(large) = &what.large {
        promised = large.promised.map(|bytes| bytes / large.block()).filter(|_| large.block() > 1);
    }
    let reader: Box<dyn PacketReader> = match what.format {
        AudioFormat::Mp3 => Box::new(MpegPackets::new(reader)),
        _ => Box::new(SymphoniaPackets { ahead, reader }),
    };
    let warm_up = match (what.container, what.format) {
        (_, AudioFormat::Wav | AudioFormat::Aiff)
        | (Container::Mp4, AudioFormat::Alac | AudioFormat::Flac) => Some(0),
        (Container::Mp4, AudioFormat::Aac) if is_low_complexity => Some(AAC_WARM_UP),
        _ => None,
    };
    let track = track.id;
    Ok(Opened { reader, decoder, track, rate, skip, left, promised, counted: false, exact, depth, warm_up })
}

/// One or two channels.
fn is_plain(track: &Track) -> bool {
    track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .is_some_and(|params| params.channels.as_ref().is_some_and(|channels| channels.count() <= 2))
}

fn open_reader(file: File, what: &Recognised) -> Result<Box<dyn FormatReader>, DecodeError> {
    let extent = match &what.large {
        Some(large) => Extent::with_front(large.front(), file, large.start, large.end),
        None => Extent::new(file, what.start, what.end),
    };
    let extent = extent.map_err(DecodeError::Io)?;
    let stream = MediaSourceStream::new(Box::new(extent), Default::default());
    let options = Default::default();
    let opened: Result<Box<dyn FormatReader>, SymphoniaError> = match what.format {
        _ if what.container == Container::Mp4 => {
            IsoMp4Reader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        _ if what.container == Container::CoreAudio => {
            CafReader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::Mp1 | AudioFormat::Mp2 | AudioFormat::Mp3 => {
            MpaReader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::Aac => AdtsReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus => {
            OggReader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::Wav => WavReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        AudioFormat::Aiff => AiffReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        AudioFormat::Flac
        | AudioFormat::Alac
        | AudioFormat::WavPack
        | AudioFormat::WavPackLossy
        | AudioFormat::MonkeysAudio
        | AudioFormat::Musepack => return Err(broken("its container is not known")),
    };
    opened.map_err(from_symphonia)
}

fn open_codec(track: &Track, format: AudioFormat) -> Result<(Box<dyn PacketDecoder>, u32), DecodeError> {
    let params = track.codec_params.as_ref().and_then(|params| params.audio());
    let params = params.ok_or_else(|| broken("its codec is not described"))?;
    match format {
        AudioFormat::Opus => {
            let opus = OpusSound::open(params.extra_data.as_deref().unwrap_or_default());
            let opus = opus.ok_or_else(|| broken("its Opus header makes no sense"))?;
            return Ok((Box::new(opus), 48_000));
        }
        AudioFormat::Mp3 => {
            let rate = sensible(params.sample_rate.unwrap_or(0))?;
            return Ok((Box::new(MpegSound::new(params)?), rate));
        }
        _ => {}
    }
    // Trimming is done by `Decoding`: Symphonia would also cut by a length it only guessed from the bit rate.
    let options =
        AudioDecoderOptions::default().gapless(!matches!(format, AudioFormat::Mp1 | AudioFormat::Mp2));
    let decoder =
        symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(from_symphonia)?;
    let rate = params.sample_rate.or(decoder.codec_params().sample_rate).unwrap_or(0);
    Ok((Box::new(SymphoniaSound { decoder }), sensible(rate)?))
}

fn sensible(rate: u32) -> Result<u32, DecodeError> {
    if (1_000..=768_000).contains(&rate) { Ok(rate) } else { Err(broken("its sample rate makes no sense")) }
}

/// What `fpcalc` would find: ffmpeg decodes lossless formats to whole numbers, but for PCM of fractions.
fn depth_of(track: &Track, format: AudioFormat) -> Depth {
    let params = track.codec_params.as_ref().and_then(|params| params.audio());
    let fractions = params.is_some_and(|params| {
        [CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F64LE, CODEC_ID_PCM_F64BE]
            .contains(&params.codec)
    });
    if format.is_lossless() && !fractions { Depth::WholeNumbers } else { Depth::Fractions }
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
