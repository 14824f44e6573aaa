//! Convert: what the user wants, as MP3s on the player. This is the program's main job, step by step.

mod album_runs;
mod albums;
mod as_before;
mod companions;
mod covers;
mod desired;
mod elsewhere;
mod final_tags;
mod finishing;
mod from_place;
mod giving_way;
mod in_doubt;
mod kept;
mod known_sizes;
mod looked_up;
mod newest_there;
mod opening;
mod planned_tracks;
mod recipes;
mod results;
mod retagged;
mod reuse;
mod rounds;
mod side_by_side;
mod split;
mod spoken;
mod step_1_plan;
mod step_2_perform;
mod step_3_account;
mod style;
mod unchanged;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ferrotape_audio::{LoudnessUse, Preset};
use ferrotape_device::{MtpPlayer, Profile, System, Target, Transport, real_path};
use ferrotape_domain::AudioSource;

use as_before::Outset;
pub(crate) use companions::lyrics_beside;
pub(crate) use covers::FOLDER as READY_COVERS;
pub use from_place::FromPlace;
use opening::open_target;
pub(crate) use planned_tracks::stamped_picture;
pub use results::{Performed, Stopped, TrackResult};
pub use reuse::MadeBy;
pub(crate) use reuse::sound_mark;
use rounds::{EarlierRounds, Round};
pub use step_1_plan::{ConversionPlan, CoverSource, PlannedAlbum, PlannedTrack};
pub use style::{preset_for, usual_loudness};

use crate::cache::SoundCache;
use crate::gather::{Elsewhere, Gathered, gather};
use crate::player::Said;
use crate::policies::RunPolicy;
use crate::report::ConversionReport;
use crate::scan::{ScanReport, mark_gone, scan};
use crate::selection::{ImportRules, Imported, Selection, What, select};
use crate::{Context, EngineError};

/// What to convert, from where, to where, and how.
pub struct ConvertRequest<'a> {
    /// Which program this is, to the build: another one may answer otherwise.
    pub program: &'a str,
    /// Inputs and links; the whole library when empty.
    pub what: &'a [What],
    /// How inputs are imported.
    pub rules: &'a ImportRules,
    /// Where audio may come from; the folders scanned before when empty.
    pub sources: &'a [Arc<dyn AudioSource>],
    /// Those folders. They are only listed, to see whether the answer of the last run still holds.
    pub known_music: &'a [Arc<dyn AudioSource>],
    /// Places elsewhere that are asked for what the folders do not have; `None` asks nobody.
    pub elsewhere: Option<&'a Elsewhere<'a>>,
    /// Folder or mounted player; for a device that speaks MTP, the folder on this computer that belongs to it.
    pub target: PathBuf,
    /// The device, where it is one.
    pub mtp: Option<&'a MtpPlayer>,
    /// Where it is asked what is mounted at the target.
    pub system: &'a System,
    /// What the player can do.
    pub profile: Profile,
    /// How MP3s are encoded.
    pub preset: Preset,
    /// What is done with the loudness of tracks.
    pub loudness: LoudnessUse,
    /// What the user says of these in this run: it is written down on the player, for runs that say nothing.
    pub said: &'a Said,
    /// Where sound that was encoded before is kept; `None` encodes everything.
    pub cache: Option<&'a SoundCache>,
    /// Plan only.
    pub dry_run: bool,
    /// Remove for good instead of moving to the player's trash.
    pub no_trash: bool,
    /// Remove lists of earlier runs that this run does not name.
    pub only_these: bool,
    /// Which versions may stand in, over what the lists say.
    pub allow: RunPolicy,
    /// Fill a target again that ferrotape had filled, that is there, and that is empty now.
    pub refill: bool,
    /// Fill the folder itself where a player was mounted, or belongs, and none is.
    pub as_folder: bool,
    /// Told what was read, found and fetched, before there is a plan.
    pub came: &'a (dyn Fn(&Came) + Sync),
    /// Shown the plan before anything is changed; `false` stops the run.
    pub agree: &'a (dyn Fn(&ConversionPlan) -> bool + Sync),
}

