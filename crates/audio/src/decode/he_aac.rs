//! HE-AAC (spectral band replication, and parametric stereo in its second version) by `rusty_aac`.
//!
//! Symphonia decodes AAC-LC, the core: of HE-AAC it would give half the rate and the lower half of the sound. Files need
//! not announce what they are (implicit signalling), so the first packets of one with a low core rate are decoded here.

use std::collections::VecDeque;

use rusty_aac::AacDecoder;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;

use crate::decode::packets::{Interleaved, Kind, PacketDecoder};
use crate::decode::{DecodeError, Planes, broken};
use crate::limits::guarded;
use crate::sound::downmix::Downmix;

/// Packets decoded to find out what a file is.
const LOOKED_AT: usize = 8;
/// The core of HE-AAC runs at half the rate; twice a higher one than this nobody makes.
const FASTEST_CORE: u32 = 24_000;

/// A decoder for a file that is HE-AAC, and its rate.
pub(crate) type Found = Option<(HeAacSound, u32)>;

/// Looks at the first packets of the AAC track `track` of `reader`; they come back with the answer.
pub(crate) fn look(
    reader: &mut dyn FormatReader,
    track: u32,
    params: &AudioCodecParameters,
    announced: bool,
) -> Result<(Found, VecDeque<Packet>), DecodeError> {
    let mut ahead = VecDeque::new();
    let config = match params.extra_data.as_deref() {
        Some(config) if config.len() >= 2 => config.to_vec(),
        _ => match plain_config(params) {
            Some(config) => config.to_vec(),
            None => return Ok((None, ahead)),
        },
    };
    // What a container says of the rate may be the core's or the sound's.
    let core = core_rate(&config);
    if !announced && core > FASTEST_CORE {
        return Ok((None, ahead));
    }
    while ahead.len() < LOOKED_AT {
        match reader.next_packet() {
            Ok(Some(packet)) => ahead.push_back(packet),
            // Whatever is wrong will show again.
            _ => break,
        }
    }
    let mut decoder = decoder(&config)?;
    let (mut rate, mut channels) = (0, 0);
    for packet in ahead.iter().filter(|packet| packet.track_id == track) {
        if let Ok(Ok(sound)) = guarded(|| decoder.decode(&packet.data, None)) {
            rate = rate.max(sound.sample_rate);
            channels = channels.max(usize::from(sound.channels));
        }
    }
    let core_channels = params.channels.as_ref().map_or(0, Channels::count);
    let is_he = announced || rate > core || (core_channels == 1 && channels == 2);
    if !is_he {
        return Ok((None, ahead));
    }
    if !(1_000..=192_000).contains(&rate) || channels == 0 {
        return Err(broken("nothing of its beginning can be decoded"));
    }
    let samples = if rate > core { 2048 } else { 1024 };
    let sound = HeAacSound {
        decoder: self::decoder(&config)?,
        rate,
        channels,
        samples,
        sound: Interleaved::default(),
    };
    Ok((Some((sound, rate)), ahead))
}

fn decoder(config: &[u8]) -> Result<AacDecoder, DecodeError> {
    let opened = guarded(|| AacDecoder::with_config_bytes(config)).map_err(DecodeError::Broken)?;
    opened.map_err(|error| DecodeError::Broken(error.to_string()))
}

const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// The rate that a description of AAC begins with; 0 where it is written out, which no encoder does.
fn core_rate(config: &[u8]) -> u32 {
    let [first, second, ..] = config else { return 0 };
    RATES.get(usize::from((first & 7) << 1 | second >> 7)).copied().unwrap_or(0)
}

/// The description of AAC-LC that a bare stream leaves out.
fn plain_config(params: &AudioCodecParameters) -> Option<[u8; 2]> {
    let rate = RATES.iter().position(|rate| params.sample_rate == Some(*rate))? as u16;
    let channels = match params.channels.as_ref()?.count() {
        8 => 7,
        count @ 1..=6 => count as u16,
        _ => return None,
    };
    Some((2 << 11 | rate << 7 | channels << 3).to_be_bytes())
}

/// HE-AAC being decoded.
pub(crate) struct HeAacSound {
    decoder: AacDecoder,
    rate: u32,
    channels: usize,
    samples: u64,
    sound: Interleaved,
}

impl PacketDecoder for HeAacSound {
    fn decode(
        &mut self,
        packet: &Packet,
        mix: &mut Downmix,
        out: &mut Planes,
    ) -> Result<Option<Kind>, DecodeError> {
        let decoded = guarded(|| self.decoder.decode(&packet.data, None));
        let Ok(Ok(sound)) = decoded else { return Ok(None) };
        if sound.sample_rate != self.rate {
            return Ok(None);
        }
        let has = usize::from(sound.channels.max(1));
        let layout = Channels::Discrete(self.channels as u16);
        if (has, self.channels) == (1, 2) {
            // Before its first parameters arrive, parametric stereo is mono.
            let doubled = sound.samples.iter().flat_map(|sample| [*sample; 2]);
            self.sound.add(doubled, 2, &layout, mix, out);
        } else {
            self.sound.add(sound.samples.iter().copied(), has, &layout, mix, out);
        }
        Ok(Some((self.rate, self.channels)))
    }

    fn samples_of(&self, _: &Packet) -> u64 {
        self.samples
    }
}
