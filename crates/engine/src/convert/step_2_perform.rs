//! Step 2: the work. Every planned track is made on all cores, straight into the player's staging folder, and put in
//! its place by rename, together with others; then what is no longer wanted is removed, the playlists are written, and the
//! manifest last.
//!
//! One track that fails never stops the others. A full player stops writing but not the rest of the plan; a player
//! that is gone stops everything. Whatever happens, what was finished stays finished.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ferrotape_audio::{
    Cores, LISTEN_VERSION, LoudnessRequest, MadeMp3, MakeError, Mp3Request, Way, write_album_gain,
};
use ferrotape_device::{DeviceError, Onward, PlannedWrite, StagedFile, Target, Unplaced, Unrenamed};
use ferrotape_domain::{Cover, Loudness, Phase};
use rayon::prelude::*;

use super::ConvertRequest;
use super::album_runs::{AlbumRuns, Before, Ended, Held, Labels, Ready, content, keep};
use super::covers::Covers;
use super::final_tags::complete_tags;
use super::finishing::{End, Went, finish_or_stop, remove_early};
use super::results::{Performed, Stopped, TrackFailure, TrackResult, cannot_be_reached, is_away, waiting};
use super::reuse::{MadeBy, Reuse, mark_of_made};
use super::side_by_side::{evenly_mixed, on_threads_enough};
use super::step_1_plan::{ConversionPlan, PlannedTrack};
use super::style::{cover_rules, tag_style, wants_constant_rate};
use super::unchanged::AsScanned;
use crate::{Context, EngineError, locked};

/// After so much new sound it is worth a look whether enough of it is written to be sent on to the disk.
const LOOK_AFTER: Duration = Duration::from_secs(10);

/// Performs the plan, with no more than `at_most` files in the making.
pub(super) fn perform(
    request: &ConvertRequest,
    (plan, at_most): (&ConversionPlan, usize),
    target: &Target,
    context: &Context,
) -> Result<Performed, EngineError> {
    let reuse = Reuse::new(request, context);
    let albums = AlbumRuns::begin(request, plan, &reuse, context)?;
    let run = Run::new(request, plan, target, context, (albums, reuse));
    target.carry_along(&plan.sync);
    // Who stopped while it was planned has nothing taken off for what does not come.
    let is_stopped = context.cancel.is_stopped();
    if !is_stopped {
        target.remove_from_trash(&plan.sync.trash_removals)?;
    }
    target.begin(&plan.sync);
    if !is_stopped {
        remove_early(plan, target)?;
    }
    let not_renamed = run.rename()?;
    let audio_ms: u64 = plan.sync.writes.iter().map(|write| run.milliseconds(write)).sum();
    context.started(Phase::Convert, Some(audio_ms));
    let is_quick = |write: &&PlannedWrite| plan.tracks.get(write.track).is_some_and(|track| track.copy_mp3);
    let ordered = evenly_mixed(in_order(plan), is_quick);
    let mut results: HashMap<usize, TrackResult> = on_threads_enough(at_most, || {
        ordered.into_iter().par_bridge().flat_map_iter(|write| run.one(write)).collect()
    });
    results.extend(target.place_rest().into_iter().flat_map(|unplaced| run.unplaced(unplaced)));
    let stopped = run.stopped();
    let end = match stopped {
        Some(Stopped::PlayerGone) => End { receipt: None, stopped, lacks_companions: true },
        _ => {
            let went = Went { results: &results, not_renamed: &not_renamed, stopped };
            finish_or_stop(request, plan, target, &went, context)?
        }
    };
    context.finished(Phase::Convert);
    let End { receipt, stopped, lacks_companions } = end;
    let mut broken = std::mem::take(&mut *locked(&run.broken));
    broken.sort_unstable();
    let recipes = std::mem::take(&mut *locked(&run.recipes));
    Ok(Performed {
        results,
        recipes,
        not_renamed,
        broken,
        receipt,
        stopped,
        lacks_companions,
        ..Performed::default()
    })
}

/// In the plan's order, the most important first; but the tracks of an album together, so that few wait for it.
fn in_order(plan: &ConversionPlan) -> Vec<&PlannedWrite> {
    let album = |write: &PlannedWrite| plan.tracks.get(write.track).and_then(|track| track.album);
    let mut first: HashMap<usize, usize> = HashMap::new();
    let place = |(at, write): (usize, &PlannedWrite)| {
        album(write).map_or(at, |album| *first.entry(album).or_insert(at))
    };
    let places: Vec<usize> = plan.sync.writes.iter().enumerate().map(place).collect();
    let mut ordered: Vec<(usize, &PlannedWrite)> = places.into_iter().zip(&plan.sync.writes).collect();
    ordered.sort_by_key(|(place, _)| *place);
    ordered.into_iter().map(|(_, write)| write).collect()
}

