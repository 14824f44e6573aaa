//! Whole albums while they are made: each track's loudness is measured as it is encoded, so the album's is only known
//! when the last one is. Until then finished tracks wait in the player's staging folder, without their album gain.
//!
//! What was measured is kept in the library at once. After a kill or a stop nothing is measured twice, and once all of an
//! album is known its tracks are put in place one by one. Tracks that were finished before a stop, or beside one that went
//! wrong, are put in place without an album gain, under the recipe of such: a later run makes them anew. Files whose
//! level may change are measured beforehand, because an album goes down together, and so are those that are not made in
//! this run, and all of an album whose tracks would have no room to wait beside the files that they replace.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use ferrotape_audio::{
    LOUDNESS_VERSION, LoudnessUse, MadeMp3, MakeError, level_may_change, measure_loudness,
};
use ferrotape_device::{PlannedWrite, StagedFile};
use ferrotape_domain::{ContentId, Cover, Loudness, Phase, TagSet};
use rayon::prelude::*;

use super::ConvertRequest;
use super::recipes::recipe_in_album;
use super::reuse::{MadeBy, Reuse};
use super::step_1_plan::{ConversionPlan, PlannedTrack};
use super::unchanged::AsScanned;
use crate::{Context, EngineError, locked};

/// A track that waits for its album.
pub(super) struct Held<'p> {
    pub(super) write: &'p PlannedWrite,
    pub(super) staged: StagedFile,
    pub(super) made: MadeMp3,
    pub(super) by: MadeBy,
    pub(super) labels: Labels,
}

/// What is put into a track beside its sound. A held track keeps its own: read again from a source that is gone by
/// then, they would have another size than the room that was left for them.
pub(super) struct Labels {
    pub(super) tags: TagSet,
    pub(super) cover: Option<Cover>,
}

/// One album in the making.
struct AlbumRun<'p> {
    /// The loudness of its tracks as far as it is known.
    known: HashMap<usize, Loudness>,
    members: &'p [usize],
    /// Its tracks that this run does not name, and that stay on the player.
    staying: &'p [PlannedTrack],
    /// The loudness of those, where it is known of each.
    beside: Option<Vec<Loudness>>,
    /// Tracks whose file turned out to be broken: the album is what remains.
    broken: HashSet<usize>,
    /// Tracks of it that this run is still to make, where the album is not known yet.
    pending: usize,
    held: Vec<Held<'p>>,
    /// The album's loudness, once all its tracks are known.
    album: Option<Loudness>,
    /// A track that is not made in this run cannot be measured: the others do not wait for a gain.
    out_of_reach: bool,
}

/// What a track that is to be made needs of its album.
#[derive(Default)]
pub(super) struct Before {
    pub(super) known: Option<Loudness>,
    pub(super) album: Option<Loudness>,
    /// Whether it must wait for its album.
    pub(super) waits: bool,
}

/// How the making of one track of an album ended.
pub(super) enum Ended<'p> {
    Made(Box<Held<'p>>),
    /// Its file is broken and is set aside.
    Broken(usize),
    /// It went wrong in another way, or was not begun.
    Not,
}

/// The tracks of an album that may go on now, and its loudness if all of it could be measured.
pub(super) struct Ready<'p> {
    pub(super) held: Vec<Held<'p>>,
    pub(super) album: Option<Loudness>,
    /// What the album consists of, where that is not what was planned; nothing where it stays unknown.
    pub(super) contents: Option<Vec<String>>,
}

/// All albums of which this run makes something.
pub(super) struct AlbumRuns<'p> {
    runs: HashMap<usize, Mutex<AlbumRun<'p>>>,
}

