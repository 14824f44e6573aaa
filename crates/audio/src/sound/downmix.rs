//! Any channel layout to one or two channels.
//!
//! Mono stays mono, stereo stays stereo. More channels are folded with the coefficients of ITU-R BS.775: front at its
//! own level, centre and surrounds at −3 dB, no low-frequency channel. The sum may exceed full scale; `sound::level`
//! turns such a recording down by what its true peak asks. Rejected: scaling so that full scale on every channel
//! could not clip, which made every film and concert 7 to 9 dB quieter than it had to be.

use symphonia::core::audio::{Channels, GenericAudioBufferRef, Position};

use crate::decode::Planes;

const MINUS_3_DB: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Decides the number of channels at the first buffer and keeps to it.
#[derive(Debug, Default)]
pub(crate) struct Downmix {
    channels_out: usize,
    /// Give every channel as it is.
    keep_all: bool,
    layout: Option<Channels>,
    /// For each channel in: its share in left and right.
    shares: Vec<(f32, f32)>,
    planes: Planes,
    /// Whether what came out is not what is stored, channel by channel.
    folded: bool,
}

impl Downmix {
    /// No mixing: as many channels as the first buffer has.
    pub(crate) fn none() -> Self {
        Self { keep_all: true, ..Self::default() }
    }

    /// Whether what came out is not what is stored, channel by channel.
    pub(crate) fn has_folded(&self) -> bool {
        self.folded
    }

    /// Appends `buffer` to `out`.
    pub(crate) fn add(&mut self, buffer: &GenericAudioBufferRef<'_>, out: &mut Planes) {
        let mut planes = std::mem::take(&mut self.planes);
        buffer.copy_to_vecs_planar(&mut planes);
        self.add_planes(buffer.spec().channels(), &planes, out);
        self.planes = planes;
    }

    /// Appends `planes`, whose channels are laid out as `channels`, to `out`.
    pub(crate) fn add_planes(&mut self, channels: &Channels, planes: &[Vec<f32>], out: &mut Planes) {
        if self.channels_out == 0 {
            self.channels_out = if planes.len() == 1 || self.keep_all { planes.len() } else { 2 };
        }
        out.resize_with(self.channels_out, Vec::new);
        self.folded |= planes.len() != self.channels_out;
        if self.keep_all && planes.len() == out.len() {
            out.iter_mut().zip(planes).for_each(|(out, plane)| out.extend_from_slice(plane));
            return;
        }
        match (planes, out.as_mut_slice()) {
            ([only], [mono]) => mono.extend_from_slice(only),
            ([only], [left, right]) => {
                left.extend_from_slice(only);
                right.extend_from_slice(only);
            }
            ([from_left, from_right], [left, right]) => {
                left.extend_from_slice(from_left);
                right.extend_from_slice(from_right);
            }
            (planes, [left, right]) => self.fold(channels, planes, left, right),
            (planes, [mono]) => {
                // The stream turned from mono to more in the middle; half of each side keeps the level.
                let (mut left, mut right) = (Vec::new(), Vec::new());
                if let [from_left, from_right] = planes {
                    left.extend_from_slice(from_left);
                    right.extend_from_slice(from_right);
                } else {
                    self.fold(channels, planes, &mut left, &mut right);
                }
                mono.extend(left.iter().zip(&right).map(|(left, right)| (left + right) / 2.0));
            }
            (planes, many) => {
                // All channels are kept, and their number has changed: those that are gone are silent, one is for all.
                let frames = planes.first().map_or(0, Vec::len);
                for (at, out) in many.iter_mut().enumerate() {
                    match planes {
                        [only] => out.extend_from_slice(only),
                        planes => match planes.get(at) {
                            Some(plane) => out.extend_from_slice(plane),
                            None => out.resize(out.len() + frames, 0.0),
                        },
                    }
                }
            }
        }
    }

