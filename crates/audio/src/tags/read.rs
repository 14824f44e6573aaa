//! Tags and technical facts of any readable file, through lofty, within limits.
//!
//! Where a file has several tags the format's own wins, field by field, and ID3v1 (30 letters, no accents) comes
//! last. Ogg FLAC, which lofty does not know, is read by Symphonia. Text is taken as it stands: mojibake is
//! evidence, not ours to mend.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::time::Duration;

use ferrotape_domain::{AudioFacts, AudioFormat, TagSet};
use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::{AudioFile, FileType, TaggedFile, TaggedFileExt};
use lofty::picture::PictureType;
use lofty::tag::{ItemKey, Tag, TagType};

use crate::formats::mp4::Mp4Codec;
use crate::formats::sniff::{Container, Recognised};
use crate::tags::table::TABLE;

/// Largest single piece lofty may read: room for a big cover.
const MOST_BYTES: usize = 32 << 20;
/// Longest text kept of a field, in characters; lyrics may be longer.
const MOST_TEXT: usize = 10_000;
const MOST_LYRICS: usize = 200_000;
/// Most values kept of one field.
const MOST_VALUES: usize = 64;

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SelfDescription {
    pub(crate) facts: AudioFacts,
    pub(crate) tags: TagSet,
    /// The front cover's bytes.
    pub(crate) front: Option<Vec<u8>>,
    pub(crate) note: Option<String>,
}

/// Reads `file`, recognised as `what`. The text tells what is wrong with it.
pub(crate) fn describe(file: &mut File, what: &Recognised) -> Result<SelfDescription, Trouble> {
    if what.format == AudioFormat::OggFlac || what.container == Container::CoreAudio {
        return crate::tags::ogg_flac::describe(file, what);
    }
    let counted = match what.format {
        AudioFormat::Mp3 => crate::mpeg::length::counted(file, what).map_err(Trouble::Io)?,
        _ => None,
    };
    let mut described = described(file, what)?;
    if let Some(large) = &what.large {
        let samples = (large.end - large.start) / large.block();
        let duration = Duration::from_secs_f64(samples as f64 / f64::from(large.rate().max(1)));
        described.facts.duration = Some(duration).filter(|_| large.block() > 1);
        described.facts.bitrate_kbps = average(what, described.facts.duration);
    }
    if counted.is_some() {
        described.facts.duration = counted;
        described.facts.bitrate_kbps = average(what, counted);
    }
    Ok(described)
}

fn described(file: &mut File, what: &Recognised) -> Result<SelfDescription, Trouble> {
    match read(file, what, true) {
        Ok(tagged) => from_tagged(&tagged, what, None),
        Err(Trouble::Broken(reason)) => {
            // The sound may be fine though the tags are not.
            let tagged = read(file, what, false).map_err(|_| Trouble::Broken(reason.clone()))?;
            from_tagged(&tagged, what, Some(format!("its tags could not be read ({reason})")))
        }
        Err(trouble) => Err(trouble),
    }
}

/// The front cover's bytes alone.
pub(crate) fn front_cover(file: &mut File, what: &Recognised) -> Result<Option<Vec<u8>>, Trouble> {
    if what.format == AudioFormat::OggFlac || what.container == Container::CoreAudio {
        return crate::tags::ogg_flac::describe(file, what).map(|description| description.front);
    }
    Ok(best_picture(&read(file, what, true)?))
}

/// Why a file cannot be described.
#[derive(Debug)]
pub(crate) enum Trouble {
    Io(io::Error),
    Broken(String),
}

fn read(file: &mut File, what: &Recognised, with_tags: bool) -> Result<TaggedFile, Trouble> {
    let kind = match what.format {
        _ if what.container == Container::Mp4 => FileType::Mp4,
        AudioFormat::Flac | AudioFormat::OggFlac => FileType::Flac,
        AudioFormat::Mp1 | AudioFormat::Mp2 | AudioFormat::Mp3 => FileType::Mpeg,
        AudioFormat::Aac => FileType::Aac,
        AudioFormat::Alac => FileType::Mp4,
        AudioFormat::Vorbis => FileType::Vorbis,
        AudioFormat::Opus => FileType::Opus,
        AudioFormat::Wav => FileType::Wav,
        AudioFormat::Aiff => FileType::Aiff,
        AudioFormat::WavPack | AudioFormat::WavPackLossy => FileType::WavPack,
        AudioFormat::MonkeysAudio => FileType::Ape,
        AudioFormat::Musepack => FileType::Mpc,
    };
    if let Some(large) = &what.large {
        let small = large.without_sound(file).map_err(Trouble::Io)?;
        return parse(io::Cursor::new(small), kind, with_tags);
    }
    file.seek(SeekFrom::Start(0)).map_err(Trouble::Io)?;
    parse(io::BufReader::with_capacity(16 << 10, &mut *file), kind, with_tags)
}