impl<'p> AlbumRuns<'p> {
    /// Looks up what is known, and measures what must be known beforehand.
    pub(super) fn begin(
        request: &ConvertRequest,
        plan: &'p ConversionPlan,
        reuse: &Reuse<'_>,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let mut pending: HashMap<usize, usize> = HashMap::new();
        for write in &plan.sync.writes {
            if let Some(album) = plan.tracks.get(write.track).and_then(|track| track.album) {
                *pending.entry(album).or_default() += 1;
            }
        }
        let of_run = pending.keys().filter_map(|album| plan.albums.get(*album));
        let tracks: Vec<&PlannedTrack> = of_run.flat_map(|album| album.all(&plan.tracks)).collect();
        let (known, failed) = known_beforehand(&tracks, (request, plan), reuse, context)?;
        let written: HashSet<usize> = plan.sync.writes.iter().map(|write| write.track).collect();
        let runs = pending.into_iter().filter_map(|(at, pending)| {
            let album = plan.albums.get(at)?;
            let (members, staying) = (album.tracks.as_slice(), album.staying.as_slice());
            let beside = staying.iter().map(|track| known.get(&content(track)).cloned()).collect();
            let of_track = |track: &usize| {
                let content = content(plan.tracks.get(*track)?);
                Some((*track, known.get(&content)?.clone()))
            };
            let known: HashMap<usize, Loudness> = members.iter().filter_map(of_track).collect();
            let has_failed = |track: &&usize| {
                plan.tracks.get(**track).is_some_and(|track| failed.contains(&content(track)))
            };
            let broken: HashSet<usize> = members.iter().filter(has_failed).copied().collect();
            let (held, album, out_of_reach) = (Vec::new(), None, false);
            let mut run =
                AlbumRun { known, members, staying, beside, broken, pending, held, album, out_of_reach };
            run.conclude();
            run.out_of_reach = run.is_out_of_reach(&written);
            Some((at, Mutex::new(run)))
        });
        Ok(Self { runs: runs.collect() })
    }

    /// What is known of `track` before it is made.
    pub(super) fn before(&self, track: usize, planned: &PlannedTrack, context: &Context) -> Before {
        let Some(run) = planned.album.and_then(|album| self.runs.get(&album)) else {
            let content = content(planned);
            let known = context.library.loudness(std::slice::from_ref(&content), LOUDNESS_VERSION);
            return Before { known: known.unwrap_or_default().remove(&content), ..Before::default() };
        };
        let run = locked(run);
        Before { known: run.known.get(&track).cloned(), album: run.album.clone(), waits: run.waits() }
    }

    /// A track of an album that waits is made, or will not be. Gives the album when this was the last of it.
    pub(super) fn ended(
        &self,
        planned: &PlannedTrack,
        ended: Ended<'p>,
        plan: &ConversionPlan,
    ) -> Option<Ready<'p>> {
        let mut run = locked(self.runs.get(&planned.album?)?);
        match ended {
            Ended::Made(held) => {
                // A copied MP3 that nothing can be measured of adds nothing to its album.
                let loudness = held.made.loudness.clone().unwrap_or_default();
                run.known.insert(held.write.track, loudness);
                run.held.push(*held);
            }
            Ended::Broken(track) => {
                run.known.remove(&track);
                run.broken.insert(track);
            }
            Ended::Not => {}
        }
        run.pending = run.pending.saturating_sub(1);
        if run.pending > 0 || !run.waits() {
            return None;
        }
        run.conclude();
        let rest = run.members.iter().filter(|track| !run.broken.contains(track));
        let rest = rest.filter_map(|track| plan.tracks.get(*track)).chain(run.staying);
        let rest = rest.map(|track| track.identity.clone());
        let contents = match &run.album {
            Some(_) if run.broken.is_empty() => None,
            Some(_) => Some(rest.collect::<Vec<_>>()),
            None => Some(Vec::new()),
        };
        let alone = contents.as_ref().is_some_and(|contents| contents.len() < 2);
        let album = run.album.clone().filter(|_| !alone);
        Some(Ready { held: std::mem::take(&mut run.held), album, contents })
    }
}

impl Ready<'_> {
    /// The recipe of what was really made of a held track, where it is not the planned one.
    pub(super) fn recipe_of(&self, track: &PlannedTrack) -> Option<String> {
        self.contents.clone().map(|contents| recipe_in_album(track, contents))
    }
}