struct Run<'a> {
    request: &'a ConvertRequest<'a>,
    plan: &'a ConversionPlan,
    target: &'a Target,
    context: &'a Context<'a>,
    cores: Cores,
    albums: AlbumRuns<'a>,
    reuse: Reuse<'a>,
    full: AtomicBool,
    gone: AtomicBool,
    broken: Mutex<Vec<(usize, String)>>,
    recipes: Mutex<HashMap<usize, String>>,
    covers: Covers,
}

impl<'a> Run<'a> {
    fn new(
        request: &'a ConvertRequest<'a>,
        plan: &'a ConversionPlan,
        target: &'a Target,
        context: &'a Context<'a>,
        (albums, reuse): (AlbumRuns<'a>, Reuse<'a>),
    ) -> Self {
        let (full, gone) = (AtomicBool::new(false), AtomicBool::new(false));
        Self {
            request,
            plan,
            target,
            context,
            cores: Cores::all(),
            albums,
            reuse,
            full,
            gone,
            broken: Mutex::default(),
            recipes: Mutex::default(),
            covers: Covers::new(cover_rules(&request.profile), context.library.folder()),
        }
    }

    /// Gives files on the player their other names. One that keeps its old one plays under that, and the lists name it so; gives
    /// where those are, by identity.
    fn rename(&self) -> Result<HashMap<String, String>, DeviceError> {
        let unrenamed = match self.target.rename_all(&self.plan.sync.renames) {
            Err(error) if error.is_target_gone() => {
                self.gone.store(true, Ordering::SeqCst);
                Vec::new()
            }
            tried => tried?,
        };
        for Unrenamed { renames, error } in &unrenamed {
            match renames.as_slice() {
                [one] => self.context.warn(&one.from, format!("keeps its name for now – {error}")),
                more => {
                    let says = format!("{} files keep their names for now – {error}", more.len());
                    self.context.warn("the player", says);
                }
            }
        }
        let stayed = unrenamed.into_iter().flat_map(|unrenamed| unrenamed.renames);
        Ok(stayed.map(|rename| (rename.identity, rename.from)).collect())
    }

    fn stopped(&self) -> Option<Stopped> {
        if self.gone.load(Ordering::SeqCst) {
            Some(Stopped::PlayerGone)
        } else if self.context.cancel.is_stopped() {
            Some(Stopped::ByUser)
        } else if self.full.load(Ordering::SeqCst) {
            Some(Stopped::PlayerFull)
        } else {
            None
        }
    }

    fn milliseconds(&self, write: &PlannedWrite) -> u64 {
        let duration = self.plan.tracks.get(write.track).and_then(|track| track.duration);
        u64::try_from(duration.unwrap_or_default().as_millis()).unwrap_or(0)
    }

    /// Makes one track. Gives its result, or those of its whole album, or none yet where it waits for that.
    fn one(&self, write: &'a PlannedWrite) -> Vec<(usize, TrackResult)> {
        let failed = |result| vec![(write.track, result)];
        let Some(track) = self.plan.tracks.get(write.track) else {
            return failed(TrackResult::Failed("the plan names a track it does not have".to_owned()));
        };
        if let Some(stopped) = self.stopped() {
            let ready = self.albums.ended(track, Ended::Not, self.plan);
            let mut results = failed(waiting(stopped));
            results.extend(ready.into_iter().flat_map(|ready| self.publish_album(ready)));
            return results;
        }
        let before = self.albums.before(write.track, track, self.context);
        let labels = Labels { tags: complete_tags(track), cover: self.cover(track) };
        let made = self.make_showing(track, write, (&before, &labels));
        if !before.waits {
            let result = made.and_then(|(staged, made, by)| Ok((self.publish(staged, write, made)?, by)));
            return failed(self.ended(track, write, result));
        }
        let (ended, mut results) = match made {
            Ok((staged, made, by)) => {
                (Ended::Made(Box::new(Held { write, staged, made, by, labels })), Vec::new())
            }
            Err(failure) => {
                let broken = matches!(failure, TrackFailure::Make(MakeError::SourceBroken { .. }));
                let result = self.not_written(write.track, failure);
                (if broken { Ended::Broken(write.track) } else { Ended::Not }, failed(result))
            }
        };
        let ready = self.albums.ended(track, ended, self.plan);
        results.extend(ready.into_iter().flat_map(|ready| self.publish_album(ready)));
        results
    }