fn parse<R: io::Read + Seek>(reader: R, kind: FileType, with_tags: bool) -> Result<TaggedFile, Trouble> {
    apply_global_options(GlobalOptions::new().allocation_limit(MOST_BYTES).use_custom_resolvers(false));
    let options =
        ParseOptions::new().read_tags(with_tags).read_cover_art(with_tags).max_junk_bytes(128 << 10);
    let probe = lofty::probe::Probe::with_file_type(reader, kind).options(options);
    probe.read().map_err(|error| Trouble::Broken(with_cause(&error)))
}

/// The message of `error` and of what is behind it; lofty's own names only the file type.
fn with_cause(error: &dyn std::error::Error) -> String {
    let behind = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{behind}").chars().take(200).collect()
}

fn from_tagged(
    tagged: &TaggedFile,
    what: &Recognised,
    note: Option<String>,
) -> Result<SelfDescription, Trouble> {
    let found = tagged.properties();
    let rate = found.sample_rate().filter(|rate| *rate > 0);
    let rate = rate.ok_or_else(|| Trouble::Broken("it does not say its sample rate".to_owned()))?;
    // lofty reads the rate of the core, which announced HE-AAC plays at twice the rate.
    let codec = what.mp4.as_ref().and_then(|mp4| mp4.sound.as_ref()?.codec);
    let rate = if codec == Some(Mp4Codec::HeAac) && rate <= 24_000 { 2 * rate } else { rate };
    let duration = Some(found.duration()).filter(|duration| *duration > Duration::ZERO);
    let facts = AudioFacts {
        format: what.format,
        duration,
        sample_rate: rate,
        channels: found.channels().unwrap_or(2).into(),
        bits_per_sample: found.bit_depth().filter(|_| what.format.is_lossless()),
        bitrate_kbps: found.audio_bitrate().filter(|kbps| *kbps > 0).or_else(|| average(what, duration)),
    };
    let mut tags: Vec<&Tag> = tagged.tags().iter().collect();
    tags.sort_by_key(|tag| match tag.tag_type() {
        TagType::Id3v1 => 2,
        kind if kind == tagged.primary_tag_type() => 0,
        _ => 1,
    });
    Ok(SelfDescription { facts, tags: tag_set(&tags), front: best_picture(tagged), note })
}

/// Average bit rate in kbit/s.
pub(crate) fn average(what: &Recognised, duration: Option<Duration>) -> Option<u32> {
    let ms = duration?.as_millis().max(1);
    u32::try_from(u128::from(what.end - what.start) * 8 / ms).ok()
}

fn best_picture(tagged: &TaggedFile) -> Option<Vec<u8>> {
    let pictures =
        || tagged.tags().iter().flat_map(Tag::pictures).filter(|picture| !picture.data().is_empty());
    let front = pictures().find(|picture| picture.pic_type() == PictureType::CoverFront);
    // Many taggers write “other” and mean the cover; an artist's photo or a leaflet page is not one.
    let front = front.or_else(|| pictures().find(|picture| picture.pic_type() == PictureType::Other));
    front.map(|picture| picture.data().to_vec())
}

/// The fields of `tags`, of which the first that has a field wins.
pub(crate) fn tag_set(tags: &[&Tag]) -> TagSet {
    let mut found = TagSet::default();
    for row in TABLE {
        let values = tags
            .iter()
            .flat_map(|tag| row.read.iter().map(|key| values(tag, *key)))
            .find(|values| !values.is_empty());
        if let Some(values) = values {
            (row.set)(&mut found, values);
        }
    }
    if found.artists.len() == 1 {
        // One printed text; a list of the same artists tells more.
        let list = tags.iter().map(|tag| values(tag, ItemKey::TrackArtists)).find(|list| list.len() > 1);
        if let Some(list) = list {
            found.artists = list;
        }
    }
    for gain in [&mut found.track_gain, &mut found.album_gain] {
        // A gain without a peak is no use: players could not tell whether it clips.
        *gain = gain.filter(|gain| gain.peak.is_finite());
    }
    found
}

fn values(tag: &Tag, key: ItemKey) -> Vec<String> {
    // A described comment is some program's own note (iTunNORM, ID3v1 Comment), not the user's.
    let plain = |item: &&lofty::tag::TagItem| key != ItemKey::Comment || item.description().is_empty();
    let most = if matches!(key, ItemKey::Lyrics | ItemKey::UnsyncLyrics) { MOST_LYRICS } else { MOST_TEXT };
    let texts = tag.get_items(key).filter(plain).filter_map(|item| item.value().clone().into_string());
    let cleaned = texts.map(|text| text.chars().filter(|c| *c != '\0').take(most).collect::<String>());
    cleaned.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).take(MOST_VALUES).collect()
}
