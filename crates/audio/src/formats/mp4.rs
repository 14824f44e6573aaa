//! The few boxes of an MP4 file that decide what it is and which samples are music.
//!
//! Symphonia reads the samples but neither edit lists nor iTunes' gapless comment, so an AAC file would begin
//! with the encoder's priming. lofty reads the tags. This reader walks boxes only, with limits on depth,
//! count and size, and never trusts a length further than the file.

use std::io::{self, Read, Seek, SeekFrom};

use crate::formats::sniff::PURCHASE;

/// Boxes looked at before giving up.
const MOST_BOXES: usize = 4096;
/// Largest table or description read.
const MOST_BYTES: u64 = 8 << 20;

/// What the sound track is coded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mp4Codec {
    AacLc,
    /// AAC-LC with spectral band replication, announced as such.
    HeAac,
    Alac,
    Flac,
    Opus,
    Mp3,
    Pcm,
    /// Named for the message.
    Other(&'static str),
}

/// What was found in the `moov` box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mp4Facts {
    /// A video track that is not a cover or thumbnails.
    pub(crate) video: bool,
    /// The first sound track.
    pub(crate) sound: Option<SoundTrack>,
    /// Delay, padding and length in samples from iTunes' comment.
    pub(crate) itunes: Option<(u64, u64, u64)>,
    /// It begins as an MP4, and its last box goes on behind its end.
    pub(crate) cut_off: bool,
    movie_scale: u32,
}

/// One sound track.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SoundTrack {
    pub(crate) codec: Option<Mp4Codec>,
    pub(crate) sample_rate: u32,
    /// Units per second of the times below.
    pub(crate) scale: u32,
    /// Length of all samples, from the table of times.
    pub(crate) duration: u64,
    /// Edit list: (length in movie units, start in media units; −1 for an empty edit).
    edits: Vec<(u64, i64)>,
}

impl Mp4Facts {
    /// Samples per channel to leave out at the start, and how many to keep, at `rate`.
    pub(crate) fn trim(&self, rate: u32) -> (u64, Option<u64>) {
        let Some(track) = &self.sound else { return (0, None) };
        let to_rate = |time: u64, scale: u32| match scale {
            0 => 0,
            scale => {
                ((u128::from(time) * u128::from(rate) + u128::from(scale) / 2) / u128::from(scale)) as u64
            }
        };
        let total = to_rate(track.duration, track.scale);
        let edit = track.edits.iter().find(|(_, start)| *start >= 0);
        if let Some((delay, padding, length)) = self.itunes.filter(|(_, _, length)| *length > 0) {
            return match delay + padding + length {
                // Some encoders count HE-AAC's core, which runs at half the rate.
                all if all > 0 && total.abs_diff(2 * all) < total.abs_diff(all) => {
                    (2 * delay, Some(2 * length))
                }
                _ => (delay, Some(length)),
            };
        }
        let Some((length, start)) = edit.copied() else {
            return (0, (total > 0).then_some(total));
        };
        let skip = to_rate(start.unsigned_abs(), track.scale);
        let left = total.saturating_sub(skip);
        // The edit's length is in movie units, often milliseconds: too coarse to cut by, unless it cuts much.
        let asked = to_rate(length, self.movie_scale);
        let tick = to_rate(1, self.movie_scale) + 1;
        let keep = if asked > 0 && asked + tick < left { asked } else { left };
        (skip, (total > 0).then_some(keep))
    }
}

/// Reads the boxes of `file`, `len` bytes long.
pub(crate) fn read_mp4<R: Read + Seek>(file: &mut R, len: u64) -> io::Result<Mp4Facts> {
    let mut walk = Walk { file, facts: Mp4Facts::default(), track: None, boxes: 0, is_mp4: false };
    walk.level(0, len, 0)?;
    walk.finish_track();
    Ok(walk.facts)
}

