//! Tags and technical facts of any readable file, through lofty, within limits.
//!
//! Where a file has several tags the format's own wins, field by field, and ID3v1 (30 letters, no accents) comes
//! last. Ogg FLAC, which lofty does not know, is read by Symphonia. Text is taken as it stands: mojibake is
//! evidence, not ours to mend.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::time::Duration;

use ferrotape_domain::{Advisory, AudioFacts, AudioFormat, MoreTags, ReleaseKinds, TagSet};
use lofty::aac::AacFile;
use lofty::ape::ApeFile;
use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::{AudioFile, TaggedFile, TaggedFileExt};
use lofty::flac::FlacFile;
use lofty::iff::aiff::AiffFile;
use lofty::iff::wav::WavFile;
use lofty::mp4::Mp4File;
use lofty::mpeg::MpegFile;
use lofty::musepack::MpcFile;
use lofty::ogg::{OpusFile, VorbisFile};
use lofty::picture::PictureType;
use lofty::tag::Tag;
use lofty::wavpack::WavPackFile;

use crate::decode::{DecodeError, Decoding, Planes};
use crate::formats::mp4::Mp4Codec;
use crate::formats::mp4_chapters::read_chapters;
use crate::formats::sniff::{Container, Recognised};
use crate::formats::watched::Watched;
use crate::tags::fields::more;
use crate::tags::lrc;
use crate::tags::native::{self, Kind, NativeTag};
use crate::tags::players::players;
use crate::tags::table::TABLE;

/// Largest single piece lofty may read: room for a big cover.
const MOST_BYTES: usize = 32 << 20;
/// Longest text kept of a field, in characters; lyrics may be longer.
const MOST_TEXT: usize = 10_000;
const MOST_LYRICS: usize = 200_000;
/// Most values kept of one field.
const MOST_VALUES: usize = 64;
/// Fields that hold lyrics.
const LONG_TEXTS: [&str; 7] =
    ["USLT", "LYRICS", "UNSYNCEDLYRICS", "SYNCEDLYRICS", "©lyr", "Lyrics", "Unsyncedlyrics"];
/// Fields of the user's own that are carried over, and the longest text of one, in characters.
const MOST_USER_FIELDS: usize = 64;
const LONGEST_USER_TEXT: usize = 1_000;
/// Beginnings of names that programs use for notes about the very file: gains and gaps of other sound, logs, pictures.
const NOT_THE_USERS: [&str; 22] = [
    "REPLAYGAIN",
    "R128_",
    "MP3GAIN",
    "ITUN",
    "ENCODER",
    "ENCODED",
    "ENCODING",
    "METADATA_BLOCK",
    "COVERART",
    "CUESHEET",
    "LOG",
    "ACCURATERIP",
    "ACOUSTID_FINGERPRINT",
    "ACOUSTID FINGERPRINT",
    "MAJOR_BRAND",
    "MINOR_VERSION",
    "COMPATIBLE_BRANDS",
    "CREATION_TIME",
    "WAVEFORMATEXTENSIBLE",
    "CDTOC",
    "VENDOR",
    "TLEN",
];

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
        _ if what.adts => crate::formats::adts::counted(file, what).map_err(Trouble::Io)?,
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
    match read(file, what, Part::All) {
        Ok(parsed) => from_parsed(&parsed, what, None),
        Err(Trouble::Broken(reason)) => {
            // The sound may be fine though the tags are not.
            let note = format!("its tags could not be read ({reason})");
            match read(file, what, Part::Facts) {
                Ok(parsed) => from_parsed(&parsed, what, Some(note)),
                Err(_) => by_decoding(file, what, note)?.ok_or(Trouble::Broken(reason)),
            }
        }
        Err(trouble) => Err(trouble),
    }
}

/// What the decoder says, where lofty can make nothing of a file that plays: damaged metadata, ADPCM.
fn by_decoding(file: &mut File, what: &Recognised, note: String) -> Result<Option<SelfDescription>, Trouble> {
    let file = file.try_clone().map_err(Trouble::Io)?;
    let decoding = match Decoding::open(file, what) {
        Ok(decoding) => decoding,
        Err(DecodeError::Io(error)) => return Err(Trouble::Io(error)),
        Err(_) => return Ok(None),
    };
    let (mut decoding, mut sound) = (decoding.without_mixing(), Planes::new());
    match decoding.next(&mut sound) {
        Ok(true) => {}
        Err(DecodeError::Io(error)) => return Err(Trouble::Io(error)),
        Ok(false) | Err(_) => return Ok(None),
    }
    let sample_rate = decoding.rate();
    let seconds = decoding.promised().map(|samples| samples as f64 / f64::from(sample_rate.max(1)));
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let facts = AudioFacts {
        format: what.format,
        duration,
        sample_rate,
        channels: u16::try_from(sound.len()).unwrap_or(u16::MAX),
        bits_per_sample: None,
        bitrate_kbps: average(what, duration),
    };
    Ok(Some(SelfDescription { facts, tags: TagSet::default(), front: None, note: Some(note) }))
}

