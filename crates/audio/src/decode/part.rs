//! One part of a file, exact to the sample: the sound before it is decoded and dropped, decoding ends with it.
//!
//! Where a jump lands on a known sample (FLAC frames carry their position, PCM is counted), what lies before is passed
//! over instead. Rejected: jumping in MP3, AAC, Vorbis and Opus, whose decoders need what came before and whose
//! containers only say about where they are.

use ferrotape_domain::{AudioFormat, Part};
use symphonia::core::formats::{SeekMode, SeekTo};

use crate::decode::{DecodeError, Decoding, broken, from_symphonia};

/// Jumping to a start nearer than this is not worth it.
const WORTH_A_JUMP_SECONDS: u64 = 5;

impl Decoding {
    /// Gives only `part` of the file. To be said before the first sound is asked for.
    pub(crate) fn only(mut self, part: &Part) -> Result<Self, DecodeError> {
        let bound = |at: u64| {
            let at = u128::from(at) * u128::from(self.rate) / u128::from(part.sample_rate.max(1));
            u64::try_from(at).unwrap_or(u64::MAX)
        };
        let (start, end) = (bound(part.start), part.end.map(bound));
        let whole = self.promised;
        self.promised = match (whole, end) {
            (Some(whole), Some(end)) => Some(end.min(whole).saturating_sub(start)),
            (Some(whole), None) => Some(whole.saturating_sub(start)),
            (None, end) => end.map(|end| end.saturating_sub(start)),
        };
        if let Some(end) = end.filter(|end| whole.is_none_or(|whole| *end <= whole)) {
            // The end is inside of the sound, so nothing there is padding.
            self.hold = 0;
            self.left = Some(end.saturating_sub(start));
        } else if let Some(left) = &mut self.left {
            *left = left.saturating_sub(start);
        }
        let jumped = if whole.is_some_and(|whole| start < whole) { self.jump(start)? } else { 0 };
        self.skip = self.skip.saturating_add(start - jumped);
        Ok(self)
    }

    /// Jumps to `start` or a little before it, where that is exact; gives the sample it landed on.
    fn jump(&mut self, start: u64) -> Result<u64, DecodeError> {
        let exact = matches!(self.format, AudioFormat::Flac | AudioFormat::Wav | AudioFormat::Aiff);
        if !exact || self.skip > 0 || start / u64::from(self.rate) < WORTH_A_JUMP_SECONDS {
            return Ok(0);
        }
        let Ok(to) = i64::try_from(start) else { return Ok(0) };
        let to = SeekTo::Timestamp { ts: to.into(), track_id: self.track };
        let landed = self.reader.seek(SeekMode::Accurate, to).map_err(from_symphonia)?;
        let at = u64::try_from(landed.actual_ts.get()).unwrap_or(0);
        if let Some(expected) = &mut self.expected {
            *expected = landed.actual_ts.get();
        }
        if at > start { Err(broken("its parts cannot be found")) } else { Ok(at) }
    }
}
