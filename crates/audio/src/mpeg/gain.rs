//! An MP3's volume changed in its frames, in steps of 1.5 dB, without decoding, and exactly reversible.
//!
//! Every granule says its step size (`global_gain`); one more is 1.5 dB. Adding the same to all of them is undone
//! by taking it away again, bit for bit, as long as none is pushed past 0 or 255: so changes are limited to what the
//! granules with sound can take. In granules without any main data the number is inaudible; there it wraps, which is
//! reversible as well, and does not let a second of digital silence forbid every change. Rejected: saturating, as
//! mp3gain does, which cannot be undone. Where nothing would saturate the frames are the same as mp3gain's.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use ferrotape_domain::Cancel;

use crate::mpeg::CopyProblem;
use crate::mpeg::copy::CopyPlan;
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::frames::FrameHeader;
use crate::mpeg::header_frame::{MUSIC_CRC, seal_lame, sealed_sound};
use crate::mpeg::side_info::{SideInfo, carried_crc, frame_crc, renew_crc, set_global_gain, shape};

/// The global gains of all granules with sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GainSpan {
    pub(crate) least: u8,
    pub(crate) most: u8,
}

impl GainSpan {
    /// The change nearest to `steps` that can be undone.
    pub(crate) fn limit(&self, steps: i32) -> i32 {
        steps.clamp(-i32::from(self.least), i32::from(u8::MAX - self.most))
    }
}

/// One step in dB: the fourth root of 2 as a factor.
pub(crate) fn step_db() -> f64 {
    5.0 * 2f64.log10()
}

/// A change of volume that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GainChange {
    /// Steps of 1.5 dB that were added; fewer than asked for where more could not be undone.
    pub steps: i32,
    /// The least global gain in the frames now.
    pub least: u8,
    /// The greatest global gain in the frames now.
    pub most: u8,
}

impl GainChange {
    /// The change in dB.
    pub fn db(&self) -> f64 {
        f64::from(self.steps) * step_db()
    }

    /// The value of `MP3GAIN_UNDO`, the change that undoes this one, as mp3gain writes it: `-002,-002,N`.
    pub fn undo(&self) -> String {
        format!("{0:+04},{0:+04},N", -self.steps)
    }

    /// The value of `MP3GAIN_MINMAX`, the least and the greatest global gain now, as mp3gain writes it: `140,210`.
    pub fn min_max(&self) -> String {
        format!("{:03},{:03}", self.least, self.most)
    }
}

/// Looks at all granules of the frames from one to another (not included); `None` where none has sound.
pub(crate) fn gain_span(
    source: &File,
    map: &FrameMap,
    frames: (usize, usize),
    cancel: &Cancel,
) -> Result<Option<GainSpan>, CopyProblem> {
    let mut span: Option<GainSpan> = None;
    map.each(source, frames, cancel, |frame, header| {
        let side = SideInfo::parse(frame, header);
        for granule in side.iter().flat_map(SideInfo::granules).filter(|granule| granule.part2_3_length > 0) {
            let gain = granule.global_gain;
            let span = span.get_or_insert(GainSpan { least: gain, most: gain });
            (span.least, span.most) = (span.least.min(gain), span.most.max(gain));
        }
        Ok(())
    })?;
    Ok(span)
}

/// As [`crate::mpeg::copy::copy_frames`], but `steps` × 1.5 dB louder, or as many as can be undone ([`GainSpan::limit`]).
///
/// The same again with the steps taken back gives back the same bytes, the header frame's checksums included.
pub(crate) fn copy_frames_with_gain(
    source: &File,
    plan: &CopyPlan,
    steps: i32,
    (out, at): (&mut File, u64),
    cancel: &Cancel,
) -> Result<GainChange, CopyProblem> {
    let all = (0, plan.map.frames());
    let steps = gain_span(source, &plan.map, all, cancel)?.map_or(0, |span| span.limit(steps));
    let mut change = GainChange { steps, least: u8::MAX, most: 0 };
    let mut header = plan.header.clone();
    out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
    let (mut was, mut is) = (MUSIC_CRC.digest(), MUSIC_CRC.digest());
    let mut waiting = Vec::with_capacity(128 << 10);
    plan.map.each(source, all, cancel, |frame, header| {
        was.update(frame);
        change_frame(frame, header, &mut change);
        is.update(frame);
        waiting.extend_from_slice(frame);
        if waiting.len() >= 120 << 10 {
            out.write_all(&waiting).map_err(CopyProblem::Out)?;
            waiting.clear();
        }
        Ok(())
    })?;
    out.write_all(&waiting).map_err(CopyProblem::Out)?;
    let end = out.stream_position().map_err(CopyProblem::Out)?;
    if let Some(lame_at) = plan.lame_at {
        // A checksum that was wrong before is none of ours: left alone, it is the same again after undoing.
        if plan.mend_lame_at.is_some() || sealed_sound(&header, lame_at) == Some(was.finalize()) {
            seal_lame(&mut header, lame_at, is.finalize());
            out.seek(SeekFrom::Start(at)).and_then(|_| out.write_all(&header)).map_err(CopyProblem::Out)?;
        }
    }
    out.seek(SeekFrom::Start(end)).map_err(CopyProblem::Out)?;
    Ok(change)
}

/// Adds the steps of `change` to every granule of `frame`, and notes what its gains are now.
pub(crate) fn change_frame(frame: &mut [u8], header: &FrameHeader, change: &mut GainChange) {
    let Some(side) = SideInfo::parse(frame, header) else { return };
    let (_, channels) = shape(header);
    let crc_was_right = carried_crc(frame, header) == frame_crc(frame, header);
    for (index, granule) in side.granules().enumerate() {
        let wanted = i32::from(granule.global_gain) + change.steps;
        let gain = u8::try_from(wanted.rem_euclid(256)).unwrap_or_default();
        if i32::from(gain) == wanted {
            (change.least, change.most) = (change.least.min(gain), change.most.max(gain));
        }
        set_global_gain(frame, header, index / channels, index % channels, gain);
    }
    if crc_was_right {
        renew_crc(frame, header);
    }
}