/// The front cover's bytes alone.
pub(crate) fn front_cover(file: &mut File, what: &Recognised) -> Result<Option<Vec<u8>>, Trouble> {
    if what.format == AudioFormat::OggFlac || what.container == Container::CoreAudio {
        return crate::tags::ogg_flac::describe(file, what).map(|description| description.front);
    }
    Ok(best_picture(&read(file, what, Part::All)?.file))
}

/// All that the tags say, for the finished track.
pub(crate) fn all_tags(file: &mut File, what: &Recognised) -> Result<TagSet, Trouble> {
    let tags = match what.format {
        _ if what.format == AudioFormat::OggFlac || what.container == Container::CoreAudio => {
            vec![crate::tags::ogg_flac::comments(file, what)?]
        }
        _ => read(file, what, Part::Tags)?.tags,
    };
    let mut tags = tag_set(&tags, true);
    if what.container == Container::Mp4 {
        let len = file.metadata().map_err(Trouble::Io)?.len();
        let chapters = read_chapters(file, len).map_err(Trouble::Io)?;
        if !chapters.is_empty() {
            tags.more.get_or_insert_default().chapters = chapters;
        }
    }
    Ok(tags)
}

/// Why a file cannot be described.
#[derive(Debug)]
pub(crate) enum Trouble {
    Io(io::Error),
    Broken(String),
}

/// What of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// Without pictures and facts.
    Tags,
    Facts,
}

/// A file as lofty knows it, and its tags under their own names, the best first.
struct Parsed {
    file: TaggedFile,
    tags: Vec<NativeTag>,
}

fn read(file: &mut File, what: &Recognised, part: Part) -> Result<Parsed, Trouble> {
    if let Some(large) = &what.large {
        let small = large.without_sound(file).map_err(Trouble::Io)?;
        return parse(&mut io::Cursor::new(small), what, part);
    }
    read_from(file, what, part)
}

/// What lofty says is only true where the disk gave all that it was asked for.
fn read_from<R: io::Read + Seek>(file: &mut R, what: &Recognised, part: Part) -> Result<Parsed, Trouble> {
    file.seek(SeekFrom::Start(0)).map_err(Trouble::Io)?;
    let (watched, watch) = Watched::new(file);
    let parsed = parse(&mut io::BufReader::with_capacity(16 << 10, watched), what, part);
    watch.met().map_err(Trouble::Io)?;
    parsed
}

fn parse<R: io::Read + Seek>(reader: &mut R, what: &Recognised, part: Part) -> Result<Parsed, Trouble> {
    apply_global_options(GlobalOptions::new().allocation_limit(MOST_BYTES).use_custom_resolvers(false));
    let options = ParseOptions::new()
        .read_tags(part != Part::Facts)
        .read_cover_art(part == Part::All)
        .read_properties(part != Part::Tags)
        .max_junk_bytes(128 << 10);
    let broken = |error: &dyn std::error::Error| Trouble::Broken(with_cause(error));
    // The format's own tag first, field by field, and ID3v1 (30 letters, no accents) last.
    macro_rules! parsed {
        ($file:ty, [$($tag:ident => $native:path),*]) => {{
            let file = <$file>::read_from(reader, options).map_err(|error| broken(&error))?;
            let tags = [$(Option::from(file.$tag()).map($native)),*].into_iter().flatten().collect();
            Parsed { file: file.into(), tags }
        }};
    }
    Ok(match what.format {
        _ if what.container == Container::Mp4 => parsed!(Mp4File, [ilst => native::mp4]),
        AudioFormat::Flac | AudioFormat::OggFlac => {
            parsed!(FlacFile, [vorbis_comments => native::vorbis, id3v2 => native::id3v2])
        }
        AudioFormat::Mp1 | AudioFormat::Mp2 | AudioFormat::Mp3 => {
            parsed!(MpegFile, [id3v2 => native::id3v2, ape => native::ape, id3v1 => native::id3v1])
        }
        AudioFormat::Aac => {
            parsed!(AacFile, [id3v2 => native::id3v2, id3v1 => native::id3v1])
        }
        AudioFormat::Alac => parsed!(Mp4File, [ilst => native::mp4]),
        AudioFormat::Vorbis => parsed!(VorbisFile, [vorbis_comments => native::vorbis]),
        AudioFormat::Opus => parsed!(OpusFile, [vorbis_comments => native::vorbis]),
        AudioFormat::Wav => parsed!(WavFile, [id3v2 => native::id3v2, riff_info => native::riff]),
        AudioFormat::Aiff => parsed!(AiffFile, [id3v2 => native::id3v2, text_chunks => native::aiff]),
        AudioFormat::WavPack | AudioFormat::WavPackLossy => {
            parsed!(WavPackFile, [ape => native::ape, id3v1 => native::id3v1])
        }
        AudioFormat::MonkeysAudio => {
            parsed!(ApeFile, [ape => native::ape, id3v2 => native::id3v2, id3v1 => native::id3v1])
        }
        AudioFormat::Musepack => {
            parsed!(MpcFile, [ape => native::ape, id3v2 => native::id3v2, id3v1 => native::id3v1])
        }
    })
}

