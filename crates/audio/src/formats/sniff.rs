//! What a file is, told by its first bytes: extensions lie, and libraries are handed only what they can read.
//!
//! The sound's extent is found on the way: tags before it (ID3v2) and behind it (ID3v1, APE, Lyrics3) are left
//! out, so that decoders never see them. Rejected: Symphonia's own probing, which searches a megabyte of any
//! file for anything, and has fallen over hostile ID3v2 tags.

use std::io::{self, Read, Seek, SeekFrom};

use ferrotape_domain::AudioFormat;

use crate::formats::adts::AdtsFrame;
use crate::formats::flac;
use crate::formats::large_wave::LargeWave;
use crate::formats::mp4::{Mp4Codec, Mp4Facts, read_mp4};
use crate::formats::watched::read_whole;
use crate::formats::wavpack;
use crate::mpeg::frames::{self, FrameHeader};

/// How far MPEG frames are searched for behind junk.
pub(crate) const SEARCH: usize = 128 << 10;

/// A file ferrotape can decode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recognised {
    pub(crate) format: AudioFormat,
    /// First byte of the sound (or its container).
    pub(crate) start: u64,
    /// One past its last byte.
    pub(crate) end: u64,
    /// AAC in bare ADTS frames, without a container.
    pub(crate) adts: bool,
    pub(crate) mp4: Option<Mp4Facts>,
    /// The chunks of a WAVE file that is not plain RIFF.
    pub(crate) large: Option<LargeWave>,
    pub(crate) container: Container,
}