impl ConvertRequest<'_> {
    /// The quality as far as the player plays it.
    pub fn preset_used(&self) -> Preset {
        preset_for(self.preset, &self.profile.audio)
    }

    /// The target's name in reports: its absolute path.
    pub fn target_name(&self) -> String {
        target_name(&self.target)
    }
}

/// How reports name a target: its absolute path, the same whether or not it is there now.
pub fn target_name(target: &Path) -> String {
    real_path(target).unwrap_or_else(|| target.to_owned()).display().to_string()
}

/// What came before the plan.
pub struct Came<'a> {
    /// What was imported.
    pub imports: &'a [Imported],
    /// What the scan found; `None` when no source was named.
    pub scan: Option<&'a ScanReport>,
    /// What places elsewhere had; `None` when nobody was asked.
    pub gathered: Option<&'a Gathered>,
}

/// Everything one conversion did, or would do.
pub struct Conversion {
    /// What was wanted.
    pub selection: Selection,
    /// Whether no music folder was ever looked through and there is no place to ask, so that nothing could be found.
    pub no_music: bool,
    /// What the scan found; `None` when no source was named.
    pub scan: Option<ScanReport>,
    /// What places elsewhere had; `None` when nobody was asked.
    pub gathered: Option<Gathered>,
    /// The plan, as data.
    pub plan: ConversionPlan,
    /// How many things are taken by title and artist alone, from another album than the wanted one.
    pub from_other_albums: usize,
    /// What was done; `None` for a dry run.
    pub performed: Option<Performed>,
    /// The outcome of every wanted thing.
    pub report: ConversionReport,
    /// Whether nothing had changed since the last run to this target, so that its answer was taken over.
    pub as_before: bool,
}

/// Runs the whole conversion; `--dry-run` stops after the plan.
pub fn convert(request: &ConvertRequest, context: &Context) -> Result<Conversion, EngineError> {
    refuse_sources_on_target(request)?;
    refuse_makers_database(&request.profile)?;
    let outset = Outset::of(request, context)?;
    if let Some(outset) = &outset
        && let Some(conversion) = as_before::taken_over(outset, request, context)?
    {
        return Ok(conversion);
    }
    let selection = select(request.what, request.rules, context)?;
    refuse_to_empty(request, &selection)?;
    let scanned = scan_if_named(request, context)?;
    let mut roots: Vec<PathBuf> = request.sources.iter().map(|source| source.root()).collect();
    let gathered = gather_if_asked(request, &selection, &mut roots, context)?;
    let asked = request.elsewhere.is_some_and(|elsewhere| !elsewhere.offline);
    // Where nobody was asked there is nothing to tell of places.
    let places = gathered.as_ref().filter(|_| asked);
    (request.came)(&Came { imports: &selection.imports, scan: scanned.as_ref(), gathered: places });
    let target = open_target(request, context)?;
    let (round, earlier) = rounds::all(request, (&selection, &roots), &target, context)?;
    let Round { matching, plan, performed } = round;
    finishing::tell_not_removed(performed.as_ref(), context);
    let done = step_3_account::Done {
        plan: &plan,
        performed: performed.as_ref(),
        broken: &earlier.broken,
        gathered: gathered.as_ref(),
        stays: giving_way::staying(&plan, &target, performed.is_some()),
    };
    let report = step_3_account::account(request, &selection, &matching, &done, context)?;
    let nobody_has_any = scanned.is_none() && request.elsewhere.is_none();
    let no_music = nobody_has_any && context.library.count_offers(&[])? == 0;
    let done = Conversion {
        selection,
        no_music,
        scan: scanned,
        gathered: gathered.filter(|_| asked),
        plan,
        from_other_albums: matching.from_other_albums(),
        performed,
        report,
        as_before: false,
    };
    // What found its room only by and by may make albums whole that the last plan did not count on.
    let outset = outset.filter(|_| !earlier.went_on);
    as_before::keep(outset, &done, request, &target, context)?;
    Ok(done)
}

