//! Any readable file as a stream of one- or two-channel sound, exact to the sample.
//!
//! Symphonia reads containers and decodes; Opus goes through `opus_sound`. What Symphonia leaves to others is
//! done here: priming and padding of MP3 and AAC, damaged packets (replaced by silence, counted), and the
//! comparison of what came out with what the headers promised, so that a cut file never passes for the whole.

mod flac;
mod following;
mod mpeg;
mod opus;
pub(crate) mod reader;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::AudioFormat;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE,
};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::packet::Packet;
use symphonia::default::formats::{AdtsReader, AiffReader, IsoMp4Reader, MpaReader, OggReader, WavReader};

use crate::decode::flac::{FlacPackets, FlacSound};
use crate::decode::following::Following;
use crate::decode::mpeg::{MpegPackets, MpegSound};
use crate::decode::opus::OpusSound;
use crate::formats::extent::Extent;
use crate::formats::sniff::Recognised;
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
    reader: Reader,
    track: u32,
    codec: Codec,
    format: AudioFormat,
    exact: bool,
    rate: u32,
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

/// What cuts the file into packets.
enum Reader {
    Container(Box<dyn FormatReader>),
    Flac(Box<FlacPackets>),
    Mpeg(MpegPackets),
}

enum Codec {
    Symphonia(Box<dyn AudioDecoder>),
    Flac(FlacSound),
    Mpeg(MpegSound),
    Opus(Box<OpusSound>),
}

