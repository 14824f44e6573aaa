//! Which reader and which decoder a file gets, and what its headers say of its sound.

use std::collections::VecDeque;
use std::fs::File;

use ferrotape_domain::AudioFormat;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_PCM_F32BE, CODEC_ID_PCM_F32LE, CODEC_ID_PCM_F64BE, CODEC_ID_PCM_F64LE,
};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::default::formats::{
    AdtsReader, AiffReader, CafReader, IsoMp4Reader, MpaReader, OggReader, WavReader,
};

use crate::decode::flac::{FlacPackets, FlacSound};
use crate::decode::mpeg::{MpegPackets, MpegSound};
use crate::decode::ogg::OggPackets;
use crate::decode::opus::OpusSound;
use crate::decode::packets::{Opened, PacketDecoder, PacketReader, SymphoniaPackets, SymphoniaSound};
use crate::decode::{DecodeError, broken, from_symphonia, he_aac, is_ogg, monkeys_audio, musepack, wavpack};
use crate::formats::extent::Extent;
use crate::formats::mp4::Mp4Codec;
use crate::formats::ogg;
use crate::formats::sniff::{Container, Recognised};
use crate::listen::fingerprint::Depth;
use crate::mpeg;

/// Samples in a packet of ALAC, as all its encoders write them.
const ALAC_FRAME: u64 = 4096;
/// Samples of AAC after which a decoder that began in the middle gives what one gives that began at the start: a frame
/// overlaps the next, and two more for what encoders keep longer.
const AAC_WARM_UP: u64 = 3 * 1024;

/// Opens `file` by what belongs to its format.
pub(super) fn open(file: File, what: &Recognised) -> Result<Opened, DecodeError> {
    match what.format {
        AudioFormat::WavPack | AudioFormat::WavPackLossy => wavpack::open(file, what),
        AudioFormat::MonkeysAudio => monkeys_audio::open(file, what),
        AudioFormat::Musepack => musepack::open(file, what),
        AudioFormat::Flac if what.container == Container::Own => open_flac(file, what),
        _ => open_with_symphonia(file, what),
    }
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
    let holes = Holes::of(&file, what)?;
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
    let reader: Box<dyn PacketReader> = match holes {
        Holes::OfMp3(holes) => Box::new(MpegPackets::new(reader, holes)),
        Holes::OfOgg(holes) => Box::new(OggPackets::new(reader, holes)),
        Holes::NotLookedFor => Box::new(SymphoniaPackets { ahead, reader }),
    };
    let ticks = what.mp4.as_ref().and_then(|mp4| Some(mp4.sound.as_ref()?.scale));
    let warm_up = match (what.container, what.format) {
        (_, AudioFormat::Wav | AudioFormat::Aiff) => Some(0),
        // Its packets' lengths are in ticks, which are samples in all but strange files.
        (Container::Mp4, _) if ticks != Some(rate) => None,
        (Container::Mp4, AudioFormat::Alac | AudioFormat::Flac) => Some(0),
        (Container::Mp4, AudioFormat::Aac) if is_low_complexity => Some(AAC_WARM_UP),
        _ => None,
    };
    let track = track.id;
    Ok(Opened { reader, decoder, track, rate, skip, left, promised, counted: false, exact, depth, warm_up })
}

/// What is lost of formats whose readers go on behind a hole without a word.
enum Holes {
    OfMp3(VecDeque<mpeg::holes::Hole>),
    OfOgg(VecDeque<ogg::Hole>),
    NotLookedFor,
}

impl Holes {
    fn of(file: &File, what: &Recognised) -> Result<Self, DecodeError> {
        if what.format == AudioFormat::Mp3 {
            let mut file = file;
            return mpeg::holes::holes(&mut file, what).map(Self::OfMp3).map_err(DecodeError::Io);
        }
        if what.container != Container::Own || !is_ogg(what.format) {
            return Ok(Self::NotLookedFor);
        }
        let found = ogg::survey(file, what.start, what.end).map_err(DecodeError::Io)?;
        if found.is_unclear {
            return Err(broken("a part of it is lost, and nothing tells how long that was"));
        }
        Ok(Self::OfOgg(found.holes))
    }
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

pub(super) fn open_codec(
    track: &Track,
    format: AudioFormat,
) -> Result<(Box<dyn PacketDecoder>, u32), DecodeError> {
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