    /// Appends `samples` of silence to `out`.
    pub(crate) fn silence(&mut self, samples: usize, out: &mut Planes) {
        // Damage before the first sound: two channels hold whatever comes.
        if self.channels_out == 0 {
            self.channels_out = 2;
        }
        out.resize_with(self.channels_out, Vec::new);
        for plane in out {
            plane.resize(plane.len() + samples, 0.0);
        }
    }

    fn fold(&mut self, channels: &Channels, planes: &[Vec<f32>], left: &mut Vec<f32>, right: &mut Vec<f32>) {
        if self.layout.as_ref() != Some(channels) || self.shares.len() != planes.len() {
            self.shares = shares(channels, planes.len());
            self.layout = Some(channels.clone());
        }
        let frames = planes.first().map_or(0, Vec::len);
        let (at_left, at_right) = (left.len(), right.len());
        left.resize(at_left + frames, 0.0);
        right.resize(at_right + frames, 0.0);
        for (plane, (to_left, to_right)) in planes.iter().zip(&self.shares) {
            for (sum, sample) in left.iter_mut().skip(at_left).zip(plane) {
                *sum += to_left * sample;
            }
            for (sum, sample) in right.iter_mut().skip(at_right).zip(plane) {
                *sum += to_right * sample;
            }
        }
    }
}

fn shares(channels: &Channels, count: usize) -> Vec<(f32, f32)> {
    let positions = match channels {
        Channels::Positioned(positions) if positions.bits().count_ones() as usize == count => *positions,
        _ => usual_layout(count),
    };
    let mut shares: Vec<(f32, f32)> = positions.iter().map(share).collect();
    shares.resize(count, (0.0, 0.0));
    shares
}

fn share(position: Position) -> (f32, f32) {
    const LEFT: Position =
        Position::FRONT_LEFT.union(Position::FRONT_LEFT_CENTER).union(Position::FRONT_LEFT_WIDE);
    const RIGHT: Position =
        Position::FRONT_RIGHT.union(Position::FRONT_RIGHT_CENTER).union(Position::FRONT_RIGHT_WIDE);
    const SIDE_LEFT: Position = Position::REAR_LEFT
        .union(Position::SIDE_LEFT)
        .union(Position::TOP_FRONT_LEFT)
        .union(Position::TOP_REAR_LEFT)
        .union(Position::TOP_SIDE_LEFT)
        .union(Position::BOTTOM_FRONT_LEFT);
    const SIDE_RIGHT: Position = Position::REAR_RIGHT
        .union(Position::SIDE_RIGHT)
        .union(Position::TOP_FRONT_RIGHT)
        .union(Position::TOP_REAR_RIGHT)
        .union(Position::TOP_SIDE_RIGHT)
        .union(Position::BOTTOM_FRONT_RIGHT);
    if LEFT.contains(position) {
        (1.0, 0.0)
    } else if RIGHT.contains(position) {
        (0.0, 1.0)
    } else if SIDE_LEFT.contains(position) {
        (MINUS_3_DB, 0.0)
    } else if SIDE_RIGHT.contains(position) {
        (0.0, MINUS_3_DB)
    } else if position == Position::LFE1 || position == Position::LFE2 {
        (0.0, 0.0)
    } else if position == Position::FRONT_CENTER {
        (MINUS_3_DB, MINUS_3_DB)
    } else {
        (0.5, 0.5)
    }
}

/// The layout most files with `count` unnamed channels have.
fn usual_layout(count: usize) -> Position {
    let front = Position::FRONT_LEFT | Position::FRONT_RIGHT;
    let back = Position::REAR_LEFT | Position::REAR_RIGHT;
    match count {
        3 => front | Position::FRONT_CENTER,
        4 => front | back,
        5 => front | Position::FRONT_CENTER | back,
        6 => front | Position::FRONT_CENTER | Position::LFE1 | back,
        7 => front | Position::FRONT_CENTER | Position::LFE1 | Position::REAR_CENTER | sides(),
        8 => front | Position::FRONT_CENTER | Position::LFE1 | back | sides(),
        _ => Position::from_count(count.min(18) as u32).unwrap_or(front),
    }
}

fn sides() -> Position {
    Position::SIDE_LEFT | Position::SIDE_RIGHT
}