struct Walk<'a, R> {
    file: &'a mut R,
    facts: Mp4Facts,
    track: Option<(SoundTrack, [u8; 4])>,
    boxes: usize,
    /// The first box says so; words may look like the others.
    is_mp4: bool,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn level(&mut self, start: u64, end: u64, depth: u8) -> io::Result<()> {
        let mut at = start;
        while at + 8 <= end && self.boxes < MOST_BOXES {
            self.boxes += 1;
            self.file.seek(SeekFrom::Start(at))?;
            let mut head = [0; 16];
            self.file.read_exact(&mut head[..8])?;
            let kind = [head[4], head[5], head[6], head[7]];
            let (size, header) = match be32(&head, 0) {
                0 => (end - at, 8),
                1 if at + 16 <= end => {
                    self.file.read_exact(&mut head[8..])?;
                    (be64(&head, 8), 16)
                }
                size => (u64::from(size), 8),
            };
            if size < header {
                return Ok(());
            }
            self.is_mp4 |= at == 0 && kind == *b"ftyp";
            self.facts.cut_off |= self.is_mp4 && depth == 0 && at.saturating_add(size) > end;
            let next = at.saturating_add(size).min(end);
            self.one_box(kind, at + header, next, depth)?;
            at = next;
        }
        Ok(())
    }

    fn one_box(&mut self, kind: [u8; 4], start: u64, end: u64, depth: u8) -> io::Result<()> {
        match &kind {
            b"trak" if depth < 8 => {
                self.finish_track();
                self.track = Some((SoundTrack::default(), *b"    "));
                self.level(start, end, depth + 1)?;
                self.finish_track();
            }
            b"moov" | b"mdia" | b"minf" | b"stbl" | b"edts" | b"udta" | b"ilst" if depth < 8 => {
                self.level(start, end, depth + 1)?;
            }
            // A full box in MP4, a plain one in QuickTime: its first child tells.
            b"meta" if depth < 8 => {
                let body = self.body(start, end.min(start + 12))?;
                let shift = if body.get(4..8) == Some(b"hdlr") { 0 } else { 4 };
                self.level(start + shift, end, depth + 1)?;
            }
            b"mvhd" | b"mdhd" | b"hdlr" | b"stsd" | b"stts" | b"elst" | b"----" => {
                let body = self.body(start, end)?;
                self.leaf(kind, &body);
            }
            _ => {}
        }
        Ok(())
    }

    fn body(&mut self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let len = end.saturating_sub(start).min(MOST_BYTES);
        self.file.seek(SeekFrom::Start(start))?;
        let mut body = Vec::new();
        self.file.by_ref().take(len).read_to_end(&mut body)?;
        Ok(body)
    }

    fn leaf(&mut self, kind: [u8; 4], body: &[u8]) {
        let long = body.first() == Some(&1);
        match &kind {
            b"mvhd" => self.facts.movie_scale = be32(body, if long { 20 } else { 12 }),
            b"----" => {
                if let Some(comment) = itunes_gapless(body) {
                    self.facts.itunes = Some(comment);
                }
            }
            _ => {
                let Some((track, handler)) = &mut self.track else { return };
                match &kind {
                    b"mdhd" => track.scale = be32(body, if long { 20 } else { 12 }),
                    // QuickTime also names how the data is reached, which is no kind of track.
                    b"hdlr" if body.get(4..8) != Some(b"dhlr") => {
                        if let Some(Ok(kind)) = body.get(8..12).map(TryInto::try_into) {
                            *handler = kind;
                        }
                    }
                    b"stsd" if handler == b"soun" => describe(body, track),
                    b"stts" => track.duration = total_time(body),
                    b"elst" => track.edits = edits(body, long),
                    _ => {}
                }
            }
        }
    }

    fn finish_track(&mut self) {
        let Some((track, handler)) = self.track.take() else { return };
        match &handler {
            b"vide" => self.facts.video = true,
            b"soun" if self.facts.sound.is_none() => self.facts.sound = Some(track),
            _ => {}
        }
    }
}

fn total_time(body: &[u8]) -> u64 {
    body.get(8..)
        .unwrap_or_default()
        .chunks_exact(8)
        .take(be32(body, 4) as usize)
        .fold(0, |sum: u64, entry| sum.saturating_add(u64::from(be32(entry, 0)) * u64::from(be32(entry, 4))))
}

fn edits(body: &[u8], long: bool) -> Vec<(u64, i64)> {
    let entries = body.get(8..).unwrap_or_default();
    let read = |entry: &[u8]| match long {
        true => (be64(entry, 0), be64(entry, 8) as i64),
        false => (u64::from(be32(entry, 0)), i64::from(be32(entry, 4) as i32)),
    };
    entries.chunks_exact(if long { 20 } else { 12 }).take(16).map(read).collect()
}