/// The message of `error` and of what is behind it; lofty's own names only the file type.
fn with_cause(error: &dyn std::error::Error) -> String {
    let behind = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{behind}").chars().take(200).collect()
}

fn from_parsed(parsed: &Parsed, what: &Recognised, note: Option<String>) -> Result<SelfDescription, Trouble> {
    let tagged = &parsed.file;
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
    Ok(SelfDescription { facts, tags: tag_set(&parsed.tags, false), front: best_picture(tagged), note })
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

/// The fields of `tags`, of which the first that has a field wins; without what only a finished track needs unless
/// `complete`.
pub(crate) fn tag_set(tags: &[NativeTag], complete: bool) -> TagSet {
    let mut found = TagSet::default();
    for row in TABLE.iter().filter(|row| complete || row.access.is_scanned()) {
        let places = tags.iter().flat_map(|tag| tag.kind.names(row).map(move |name| (tag, name)));
        let found_values = places.map(|(tag, name)| values(tag, name)).find(|values| !values.is_empty());
        if let Some(values) = found_values {
            row.access.set(&mut found, values);
        }
    }
    for gain in [&mut found.track_gain, &mut found.album_gain] {
        // A gain without a peak is no use: players could not tell whether it clips.
        *gain = gain.filter(|gain| gain.peak.is_finite());
    }
    if complete {
        add_more(&mut found, tags);
        return found;
    }
    found.release_kinds = release_kinds(tags);
    found.players = players(tags);
    found.advisory = advisory(tags);
    if is_podcast(tags) && !found.genres.iter().any(|genre| genre.eq_ignore_ascii_case(PODCAST_GENRE)) {
        found.genres.push(PODCAST_GENRE.to_owned());
    }
    found
}

/// What the type of the release says of all its tracks. The type itself passes into the finished track's tags as it stands.
fn release_kinds(tags: &[NativeTag]) -> ReleaseKinds {
    let Some(row) = TABLE.iter().find(|row| row.field == "release type") else { return ReleaseKinds::NONE };
    let places = tags.iter().flat_map(|tag| tag.kind.names(row).map(move |name| (tag, name)));
    let found = places.map(|(tag, name)| values(tag, name)).find(|values| !values.is_empty());
    ReleaseKinds::of_words(found.iter().flatten().map(String::as_str))
}

/// Whether it is marked explicit or clean. The number itself passes into the finished track's tags as it stands.
fn advisory(tags: &[NativeTag]) -> Option<Advisory> {
    let row = TABLE.iter().find(|row| row.field == "advisory")?;
    let places = tags.iter().flat_map(|tag| tag.kind.names(row).map(move |name| (tag, name)));
    places.flat_map(|(tag, name)| values(tag, name)).find_map(|text| Advisory::of_number(&text))
}

/// The genre by which a scan keeps the flag of a podcast, which has no place of its own in the library.
const PODCAST_GENRE: &str = "Podcast";

fn is_podcast(tags: &[NativeTag]) -> bool {
    let Some(row) = TABLE.iter().find(|row| row.field == "podcast") else { return false };
    tags.iter().any(|tag| {
        let mut flag = TagSet::default();
        tag.kind.names(row).for_each(|name| row.access.set(&mut flag, values(tag, name)));
        flag.more.is_some()
    })
}

/// What is no row of texts.
fn add_more(found: &mut TagSet, tags: &[NativeTag]) {
    let synced_lyrics = tags.iter().find_map(|tag| tag.synced_lyrics.clone());
    let synced_lyrics = synced_lyrics.or_else(|| found.lyrics.as_deref().and_then(lrc::parse));
    let chapters = tags.iter().map(|tag| &tag.chapters).find(|chapters| !chapters.is_empty());
    let more = more(found);
    more.synced_lyrics = synced_lyrics;
    more.chapters = chapters.cloned().unwrap_or_default();
    more.user = user_fields(tags);
    if *more == MoreTags::default() {
        found.more = None;
    }
}

/// Fields by names of the user's own, within limits.
fn user_fields(tags: &[NativeTag]) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for tag in tags {
        for (full_name, _) in &tag.fields {
            let Some(name) = tag.kind.user_name(full_name).filter(|name| is_users(tag.kind, full_name, name))
            else {
                continue;
            };
            let known = found.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            let values = if known { Vec::new() } else { values(tag, full_name) };
            let fit = values.iter().all(|value| value.chars().count() <= LONGEST_USER_TEXT);
            if !values.is_empty() && fit && found.len() < MOST_USER_FIELDS {
                found.push((name.to_owned(), values));
            }
        }
    }
    found
}

