//! The seam of the decoders: one side cuts a file into packets, the other makes sound of a packet.
//!
//! Trimming, damage and the comparison with what the headers promise stay in [`super::Decoding`], the same for all.
//! Symphonia's own two traits were not taken for our readers: they also want seeking, metadata and buffers of its kind.

use std::collections::VecDeque;

use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::packet::Packet;

use crate::decode::{DecodeError, Planes};
use crate::listen::fingerprint::Depth;
use crate::sound::downmix::Downmix;

/// A file as packets. `UnexpectedEof` means that it ends in the middle of one.
pub(crate) trait PacketReader: Send {
    /// The next packet; `None` behind the last.
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError>;

    /// Before the first packet: leaves out whole packets of at most so many samples without decoding them, where only
    /// the reader can; tells of how many.
    fn pass_over(&mut self, _samples: u64) -> u64 {
        0
    }

    /// After the last packet: what the file says of itself that is not so.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Samples that are lost before the packet that was given last, where the container tells.
    fn lost_before(&self) -> u64 {
        0
    }

    /// After `ResetRequired`: the track of the recording that follows.
    fn track(&self) -> Option<&Track> {
        None
    }
}

/// Samples per second, and channels, of what a packet held.
pub(crate) type Kind = (u32, usize);

/// What makes sound of packets.
pub(crate) trait PacketDecoder: Send {
    /// Appends the sound of `packet` to `out` and tells its kind, which may change from packet to packet; `None` when it
    /// is damaged, an error when nothing after it can be used.
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError>;

    /// Samples per channel to leave out at the start.
    fn pre_skip(&self) -> u64 {
        0
    }

    /// Samples that stand for a damaged packet, where the decoder knows better than the container.
    fn samples_of(&self, packet: &Packet) -> u64 {
        packet.dur.get().saturating_add(packet.trim_start.get()).saturating_add(packet.trim_end.get())
    }
}

/// A file opened by its format's own reader.
pub(crate) struct Opened {
    pub(crate) reader: Box<dyn PacketReader>,
    pub(crate) decoder: Box<dyn PacketDecoder>,
    pub(crate) track: u32,
    pub(crate) rate: u32,
    /// Samples to leave out at the start.
    pub(crate) skip: u64,
    /// Samples to keep after that, where the headers limit them.
    pub(crate) left: Option<u64>,
    /// Samples that the headers promise.
    pub(crate) promised: Option<u64>,
    /// Whether each packet's time stamp counts samples, so that missing packets show.
    pub(crate) counted: bool,
    /// Whether it gives the file's own whole numbers, one or two channels of them.
    pub(crate) exact: bool,
    /// Whether what it decodes to are whole numbers or fractions.
    pub(crate) depth: Depth,
    /// Where packets tell their length exactly: from how many samples before a wanted one on they must be decoded.
    pub(crate) warm_up: Option<u64>,
}

/// A reader of Symphonia's, after packets that were looked at beforehand.
pub(crate) struct SymphoniaPackets {
    pub(crate) ahead: VecDeque<Packet>,
    pub(crate) reader: Box<dyn FormatReader>,
}

impl PacketReader for SymphoniaPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        match self.ahead.pop_front() {
            Some(packet) => Ok(Some(packet)),
            None => self.reader.next_packet(),
        }
    }

    fn track(&self) -> Option<&Track> {
        self.reader.default_track(TrackType::Audio)
    }
}

/// A decoder of Symphonia's.
pub(crate) struct SymphoniaSound {
    pub(crate) decoder: Box<dyn AudioDecoder>,
}

impl PacketDecoder for SymphoniaSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        // A packet is in memory: whatever the decoder calls an I/O error is damage.
        Ok(self.decoder.decode(packet).ok().map(|buffer| {
            mix.add(&buffer, out);
            (buffer.spec().rate(), buffer.spec().channels().count())
        }))
    }
}

/// Interleaved samples on their way to one vector per channel.
#[derive(Default)]
pub(crate) struct Interleaved {
    planes: Planes,
}

impl Interleaved {
    /// Appends `samples` of `channels` channels, each scaled, to `out`.
    pub(crate) fn add(
        &mut self,
        samples: impl Iterator<Item = f32>,
        channels: usize,
        layout: &Channels,
        mix: &mut Downmix,
        out: &mut Planes,
    ) {
        self.planes.resize_with(channels, Vec::new);
        self.planes.iter_mut().for_each(Vec::clear);
        for (at, sample) in samples.enumerate() {
            if let Some(plane) = self.planes.get_mut(at % channels.max(1)) {
                plane.push(sample);
            }
        }
        // A last incomplete row would leave the channels of different lengths.
        let whole = self.planes.last().map_or(0, Vec::len);
        self.planes.iter_mut().for_each(|plane| plane.truncate(whole));
        mix.add_planes(layout, &self.planes, out);
    }
}

/// The channels of a WAVE file's mask, or `count` in the usual order when the mask does not fit.
pub(crate) fn layout_of(mask: u32, count: usize) -> Channels {
    use symphonia::core::audio::Position;
    match Position::from_bits(u64::from(mask)) {
        Some(positions) if mask.count_ones() as usize == count => Channels::Positioned(positions),
        _ => Channels::Discrete(u16::try_from(count).unwrap_or(u16::MAX)),
    }
}
