//! The loudness of a file without making an MP3 of it, and the look ahead that decides about a track's level.
//!
//! Measured is what would go into the encoder: folded to two channels, at the rate the MP3 gets. Where the level must be
//! known before the first sample is encoded, the file is decoded twice; everything else is measured in the one pass.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use ferrotape_domain::{Cancel, Loudness, Part};

use crate::decode::{Decoding, Planes};
use crate::formats::sniff::{Recognised, Sniffed, sniff};
use crate::limits::guarded;
use crate::make::request::{LoudnessUse, MakeError, Mp3Request};
use crate::make::shaping::Shaping;
use crate::make::{Errors, SILENT};
use crate::sound::level::level_db;
use crate::sound::loudness::{Ear, LoudnessMeter, is_silent};
use crate::sound::resample::target_rate;

/// Changes whenever another loudness would be measured of the same file, so that what was kept is measured again.
pub const LOUDNESS_VERSION: u32 = 1;

/// Measures the sound of `source`, or of one part of it, as it would be encoded.
///
/// Errors are those of [`crate::make_mp3`]; a file without any sound is broken.
pub fn measure_loudness(source: &Path, part: Option<&Part>, cancel: &Cancel) -> Result<Loudness, MakeError> {
    let errors = Errors { path: source };
    let measured = guarded(|| {
        let (file, what) = recognised(source)?;
        measure((file, part), &what, &errors, cancel, &mut |_| {})
    });
    measured.unwrap_or_else(|reason| Err(errors.broken(&reason)))
}

/// Whether making an MP3 of `source` may change its level, so that its loudness must be known before: see
/// `docs/sound.md`. Nothing is decoded for this.
pub fn level_may_change(source: &Path, purpose: LoudnessUse) -> Result<bool, MakeError> {
    let errors = Errors { path: source };
    let answer = guarded(|| {
        let (file, what) = recognised(source)?;
        let decoding = Decoding::open(file, &what).map_err(|error| errors.decode(error))?;
        Ok(matches!(purpose, LoudnessUse::Apply { .. }) || !is_passed_on(&decoding, &[]))
    });
    answer.unwrap_or_else(|reason| Err(errors.broken(&reason)))
}

fn recognised(source: &Path) -> Result<(File, Recognised), MakeError> {
    let errors = Errors { path: source };
    let mut file = File::open(source).map_err(|error| errors.unreadable(error))?;
    let len = file.metadata().map_err(|error| errors.unreadable(error))?.len();
    match sniff(&mut file, len).map_err(|error| errors.unreadable(error))? {
        Sniffed::Sound(what) => Ok((file, what)),
        Sniffed::NotYet(format) => Err(errors.decode(crate::decode::DecodeError::NotYet(format))),
        Sniffed::CutOff | Sniffed::NotAudio => Err(errors.broken("there is no sound in it")),
    }
}

/// Decodes `source` to its end and measures it.
pub(super) fn measure(
    (source, part): (File, Option<&Part>),
    what: &Recognised,
    errors: &Errors<'_>,
    cancel: &Cancel,
    advanced: &mut dyn FnMut(Duration),
) -> Result<Loudness, MakeError> {
    let decoding = Decoding::open_part(source, what, part).map_err(|error| errors.decode(error))?;
    let measuring = Ahead { known: None, purpose: LoudnessUse::ReplayGain, level_db: 0.0 };
    let shaping = Shaping::begin(decoding, measuring, &[], cancel, advanced);
    let shaping = shaping.map_err(|error| errors.no_sound(error))?;
    let mut shaping = shaping.ok_or_else(|| errors.broken("there is no sound in it"))?;
    let mut sound = Planes::new();
    while shaping.next(&mut sound).map_err(|error| errors.no_sound(error))? {}
    shaping.verdict().map_err(|error| errors.decode(error))?;
    let (loudness, _) = shaping.heard();
    if is_silent(&loudness) { Err(errors.broken(SILENT)) } else { Ok(loudness) }
}

/// What is known before the first sample is encoded.
pub(super) struct Ahead {
    /// The loudness, where it had to be known or was known before.
    known: Option<Loudness>,
    purpose: LoudnessUse,
    /// By how much the sound is turned up or down.
    pub(super) level_db: f64,
}

impl Ahead {
    /// Decides about the level; decodes the file for it, once more than it is decoded anyway, where that must be.
    pub(super) fn look(
        request: &Mp3Request<'_>,
        what: &Recognised,
        errors: &Errors<'_>,
        decoding: &Decoding,
    ) -> Result<Self, MakeError> {
        let purpose = request.loudness.purpose;
        let exact = is_passed_on(decoding, request.rates);
        let mut known = request.loudness.known.cloned();
        if known.is_none() && (!exact || matches!(purpose, LoudnessUse::Apply { .. })) {
            let again = File::open(request.source).map_err(|error| errors.unreadable(error))?;
            known = Some(measure((again, request.part.as_ref()), what, errors, request.cancel, &mut |_| {})?);
        }
        let level_db = known.as_ref().map_or(0.0, |known| level_db(&request.loudness, exact, known));
        Ok(Self { known, purpose, level_db })
    }

    /// What the user should know of it.
    pub(super) fn note(&self) -> Option<String> {
        let applied = matches!(self.purpose, LoudnessUse::Apply { .. });
        // Nobody hears less than this.
        (!applied && self.level_db <= -0.3)
            .then(|| format!("turned down by {:.1} dB, or it would clip", -self.level_db))
    }

    /// What is still to be listened for.
    pub(super) fn ear(self, channels: usize, rate: u32) -> Ear {
        match self.known {
            Some(known) => Ear::Knowing(known),
            None if self.purpose == LoudnessUse::Off => Ear::PeakOnly(0.0),
            None => Ear::Measuring(Box::new(LoudnessMeter::new(channels, rate))),
        }
    }
}

/// Whether the encoder gets the file's own samples: then none of them can exceed full scale.
pub(super) fn is_passed_on(decoding: &Decoding, rates: &[u32]) -> bool {
    decoding.is_exact() && target_rate(decoding.rate(), rates) == decoding.rate()
}
