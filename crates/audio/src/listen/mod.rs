//! Listening: what a file sounds like, how long it really plays, and whether it is whole.
//!
//! The first two minutes are decoded for the fingerprint. The rest is decoded, too, unless [`end_is_there`] finds the
//! sound's own end where the header says it must be: the last frame of a FLAC carries its position, an MP3's Xing
//! header tells its bytes, an MP4's boxes tell theirs. WAV, AIFF, Ogg and anything without a header that promises a
//! length are decoded to the end.

pub(crate) mod end;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Health, Heard};
use rusty_chromaprint::{Configuration, Fingerprinter};

use crate::Unreadable;
use crate::decode::{DecodeError, Decoding, Planes};
use crate::formats::sniff::Recognised;
use crate::limits::guarded;
use crate::listen::end::{end_is_there, is_cut_off};
use crate::probe::recognised;
use crate::sound::resample::Resampler;

/// Changes whenever [`listen`] would hear something else in the same file, so that what was kept is heard again.
pub const LISTEN_VERSION: u32 = 2;

/// How much of a file the fingerprint is taken of; `fpcalc` takes as much.
const HEARD_SECONDS: usize = 120;
/// Chromaprint works at this rate, on one channel.
const PRINT_RATE: u32 = 11_025;
/// A file in which nothing is louder than −60 dBFS is silent: dither and tape hiss lie below, all music above.
pub(crate) const SILENCE: f32 = 0.001;
/// Longer recordings are not decoded to their end: three hours.
const MOST_SECONDS: u64 = 3 * 3600;

/// Listens to the file `path`.
///
/// An error means that nothing can be heard of it; a file that plays but ends too early is [`Health::CutShort`].
pub fn listen(path: &Path) -> Result<Heard, Unreadable> {
    let heard = guarded(|| {
        let (file, what) = recognised(path)?;
        hear(file, &what).map_err(|error| match error {
            DecodeError::Io(source) => Unreadable::Io { path: path.to_owned(), source },
            DecodeError::NotYet(format) => Unreadable::NotReadableYet { path: path.to_owned(), format },
            DecodeError::Broken(reason) => Unreadable::Broken { path: path.to_owned(), reason },
        })
    });
    heard.unwrap_or_else(|reason| Err(Unreadable::Broken { path: path.to_owned(), reason }))
}

fn hear(mut file: File, what: &Recognised) -> Result<Heard, DecodeError> {
    let end_is_there = end_is_there(&mut file, what).map_err(DecodeError::Io)?;
    let cut_off = is_cut_off(&mut file, what).map_err(DecodeError::Io)?;
    match decode(file, what, end_is_there) {
        // Cut before its sound begins, or where decoders read a container in one piece.
        Err(DecodeError::Broken(_)) if cut_off => {
            Ok(Heard { fingerprint: Vec::new(), duration: Duration::ZERO, health: Health::CutShort })
        }
        other => other,
    }
}

fn decode(file: File, what: &Recognised, end_is_there: bool) -> Result<Heard, DecodeError> {
    let mut decoding = Decoding::open(file, what)?;
    let promised = decoding.promised().filter(|_| end_is_there);
    let mut ear = Ear::new(decoding.rate()).map_err(DecodeError::Broken)?;
    let mut sound = Planes::new();
    while decoding.next(&mut sound)? {
        ear.add(&sound).map_err(DecodeError::Broken)?;
        let enough = ear.is_full() && ear.peak > SILENCE;
        let endless = decoding.produced() / u64::from(decoding.rate()) > MOST_SECONDS;
        if let (true, Some(promised)) = (enough, promised) {
            return ear.finish(seconds(promised, decoding.rate()), Health::Sound);
        }
        if endless {
            return ear.finish(seconds(decoding.produced(), decoding.rate()), Health::Sound);
        }
    }
    let plays = seconds(decoding.produced(), decoding.rate());
    let silent = ear.peak <= SILENCE;
    match decoding.verdict() {
        Err(_) if decoding.is_cut_short() => ear.finish(plays, Health::CutShort),
        Err(problem) => Err(problem),
        Ok(_) if silent => ear.finish(plays, Health::Silent),
        Ok(_) => ear.finish(plays, Health::Sound),
    }
}

fn seconds(samples: u64, rate: u32) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(rate.max(1)))
}

/// Takes in sound as it is decoded: the loudest sample of all of it, the fingerprint of its beginning.
struct Ear {
    resampler: Option<Resampler>,
    printer: Fingerprinter,
    /// Samples at [`PRINT_RATE`] still to be taken into the fingerprint.
    left: usize,
    peak: f32,
    mono: Planes,
    resampled: Planes,
    pcm: Vec<i16>,
}

impl Ear {
    fn new(rate: u32) -> Result<Self, String> {
        let resampler = (rate != PRINT_RATE).then(|| Resampler::new(rate, PRINT_RATE, 1)).transpose()?;
        // Chromaprint's second algorithm, the one that everybody uses.
        let mut printer = Fingerprinter::new(&Configuration::preset_test2());
        printer.start(PRINT_RATE, 1).map_err(|error| error.to_string())?;
        Ok(Self {
            resampler,
            printer,
            left: HEARD_SECONDS * PRINT_RATE as usize,
            peak: 0.0,
            mono: vec![Vec::new()],
            resampled: Planes::new(),
            pcm: Vec::new(),
        })
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    fn add(&mut self, sound: &Planes) -> Result<(), String> {
        for plane in sound {
            self.peak = plane.iter().fold(self.peak, |peak, sample| peak.max(sample.abs()));
        }
        if self.is_full() {
            return Ok(());
        }
        let mut mono = std::mem::take(&mut self.mono);
        if let Some(mono) = mono.first_mut() {
            mono.clear();
            match sound.as_slice() {
                [left, right] => {
                    mono.extend(left.iter().zip(right).map(|(left, right)| (left + right) / 2.0));
                }
                planes => planes.iter().take(1).for_each(|plane| mono.extend_from_slice(plane)),
            }
        }
        let mut resampled = std::mem::take(&mut self.resampled);
        let added = match &mut self.resampler {
            Some(resampler) => resampler.push(&mono, &mut resampled).map(|()| self.print(&resampled)),
            None => {
                self.print(&mono);
                Ok(())
            }
        };
        (self.mono, self.resampled) = (mono, resampled);
        added
    }

    fn print(&mut self, sound: &Planes) {
        let Some(mono) = sound.first() else { return };
        let taken = mono.len().min(self.left);
        self.left -= taken;
        self.pcm.clear();
        self.pcm.extend(mono.iter().take(taken).map(|sample| (sample * 32_767.0).round() as i16));
        self.printer.consume(&self.pcm);
    }

    fn finish(mut self, duration: Duration, health: Health) -> Result<Heard, DecodeError> {
        if let Some(mut resampler) = self.resampler.take().filter(|_| self.left > 0) {
            let mut rest = Planes::new();
            resampler.finish(&mut rest).map_err(DecodeError::Broken)?;
            self.print(&rest);
        }
        self.printer.finish();
        Ok(Heard { fingerprint: self.printer.fingerprint().to_vec(), duration, health })
    }
}
