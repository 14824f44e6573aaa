//! An MP3's frames carried over unchanged, without the tags and junk around them.
//!
//! The header frame (Xing, LAME, VBRI) is kept as it is when it tells the truth, mended when it does not, and built
//! when it is missing, so that players show the right length of a variable-rate file.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use ferrotape_domain::Cancel;

use crate::formats::sniff::Recognised;
use crate::mpeg::CopyProblem;
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::header_frame::{
    MOST_TRIM, MUSIC_CRC, NewHeader, NewLame, build_header_frame, extension_of, put, seal_lame, trim_bytes,
};
use crate::mpeg::walk::{Walked, walk};

/// Whether a file can be copied.
pub(crate) enum Copyable {
    Yes(Box<CopyPlan>),
    /// It must be decoded and encoded; the text tells why.
    No(String),
}

/// What to copy.
#[derive(Debug)]
pub(crate) struct CopyPlan {
    /// The header frame, finished but for the CRC of the sound.
    pub(crate) header: Vec<u8>,
    /// Where in `header` LAME's checksums must be renewed.
    pub(crate) mend_lame_at: Option<usize>,
    /// Where in `header` LAME's extension is.
    pub(crate) lame_at: Option<usize>,
    /// The frames.
    pub(crate) map: FrameMap,
    /// Samples per channel a gapless player hears.
    pub(crate) samples: u64,
    pub(crate) sample_rate: u32,
    pub(crate) notes: Vec<String>,
}

impl CopyPlan {
    /// Whether header frame and frames stay to the byte what they are in the source.
    pub(crate) fn is_as_it_is(&self) -> bool {
        let own = self.map.header.as_ref().map(|(frame, _)| frame.as_slice());
        self.mend_lame_at.is_none() && self.header == own.unwrap_or_default()
    }
}

/// Walks the frames of `source`.
pub(crate) fn plan_copy(
    source: &mut File,
    what: &Recognised,
    cancel: &Cancel,
) -> Result<Copyable, CopyProblem> {
    Ok(plan_of(walk(source, what, cancel)?))
}

/// What to copy of the frames that a walk has found.
pub(crate) fn plan_of(walked: Walked) -> Copyable {
    let mut map = match walked {
        Walked::Frames(map) => *map,
        Walked::Cannot(reason) => return Copyable::No(reason),
    };
    let mut notes = std::mem::take(&mut map.notes);
    let Some(header) = header_for(&map, &mut notes) else {
        return Copyable::No("no header frame could be built for it".to_owned());
    };
    let (from, to) = map.heard();
    Copyable::Yes(Box::new(CopyPlan {
        header: header.frame,
        mend_lame_at: header.lame_at.filter(|_| header.mend),
        lame_at: header.lame_at,
        samples: to - from,
        sample_rate: map.first.sample_rate,
        map,
        notes,
    }))
}

/// Writes header and frames to `out` from `at` on.
pub(crate) fn copy_frames(
    source: &File,
    plan: &CopyPlan,
    out: &mut File,
    at: u64,
    cancel: &Cancel,
) -> Result<(), CopyProblem> {
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&plan.header)).map_err(CopyProblem::Out)?;
    let mut digest = MUSIC_CRC.digest();
    plan.map.bytes_of(source, (0, plan.map.frames()), cancel, |bytes| {
        if plan.mend_lame_at.is_some() {
            digest.update(bytes);
        }
        out.write_all(bytes).map_err(CopyProblem::Out)
    })?;
    if let Some(lame_at) = plan.mend_lame_at {
        let mut header = plan.header.clone();
        seal_lame(&mut header, lame_at, digest.finalize());
        out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
    }
    Ok(())
}

/// The header frame to write; empty where none is wanted.
#[derive(Default)]
struct HeaderFrame {
    frame: Vec<u8>,
    lame_at: Option<usize>,
    /// Whether what LAME's checksums cover was changed.
    mend: bool,
}

fn header_for(map: &FrameMap, notes: &mut Vec<String>) -> Option<HeaderFrame> {
    let frames = u32::try_from(map.frames()).ok()?;
    let bytes = u32::try_from(map.bytes).ok()?;
    let toc = map.contents();
    if let Some((frame, said)) = &map.header {
        let (mut frame, lame_at) = (frame.clone(), said.lame_at);
        let whole = bytes.checked_add(u32::try_from(frame.len()).ok()?)?;
        if said.frames == Some(frames) && said.bytes.is_none_or(|bytes| bytes == whole) {
            return Some(HeaderFrame { frame, lame_at, mend: false });
        }
        if let Some(at) = said.xing_at.filter(|_| said.frames.is_some()) {
            notes.push("its header frame was wrong about its length and is mended".to_owned());
            mend(&mut frame, at, frames, whole, &toc);
            if let Some(lame) = lame_at {
                put(&mut frame, lame + 28, &whole.to_be_bytes());
                if let Some((delay, padding)) = map.trim() {
                    put(&mut frame, lame + 21, &trim_bytes(delay as u16, padding as u16));
                }
            }
            return Some(HeaderFrame { frame, lame_at, mend: true });
        }
    }
    let lame = map.trim().map(|(delay, padding)| NewLame {
        like: map.header.as_ref().and_then(|(frame, said)| extension_of(frame, said.lame_at?)),
        trim: (delay.min(MOST_TRIM) as u16, padding.min(MOST_TRIM) as u16),
    });
    if !map.variable && lame.is_none() {
        // Its length shows in its size; a header frame would make gapless players cut what they now play.
        return Some(HeaderFrame::default());
    }
    let (like, like_bytes, variable) = (map.first, map.first_bytes, map.variable);
    let new = NewHeader { like, like_bytes, variable, frames, bytes, toc: &toc, lame };
    let (frame, lame_at) = build_header_frame(&new)?;
    Some(HeaderFrame { frame, lame_at, mend: lame_at.is_some() })
}

fn mend(frame: &mut [u8], xing_at: usize, frames: u32, bytes: u32, toc: &[u8; 100]) {
    let flags = frame.get(xing_at + 7).copied().unwrap_or_default();
    let mut at = xing_at + 8;
    if flags & 1 != 0 {
        put(frame, at, &frames.to_be_bytes());
        at += 4;
    }
    if flags & 2 != 0 {
        put(frame, at, &bytes.to_be_bytes());
        at += 4;
    }
    if flags & 4 != 0 {
        put(frame, at, toc);
    }
}