/// What the coded sound lies in, where that is not its codec's own kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Container {
    #[default]
    Own,
    Mp4,
    CoreAudio,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sniffed {
    Sound(Recognised),
    NotYet(&'static str),
    /// An MP4 whose end is missing, and with it what tells whether there is sound in it.
    CutOff,
    NotAudio,
}

/// Looks at `file`, which is `len` bytes long.
pub(crate) fn sniff<R: Read + Seek>(file: &mut R, len: u64) -> io::Result<Sniffed> {
    let start = skip_id3v2(file, len)?;
    file.seek(SeekFrom::Start(start))?;
    let mut head = Vec::new();
    file.by_ref().take(SEARCH as u64).read_to_end(&mut head)?;
    if let Some(answer) = by_magic(file, &head, start, len)? {
        return Ok(answer);
    }
    let end = before_trailing_tags(file, start, len)?;
    let whole = end - start <= head.len() as u64;
    head.truncate(usize::try_from(end - start).unwrap_or(usize::MAX));
    Ok(by_frames(&head, start, end, whole))
}

fn sound(format: AudioFormat, start: u64, end: u64) -> Sniffed {
    Sniffed::Sound(recognised(format, start, end))
}

fn recognised(format: AudioFormat, start: u64, end: u64) -> Recognised {
    Recognised { format, start, end, adts: false, mp4: None, large: None, container: Container::Own }
}

fn by_magic<R: Read + Seek>(file: &mut R, head: &[u8], start: u64, len: u64) -> io::Result<Option<Sniffed>> {
    let tag = |at: usize, name: &[u8]| head.get(at..at + name.len()) == Some(name);
    // Before all else: a tape archive begins with the name of its first file, which may be anything.
    let answer = if tag(257, b"ustar") {
        Sniffed::NotAudio
    } else if tag(0, b"fLaC") {
        sound(AudioFormat::Flac, start, before_trailing_tags(file, start, len)?)
    } else if tag(0, b"OggS") {
        ogg(head, start, len)
    } else if ((tag(0, b"RF64") || tag(0, b"BW64")) && tag(8, b"WAVE"))
        || (tag(0, b"riff") && tag(24, b"wave"))
    {
        large_wave(file, start, len)?
    } else if tag(0, b"wvpk") {
        let end = before_trailing_tags(file, start, len)?;
        wavpack::kind(head).map_or_else(Sniffed::NotYet, |format| sound(format, start, end))
    } else if tag(0, b"MAC ") {
        match head.get(4..6) {
            Some(version) if u16::from_le_bytes([version[0], version[1]]) < 3950 => {
                Sniffed::NotYet("Monkey's Audio from before version 3.95")
            }
            _ => sound(AudioFormat::MonkeysAudio, start, before_trailing_tags(file, start, len)?),
        }
    } else if tag(0, b"MPCK") || (tag(0, b"MP+") && head.get(3).is_some_and(|version| version & 15 == 7)) {
        sound(AudioFormat::Musepack, start, before_trailing_tags(file, start, len)?)
    } else if tag(0, b"caff") {
        core_audio(head, start, len)
    } else if tag(0, b"RIFF") && tag(8, b"WAVE") {
        let frames = match mpeg_in_riff(file, head, start, len)? {
            Some((start, end)) => riff_frames(file, start, end)?,
            None => None,
        };
        frames.unwrap_or_else(|| wave(head, start, len))
    } else if tag(0, b"RIFF") && tag(8, b"RMP3") {
        let end = before_trailing_tags(file, start + 12, len)?;
        riff_frames(file, start + 12, end)?.unwrap_or(Sniffed::NotYet("RIFF MP3 without frames"))
    } else if tag(0, b"FORM") && (tag(8, b"AIFF") || tag(8, b"AIFC")) {
        sound(AudioFormat::Aiff, start, len)
    } else if (tag(4, b"ftyp") && (tag(8, b"aax ") || tag(8, b"aaxc"))) || tag(4, b"\x57\x90\x75\x36") {
        Sniffed::NotYet(AUDIBLE)
    } else if [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|name| tag(4, *name)) {
        mp4(file, start, len)?
    } else if let Some(name) = not_yet(head) {
        Sniffed::NotYet(name)
    } else if is_other(head) {
        Sniffed::NotAudio
    } else {
        return Ok(None);
    };
    Ok(Some(answer))
}

/// What a shop locked.
pub(crate) const PURCHASE: &str = "a protected (DRM) purchase";
const AUDIBLE: &str = "a protected (DRM) book of Audible";

/// Whether a format is one that its shop's programs alone can read.
pub(crate) fn is_protected(format: &str) -> bool {
    [PURCHASE, AUDIBLE].contains(&format)
}

/// Formats that are audio, and that ferrotape does not decode, by their first bytes.
const NOT_YET: &[(&[u8], &str)] = &[
    (b"MP+", "Musepack from before stream version 7"),
    (b"DSD ", "DSD (DSF)"),
    (b"FRM8", "DSD (DSDIFF)"),
    (b"TTA1", "True Audio"),
    (b"TTA2", "True Audio"),
    (b"tBaK", "TAK"),
    (b"OFR ", "OptimFROG"),
    (b"ajkg", "Shorten"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA (ASF)"),
    (b"\x1a\x45\xdf\xa3", "Matroska"),
    (b"\x0b\x77", "AC-3"),
    (b"\x7f\xfe\x80\x01", "DTS"),
    (b"#!AMR", "AMR"),
    (b".snd", "Sun audio"),
    (b"ADIF", "AAC (ADIF)"),
    (b".RMF", "RealAudio"),
    (b".ra\xfd", "RealAudio"),
];

fn not_yet(head: &[u8]) -> Option<&'static str> {
    NOT_YET.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// Common files in which a stretch of bytes may look like MPEG frames.
fn is_other(head: &[u8]) -> bool {
    const OTHER: &[&[u8]] = &[
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"BM",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"PK\x07\x08",
        b"%PDF",
        b"\x7fELF",
        b"MZ",
        b"RIFF",
        b"Rar!",
        b"7z\xbc\xaf",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ",
        b"\x28\xb5\x2f\xfd",
        b"FLV\x01",
        b"\x00\x00\x01\xba",
        b"\x00\x00\x01\xb3",
        b"MThd",
        b"SQLite format 3",
        b"ID3",
    ];
    head.is_empty() || OTHER.iter().any(|magic| head.starts_with(magic))
}

/// Looks at the first packet of each stream of an Ogg file; they come before anything else.
fn ogg(head: &[u8], start: u64, len: u64) -> Sniffed {
    let mut at = 0usize;
    let mut found = None;
    while head.get(at..at + 4) == Some(b"OggS") {
        let Some((flags, segments)) = head.get(at + 5).zip(head.get(at + 26)) else { break };
        if flags & 2 == 0 {
            break;
        }
        let table = head.get(at + 27..at + 27 + usize::from(*segments)).unwrap_or_default();
        let body = at + 27 + table.len();
        let packet = head.get(body..).unwrap_or_default();
        found = found.or(if packet.starts_with(b"\x7fFLAC") {
            Some(sound(AudioFormat::OggFlac, start, len))
        } else if packet.starts_with(b"\x01vorbis") {
            Some(sound(AudioFormat::Vorbis, start, len))
        } else if packet.starts_with(b"OpusHead") {
            Some(sound(AudioFormat::Opus, start, len))
        } else if packet.starts_with(b"Speex   ") {
            Some(Sniffed::NotYet("Speex"))
        } else {
            None
        });
        if packet.starts_with(b"\x80theora")
            || packet.starts_with(b"\x01video")
            || packet.starts_with(b"BBCD")
        {
            return Sniffed::NotAudio;
        }
        at = body + table.iter().map(|len| usize::from(*len)).sum::<usize>();
    }
    found.unwrap_or(Sniffed::NotYet("Ogg with an unknown codec"))
}

/// A WAVE file is readable when its samples are plain numbers.
fn wave(head: &[u8], start: u64, len: u64) -> Sniffed {
    let mut at = 12usize;
    while let Some(kind) = head.get(at..at + 4) {
        let size = head.get(at + 4..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        if kind == b"fmt " {
            let code =
                |at: usize| head.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes);
            let coding = match code(at + 8) {
                Some(0xfffe) => code(at + 8 + 24),
                coding => coding,
            };
            return wave_coding(coding).map_or_else(|| sound(AudioFormat::Wav, start, len), Sniffed::NotYet);
        }
        at = at.saturating_add(8).saturating_add(size as usize).saturating_add(size as usize & 1);
    }
    sound(AudioFormat::Wav, start, len)
}

/// The name of what is not readable in WAVE; `None` for what is.
fn wave_coding(coding: Option<u16>) -> Option<&'static str> {
    match coding {
        Some(1 | 2 | 3 | 6 | 7 | 0x11) => None,
        Some(0x50) => Some("MPEG layer II in WAV"),
        Some(0x55) => Some("MP3 in WAV"),
        Some(0x2000 | 0x2001) => Some("AC-3 or DTS in WAV"),
        _ => Some("compressed WAV"),
    }
}

fn large_wave<R: Read + Seek>(file: &mut R, start: u64, len: u64) -> io::Result<Sniffed> {
    let large = match LargeWave::read(file, start, len) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
        other => other?,
    };
    let Some(large) = large else { return Ok(Sniffed::NotYet("64-bit WAV without sound")) };
    if let Some(name) = wave_coding(Some(large.coding())) {
        return Ok(Sniffed::NotYet(name));
    }
    let what = recognised(AudioFormat::Wav, start, len);
    Ok(Sniffed::Sound(Recognised { large: Some(large), ..what }))
}

