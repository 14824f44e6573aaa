//! Rip: the tracks of a CD, in a drive or as an image, become FLAC files of the collection, each by itself.
//!
//! Every track is read, compared with what others read, encoded, decoded again, renamed into `ripped/Artist/Album`, and
//! only then the next is begun: a run that is cut off is gone on with at that track. What was ripped before, by the disc's
//! identity, the track's number and its sound, is not ripped again; where it has no names and they are known now, it gets
//! them. Where a file of it lies is looked for first, if the library does not know: only the end of a run looks through
//! the collection, and a user may have moved files since.

mod filing;
mod naming;
mod proof;
mod texts;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_domain::{
    AudioSource, DiscReader, DiscRegister, DiscToc, DiscTrack, Phase, Provenance, RipCheck, TagSet,
};

use crate::answered::Things;
use crate::scan::{ScanReport, scan};
use crate::shelves::Shelves;
use crate::{Context, EngineError, answered};
use naming::Had;

pub use texts::{DiscImage, ImageProblem, disc_image};

/// The part of the collection that was ripped.
const RIPPED: &str = "ripped";
/// [`Provenance::source`] of what was ripped.
const SOURCE: &str = "cd";

/// What is to be ripped, and where it goes.
pub struct RipRequest<'a> {
    /// Reads the disc.
    pub reader: &'a dyn DiscReader,
    /// Knows discs.
    pub register: &'a dyn DiscRegister,
    /// What the image's cue sheet says, by track; empty for a drive.
    pub texts: BTreeMap<u32, TagSet>,
    /// Whether names are asked for.
    pub lookup: bool,
    /// The collection's folder, absolute.
    pub collection: &'a Path,
    /// The same as a source.
    pub source: Arc<dyn AudioSource>,
}

/// What became of a disc.
#[derive(Debug, Clone, Default)]
pub struct RipReport {
    /// MusicBrainz' identity of it.
    pub disc_id: Option<String>,
    /// Artist and album, as the folders are called.
    pub artist: String,
    /// The album.
    pub album: String,
    /// Every track.
    pub tracks: Vec<TrackNews>,
    /// Who was to be asked for names, and why none were taken: it could not be asked, and until when, or does not tell which
    /// disc it is.
    pub no_names: Option<String>,
    /// Whether nobody said how the disc and its tracks are called.
    pub is_nameless: bool,
    /// Tracks that were ripped without names, and that the user moved or changed since: they stay as they are.
    pub left_nameless: usize,
    /// Whether a disc with the same table of contents was ripped before, and is not this one.
    pub is_another: bool,
    /// Wanted things that nothing answered before.
    pub ticked_off: Things,
    /// Albums of which more came, and not all: number, and name with how much is here.
    pub in_part: Things,
    /// What was found when the collection was looked through, for files and at the end; `None` where nothing came and nothing was
    /// looked for.
    pub scan: Option<ScanReport>,
}

/// What became of a track.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackNews {
    /// Its number.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub news: RipNews,
    /// Wanted things that it answers.
    pub answers: Things,
    /// Wanted things that it may answer; a person must say.
    pub may_answer: Things,
}

/// What became of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RipNews {
    /// It was ripped.
    Ripped {
        /// Where it lies.
        path: PathBuf,
        /// Whether others read the same.
        check: RipCheck,
    },
    /// It was ripped before.
    Had {
        /// Where it lies.
        path: PathBuf,
        /// What was noted then.
        note: String,
        /// Its title in its tags, where the disc has another one now.
        called: Option<String>,
    },
    /// It was ripped before without names, and got them.
    Named {
        /// Where it lies now.
        path: PathBuf,
        /// What was noted when it was ripped.
        note: String,
    },
    /// It could not be ripped.
    Failed(String),
}

impl TrackNews {
    /// Where it lies.
    pub fn path(&self) -> Option<&PathBuf> {
        match &self.news {
            RipNews::Ripped { path, .. } | RipNews::Had { path, .. } | RipNews::Named { path, .. } => {
                Some(path)
            }
            RipNews::Failed(_) => None,
        }
    }
}

