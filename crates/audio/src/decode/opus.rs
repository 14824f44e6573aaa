//! Opus through `ropus`, a Rust port of the reference decoder (see docs/decisions/0004).

use ropus::OpusMSDecoder;
use symphonia::core::audio::{Channels, Position};
use symphonia::core::packet::Packet;

use crate::decode::packets::{Kind, PacketDecoder};
use crate::decode::{DecodeError, Planes};
use crate::sound::downmix::Downmix;

/// Samples per channel in the longest Opus packet, 120 ms.
const LONGEST: usize = 5760;

/// An Opus stream being decoded.
pub(crate) struct OpusSound {
    decoder: OpusMSDecoder,
    channels: usize,
    layout: Channels,
    /// For each channel of `layout`: which of the stream's channels it is.
    order: Vec<usize>,
    pre_skip: u64,
    /// The header's output gain as a factor.
    gain: f32,
    pcm: Vec<i32>,
    planes: Planes,
}

impl OpusSound {
    /// Reads the `OpusHead` packet; `None` when it makes no sense.
    pub(crate) fn open(head: &[u8]) -> Option<Self> {
        let field = |at: usize| head.get(at..at + 2).and_then(|b| b.try_into().ok());
        let channels = usize::from(*head.get(9)?);
        let pre_skip = u64::from(field(10).map(u16::from_le_bytes)?);
        let gain = field(16).map(i16::from_le_bytes)?;
        let (streams, coupled, mapping) = match (head.get(18)?, channels) {
            (0, 1) => (1, 0, vec![0]),
            (0, 2) => (1, 1, vec![0, 1]),
            (1, 1..=8) => (*head.get(19)?, *head.get(20)?, head.get(21..21 + channels)?.to_vec()),
            _ => return None,
        };
        let decoder =
            OpusMSDecoder::new(48_000, channels as i32, streams.into(), coupled.into(), &mapping).ok()?;
        let (layout, order) = vorbis_layout(channels);
        Some(Self {
            decoder,
            channels,
            layout,
            order,
            pre_skip,
            gain: 10f32.powf(f32::from(gain) / 256.0 / 20.0),
            pcm: vec![0; LONGEST * channels],
            planes: Planes::new(),
        })
    }

    fn sound(&mut self, packet: &Packet, mix: &mut Downmix, out: &mut Planes) -> bool {
        let Ok(len) = i32::try_from(packet.data.len()) else { return false };
        if len == 0 {
            return false;
        }
        let decoded = self.decoder.decode24(Some(&packet.data), len, &mut self.pcm, LONGEST as i32, false);
        let Some(frames) = decoded.ok().and_then(|frames| usize::try_from(frames).ok()) else { return false };
        let keep = frames.saturating_sub(packet.trim_end.get() as usize);
        let scale = self.gain / 8_388_608.0;
        self.planes.resize_with(self.channels, Vec::new);
        for (plane, from) in self.planes.iter_mut().zip(&self.order) {
            plane.clear();
            let samples = self.pcm.chunks_exact(self.channels).take(keep);
            plane.extend(samples.map(|frame| frame.get(*from).map_or(0.0, |sample| *sample as f32 * scale)));
        }
        mix.add_planes(&self.layout, &self.planes, out);
        true
    }
}

impl PacketDecoder for OpusSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        Ok(self.sound(packet, mix, out).then_some((48_000, self.channels)))
    }

    fn pre_skip(&self) -> u64 {
        self.pre_skip
    }
}

/// The channel order of mapping family 1 (Vorbis's) as positions in ascending order, and where each one is.
fn vorbis_layout(channels: usize) -> (Channels, Vec<usize>) {
    let (fl, fr, fc, lfe) =
        (Position::FRONT_LEFT, Position::FRONT_RIGHT, Position::FRONT_CENTER, Position::LFE1);
    let (rl, rr, rc) = (Position::REAR_LEFT, Position::REAR_RIGHT, Position::REAR_CENTER);
    let (sl, sr) = (Position::SIDE_LEFT, Position::SIDE_RIGHT);
    let printed: &[Position] = match channels {
        3 => &[fl, fc, fr],
        4 => &[fl, fr, rl, rr],
        5 => &[fl, fc, fr, rl, rr],
        6 => &[fl, fc, fr, rl, rr, lfe],
        7 => &[fl, fc, fr, sl, sr, rc, lfe],
        8 => &[fl, fc, fr, sl, sr, rl, rr, lfe],
        _ => return (Channels::Discrete(channels as u16), (0..channels).collect()),
    };
    let mut order: Vec<usize> = (0..channels).collect();
    order.sort_by_key(|at| printed.get(*at).map_or(0, |position| position.bits()));
    let all = printed.iter().fold(Position::empty(), |all, position| all | *position);
    (Channels::Positioned(all), order)
}