    /// The bar counts planned milliseconds; a source may turn out shorter, longer or broken.
    fn make_showing(
        &self,
        track: &PlannedTrack,
        write: &PlannedWrite,
        (before, labels): (&Before, &Labels),
    ) -> Result<(StagedFile, MadeMp3, MadeBy), TrackFailure> {
        let planned = self.milliseconds(write);
        let shown = AtomicU64::new(0);
        let result = self.make(track, write, (before, labels), &mut |decoded: Duration| {
            let step = u64::try_from(decoded.as_millis()).unwrap_or(0);
            let before = shown.fetch_add(step, Ordering::Relaxed);
            let step = step.min(planned.saturating_sub(before));
            self.context.advanced(Phase::Convert, step, 0);
        });
        let bytes = result.as_ref().map_or(0, |(_, made, _)| made.bytes);
        let rest = planned.saturating_sub(shown.load(Ordering::Relaxed));
        self.context.advanced(Phase::Convert, rest, bytes);
        result
    }

    fn make(
        &self,
        track: &PlannedTrack,
        write: &PlannedWrite,
        (before, labels): (&Before, &Labels),
        advanced: &mut dyn FnMut(Duration),
    ) -> Result<(StagedFile, MadeMp3, MadeBy), TrackFailure> {
        let as_scanned = AsScanned::check(track, self.context)?;
        let mut staged = self.target.stage(write)?;
        let (known, album) = (before.known.as_ref(), before.album.as_ref());
        let mut mp3 = self.mp3_request(track, labels, known, album);
        mp3.hear = self.context.listen && !self.is_heard(track);
        mp3.sum = as_scanned.wants_sum();
        let mut onward = staged.onward();
        let mut since = Duration::ZERO;
        let mut came = |decoded: Duration| {
            since += decoded;
            if since >= LOOK_AFTER {
                since = Duration::ZERO;
                onward.iter_mut().for_each(Onward::some);
            }
            advanced(decoded);
        };
        let made = self.reuse.make(track, &mp3, staged.file_mut(), &mut came);
        let sum = made.as_ref().ok().and_then(|(made, _)| as_scanned.sum(made));
        if let Ok((made, _)) = &made {
            // Its source was read a moment ago, so what cannot be read now may be in the next.
            let mark = || mark_of_made(track, made);
            staged.of_sound(mark().or_else(mark).unwrap_or_default());
        }
        // Also what went wrong may be because of that.
        as_scanned.still()?;
        let (made, by) = made?;
        if let Some(sum) = sum {
            self.keep_sum(track, &sum);
        }
        // It may wait for its album; its bytes need not.
        onward.iter_mut().for_each(Onward::rest);
        if let (None, Some(loudness)) = (known, &made.loudness) {
            keep(&[(content(track), loudness.clone())], self.context);
        }
        self.keep_heard(track, &made);
        Ok((staged, made, by))
    }