/// Reads the first sample description of a sound track.
fn describe(body: &[u8], track: &mut SoundTrack) {
    let entry = body.get(8..).unwrap_or_default();
    let kind = entry.get(4..8).unwrap_or_default();
    track.sample_rate = be32(entry, 32) >> 16;
    track.codec = Some(match kind {
        b"mp4a" => aac_kind(entry),
        b"alac" => Mp4Codec::Alac,
        b"ac-3" => Mp4Codec::Other("AC-3"),
        b"ec-3" => Mp4Codec::Other("E-AC-3"),
        b"ac-4" => Mp4Codec::Other("AC-4"),
        b"fLaC" => Mp4Codec::Flac,
        b"Opus" => Mp4Codec::Opus,
        b".mp3" | b"mp3 " => Mp4Codec::Mp3,
        b"drms" | b"enca" => Mp4Codec::Other(PURCHASE),
        b"samr" | b"sawb" => Mp4Codec::Other("AMR"),
        b"sowt" | b"twos" => Mp4Codec::Pcm,
        // Their byte order stands in boxes that the reader does not look at.
        b"lpcm" | b"ipcm" | b"fpcm" | b"in24" | b"in32" | b"fl32" | b"fl64" => {
            Mp4Codec::Other("PCM of this kind in MP4")
        }
        _ => Mp4Codec::Other("an unknown codec in MP4"),
    });
}

/// Tells AAC-LC, which Symphonia decodes, from its relatives, of which it would decode half or nothing.
fn aac_kind(entry: &[u8]) -> Mp4Codec {
    let Some(at) = entry.windows(4).position(|name| name == b"esds") else {
        return Mp4Codec::Other("AAC without a description");
    };
    let mut rest = entry.get(at + 8..).unwrap_or_default();
    // Descriptors: tag, length in 7-bit groups, body. 3 holds 4 holds 5.
    while let Some((&tag, after)) = rest.split_first() {
        let mut body = after;
        let mut len = 0usize;
        for _ in 0..4 {
            let Some((&byte, after)) = body.split_first() else { break };
            body = after;
            len = len << 7 | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
        rest = match tag {
            3 => body.get(3..).unwrap_or_default(),
            4 => match body.first() {
                Some(0x40 | 0x66..=0x68) => body.get(13..).unwrap_or_default(),
                Some(0x69 | 0x6b) => return Mp4Codec::Mp3,
                _ => return Mp4Codec::Other("an unknown codec in MP4"),
            },
            5 => return object_type(body.get(..len).unwrap_or(body)),
            _ => body.get(len..).unwrap_or_default(),
        };
    }
    Mp4Codec::Other("AAC without a description")
}

fn object_type(config: &[u8]) -> Mp4Codec {
    let first = config.first().copied().unwrap_or_default();
    match first >> 3 {
        // SBR announced behind the ordinary description: sync word 0x2b7, object type 5, and the flag that says so.
        2 if config.windows(3).skip(2).any(|bytes| bytes[..2] == [0x56, 0xe5] && bytes[2] & 0x80 != 0) => {
            Mp4Codec::HeAac
        }
        2 => Mp4Codec::AacLc,
        5 | 29 => Mp4Codec::HeAac,
        // 31 escapes to 32 and the next six bits: 42 is USAC.
        31 if config
            .get(1)
            .is_some_and(|second| (u16::from(first & 7) << 3 | u16::from(second >> 5)) == 10) =>
        {
            Mp4Codec::Other("xHE-AAC")
        }
        _ => Mp4Codec::Other("an unusual kind of AAC"),
    }
}

/// `----:com.apple.iTunes:iTunSMPB`: hexadecimal words; the second is the delay, then padding, then length.
fn itunes_gapless(body: &[u8]) -> Option<(u64, u64, u64)> {
    body.windows(8).position(|name| name == b"iTunSMPB")?;
    let data = body.windows(4).position(|name| name == b"data")?;
    let text = std::str::from_utf8(body.get(data + 12..)?).ok()?;
    let mut words = text.split_whitespace().skip(1).map(|word| u64::from_str_radix(word, 16));
    let (delay, padding, length) = (words.next()?.ok()?, words.next()?.ok()?, words.next()?.ok()?);
    (delay < 1 << 16 && padding < 1 << 16).then_some((delay, padding, length))
}

pub(crate) fn be32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
}

pub(crate) fn be64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes)
}