/// Reading what is being written would pass copies off as originals.
fn refuse_sources_on_target(request: &ConvertRequest) -> Result<(), EngineError> {
    let target = request.target.canonicalize().unwrap_or_else(|_| request.target.clone());
    let sources = if request.sources.is_empty() { request.known_music } else { request.sources };
    match sources.iter().map(|source| source.root()).find(|root| root.starts_with(&target)) {
        Some(source_root) => Err(EngineError::SourceOnTarget { source_root }),
        None => Ok(()),
    }
}

/// What nothing is wanted of may be a library that was just made, or one that was named by mistake.
fn refuse_to_empty(request: &ConvertRequest, selection: &Selection) -> Result<(), EngineError> {
    match request.only_these && selection.wanted.is_empty() {
        true => Err(EngineError::NothingWanted { target: request.target.clone() }),
        false => Ok(()),
    }
}

/// What is copied there would never be played.
fn refuse_makers_database(profile: &Profile) -> Result<(), EngineError> {
    match profile.transport {
        Transport::MassStorage | Transport::Mtp => Ok(()),
        Transport::MakersDatabase => Err(EngineError::MakersDatabase {
            player: profile.title.clone(),
            advice: profile.advice.join(" "),
        }),
    }
}

fn scan_if_named(request: &ConvertRequest, context: &Context) -> Result<Option<ScanReport>, EngineError> {
    if request.sources.is_empty() {
        let roots: Vec<PathBuf> = request.known_music.iter().map(|source| source.root()).collect();
        let collection = request.elsewhere.map(|elsewhere| elsewhere.collection.root());
        mark_gone(&roots, collection.as_deref(), context)?;
        return Ok(None);
    }
    let report = scan(request.sources, context)?;
    for fault in &report.faults {
        context.warn(&fault.source, &fault.reason);
    }
    match report.faults.first() {
        // What was known of an unplugged disk still counts; of a mistyped path there is nothing.
        Some(fault) if report.faults.len() == request.sources.len() && report.audio == 0 => {
            Err(EngineError::NoSource(fault.clone()))
        }
        _ => Ok(Some(report)),
    }
}

/// What was fetched counts like the folders that were named.
fn gather_if_asked(
    request: &ConvertRequest,
    selection: &Selection,
    roots: &mut Vec<PathBuf>,
    context: &Context,
) -> Result<Option<Gathered>, EngineError> {
    let Some(elsewhere) = request.elsewhere else { return Ok(None) };
    let gathered = gather(&selection.wanted, roots, &request.allow, elsewhere, context)?;
    if !roots.is_empty() && !roots.contains(&elsewhere.collection.root()) {
        roots.push(elsewhere.collection.root());
    }
    Ok(Some(gathered))
}

fn not_agreed(plan: &ConversionPlan) -> EngineError {
    let anothers = plan.sync.lists_of_others.iter().filter(|list| list.shares_little);
    let lists: Vec<String> = anothers.map(|list| list.name.clone()).collect();
    if lists.is_empty() { EngineError::NotAgreed } else { EngineError::ListsOfOthers { lists } }
}

fn perform_if_agreed(
    request: &ConvertRequest,
    (plan, earlier): (&ConversionPlan, &mut EarlierRounds),
    target: &Target,
    context: &Context,
) -> Result<Option<Performed>, EngineError> {
    let is_agreed = earlier.is_agreed(plan);
    if request.dry_run {
        return Ok(None);
    }
    if !is_agreed && !plan.sync.is_empty() && !(request.agree)(plan) {
        return Err(not_agreed(plan));
    }
    match target.note_profile() {
        // What comes next finds that out as well, and tells what of the plan was not done.
        Err(error) if error.is_target_gone() => {}
        noted => noted?,
    }
    if let Err(error) = request.said.note_on(target) {
        let says = format!(
            "what you said of how it is filled could not be written down on it ({error}); say it again next time"
        );
        context.warn(request.target_name(), says);
    }
    let performed = step_2_perform::perform(request, (plan, earlier.at_a_time()), target, context)?;
    // It may have had no room before; a later run may have nothing to do, and would not write it.
    let _ = target.note_profile();
    Ok(Some(performed))
}
