//! Every reader of outside bytes by name, for `cargo xtask fuzz` and for the mutation test below.
//!
//! A reader takes bytes that may be anything and must come back: no panic of ours, no hang, bounded memory. What a
//! library panics on is caught by `guarded`, as it is for users. To have a new reader
//! fuzzed, add a row to [`READERS`]; its seeds are the files that the testkit makes of the row's `seeds`.
//! Rejected: a function of its own per target in the fuzz folder, which would need the crate's insides to be public.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Cursor, Seek, SeekFrom, Write};

use ferrotape_domain::{AudioFacts, AudioFormat, Cancel, TagSet};

use crate::cue::{embedded_sheet, parts_of, sheet_of};
use crate::decode::{Decoding, Planes};
use crate::formats::mp4::read_mp4;
use crate::formats::mp4_chapters::read_chapters;
use crate::formats::sniff::{Container, Recognised, Sniffed, sniff};
use crate::limits::guarded;
use crate::mpeg::copy::{Copyable, copy_frames, plan_copy};
use crate::mpeg::cut::cut_frames;
use crate::mpeg::frames::{FrameHeader, find_frames, parse_gapless_header};
use crate::mpeg::join::join_frames;
use crate::mpeg::length::counted;
use crate::mpeg::walk::{Walked, walk};
use crate::tags::cover::{CoverRules, make_cover};
use crate::tags::read::describe;

/// Sound decoded of one input, in samples per channel: more tells nothing new.
const MOST_SAMPLES: u64 = 1 << 20;

/// One reader of outside bytes.
#[derive(Clone, Copy)]
pub struct Reader {
    /// What to call it on the command line.
    pub name: &'static str,
    /// Extensions of the made-up files that its inputs begin as; all of them when there are none.
    pub seeds: &'static [&'static str],
    /// Reads the bytes. The file is a scratch of which nothing is known.
    pub read: fn(&mut File, &[u8]),
}

/// All of them.
pub const READERS: &[Reader] = &[
    Reader { name: "sniff", seeds: &[], read: read_start },
    Reader { name: "mp4-boxes", seeds: &["m4a"], read: read_boxes },
    Reader { name: "mpeg-frames", seeds: &["mp3"], read: read_frames },
    Reader { name: "mpeg-copy", seeds: &["mp3"], read: copy },
    Reader { name: "tags", seeds: &[], read: read_tags },
    Reader { name: "end", seeds: &["flac", "mp3", "m4a", "aiff"], read: read_end },
    Reader { name: "cover", seeds: &["jpg", "png"], read: read_cover },
    Reader {
        name: "flac",
        seeds: &["flac"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Flac, false),
    },
    Reader { name: "mp3", seeds: &["mp3"], read: |file, bytes| decode(file, bytes, AudioFormat::Mp3, false) },
    Reader { name: "aac", seeds: &["m4a"], read: |file, bytes| decode(file, bytes, AudioFormat::Aac, false) },
    Reader { name: "adts", seeds: &["aac"], read: |file, bytes| decode(file, bytes, AudioFormat::Aac, true) },
    Reader {
        name: "alac",
        seeds: &["m4a"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Alac, false),
    },
    Reader {
        name: "ogg-flac",
        seeds: &["oga"],
        read: |file, bytes| decode(file, bytes, AudioFormat::OggFlac, false),
    },
    Reader {
        name: "vorbis",
        seeds: &["ogg"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Vorbis, false),
    },
    Reader {
        name: "opus",
        seeds: &["opus"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Opus, false),
    },
    Reader { name: "wav", seeds: &["wav"], read: |file, bytes| decode(file, bytes, AudioFormat::Wav, false) },
    Reader {
        name: "aiff",
        seeds: &["aiff"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Aiff, false),
    },
    Reader { name: "mp2", seeds: &["mp2"], read: |file, bytes| decode(file, bytes, AudioFormat::Mp2, false) },
    Reader {
        name: "wavpack",
        seeds: &["wv"],
        read: |file, bytes| decode(file, bytes, AudioFormat::WavPack, false),
    },
    Reader {
        name: "monkeys-audio",
        seeds: &["ape"],
        read: |file, bytes| decode(file, bytes, AudioFormat::MonkeysAudio, false),
    },
    Reader {
        name: "musepack",
        seeds: &["mpc"],
        read: |file, bytes| decode(file, bytes, AudioFormat::Musepack, false),
    },
    Reader { name: "large-wave", seeds: &["rf64", "w64", "adpcm", "caf"], read: decode_as_found },
    Reader { name: "mpeg-change", seeds: &["mp3"], read: change },
    Reader { name: "mp4-chapters", seeds: &["m4b"], read: read_mp4_chapters },
    Reader { name: "cue", seeds: &["cue"], read: read_cue },
    Reader { name: "cue-in-flac", seeds: &["flac"], read: read_embedded_cue },
];

fn read_start(_: &mut File, bytes: &[u8]) {
    let _ = sniff(&mut Cursor::new(bytes), bytes.len() as u64);
}

