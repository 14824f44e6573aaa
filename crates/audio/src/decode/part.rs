//! One part of a file, exact to the sample: what lies before it is left out, decoding ends with it.
//!
//! Packets before the part are not decoded where each stands for itself and tells exactly how long it is. In MP3, Vorbis,
//! Opus, HE-AAC and Musepack, where a packet needs those before it and containers only say about where they are,
//! everything up to the part is decoded and dropped. Rejected: jumping in the file by bytes, which every format does in
//! another way and some only nearly.

use std::fs::File;

use ferrotape_domain::Part;
use symphonia::core::packet::Packet;

use crate::decode::{DecodeError, Decoding};
use crate::formats::sniff::Recognised;

impl Decoding {
    /// As [`Decoding::open`], but only `part` of the file where there is one.
    pub(crate) fn open_part(file: File, what: &Recognised, part: Option<&Part>) -> Result<Self, DecodeError> {
        let whole = Self::open(file, what)?;
        Ok(match part {
            Some(part) => whole.only(part),
            None => whole,
        })
    }

    fn only(mut self, part: &Part) -> Self {
        let (start, end) = part.bounds(self.rate);
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
        self.skip = self.skip.saturating_add(start);
        self.skip -= self.reader.pass_over(self.skip).min(self.skip);
        self
    }

    /// Whether `packet`, behind a gap of so many samples, lies so far before the part that it need not be decoded.
    pub(super) fn passes_over(&mut self, packet: &Packet, gap: u64) -> bool {
        let Some(warm_up) = self.warm_up else { return false };
        let whole = packet.dur.get().saturating_add(gap);
        if whole.saturating_add(warm_up) > self.skip {
            return false;
        }
        self.skip -= whole;
        true
    }
}