impl RipReport {
    /// Whether a track could not be ripped, or others read something else.
    pub fn has_failed(&self) -> bool {
        self.tracks.iter().any(|track| matches!(track.news, RipNews::Failed(_)))
    }
}

/// What a check says, for people.
pub fn check_words(check: &RipCheck) -> String {
    match check {
        RipCheck::Same { confidence, version } => {
            let others = if *confidence == 1 { "1 other".to_owned() } else { format!("{confidence} others") };
            format!("AccurateRip: the same as {others} read (v{version})")
        }
        RipCheck::Differs => "AccurateRip: others read something else".to_owned(),
        RipCheck::Unknown => "AccurateRip does not know this disc".to_owned(),
        RipCheck::NotChecked(why) => format!("not checked with AccurateRip: {why}"),
    }
}

/// Rips a disc into the collection, looks through that and says what is answered now.
pub fn rip(request: &RipRequest, context: &Context) -> Result<RipReport, EngineError> {
    let contents = request.reader.contents(context.cancel).map_err(|fault| stopped_or(fault, context))?;
    let toc = &contents.toc;
    let disc_id = request.register.disc_id(toc);
    let (tags, no_names) = texts::tags(request, &contents, disc_id.as_deref(), context);
    let mut run = Run::begin(request, toc, disc_id, &tags, context)?;
    run.report.no_names = no_names;
    let has_no_names =
        |track: &DiscTrack| tags.get(&track.number).is_none_or(|tags| run.has_no_names(tags, track));
    run.report.is_nameless = toc.tracks.iter().all(has_no_names);
    run.look_for_what_was_ripped()?;
    context.started(Phase::Rip, Some(toc.tracks.iter().map(|track| u64::from(track.sectors)).sum()));
    run.compare()?;
    for track in &toc.tracks {
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
        let of_track = tags.get(&track.number).cloned().unwrap_or_default();
        let title = of_track.title.clone().unwrap_or_default();
        let news = match run.had(track, &of_track)? {
            Some(news) => news,
            None => run.rip(track, &of_track)?,
        };
        let (answers, may_answer) = (Things::new(), Things::new());
        run.report.tracks.push(TrackNews { number: track.number, title, news, answers, may_answer });
    }
    context.finished(Phase::Rip);
    run.finish()
}

fn stopped_or(fault: ferrotape_domain::Fault, context: &Context) -> EngineError {
    if context.cancel.is_stopped() { EngineError::Interrupted } else { EngineError::Disc(fault) }
}

struct Run<'a> {
    request: &'a RipRequest<'a>,
    context: &'a Context<'a>,
    toc: &'a DiscToc,
    shelves: Shelves,
    staging: PathBuf,
    /// What was ripped before, by [`Provenance::remote_id`]: of one track with and without names.
    before: HashMap<String, Vec<Provenance>>,
    /// Of these the files that sound as the disc does, by track.
    same: HashMap<u32, Vec<Had>>,
    /// Which of the folders of its name the disc goes into.
    copy: u32,
    /// What was answered when the run looked for files; `None` where it had no need to.
    answered_before: Option<answered::Before>,
    report: RipReport,
}

impl<'a> Run<'a> {
    fn begin(
        request: &'a RipRequest,
        toc: &'a DiscToc,
        disc_id: Option<String>,
        tags: &BTreeMap<u32, TagSet>,
        context: &'a Context,
    ) -> Result<Self, EngineError> {
        let staging = request.collection.join(".ferrotape").join("rip");
        let fresh = fs::create_dir_all(&staging)
            .and_then(|()| fs::read_dir(&staging)?.try_for_each(|left| fs::remove_file(left?.path())));
        fresh.map_err(|error| unusable(request, &error))?;
        let mut before: HashMap<String, Vec<Provenance>> = HashMap::new();
        for origin in context.library.provenance()?.into_iter().filter(|origin| origin.source == SOURCE) {
            before.entry(origin.remote_id.clone()).or_default().push(origin);
        }
        let of_disc = tags.values().next();
        let artist = of_disc.and_then(|tags| tags.album_artists.first().cloned()).unwrap_or_default();
        let album = of_disc.and_then(|tags| tags.album.clone()).unwrap_or_default();
        let report = RipReport { disc_id, artist, album, ..RipReport::default() };
        let shelves = Shelves::new(request.collection);
        let (same, copy, answered_before) = (HashMap::new(), 1, None);
        Ok(Self { request, context, toc, shelves, staging, before, same, copy, answered_before, report })
    }