/// The description that Core Audio's files begin with names the codec.
fn core_audio(head: &[u8], start: u64, len: u64) -> Sniffed {
    let format = match head.get(28..32) {
        Some(b"lpcm" | b"ulaw" | b"alaw") => AudioFormat::Wav,
        Some(b"alac") => AudioFormat::Alac,
        _ => return Sniffed::NotYet("this kind of Core Audio Format"),
    };
    Sniffed::Sound(Recognised { container: Container::CoreAudio, ..recognised(format, start, len) })
}

/// Where MP3 frames may stand in a RIFF file: in the data that its format calls MP3, or, where it has no format at
/// all, anywhere behind its mark, which some programs put before an MP3.
fn mpeg_in_riff<R: Read + Seek>(
    file: &mut R,
    head: &[u8],
    start: u64,
    len: u64,
) -> io::Result<Option<(u64, u64)>> {
    let mut at = 12usize;
    let mut is_mp3 = false;
    while let Some(kind) = head.get(at..at.saturating_add(4)) {
        let word = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        let size = word(at + 4).unwrap_or(0);
        let body = start + at as u64 + 8;
        match kind {
            b"fmt " if head.get(at + 8..at + 10) == Some(&[0x55, 0]) => is_mp3 = true,
            b"fmt " => return Ok(None),
            b"data" if is_mp3 => {
                // A size never filled in is 0 or the greatest there is.
                let end = if size == 0 { len } else { len.min(body + u64::from(size)) };
                return Ok(Some((body, before_trailing_tags(file, body.min(end), end)?)));
            }
            _ => {}
        }
        at = at.saturating_add(8).saturating_add(size as usize).saturating_add(size as usize & 1);
    }
    if is_mp3 {
        return Ok(None);
    }
    Ok(Some((start + 12, before_trailing_tags(file, start + 12, len)?)))
}