fn read_boxes(_: &mut File, bytes: &[u8]) {
    if let Ok(facts) = read_mp4(&mut Cursor::new(bytes), bytes.len() as u64) {
        let _ = facts.trim(44_100);
    }
}

fn read_frames(_: &mut File, bytes: &[u8]) {
    if let Some(header) = FrameHeader::parse(bytes) {
        let _ = parse_gapless_header(bytes, &header);
    }
    let _ = find_frames(bytes, 3, true);
    let _ = counted(&mut Cursor::new(bytes), &all(bytes, AudioFormat::Mp3, false));
}

fn copy(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    let never = Cancel::default();
    if let Ok(Copyable::Yes(plan)) = plan_copy(file, &all(bytes, AudioFormat::Mp3, false), &never) {
        // Copied behind the source in the same file: a place that is there and costs nothing.
        let Ok(mut out) = file.try_clone() else { return };
        let _ = copy_frames(file, &plan, &mut out, bytes.len() as u64, &never);
    }
}

fn read_tags(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    if let Ok(Sniffed::Sound(what)) = sniff(file, bytes.len() as u64) {
        let _ = guarded(|| describe(file, &what).map(|described| described.front));
    }
}

fn read_end(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    if let Ok(Sniffed::Sound(what)) = sniff(file, bytes.len() as u64) {
        let _ = crate::listen::end::end_is_there(file, &what);
        let _ = crate::listen::end::is_cut_off(file, &what);
        let _ = crate::listen::end::may_be_cut_off(file, &what);
    }
}

fn read_cover(_: &mut File, bytes: &[u8]) {
    let _ = make_cover(bytes, &CoverRules::default());
}

fn read_mp4_chapters(_: &mut File, bytes: &[u8]) {
    let _ = read_chapters(&mut Cursor::new(bytes), bytes.len() as u64);
}

fn read_cue(_: &mut File, bytes: &[u8]) {
    let duration = Some(std::time::Duration::from_secs(7));
    let format = AudioFormat::Flac;
    let facts = AudioFacts {
        format,
        duration,
        sample_rate: 44_100,
        channels: 2,
        bitrate_kbps: None,
        bits_per_sample: None,
    };
    let sheet = sheet_of(bytes);
    for file in &sheet.files {
        let (parts, _) = parts_of(&sheet, file, &facts, &TagSet::default());
        for part in parts {
            let _ = (part.part.bounds(48_000), part.part.duration(duration));
        }
    }
}

fn read_embedded_cue(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    let _ = embedded_sheet(file, &all(bytes, AudioFormat::Flac, false));
}

/// Cuts the middle out, louder, and joins it to the whole.
fn change(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    let never = Cancel::default();
    let Ok(Walked::Frames(map)) = walk(file, &all(bytes, AudioFormat::Mp3, false), &never) else { return };
    let (from, to) = map.heard();
    let (third, len) = ((to - from) / 3, bytes.len() as u64);
    let Ok(mut out) = file.try_clone() else { return };
    for steps in [0, 2] {
        let _ = cut_frames(file, &map, &(third..2 * third), steps, (&mut out, len), &never);
    }
    let Ok(again) = file.try_clone() else { return };
    let Ok(Walked::Frames(same)) = walk(file, &all(bytes, AudioFormat::Mp3, false), &never) else { return };
    let Ok(first) = file.try_clone() else { return };
    let _ = join_frames(&[(first, *map), (again, *same)], (&mut out, len), &never);
}

fn decode_as_found(file: &mut File, bytes: &[u8]) {
    put(file, bytes);
    if let Ok(Sniffed::Sound(what)) = sniff(file, bytes.len() as u64) {
        let _ = guarded(|| decode_all(file, &what));
    }
}

/// Decodes the bytes as `format`, whatever they look like.
fn decode(file: &mut File, bytes: &[u8], format: AudioFormat, adts: bool) {
    put(file, bytes);
    let _ = guarded(|| {
        let mut what = all(bytes, format, adts);
        if !adts && matches!(format, AudioFormat::Aac | AudioFormat::Alac) {
            what.mp4 = read_mp4(file, bytes.len() as u64).ok();
            what.container = Container::Mp4;
        }
        decode_all(file, &what);
    });
}

fn decode_all(file: &File, what: &Recognised) {
    let Ok(file) = file.try_clone() else { return };
    let Ok(mut decoding) = Decoding::open(file, what) else { return };
    let mut sound = Planes::new();
    while decoding.produced() < MOST_SAMPLES && decoding.next(&mut sound).is_ok_and(|more| more) {}
    let _ = decoding.verdict();
}

fn all(bytes: &[u8], format: AudioFormat, adts: bool) -> Recognised {
    Recognised {
        format,
        start: 0,
        end: bytes.len() as u64,
        adts,
        mp4: None,
        large: None,
        container: Container::Own,
    }
}

/// Makes `file` hold `bytes`. A scratch file that cannot be written ends the run: nothing would be tested.
#[expect(clippy::expect_used, reason = "for tests only")]
fn put(file: &mut File, bytes: &[u8]) {
    let written = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(bytes))
        .and_then(|()| file.seek(SeekFrom::Start(0)));
    written.expect("the scratch file can be written");
}
