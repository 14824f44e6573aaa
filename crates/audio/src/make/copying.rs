//! An MP3 made of an MP3 without encoding: its frames as they are, a part of them, or louder or softer by their own
//! volume, in steps of 1.5 dB that can be taken back.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use ferrotape_domain::Loudness;

use crate::formats::sniff::Recognised;
use crate::make::measure::measure;
use crate::make::request::{LoudnessUse, MadeMp3, MakeError, Method};
use crate::make::{Job, SILENT, complete, pieces};
use crate::mpeg::copy::{CopyPlan, copy_frames};
use crate::mpeg::cut::cut_frames;
use crate::mpeg::gain::{GainChange, copy_frames_with_gain};
use crate::sound::level::volume_steps;

/// Takes as much room in a tag as any other.
const NO_CHANGE: GainChange = GainChange { steps: 0, least: 0, most: 0 };

impl Job<'_> {
    /// Copies what `plan` has found.
    pub(super) fn copy(
        &self,
        source: File,
        plan: &CopyPlan,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<MadeMp3, MakeError> {
        let applied = matches!(self.request.loudness.purpose, LoudnessUse::Apply { .. });
        let stretch = self.stretch(plan)?;
        let mut notes = plan.notes.clone();
        let room = self.reserve(out, applied.then_some(&NO_CHANGE))?;
        let volume = |of: Option<&Loudness>| of.map_or(0, |of| volume_steps(&self.request.loudness, of));
        let foreseen = volume(self.request.loudness.known);
        let mut change = self.frames(&source, plan, &stretch, foreseen, (out, room))?;
        let end = out.seek(SeekFrom::End(0)).map_err(|error| self.errors.write(error))?;
        // Measured is what was copied: of a part of a long file nothing else need be decoded.
        let copied = (&*out, room..end);
        let measured = self.loudness_of(copied, plan, &stretch, (&mut notes, advanced))?;
        let steps = volume(measured.as_ref());
        if steps != foreseen {
            change = self.frames(&source, plan, &stretch, steps, (out, room))?;
        }
        if change.steps != steps {
            notes.push(format!(
                "turned by {:+.1} dB only, because more could not be undone in its frames",
                change.db()
            ));
        }
        let made = MadeMp3 {
            bytes: 0,
            blake3: String::new(),
            sound: 0..0,
            samples: stretch.end - stretch.start,
            sample_rate: plan.sample_rate,
            method: Method::Copied,
            gain: None,
            loudness: measured,
            exact: true,
            level_db: change.db(),
            volume: applied.then_some(change),
            heard: None,
            notes,
        };
        complete(self.request, &self.errors, made, out)
    }

    /// Which of the samples that are heard are wanted.
    fn stretch(&self, plan: &CopyPlan) -> Result<Range<u64>, MakeError> {
        let Some(part) = &self.request.part else { return Ok(0..plan.samples) };
        let (start, end) = part.bounds(plan.sample_rate);
        let stretch = start..end.unwrap_or(plan.samples).min(plan.samples);
        if stretch.is_empty() { Err(self.errors.broken("there is no sound in it")) } else { Ok(stretch) }
    }

    /// The loudness of the frames that were copied, where anything hangs on it.
    fn loudness_of(
        &self,
        (copied, place): (&File, Range<u64>),
        plan: &CopyPlan,
        stretch: &Range<u64>,
        (notes, advanced): (&mut Vec<String>, &mut dyn FnMut(Duration)),
    ) -> Result<Option<Loudness>, MakeError> {
        let loudness = &self.request.loudness;
        // Its own gain is trusted, and nothing is decoded for one that nobody asks for.
        let needless = match loudness.purpose {
            LoudnessUse::Apply { .. } => false,
            _ => self.request.tags.track_gain.is_some() || loudness.purpose.gain_form().is_none(),
        };
        if needless || loudness.known.is_some() {
            let samples = (stretch.end - stretch.start) as f64;
            advanced(Duration::from_secs_f64(samples / f64::from(plan.sample_rate.max(1))));
            return Ok(loudness.known.cloned());
        }
        let frames = Recognised { start: place.start, end: place.end, ..self.what.clone() };
        let copied = copied.try_clone().map_err(|error| self.errors.write(error))?;
        match measure((copied, None), &frames, &self.errors, self.request.cancel, advanced) {
            // The frames are carried over as they are, whatever this decoder thinks of them.
            Err(MakeError::SourceBroken { reason, .. }) if reason != SILENT => {
                notes.push(format!("its loudness could not be measured ({reason})"));
                Ok(None)
            }
            measured => measured.map(Some),
        }
    }

    fn frames(
        &self,
        source: &File,
        plan: &CopyPlan,
        stretch: &Range<u64>,
        steps: i32,
        (out, room): (&mut File, u64),
    ) -> Result<GainChange, MakeError> {
        let cancel = self.request.cancel;
        let copied = if *stretch != (0..plan.samples) {
            cut_frames(source, &plan.map, stretch, steps, (out, room), cancel)
        } else if steps == 0 {
            copy_frames(source, plan, out, room, cancel).map(|()| NO_CHANGE)
        } else {
            copy_frames_with_gain(source, plan, steps, (out, room), cancel)
        };
        copied.map_err(|problem| pieces::told(&self.errors, problem))
    }
}