/// The MP3 frames between `start` and `end`, near the start.
fn riff_frames<R: Read + Seek>(file: &mut R, start: u64, end: u64) -> io::Result<Option<Sniffed>> {
    let mut head = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.by_ref().take(end.saturating_sub(start).min(SEARCH as u64)).read_to_end(&mut head)?;
    let whole = head.len() as u64 >= end.saturating_sub(start);
    Ok(frames::find_frames(&head, 4, whole).map(|frames| mpeg(frames, start, end)))
}

fn mp4<R: Read + Seek>(file: &mut R, start: u64, len: u64) -> io::Result<Sniffed> {
    if start != 0 {
        return Ok(Sniffed::NotYet("MP4 behind an ID3 tag"));
    }
    let facts = match read_mp4(file, len) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Mp4Facts::default(),
        other => other?,
    };
    if facts.video {
        return Ok(Sniffed::NotAudio);
    }
    let format = match facts.sound.as_ref().and_then(|track| track.codec) {
        Some(Mp4Codec::AacLc | Mp4Codec::HeAac) => AudioFormat::Aac,
        Some(Mp4Codec::Alac) => AudioFormat::Alac,
        Some(Mp4Codec::Flac) => AudioFormat::Flac,
        Some(Mp4Codec::Opus) => AudioFormat::Opus,
        Some(Mp4Codec::Mp3) => return Ok(Sniffed::NotYet("MP3 in MP4")),
        Some(Mp4Codec::Pcm) => AudioFormat::Wav,
        Some(Mp4Codec::Other(name)) => return Ok(Sniffed::NotYet(name)),
        None if facts.cut_off => return Ok(Sniffed::CutOff),
        None => return Ok(Sniffed::NotAudio),
    };
    let what = recognised(format, start, len);
    Ok(Sniffed::Sound(Recognised { mp4: Some(facts), container: Container::Mp4, ..what }))
}