impl AlbumRun<'_> {
    /// Whether tracks that are made wait for the others.
    fn waits(&self) -> bool {
        self.album.is_none() && !self.out_of_reach
    }

    fn is_out_of_reach(&self, written: &HashSet<usize>) -> bool {
        let is_lost = |track: &usize| !self.known.contains_key(track) && !written.contains(track);
        self.beside.is_none() || self.members.iter().any(is_lost)
    }

    /// Knows the album once all its tracks that are not broken are known.
    fn conclude(&mut self) {
        let known = |track: &usize| self.known.contains_key(track) || self.broken.contains(track);
        if let Some(beside) = self.beside.as_ref().filter(|_| self.members.iter().all(known)) {
            self.album = Some(Loudness::of_all(self.known.values().chain(beside)));
        }
    }
}

pub(super) fn content(track: &PlannedTrack) -> ContentId {
    ContentId(track.identity.clone())
}

/// Keeps what was measured. A library that cannot be written to costs a second measuring, no music.
pub(super) fn keep(measured: &[(ContentId, Loudness)], context: &Context) {
    if let Err(error) = context.library.record_loudness(measured, LOUDNESS_VERSION) {
        context.warn("the library", error.to_string());
    }
}

/// Albums whose tracks may have no room to wait for each other: they replace files, and these give room back only when they go.
fn albums_without_room(plan: &ConversionPlan) -> HashSet<usize> {
    if plan.sync.has_room_side_by_side() {
        return HashSet::new();
    }
    let replacing = plan.sync.writes.iter().filter(|write| write.takes_a_place());
    replacing.filter_map(|write| plan.tracks.get(write.track)?.album).collect()
}

/// The loudness of these tracks, from the library or measured now, without those that are measured as they are made;
/// and which turned out to be broken.
fn known_beforehand(
    planned: &[&PlannedTrack],
    (request, plan): (&ConvertRequest, &ConversionPlan),
    reuse: &Reuse<'_>,
    context: &Context,
) -> Result<(HashMap<ContentId, Loudness>, HashSet<ContentId>), EngineError> {
    let contents: Vec<ContentId> = planned.iter().map(|track| content(track)).collect();
    let mut known = context.library.loudness(&contents, LOUDNESS_VERSION)?;
    let written: HashSet<&str> = plan.sync.writes.iter().map(|write| write.identity.as_str()).collect();
    let applied = matches!(request.loudness, LoudnessUse::Apply { .. });
    let without_room = albums_without_room(plan);
    let measured_as_made = |track: &PlannedTrack| {
        written.contains(track.identity.as_str())
            && track.album.is_none_or(|album| !without_room.contains(&album))
            && (track.copy_mp3 && !applied
                || !level_may_change(&track.source, request.loudness).unwrap_or(false))
    };
    let unknown = planned.par_iter().filter(|track| !known.contains_key(&content(track)));
    let first: Vec<&&PlannedTrack> = unknown.filter(|track| !measured_as_made(track)).collect();
    if first.is_empty() {
        return Ok((known, HashSet::new()));
    }
    context.started(Phase::Listen, Some(first.len() as u64));
    let measured: Vec<(ContentId, Option<Loudness>)> = first
        .par_iter()
        .filter_map(|track| {
            let measure = || {
                let as_scanned = AsScanned::check(track, context)?;
                let loudness = measure_loudness(&track.source, track.part.as_ref(), context.cancel);
                // Another file in its place says nothing of this album, and is no broken one either.
                as_scanned.still()?;
                loudness
            };
            let loudness = reuse.loudness(track).map_or_else(measure, Ok);
            context.advanced(Phase::Listen, 1, track.source_size);
            let measured = match loudness {
                Ok(loudness) => (content(track), loudness),
                // Its frames are copied whatever the decoder thinks of them; it adds nothing to its album.
                Err(error @ MakeError::SourceBroken { .. }) if track.copy_mp3 && !error.is_silence() => {
                    return Some((content(track), Some(Loudness::default())));
                }
                // What is wrong with a file is said when it is made.
                Err(MakeError::SourceBroken { .. }) => return Some((content(track), None)),
                Err(_) => return None,
            };
            keep(std::slice::from_ref(&measured), context);
            Some((measured.0, Some(measured.1)))
        })
        .collect();
    context.finished(Phase::Listen);
    let mut broken = HashSet::new();
    for (content, loudness) in measured {
        match loudness {
            Some(loudness) => drop(known.insert(content, loudness)),
            None => drop(broken.insert(content)),
        }
    }
    Ok((known, broken))
}