    fn mp3_request<'r>(
        &'r self,
        track: &'r PlannedTrack,
        labels: &'r Labels,
        known: Option<&'r Loudness>,
        album: Option<&'r Loudness>,
    ) -> Mp3Request<'r> {
        Mp3Request {
            source: &track.source,
            preset: self.request.preset_used(),
            tags: &labels.tags,
            style: tag_style(&self.request.profile),
            cover: labels.cover.as_ref(),
            copy_mp3: track.copy_mp3,
            rates: &self.request.profile.audio.sample_rates,
            constant_rate: wants_constant_rate(&self.request.profile.audio),
            kbps: (
                u32::from(self.request.profile.audio.min_kbps),
                u32::from(self.request.profile.audio.max_kbps),
            ),
            way: Way::ByLength,
            loudness: LoudnessRequest { purpose: self.request.loudness, known, album },
            cores: &self.cores,
            part: track.part,
            hear: false,
            sum: false,
            cancel: self.context.cancel,
        }
    }

    fn publish(
        &self,
        staged: StagedFile,
        write: &PlannedWrite,
        made: MadeMp3,
    ) -> Result<MadeMp3, DeviceError> {
        self.target.publish(staged, write, made.bytes, &made.sum)?;
        locked(&self.recipes).insert(write.track, write.recipe.clone());
        Ok(made)
    }

    /// Writes the album's gain into its tracks, where all of it could be measured, and puts them in their places.
    fn publish_album(&self, mut ready: Ready<'a>) -> Vec<(usize, TrackResult)> {
        let held = std::mem::take(&mut ready.held);
        let publish = |held: Held<'a>| {
            let Held { write, mut staged, mut made, by, labels } = held;
            let track = self.plan.tracks.get(write.track)?;
            let mut write = write.clone();
            write.recipe = ready.recipe_of(track).unwrap_or(write.recipe);
            let finish = || {
                if let Some(album) = &ready.album {
                    let known = made.loudness.clone();
                    let mp3 = self.mp3_request(track, &labels, known.as_ref(), Some(album));
                    made = write_album_gain(&mp3, made, staged.file_mut())?;
                }
                Ok((self.publish(staged, &write, made)?, by))
            };
            let result = finish();
            Some((write.track, self.ended(track, &write, result)))
        };
        held.into_iter().filter_map(publish).collect()
    }

    /// What was made, but is not on the player.
    fn unplaced(&self, unplaced: Unplaced) -> impl Iterator<Item = (usize, TrackResult)> + use<> {
        let Unplaced { tracks, error } = unplaced;
        let of_all = tracks.first().map(|first| self.not_written(*first, error.into()));
        tracks.into_iter().filter_map(move |track| Some((track, of_all.clone()?)))
    }

    fn ended(
        &self,
        track: &PlannedTrack,
        write: &PlannedWrite,
        result: Result<(MadeMp3, MadeBy), TrackFailure>,
    ) -> TrackResult {
        match result {
            Ok((made, by)) => self.written(track, made, by),
            Err(failure) => self.not_written(write.track, failure),
        }
    }

    /// Whether the library has the fingerprint already; a run that encodes takes it on the way.
    fn is_heard(&self, track: &PlannedTrack) -> bool {
        let heard = self.context.library.heard(&[content(track)], LISTEN_VERSION);
        heard.is_ok_and(|heard| !heard.is_empty())
    }

    /// Keeps the fingerprint. A library that cannot be written to costs a second listening, no music.
    fn keep_heard(&self, track: &PlannedTrack, made: &MadeMp3) {
        let Some(heard) = &made.heard else { return };
        let one = HashMap::from([(content(track), heard.clone())]);
        if let Err(error) = self.context.library.record_heard(&one, LISTEN_VERSION) {
            self.context.warn("the library", error.to_string());
        }
    }

    /// Keeps the sum of all bytes of the source: what is put in its place later is compared with it. A library that cannot
    /// be written to costs that comparison, no music.
    fn keep_sum(&self, track: &PlannedTrack, sum: &str) {
        if let Err(error) = self.context.library.record_whole(&track.source, sum) {
            self.context.warn("the library", error.to_string());
        }
    }

    /// A cover that cannot be used is no reason to withhold the music.
    fn cover(&self, track: &PlannedTrack) -> Option<Cover> {
        self.covers.get(track).unwrap_or_else(|problem| {
            self.context.warn(&track.label, format!("goes without a cover – {problem}"));
            None
        })
    }

    fn written(&self, track: &PlannedTrack, made: MadeMp3, by: MadeBy) -> TrackResult {
        for note in &made.notes {
            self.context.warn(&track.label, note);
        }
        TrackResult::Written { by, bytes: made.bytes, notes: made.notes }
    }

    fn not_written(&self, track: usize, failure: TrackFailure) -> TrackResult {
        if matches!(failure, TrackFailure::Make(MakeError::SourceBroken { .. })) {
            locked(&self.broken).push((track, failure.to_string()));
        }
        match failure {
            TrackFailure::Make(MakeError::Cancelled) => waiting(Stopped::ByUser),
            TrackFailure::Make(MakeError::SourceUnreadable { path, source }) if is_away(&source) => {
                TrackResult::Waiting {
                    reason: cannot_be_reached(&path),
                    until: "its disk or folder is back".to_owned(),
                }
            }
            TrackFailure::Make(MakeError::SourceChanged { path }) => TrackResult::Waiting {
                reason: format!("its file {} is not the one that was scanned any more", path.display()),
                until: "its folder is looked through again: `ferrotape scan`".to_owned(),
            },
            failure if failure.is_full() => {
                self.full.store(true, Ordering::SeqCst);
                waiting(Stopped::PlayerFull)
            }
            TrackFailure::Device(DeviceError::TargetGone { .. }) => {
                self.gone.store(true, Ordering::SeqCst);
                waiting(Stopped::PlayerGone)
            }
            // A failed write may be the first sign that the player was pulled out.
            failure if self.target.bytes_free().is_err_and(|error| error.is_target_gone()) => {
                self.gone.store(true, Ordering::SeqCst);
                self.context.warn("the player", failure.to_string());
                waiting(Stopped::PlayerGone)
            }
            failure => TrackResult::Failed(failure.to_string()),
        }
    }
}