impl Decoding {
    /// Prepares to decode `file`, which was recognised as `what`.
    pub(crate) fn open(file: File, what: &Recognised) -> Result<Self, DecodeError> {
        let xing = match what.format {
            AudioFormat::Mp3 => first_frame(&file, what).map_err(DecodeError::Io)?,
            _ => None,
        };
        let Opened { reader, codec, rate, track, frames, exact } = match what.format {
            AudioFormat::Flac => open_flac(file, what)?,
            _ => open_container(file, what)?,
        };
        let mut this = Self {
            reader,
            track,
            codec,
            format: what.format,
            exact,
            rate,
            mix: Downmix::default(),
            skip: 0,
            left: None,
            held: Planes::new(),
            hold: 0,
            promised: None,
            produced: 0,
            expected: None,
            damage: Damage::default(),
            scratch: Planes::new(),
            fresh: Planes::new(),
            following: Following::default(),
            links: 1,
            errors_in_a_row: 0,
            cut_off: false,
        };
        match (&this.codec, what.format) {
            (Codec::Opus(opus), _) => this.skip = opus.pre_skip(),
            (_, AudioFormat::Mp3) => this.trim_mp3(xing),
            (_, AudioFormat::Aac | AudioFormat::Alac) => {
                if let Some(mp4) = &what.mp4 {
                    (this.skip, this.left) = mp4.trim(rate);
                    this.promised = this.left;
                }
            }
            (_, AudioFormat::Flac) => {
                this.promised = frames;
                this.expected = Some(0);
            }
            (_, AudioFormat::Vorbis) => {}
            _ => this.promised = frames,
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
            let next = match &mut self.reader {
                Reader::Container(reader) => reader.next_packet(),
                Reader::Flac(frames) => frames.next_packet(),
                Reader::Mpeg(frames) => frames.next_packet(),
            };
            let problem = match next {
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
        let Reader::Container(reader) = &self.reader else { return Ok(()) };
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(broken("more than a thousand recordings are chained in it"));
        }
        let track = reader.default_track(TrackType::Audio);
        let track = track.ok_or_else(|| broken("a recording without sound is chained in it"))?;
        (self.codec, _) = open_codec(track, self.format)?;
        self.track = track.id;
        if let Codec::Opus(opus) = &self.codec {
            self.skip += opus.pre_skip();
        }
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
        let whole =
            packet.dur.get().saturating_add(packet.trim_start.get()).saturating_add(packet.trim_end.get());
        self.fresh.iter_mut().for_each(Vec::clear);
        let (mix, fresh) = (&mut self.mix, &mut self.fresh);
        let decoded = match &mut self.codec {
            Codec::Opus(opus) => opus.decode(packet, mix, fresh).then_some((self.rate, opus.channels())),
            Codec::Flac(flac) => flac.decode(packet, mix, fresh)?,
            Codec::Mpeg(mpeg) => mpeg.decode(packet, mix, fresh)?,
            // A packet is in memory: whatever the decoder calls an I/O error is damage.
            Codec::Symphonia(decoder) => decoder.decode(packet).ok().map(|buffer| {
                mix.add(&buffer, fresh);
                (buffer.spec().rate(), buffer.spec().channels().count())
            }),
        };
        if let Some(kind) = decoded {
            let added = self.following.add(kind, self.rate, &mut self.fresh, &mut self.scratch);
            return added.map_err(DecodeError::Broken);
        }
        let samples = whole.min(u64::from(self.rate));
        self.note_damage(samples);
        self.mix.silence(samples as usize, &mut self.scratch);
        Ok(())
    }

    fn note_damage(&mut self, samples: u64) {
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

/// A file ready to be decoded.
struct Opened {
    reader: Reader,
    codec: Codec,
    rate: u32,
    track: u32,
    /// Samples that the headers promise.
    frames: Option<u64>,
    /// Whether it gives the file's own whole numbers.
    exact: bool,
}

fn open_flac(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let mut frames = FlacPackets::open(file, what.start, what.end).map_err(DecodeError::Io)?;
    let description = frames.description();
    let sound = FlacSound::new(description);
    let first = frames.first().map_err(DecodeError::Io)?.ok_or_else(|| broken("there is no sound in it"))?;
    let (rate, channels, _) = sound.kind(&first)?;
    let total = description.map(|description| description.total).filter(|total| *total > 0);
    Ok(Opened {
        reader: Reader::Flac(Box::new(frames)),
        codec: Codec::Flac(sound),
        rate: sensible(rate)?,
        track: 0,
        frames: total,
        exact: channels <= 2,
    })
}

fn open_container(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    let reader = open_reader(file, what)?;
    let track =
        reader.default_track(TrackType::Audio).ok_or_else(|| broken("there is no sound track in it"))?;
    let (codec, rate) = open_codec(track, what.format)?;
    let exact = what.format.is_lossless() && is_whole_numbers(track);
    let (track, frames) = (track.id, track.num_frames.filter(|frames| *frames > 0));
    let reader = match what.format {
        AudioFormat::Mp3 => Reader::Mpeg(MpegPackets::new(reader)),
        _ => Reader::Container(reader),
    };
    Ok(Opened { reader, codec, rate, track, frames, exact })
}

/// One or two channels that are not floating point.
fn is_whole_numbers(track: &Track) -> bool {
    let floats = [CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F64LE, CODEC_ID_PCM_F64BE];
    track.codec_params.as_ref().and_then(|params| params.audio()).is_some_and(|params| {
        let channels = params.channels.as_ref().map(Channels::count);
        !floats.contains(&params.codec) && channels.is_some_and(|channels| channels <= 2)
    })
}

fn open_reader(file: File, what: &Recognised) -> Result<Box<dyn FormatReader>, DecodeError> {
    let extent = Extent::new(file, what.start, what.end).map_err(DecodeError::Io)?;
    let stream = MediaSourceStream::new(Box::new(extent), Default::default());
    let options = Default::default();
    let opened: Result<Box<dyn FormatReader>, SymphoniaError> = match what.format {
        AudioFormat::Flac => return Err(broken("its container is not known")),
        AudioFormat::Mp3 => MpaReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        AudioFormat::Aac if what.adts => {
            AdtsReader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::Aac | AudioFormat::Alac => {
            IsoMp4Reader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::OggFlac | AudioFormat::Vorbis | AudioFormat::Opus => {
            OggReader::try_new(stream, options).map(|reader| Box::new(reader) as _)
        }
        AudioFormat::Wav => WavReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        AudioFormat::Aiff => AiffReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
    };
    opened.map_err(from_symphonia)
}

fn open_codec(track: &Track, format: AudioFormat) -> Result<(Codec, u32), DecodeError> {
    let params = track.codec_params.as_ref().and_then(|params| params.audio());
    let params = params.ok_or_else(|| broken("its codec is not described"))?;
    if format == AudioFormat::Opus {
        let opus = OpusSound::open(params.extra_data.as_deref().unwrap_or_default());
        let opus = opus.ok_or_else(|| broken("its Opus header makes no sense"))?;
        return Ok((Codec::Opus(Box::new(opus)), 48_000));
    }
    if format == AudioFormat::Mp3 {
        return Ok((Codec::Mpeg(MpegSound::new(params)?), sensible(params.sample_rate.unwrap_or(0))?));
    }
    let options = AudioDecoderOptions::default();
    let decoder =
        symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(from_symphonia)?;
    let rate = params.sample_rate.or(decoder.codec_params().sample_rate).unwrap_or(0);
    Ok((Codec::Symphonia(decoder), sensible(rate)?))
}

fn sensible(rate: u32) -> Result<u32, DecodeError> {
    if (1_000..=768_000).contains(&rate) { Ok(rate) } else { Err(broken("its sample rate makes no sense")) }
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
