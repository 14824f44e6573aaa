//! MPEG audio whose frames may change in the middle: another rate, mono for stereo.
//!
//! Symphonia's decoder takes frames of one kind only, so a change opens a new one. The bit reservoir is lost on the way,
//! which costs up to a frame of sound. Between frames stands junk that may look like a frame: a change is believed when
//! the next frame agrees.

use std::collections::VecDeque;

use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;

use crate::decode::packets::{PacketDecoder, PacketReader};
use crate::decode::{DecodeError, Planes, from_symphonia};
use crate::mpeg::frames::FrameHeader;
use crate::mpeg::holes::Hole;
use crate::sound::downmix::Downmix;

/// Rate, and whether there is one channel.
type Kind = (u32, bool);

fn kind(packet: &Packet) -> Option<Kind> {
    FrameHeader::parse(&packet.data).map(|header| (header.sample_rate, header.mono))
}

/// The frames of a stream; one that only looks like one is empty.
pub(crate) struct MpegPackets {
    reader: Box<dyn FormatReader>,
    ahead: Option<Packet>,
    last: Option<Kind>,
    holes: VecDeque<Hole>,
    /// Frames that were given.
    given: u64,
    /// Samples that are lost before the last of them.
    lost: u64,
}

impl MpegPackets {
    pub(crate) fn new(reader: Box<dyn FormatReader>, holes: VecDeque<Hole>) -> Self {
        Self { reader, ahead: None, last: None, holes, given: 0, lost: 0 }
    }

    fn next_frame(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        let mut packet = match self.ahead.take() {
            Some(packet) => packet,
            None => match self.reader.next_packet()? {
                Some(packet) => packet,
                None => return Ok(None),
            },
        };
        // A header that is odd in what does not matter, like its emphasis, tells no kind: it goes on as before.
        let this = kind(&packet).or(self.last);
        if self.last.is_some() && this != self.last {
            self.ahead = self.reader.next_packet()?;
            if self.ahead.as_ref().is_some_and(|next| kind(next) != this) {
                // Damage: nothing in it is decoded, so that silence takes its place.
                packet.data = Box::default();
                return Ok(Some(packet));
            }
        }
        self.last = this;
        Ok(Some(packet))
    }
}

impl PacketReader for MpegPackets {
    fn next_packet(&mut self) -> Result<Option<Packet>, SymphoniaError> {
        let frame = self.next_frame()?;
        let is_behind = |hole: &Hole| hole.frames <= self.given;
        let hole = self.holes.front().copied().filter(is_behind);
        self.lost = hole.map_or(0, |hole| hole.samples);
        if hole.is_some() {
            self.holes.pop_front();
        }
        self.given += u64::from(frame.is_some());
        Ok(frame)
    }

    fn lost_before(&self) -> u64 {
        self.lost
    }
}

/// Symphonia's decoder, opened anew whenever frames change.
pub(crate) struct MpegSound {
    params: AudioCodecParameters,
    decoder: Box<dyn AudioDecoder>,
    kind: Option<Kind>,
}

impl MpegSound {
    pub(crate) fn new(params: &AudioCodecParameters) -> Result<Self, DecodeError> {
        Ok(Self { params: params.clone(), decoder: open(params)?, kind: None })
    }
}

impl PacketDecoder for MpegSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<(u32, usize)>, DecodeError> {
        let Some(kind) = kind(packet).or(self.kind).filter(|_| !packet.data.is_empty()) else {
            return Ok(None);
        };
        if self.kind.is_some_and(|last| last != kind) {
            self.decoder = open(&self.params)?;
        }
        self.kind = Some(kind);
        Ok(self.decoder.decode(packet).ok().map(|buffer| {
            mix.add(&buffer, out);
            (kind.0, if kind.1 { 1 } else { 2 })
        }))
    }
}

fn open(params: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, DecodeError> {
    // Trimming is done by `Decoding`: Symphonia would also cut by a length it only guessed from the bit rate.
    let options = AudioDecoderOptions::default().gapless(false);
    symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(from_symphonia)
}