/// Files that begin with frames right away: MP3, its older layers, bare AAC.
fn by_frames(head: &[u8], start: u64, end: u64, whole: bool) -> Sniffed {
    // Two frames suffice where they are expected; behind junk only a longer run is believed.
    let zeros = head.iter().take_while(|byte| **byte == 0).count();
    let rest = head.get(zeros..).unwrap_or_default();
    let near = frames::find_frames(rest.get(..rest.len().min(8192)).unwrap_or_default(), 2, whole)
        .filter(|(at, _)| *at == 0)
        .map(|(at, header)| (at + zeros, header));
    if let Some(frames) = near {
        return mpeg(frames, start, end);
    }
    if adts_frames(rest) >= 3 || (whole && adts_frames(rest) >= 1) {
        let start = start + zeros as u64;
        return Sniffed::Sound(Recognised { adts: true, ..recognised(AudioFormat::Aac, start, end) });
    }
    if FrameHeader::parse(rest).is_some_and(|header| header.kbps == 0 && header.layer == 3) {
        return Sniffed::NotYet("free-format MP3");
    }
    if flac::find_frame(head, whole).is_some() {
        // What stands before the first frame tells whether frames are lost there.
        return sound(AudioFormat::Flac, start, end);
    }
    match frames::find_frames(head, 4, whole) {
        Some(frames) => mpeg(frames, start, end),
        None => Sniffed::NotAudio,
    }
}

fn mpeg((at, header): (usize, FrameHeader), start: u64, end: u64) -> Sniffed {
    match header.layer {
        3 => sound(AudioFormat::Mp3, start + at as u64, end),
        2 => sound(AudioFormat::Mp2, start + at as u64, end),
        _ => sound(AudioFormat::Mp1, start + at as u64, end),
    }
}

/// How many ADTS frames follow each other from the first byte on (at most three are looked for).
fn adts_frames(bytes: &[u8]) -> usize {
    let mut at = 0;
    for found in 0..3 {
        let Some(frame) = bytes.get(at..at + 7).and_then(AdtsFrame::parse) else { return found };
        let len = frame.len as usize;
        if len < 7 {
            return 0;
        }
        at += len;
    }
    3
}

/// One past the ID3v2 tags at the start of the file; some files have two.
fn skip_id3v2<R: Read + Seek>(file: &mut R, len: u64) -> io::Result<u64> {
    let mut at = 0u64;
    for _ in 0..4 {
        let mut head = [0; 10];
        file.seek(SeekFrom::Start(at))?;
        if at + 10 > len || !read_whole(file, &mut head)? {
            break;
        }
        let Some(size) = id3v2_len(&head) else { break };
        at = at.saturating_add(size).min(len);
    }
    Ok(at)
}

/// Length of the ID3v2 tag whose first ten bytes these are, header and footer included.
pub(crate) fn id3v2_len(head: &[u8]) -> Option<u64> {
    let head = head.get(..10)?;
    let size = head.get(6..10)?;
    if !head.starts_with(b"ID3") || head[3] == 0xff || size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
    Some(size.iter().fold(0, |sum, byte| sum << 7 | u64::from(*byte)) + 10 + footer)
}

/// Where the sound ends when ID3v1, APE and Lyrics3 tags stand behind it.
pub(crate) fn before_trailing_tags<R: Read + Seek>(file: &mut R, start: u64, len: u64) -> io::Result<u64> {
    let mut end = len;
    for _ in 0..6 {
        let Some(size) = trailing_tag(file, start, end)? else { break };
        end -= size;
    }
    Ok(end)
}

/// Length of the tag that ends at `end`, if there is one that fits.
fn trailing_tag<R: Read + Seek>(file: &mut R, start: u64, end: u64) -> io::Result<Option<u64>> {
    let mut tail = [0u8; 128];
    if end.saturating_sub(start) < 128 {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(end - 128))?;
    file.read_exact(&mut tail)?;
    if tail.starts_with(b"TAG") {
        return Ok(Some(128));
    }
    let footer = &tail[96..];
    let size = if footer.starts_with(b"APETAGEX") {
        let word =
            |at: usize| footer.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        let header = if word(20) & 0x8000_0000 != 0 { 32 } else { 0 };
        u64::from(word(12)) + header
    } else if tail.ends_with(b"LYRICS200") {
        let digits = std::str::from_utf8(&tail[113..119]).ok().and_then(|text| text.parse::<u64>().ok());
        digits.map_or(0, |size| size + 15)
    } else {
        0
    };
    Ok((size > 0 && size <= end - start).then_some(size))
}