/// Whether `name` is one a person gave: no row of the table, and no program's note about the old file, which would be
/// wrong about the new one.
fn is_users(kind: Kind, full_name: &str, name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let in_table =
        || TABLE.iter().flat_map(|row| kind.names(row)).any(|known| known.eq_ignore_ascii_case(full_name));
    let readable =
        |name: &str| (1..=64).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    readable(name) && !NOT_THE_USERS.iter().any(|start| upper.starts_with(start)) && !in_table()
}

/// The texts of a field, within limits.
pub(super) fn values(tag: &NativeTag, name: &str) -> Vec<String> {
    let most = if LONG_TEXTS.contains(&name) { MOST_LYRICS } else { MOST_TEXT };
    let texts = tag.fields.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, text)| text);
    let cleaned = texts.map(|text| text.chars().filter(|c| *c != '\0').take(most).collect::<String>());
    cleaned.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).take(MOST_VALUES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::sniff::{Sniffed, sniff};
    use crate::formats::watched::tests::{BadDisk, EIO};

    /// An MP3 of nothing, with a title in its tag.
    fn tagged() -> Vec<u8> {
        let frame = |id: &[u8; 4], text: &[u8]| {
            let len = u8::try_from(text.len() + 1).unwrap();
            [&id[..], &[0, 0, 0, len, 0, 0, 3], text].concat()
        };
        let frames = [frame(b"TIT2", b"Ember Railway"), frame(b"TPE1", b"Oda Brenn")].concat();
        let mut bytes = [&b"ID3\x04\0\0\0\0\0"[..], &[u8::try_from(frames.len()).unwrap()], &frames].concat();
        for _ in 0..40 {
            let start = bytes.len();
            bytes.extend([0xff, 0xfb, 0x90, 0]);
            bytes.resize(start + 417, 0);
        }
        bytes
    }

    #[test]
    fn a_tag_that_the_disk_does_not_give_is_not_half_a_tag() {
        let bytes = tagged();
        let len = bytes.len() as u64;
        let Sniffed::Sound(what) = sniff(&mut io::Cursor::new(&bytes), len).unwrap() else { panic!() };
        let whole = read_from(&mut io::Cursor::new(&bytes), &what, Part::All).ok().unwrap();
        assert_eq!(tag_set(&whole.tags, false).title.as_deref(), Some("Ember Railway"));
        // In its head, its first frame, its second; where an ID3v1 tag would be.
        for bad in [4..6, 25..26, 40..41, len - 128..len] {
            let mut disk = BadDisk { bytes: io::Cursor::new(bytes.clone()), bad: bad.clone() };
            match read_from(&mut disk, &what, Part::All) {
                Err(Trouble::Io(error)) => assert_eq!(error.raw_os_error(), Some(EIO)),
                Err(Trouble::Broken(reason)) => panic!("{bad:?}: taken for a broken tag: {reason}"),
                Ok(half) => panic!("{bad:?}: {:?}", tag_set(&half.tags, false)),
            }
        }
        // A file that ends within its tag is another matter.
        let cut = read_from(&mut io::Cursor::new(&bytes[..30]), &what, Part::All);
        assert!(!matches!(cut, Err(Trouble::Io(_))));
    }
}
