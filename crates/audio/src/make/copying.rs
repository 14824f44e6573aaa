//! An MP3 made of an MP3 without encoding: its frames as they are, a part of them, or louder or softer by their own
//! volume, in steps of 1.5 dB that can be taken back.

use std::fs::{File, Metadata};
use std::io::{Seek, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use ferrotape_domain::Loudness;

use crate::formats::sniff::Recognised;
use crate::make::measure::measure;
use crate::make::request::{LoudnessUse, MadeMp3, MakeError, Method};
use crate::make::source_read::SourceReading;
use crate::make::straight::Straight;
use crate::make::{Job, SILENT, complete, pieces};
use crate::mpeg::CopyProblem;
use crate::mpeg::copy::{CopyPlan, Copyable, copy_frames, plan_copy, plan_of};
use crate::mpeg::cut::{cut_frames, keeps_its_rate};
use crate::mpeg::frame_map::FrameMap;
use crate::mpeg::gain::{GainChange, copy_frames_with_gain};
use crate::mpeg::pass::pass_frames;
use crate::mpeg::walk::Walked;
use crate::sound::level::volume_steps;

/// Takes as much room in a tag as any other.
const NO_CHANGE: GainChange = GainChange { steps: 0, least: 0, most: 0 };

impl Job<'_> {
    /// Makes the MP3 of `source` of its frames. The inner error is what the user should know of why they could not be
    /// carried over; `out` is empty then.
    pub(super) fn copied(
        &self,
        source: &mut File,
        before: &Metadata,
        out: &mut File,
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<Result<MadeMp3, String>, MakeError> {
        let made = match self.copied_in_one_reading((source, before), out)? {
            Some(made) => {
                advanced(playing_time(made.samples, made.sample_rate));
                made
            }
            None => match self.plan(source)? {
                Ok(plan) if self.varies_when_cut(source, &plan)? => {
                    let note = "to cut it without encoding takes frames of another bit rate, which the player does not take, so \
                                it was encoded again";
                    return Ok(Err(note.to_owned()));
                }
                Ok(plan) => self.copied_by_plan(source, &plan, out, advanced)?,
                Err(note) => return Ok(Err(note)),
            },
        };
        let now = source.metadata().map_err(|error| self.errors.unreadable(error))?;
        // Each frame may be whole and the bytes still be of two files.
        if now.len() != before.len() || now.modified().ok() != before.modified().ok() {
            return Err(MakeError::SourceChanged { path: self.request.source.to_owned() });
        }
        Ok(Ok(made))
    }

    /// The plain case: nothing but frames, a header frame that tells the truth, and a tag that hangs on neither. `None`
    /// where it is another; `out` is empty again then.
    fn copied_in_one_reading(
        &self,
        (source, before): (&File, &Metadata),
        out: &mut File,
    ) -> Result<Option<MadeMp3>, MakeError> {
        let (request, errors) = (self.request, &self.errors);
        let chapters = request.tags.more.as_ref().is_some_and(|more| !more.chapters.is_empty());
        let applied = matches!(request.loudness.purpose, LoudnessUse::Apply { .. });
        if applied || chapters || request.part.is_some() || !self.knows_loudness() {
            return Ok(None);
        }
        // How long it plays shows at the end; nothing in the tag hangs on it but chapters.
        let made = MadeMp3 { loudness: request.loudness.known.cloned(), ..untouched(0, 0) };
        let mut reading = SourceReading::begin((source, self.what), request.sum);
        let mut straight = Straight::begin((request, errors), made, out)?;
        let map = pass_frames(source, self.what, request.cancel, |bytes| {
            reading.sound(bytes);
            straight.write(bytes).map_err(CopyProblem::Out)
        });
        let map = map.map_err(|problem| pieces::told(errors, problem))?;
        if let Some(Copyable::Yes(plan)) = map.map(|map| plan_of(Walked::Frames(Box::new(map))))
            && plan.is_as_it_is()
            && self.refused(&plan.map).is_none()
        {
            let made = straight.end()?;
            let read = Some(reading.end(before.len()));
            return Ok(Some(MadeMp3 { samples: plan.samples, sample_rate: plan.sample_rate, read, ..made }));
        }
        let emptied = out.set_len(0).and_then(|()| out.rewind());
        emptied.map(|()| None).map_err(|error| errors.write(error))
    }

    fn plan(&self, source: &mut File) -> Result<Result<Box<CopyPlan>, String>, MakeError> {
        let encoded = |reason| format!("its frames could not be copied ({reason}), so it was encoded again");
        match plan_copy(source, self.what, self.request.cancel) {
            Ok(Copyable::Yes(plan)) => Ok(self.refused(&plan.map).map_or(Ok(plan), Err)),
            Ok(Copyable::No(reason)) => Ok(Err(encoded(reason))),
            // What is wrong elsewhere in the file need not concern this part of it.
            Err(CopyProblem::Broken(reason)) if self.request.part.is_some() => Ok(Err(encoded(reason))),
            Err(problem) => Err(pieces::told(&self.errors, problem)),
        }
    }

    /// Why the player does not take frames like these; `None` where it does.
    fn refused(&self, map: &FrameMap) -> Option<String> {
        let (least, most) = self.request.kbps;
        let kbps = map.first.kbps;
        if map.variable {
            let varies = "its bit rate varies, which the player does not take, so it was encoded again";
            return self.request.constant_rate.then(|| varies.to_owned());
        }
        let is_taken = (least..=most).contains(&kbps);
        (!is_taken).then(|| {
            format!("its bit rate, {kbps} kbit/s, is none that the player takes, so it was encoded again")
        })
    }

    /// Whether the player takes one bit rate only, and the wanted part of this cannot be of one.
    fn varies_when_cut(&self, source: &File, plan: &CopyPlan) -> Result<bool, MakeError> {
        let stretch = self.stretch(plan)?;
        if !self.request.constant_rate || stretch == (0..plan.samples) {
            return Ok(false);
        }
        let keeps = keeps_its_rate(source, &plan.map, &stretch);
        keeps.map(|keeps| !keeps).map_err(|problem| pieces::told(&self.errors, problem))
    }

    fn copied_by_plan(
        &self,
        source: &File,
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
        let mut change = self.frames(source, plan, &stretch, foreseen, (out, room))?;
        let end = out.seek(SeekFrom::End(0)).map_err(|error| self.errors.write(error))?;
        // Measured is what was copied: of a part of a long file nothing else need be decoded.
        let copied = (&*out, room..end);
        let measured = self.loudness_of(copied, plan, &stretch, (&mut notes, advanced))?;
        let steps = volume(measured.as_ref());
        if steps != foreseen {
            change = self.frames(source, plan, &stretch, steps, (out, room))?;
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
            ..untouched(stretch.end - stretch.start, plan.sample_rate)
        };
        complete(self.request, &self.errors, made, out)
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
            advanced(playing_time(stretch.end - stretch.start, plan.sample_rate));
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

fn playing_time(samples: u64, sample_rate: u32) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(sample_rate.max(1)))
}

/// An MP3 of frames as they were, before anything is known of its file.
fn untouched(samples: u64, sample_rate: u32) -> MadeMp3 {
    MadeMp3 {
        bytes: 0,
        sum: String::new(),
        sound: 0..0,
        samples,
        sample_rate,
        method: Method::Copied,
        gain: None,
        loudness: None,
        exact: true,
        level_db: NO_CHANGE.db(),
        volume: None,
        heard: None,
        read: None,
        notes: Vec::new(),
    }
}