    /// Looks through the collection, where a track was ripped before and nobody knows where it lies.
    fn look_for_what_was_ripped(&mut self) -> Result<(), EngineError> {
        for track in &self.toc.tracks {
            let was_ripped = self.remote_id(track).is_some_and(|id| self.before.contains_key(&id));
            if was_ripped && self.there(track)?.is_empty() {
                self.answered_before = Some(answered::before(self.context)?);
                self.report.scan = Some(self.scan()?);
                return Ok(());
            }
        }
        Ok(())
    }

    fn scan(&self) -> Result<ScanReport, EngineError> {
        scan(std::slice::from_ref(&self.request.source), self.context)
    }

    /// The track's name on record; a disc whose contents make no identity has none.
    fn remote_id(&self, track: &DiscTrack) -> Option<String> {
        Some(format!("{}/{}", self.report.disc_id.as_ref()?, track.number))
    }

    /// Rips one track. What stops only this one is its news.
    fn rip(&self, track: &DiscTrack, tags: &TagSet) -> Result<RipNews, EngineError> {
        let Self { request, context, .. } = self;
        let (pcm, flac) = (self.staging.join("track.raw"), self.staging.join("track.flac"));
        if let Err(fault) = request.reader.rip(track, &pcm, context.cancel, context.progress) {
            return match stopped_or(fault, context) {
                EngineError::Disc(fault) => Ok(RipNews::Failed(fault.reason)),
                other => Err(other),
            };
        }
        let check = request.register.check(self.toc, track, &pcm, context.cancel);
        let filed = self.file(track, tags, (&pcm, &flac), &check_words(&check));
        let _ = fs::remove_file(&pcm);
        let (path, origin) = filed.map_err(|error| unusable(request, &error))?;
        context.library.keep_provenance(&[origin])?;
        Ok(RipNews::Ripped { path, check })
    }

    /// Looks through the collection, and says what is answered.
    fn finish(mut self) -> Result<RipReport, EngineError> {
        let _ = fs::remove_dir_all(&self.staging);
        let _ = self.staging.parent().map(fs::remove_dir);
        let is_new = |track: &TrackNews| matches!(track.news, RipNews::Ripped { .. } | RipNews::Named { .. });
        let has_new = self.report.tracks.iter().any(is_new);
        // What a run that was cut off had ripped is answered by this one.
        let before = match self.answered_before.take() {
            Some(before) => before,
            None if has_new => answered::before(self.context)?,
            None => return Ok(self.report),
        };
        if has_new {
            let last = self.scan()?;
            self.report.scan = Some(match self.report.scan.take() {
                Some(first) => last.after(first),
                None => last,
            });
        }
        let ours: HashSet<PathBuf> =
            self.report.tracks.iter().filter_map(|track| track.path().cloned()).collect();
        let answered = answered::by(&ours, &before, self.context)?;
        for track in &mut self.report.tracks {
            let Some(path) = track.path().cloned() else { continue };
            track.answers = answered.answers.get(&path).cloned().unwrap_or_default();
            track.may_answer = answered.may_answer.get(&path).cloned().unwrap_or_default();
        }
        self.report.ticked_off = answered.ticked_off;
        self.report.in_part = answered.in_part;
        Ok(self.report)
    }
}

fn unusable(request: &RipRequest, error: &io::Error) -> EngineError {
    EngineError::Inbox { folder: request.collection.to_owned(), reason: error.to_string() }
}
