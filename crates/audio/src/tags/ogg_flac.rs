//! FLAC in Ogg and Core Audio's files, which lofty does not read: facts and tags through Symphonia.

use std::fs::File;
use std::time::Duration;

use ferrotape_domain::AudioFacts;
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::StandardVisualKey;
use symphonia::default::formats::{CafReader, OggReader};

use crate::formats::sniff::{Container, Recognised};
use crate::formats::watched::{Watch, Watched};
use crate::tags::native::{NativeTag, vorbis_fields};
use crate::tags::read::{SelfDescription, Trouble, average, tag_set};

/// The Vorbis comments of `file`, recognised as Ogg FLAC or Core Audio Format.
pub(crate) fn comments(file: &File, what: &Recognised) -> Result<NativeTag, Trouble> {
    let (mut reader, watch) = open(file, what)?;
    let (comments, _) = tags_and_front(reader.as_mut());
    watch.met().map_err(Trouble::Io)?;
    Ok(comments)
}

fn open(file: &File, what: &Recognised) -> Result<(Box<dyn FormatReader>, Watch), Trouble> {
    let mut file = file.try_clone().map_err(Trouble::Io)?;
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(what.start)).map_err(Trouble::Io)?;
    let (file, watch) = Watched::new(file);
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    let reader: Result<Box<dyn FormatReader>, Error> = match what.container {
        Container::CoreAudio => {
            CafReader::try_new(stream, Default::default()).map(|reader| Box::new(reader) as _)
        }
        _ => OggReader::try_new(stream, Default::default()).map(|reader| Box::new(reader) as _),
    };
    watch.met().map_err(Trouble::Io)?;
    Ok((reader.map_err(|error| Trouble::Broken(error.to_string()))?, watch))
}

fn tags_and_front(reader: &mut dyn FormatReader) -> (NativeTag, Option<Vec<u8>>) {
    let mut metadata = reader.metadata();
    let Some(revision) = metadata.skip_to_latest() else {
        return (vorbis_fields(std::iter::empty()), None);
    };
    let fields = revision.media.tags.iter().map(|found| (found.raw.key.clone(), found.raw.value.to_string()));
    let pictures = &revision.media.visuals;
    let picture = pictures.iter().find(|picture| picture.usage == Some(StandardVisualKey::FrontCover));
    (vorbis_fields(fields), picture.map(|picture| picture.data.to_vec()))
}

/// Reads `file`, recognised as Ogg FLAC or Core Audio Format.
pub(crate) fn describe(file: &File, what: &Recognised) -> Result<SelfDescription, Trouble> {
    let (mut reader, watch) = open(file, what)?;
    let track = reader.default_track(TrackType::Audio);
    let (params, frames) = track
        .and_then(|track| Some((track.codec_params.as_ref()?.audio()?.clone(), track.num_frames)))
        .ok_or_else(|| Trouble::Broken("there is no sound track in it".to_owned()))?;
    let sample_rate = params.sample_rate.filter(|rate| *rate > 0);
    let sample_rate =
        sample_rate.ok_or_else(|| Trouble::Broken("it does not say its sample rate".to_owned()))?;
    let duration = frames.filter(|frames| *frames > 0);
    let duration = duration.map(|frames| Duration::from_secs_f64(frames as f64 / f64::from(sample_rate)));
    let (tag, front) = tags_and_front(reader.as_mut());
    watch.met().map_err(Trouble::Io)?;
    let facts = AudioFacts {
        format: what.format,
        duration,
        sample_rate,
        channels: params.channels.as_ref().map_or(2, |channels| channels.count() as u16),
        bits_per_sample: params
            .bits_per_sample
            .and_then(|bits| u8::try_from(bits).ok())
            .filter(|bits| *bits > 0),
        bitrate_kbps: average(what, duration),
    };
    Ok(SelfDescription { facts, tags: tag_set(&[tag], false), front, note: None })
}
