//! Sound on its way to the encoder: decoded, brought to a rate that players take, measured.

use std::time::Duration;

use ferrotape_domain::{Cancel, Health, Heard, Loudness};

use super::measure::Ahead;
use super::progress::Progress;
use crate::decode::{DecodeError, Decoding, Planes};
use crate::encode::Shape;
use crate::listen::fingerprint::Fingerprinting;
use crate::sound::level::factor;
use crate::sound::loudness::Ear;
use crate::sound::resample::{Resampler, target_rate};

/// Why no more sound comes.
#[derive(Debug)]
pub(super) enum NoSound {
    Cancelled,
    Decode(DecodeError),
    /// The resampler refused.
    Shape(String),
}

/// One source being read.
pub(super) struct Shaping<'a> {
    decoding: Decoding,
    cancel: &'a Cancel,
    progress: Progress<'a>,
    resampler: Option<Resampler>,
    /// Decoded and not yet given.
    decoded: Planes,
    /// Whether `decoded` was not given yet, because it only told the number of channels.
    ready: bool,
    ended: bool,
    shape: Shape,
    /// Hears the sound at its own level; what is given out is turned up or down by `factor`.
    ear: Ear,
    factor: f32,
    /// Takes the fingerprint of the sound as it is decoded.
    fingerprinting: Option<Fingerprinting>,
    /// Per channel, at the rate of the output.
    pub(super) samples: u64,
}

impl<'a> Shaping<'a> {
    /// Decodes the first stretch, which tells how many channels there are; `None` where there is no sound. `rates` are
    /// those that the player takes.
    pub(super) fn begin(
        mut decoding: Decoding,
        ahead: Ahead,
        rates: &[u32],
        cancel: &'a Cancel,
        advanced: &'a mut dyn FnMut(Duration),
    ) -> Result<Option<Self>, NoSound> {
        let mut decoded = Planes::new();
        if !decoding.next(&mut decoded).map_err(NoSound::Decode)? {
            decoding.verdict().map_err(NoSound::Decode)?;
            return Ok(None);
        }
        let (from, channels) = (decoding.rate(), decoded.len());
        let rate = target_rate(from, rates);
        let resampler = (rate != from).then(|| Resampler::new(from, rate, channels)).transpose();
        Ok(Some(Self {
            cancel,
            progress: Progress::new(from, advanced),
            resampler: resampler.map_err(NoSound::Shape)?,
            decoding,
            decoded,
            ready: true,
            ended: false,
            shape: Shape { channels, rate },
            factor: factor(ahead.level_db),
            ear: ahead.ear(channels, rate),
            fingerprinting: None,
            samples: 0,
        }))
    }

    /// Takes the fingerprint, too.
    pub(super) fn take_fingerprint(&mut self) {
        self.fingerprinting = Fingerprinting::new(self.decoding.rate(), self.decoding.depth()).ok();
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// How long its headers promise that it plays.
    pub(super) fn expected(&self) -> Option<Duration> {
        let rate = f64::from(self.decoding.rate().max(1));
        self.decoding.promised().and_then(|samples| Duration::try_from_secs_f64(samples as f64 / rate).ok())
    }

    /// Replaces `out` by the next stretch, not empty; `false` at the end.
    pub(super) fn next(&mut self, out: &mut Planes) -> Result<bool, NoSound> {
        loop {
            if self.cancel.is_stopped() {
                return Err(NoSound::Cancelled);
            }
            let more = self.step(out)?;
            if !more || out.first().is_some_and(|plane| !plane.is_empty()) {
                self.samples += out.first().map_or(0, Vec::len) as u64;
                self.ear.add(out);
                if self.factor != 1.0 {
                    out.iter_mut().flatten().for_each(|sample| *sample *= self.factor);
                }
                return Ok(more);
            }
        }
    }

    fn step(&mut self, out: &mut Planes) -> Result<bool, NoSound> {
        let has_sound = std::mem::take(&mut self.ready)
            || (!self.ended && self.decoding.next(&mut self.decoded).map_err(NoSound::Decode)?);
        if has_sound {
            if let Some(fingerprinting) = &mut self.fingerprinting {
                fingerprinting.add(&self.decoded);
            }
            self.progress.add(self.decoded.first().map_or(0, Vec::len));
            match &mut self.resampler {
                Some(resampler) => resampler.push(&self.decoded, out).map_err(NoSound::Shape)?,
                None => std::mem::swap(&mut self.decoded, out),
            }
            return Ok(true);
        }
        self.ended = true;
        out.iter_mut().for_each(Vec::clear);
        match self.resampler.take() {
            Some(mut resampler) => resampler.finish(out).map_err(NoSound::Shape).map(|()| true),
            None => Ok(false),
        }
    }

    /// After the end: the loudness, and how the source sounds where that was asked for and all its channels came through.
    pub(super) fn heard(self) -> (Loudness, Option<Heard>) {
        let fingerprinting = self.fingerprinting.filter(|_| !self.decoding.has_folded());
        let heard = fingerprinting.map(|it| it.finish(self.decoding.produced(), Health::Sound));
        (self.ear.finish(), heard)
    }

    /// After the end: an error when too much is missing, else what the user should know.
    pub(super) fn verdict(&self) -> Result<Vec<String>, DecodeError> {
        self.decoding.verdict()
    }
}
