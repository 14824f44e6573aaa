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
use crate::make::straight::Straight;
use crate::make::{Job, SILENT, complete, pieces};
use crate::mpeg::copy::{CopyPlan, copy_frames};
use crate::mpeg::cut::cut_frames;
use crate::mpeg::gain::{GainChange, copy_frames_with_gain};
use crate::mpeg::original::Original;
use crate::mpeg::walk::CopyProblem;
use crate::sound::level::volume_steps;

/// Takes as much room in a tag as any other.
const NO_CHANGE: GainChange = GainChange { steps: 0, least: 0, most: 0 };

impl Job<'_> {
    /// Copies what `plan` has found, unless the source changed on the way.
    pub(super) fn copy(
        &self,
        source: &Original,
        plan: &CopyPlan,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<MadeMp3, MakeError> {
        let made = self.copy_whatever(source, plan, out, advanced)?;
        match source.has_changed() {
            Ok(false) => Ok(made),
            Ok(true) => Err(MakeError::SourceChanged { path: self.request.source.to_owned() }),
            Err(error) => Err(self.errors.unreadable(error)),
        }
    }

    fn copy_whatever(
        &self,
        source: &Original,
        plan: &CopyPlan,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<MadeMp3, MakeError> {
        let applied = matches!(self.request.loudness.purpose, LoudnessUse::Apply { .. });
        let stretch = self.stretch(plan)?;
        if !applied && plan.mend_lame_at.is_none() && stretch == (0..plan.samples) && self.knows_loudness() {
            advanced(playing_time(&stretch, plan));
            return self.copy_straight(source, plan, out);
        }
        let mut notes = plan.notes.clone();
        let room = self.reserve(out, applied.then_some(&NO_CHANGE))?;
        let volume = |of: Option<&Loudness>| of.map_or(0, |of| volume_steps(&self.request.loudness, of));
        let foreseen = volume(self.request.loudness.known);
        let mut change = self.frames(source.file(), plan, &stretch, foreseen, (out, room))?;
        let end = out.seek(SeekFrom::End(0)).map_err(|error| self.errors.write(error))?;
        // Measured is what was copied: of a part of a long file nothing else need be decoded.
        let copied = (&*out, room..end);
        let measured = self.loudness_of(copied, plan, &stretch, (&mut notes, advanced))?;
        let steps = volume(measured.as_ref());
        if steps != foreseen {
            change = self.frames(source.file(), plan, &stretch, steps, (out, room))?;
        }
        if change.steps != steps {
            notes.push(format!(
                "turned by {:+.1} dB only, because more could not be undone in its frames",
                change.db()
            ));
        }
        let made = MadeMp3 {
            loudness: measured,
            level_db: change.db(),
            volume: applied.then_some(change),
            notes,
            ..untouched(&stretch, plan)
        };
        complete(self.request, &self.errors, made, out)
    }

    /// Copies where the tag in front of the frames hangs on nothing in them.
    fn copy_straight(
        &self,
        source: &Original,
        plan: &CopyPlan,
        out: &mut File,
    ) -> Result<MadeMp3, MakeError> {
        let (request, errors) = (self.request, &self.errors);
        let known = request.loudness.known.cloned();
        let made =
            MadeMp3 { loudness: known, notes: plan.notes.clone(), ..untouched(&(0..plan.samples), plan) };
        let mut straight = Straight::begin((request, errors), made, out)?;
        straight.write(&plan.header).map_err(|error| errors.write(error))?;
        let frames = source
            .bytes_of(&plan.map, request.cancel, |bytes| straight.write(bytes).map_err(CopyProblem::Out));
        frames.map_err(|problem| pieces::told(errors, problem))?;
        straight.end()
    }

    /// Whether nothing of the frames need be decoded: its own gain is trusted, and nothing is for one that nobody asks for.
    fn knows_loudness(&self) -> bool {
        let loudness = &self.request.loudness;
        let needless = match loudness.purpose {
            LoudnessUse::Apply { .. } => false,
            _ => self.request.tags.track_gain.is_some() || loudness.purpose.gain_form().is_none(),
        };
        needless || loudness.known.is_some()
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
        if self.knows_loudness() {
            advanced(playing_time(stretch, plan));
            return Ok(self.request.loudness.known.cloned());
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

fn playing_time(stretch: &Range<u64>, plan: &CopyPlan) -> Duration {
    let samples = (stretch.end - stretch.start) as f64;
    Duration::from_secs_f64(samples / f64::from(plan.sample_rate.max(1)))
}

/// An MP3 of frames as they were, before anything is known of its file.
fn untouched(stretch: &Range<u64>, plan: &CopyPlan) -> MadeMp3 {
    MadeMp3 {
        bytes: 0,
        blake3: String::new(),
        sound: 0..0,
        samples: stretch.end - stretch.start,
        sample_rate: plan.sample_rate,
        method: Method::Copied,
        gain: None,
        loudness: None,
        exact: true,
        level_db: NO_CHANGE.db(),
        volume: None,
        heard: None,
        notes: Vec::new(),
    }
}
