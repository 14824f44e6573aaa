//! Ogg whose lost pages are counted.
//!
//! Symphonia's reader goes on behind a hole as if nothing were missing: the packets of the first page behind it get the
//! times of those that are lost, and only the next page stands at its own. How much is lost is what then lies between.
//! Rejected: to read the times alone, which would put the silence one page too late, and take streams that begin late, or
//! whose times are a little wrong, for damaged ones.

use std::collections::VecDeque;

use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::packet::Packet;

use crate::decode::packets::PacketReader;
use crate::formats::ogg::Hole;

/// Packets that may end in one page.
const MOST_ON_A_PAGE: usize = 255;

/// The packets of an Ogg file, and what is lost between them.
pub(crate) struct OggPackets {
    reader: Box<dyn FormatReader>,
    holes: VecDeque<Hole>,
    /// Which of the recordings that follow each other this is.
    link: u32,
    /// Packets behind a hole that were read to tell how long it is.
    ready: VecDeque<Packet>,
    /// What the reader gave behind these.
    ahead: Option<Result<Option<Packet>, SymphoniaError>>,
    /// Samples that are lost before the last packet that was given.
    lost: u64,
}

impl OggPackets {
    pub(crate) fn new(reader: Box<dyn FormatReader>, holes: VecDeque<Hole>) -> Self {
        Self { reader, holes, link: 1, ready: VecDeque::new(), ahead: None, lost: 0 }
    }

    fn read_on(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        match self.ahead.take() {
            Some(next) => next,
            None => self.reader.next_packet(),
        }
    }

    /// The hole that `packet` is the first behind.
    fn hole_before(&mut self, packet: &Packet) -> Option<Hole> {
        while self.holes.front().is_some_and(|hole| hole.link < self.link) {
            self.holes.pop_front();
        }
        let is_its = |hole: &Hole| hole.link == self.link && hole.serial == packet.track_id;
        let at = self.holes.iter().position(is_its)?;
        let hole = *self.holes.get(at)?;
        let is_behind = hole.from.is_none_or(|from| packet.pts.get() >= from);
        is_behind.then(|| self.holes.remove(at)).flatten()
    }

    /// Makes ready all packets of the page that begins with `first`; gives how many samples are lost before it.
    fn behind(&mut self, hole: Hole, first: Packet) -> u64 {
        let (begins, track) = (first.pts.get(), first.track_id);
        let mut ends = end_of(&first);
        self.ready.push_back(first);
        while self.ready.len() < MOST_ON_A_PAGE {
            match self.read_on() {
                Ok(Some(packet)) if packet.track_id != track => self.ready.push_back(packet),
                Ok(Some(packet)) if packet.pts.get() < hole.to => {
                    ends = end_of(&packet);
                    self.ready.push_back(packet);
                }
                next => {
                    self.ahead = Some(next);
                    break;
                }
            }
        }
        let before = begins.saturating_sub(hole.from.unwrap_or(0)).max(0);
        let within = hole.to.saturating_sub(ends).max(0);
        before.unsigned_abs().saturating_add(within.unsigned_abs())
    }
}

/// The time at which what is decoded of a packet ends.
fn end_of(packet: &Packet) -> i64 {
    let all = packet.dur.saturating_add(packet.trim_start).saturating_add(packet.trim_end);
    packet.pts.saturating_add(all).get()
}

impl PacketReader for OggPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        self.lost = 0;
        if let Some(packet) = self.ready.pop_front() {
            return Ok(Some(packet));
        }
        let packet = match self.read_on() {
            Ok(Some(packet)) => packet,
            Err(SymphoniaError::ResetRequired) => {
                self.link = self.link.saturating_add(1);
                return Err(SymphoniaError::ResetRequired);
            }
            other => return other,
        };
        let Some(hole) = self.hole_before(&packet) else { return Ok(Some(packet)) };
        self.lost = self.behind(hole, packet);
        Ok(self.ready.pop_front())
    }

    fn lost_before(&self) -> u64 {
        self.lost
    }

    fn track(&self) -> Option<&Track> {
        self.reader.default_track(TrackType::Audio)
    }
}
