//! The run after one that left nothing to do: where everything its answer hangs on is as it was, so is the answer.
//!
//! What a run ends with follows from the program, the request, the inputs, the music, the library and the player. At the
//! end of a run that could do all it planned, a mark of each is kept beside the library. The next run takes the marks
//! again, which means listing files and opening none, and where all agree it has nothing to read, match or plan. One
//! that differs, or cannot be told, costs a usual run and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ferrotape_device::{Receipt, Target};
use serde::{Deserialize, Serialize};

use super::elsewhere::Elsewhere;
use super::opening::{is_known_place, look};
use super::results::{Performed, TrackResult};
use super::step_1_plan::ConversionPlan;
use super::{Conversion, ConvertRequest};
use crate::scan;
use crate::selection::{Selection, What};
use crate::{Context, EngineError, refresh, report};

/// Folder below the library's.
const FOLDER: &str = "as-before";
/// A file of marks is much smaller.
const LARGEST: u64 = 1024 * 1024;

/// All that the answer of a run hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marks {
    /// The program and what it was asked to do, hashed.
    request: String,
    /// The inputs' files.
    inputs: Vec<String>,
    /// What the sources list.
    music: String,
    /// The library's file.
    library: String,
    /// The list on the player.
    player: String,
    /// Files of the user's on it that keep ours out: one that is gone makes room.
    in_the_way: Vec<String>,
    /// What was taken from outside the sources.
    elsewhere: Elsewhere,
    /// [`ConversionPlan::in_doubt`].
    in_doubt: BTreeMap<i64, String>,
    /// [`ConversionPlan::held_back`].
    held_back: usize,
    /// Lists that have no file on the player: told by every run.
    playlists_left_out: Vec<String>,
}

/// The marks that can be taken before anything is read.
pub(super) struct Outset {
    request: String,
    inputs: Vec<String>,
    /// Where this run looks through no folder: what those of earlier runs list now.
    music: Option<String>,
}

impl Outset {
    /// `None` where what a run ends with may hang on something that has no mark: the network, or an input that cannot
    /// be told.
    pub(super) fn of(request: &ConvertRequest, context: &Context) -> Result<Option<Self>, EngineError> {
        let Some(inputs) =
            marks_of_inputs(request).filter(|_| context.links.is_none() && asks_nobody(request))
        else {
            return Ok(None);
        };
        let music = match request.sources {
            [] => Some(scan::list(request.known_music, context)?.stamp),
            _ => None,
        };
        Ok(Some(Self { request: hash_of(request, context), inputs, music }))
    }
}

/// What places listed before is in the library, which has a mark.
fn asks_nobody(request: &ConvertRequest) -> bool {
    request.elsewhere.is_none_or(|elsewhere| elsewhere.offline)
}

fn marks_of_inputs(request: &ConvertRequest) -> Option<Vec<String>> {
    let paths = request.what.iter().filter_map(|what| match what {
        What::Path(path) => Some(path),
        What::Link(..) => None,
    });
    let marks: Vec<String> = paths.map(|path| refresh::stamp(path)).collect::<Result<_, _>>().ok()?;
    marks.iter().all(|mark| !mark.is_empty()).then_some(marks)
}

fn hash_of(request: &ConvertRequest, context: &Context) -> String {
    let roots: Vec<PathBuf> = request.sources.iter().map(|source| source.root()).collect();
    let inputs: Vec<_> = request.what.iter().map(named).collect();
    let text = format!(
        "{}\n{inputs:?}\n{:?}\n{roots:?}\n{}\n{:?}\n{:?}\n{}\n{:?}\n{:?}",
        request.program,
        request.rules,
        request.target_name(),
        request.profile,
        request.preset,
        request.loudness,
        (request.no_trash, request.only_these, context.listen, request.elsewhere.is_some()),
        request.allow,
    );
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// However the place was named.
fn named(what: &What) -> (PathBuf, &str) {
    match what {
        What::Path(path) => (std::path::absolute(path).unwrap_or_else(|_| path.clone()), ""),
        What::Link(_, text) => (PathBuf::new(), text),
    }
}

/// What the last run to this target came to, if nothing that it hangs on has changed since. Writes nothing.
pub(super) fn taken_over(
    outset: &Outset,
    request: &ConvertRequest,
    context: &Context,
) -> Result<Option<Conversion>, EngineError> {
    let Some(marks) = place(request, context).and_then(|place| load(&place)) else { return Ok(None) };
    let outset_agrees = marks.request == outset.request && marks.inputs == outset.inputs;
    if !outset_agrees || context.library.mark().as_ref() != Some(&marks.library) {
        return Ok(None);
    }
    let listings = (!request.sources.is_empty()).then(|| scan::list(request.sources, context)).transpose()?;
    let music = listings.as_ref().map(|listings| &listings.stamp).or(outset.music.as_ref());
    if music.is_none_or(String::is_empty) || music != Some(&marks.music) {
        return Ok(None);
    }
    // Whatever is wrong with the player, the usual way tells it.
    if !is_known_place(request, context) {
        return Ok(None);
    }
    let Ok(target) = look(request) else { return Ok(None) };
    // What is said for the first time is to be written down, though it is what was done before.
    if !request.dry_run && !request.said.is_noted(&request.target) {
        return Ok(None);
    }
    if !marks.elsewhere.is_as_before() || !target.has_all(&marks.in_the_way) {
        return Ok(None);
    }
    if target.list_hash().as_ref() != Some(&marks.player) {
        return Ok(None);
    }
    let Ok(Some(mut sync)) = target.settled() else { return Ok(None) };
    sync.playlists_left_out = marks.playlists_left_out;
    let Some(report) = report::last(Some(&request.target_name()), context)? else { return Ok(None) };
    let scan = listings.map(|listings| listings.into_scanned(request.sources, context)).transpose()?;
    let performed = (!request.dry_run).then(|| nothing_done(&target));
    let plan = ConversionPlan::nothing_to_do(sync, request.loudness, (marks.in_doubt, marks.held_back));
    let (selection, no_music) = (Selection::default(), false);
    Ok(Some(Conversion {
        selection,
        no_music,
        scan,
        gathered: None,
        plan,
        // It was told when they were taken.
        from_other_albums: 0,
        performed,
        report,
        as_before: true,
    }))
}

fn nothing_done(target: &Target) -> Performed {
    let (files_total, files_adopted) = target.file_counts();
    let receipt = Receipt { files_total, files_adopted, ..Receipt::default() };
    Performed { receipt: Some(receipt), ..Performed::default() }
}

/// Keeps the marks of a run that left nothing to do; takes back older ones otherwise. That they cannot be kept costs the
/// next run its time, and this one nothing.
pub(super) fn keep(
    outset: Option<Outset>,
    done: &Conversion,
    request: &ConvertRequest,
    target: &Target,
    context: &Context,
) -> Result<(), EngineError> {
    let Some(place) = place(request, context).filter(|_| !request.dry_run) else { return Ok(()) };
    let scanned = done.scan.as_ref().map(|scan| scan.stamp.clone());
    let told = outset.zip(target.list_hash()).filter(|_| leaves_nothing(done));
    let music = |outset: &Outset| scanned.or(outset.music.clone()).filter(|stamp| !stamp.is_empty());
    let looked_through = if request.sources.is_empty() { request.known_music } else { request.sources };
    let roots: Vec<PathBuf> = looked_through.iter().map(|source| source.root()).collect();
    let told = told.and_then(|(outset, player)| {
        Some((music(&outset)?, outset, player, Elsewhere::of(&done.plan, &roots)?))
    });
    let Some((music, Outset { request, inputs, .. }, player, elsewhere)) = told else {
        let _ = fs::remove_file(place);
        return Ok(());
    };
    let Some(library) = context.library.settle()? else { return Ok(()) };
    let (in_the_way, held_back) = (done.plan.sync.in_the_way.clone(), done.plan.held_back);
    let in_doubt = done.plan.in_doubt.clone();
    let playlists_left_out = done.plan.sync.playlists_left_out.clone();
    let marks = Marks {
        request,
        inputs,
        music,
        library,
        player,
        in_the_way,
        elsewhere,
        in_doubt,
        held_back,
        playlists_left_out,
    };
    let _ = store(&place, &marks);
    Ok(())
}

/// Whether the same again would come to the same. What waits for space or for a disk is tried anew; what needs the
/// user's word, or is in no source, is answered the same until something changes.
fn leaves_nothing(done: &Conversion) -> bool {
    let Some(performed) = &done.performed else { return false };
    let plan = &done.plan;
    let all_written = performed.results.values().all(|result| matches!(result, TrackResult::Written { .. }));
    let is_sound = |receipt: &Receipt| {
        receipt.unordered.is_empty() && receipt.not_removed.is_empty() && !receipt.lost_a_write
    };
    let receipt_says_so = performed.receipt.as_ref().is_some_and(is_sound);
    let fits = plan.sync.does_not_fit.is_empty()
        && plan.sync.kept_older.is_empty()
        && plan.sync.cannot_be_made.is_empty()
        && plan.sync.beyond_shown.is_none()
        && !plan.has_split_albums;
    // What could not be read of an input is told by every run.
    let inputs_are_sound = done.selection.imports.iter().all(|import| import.problems.is_empty());
    all_written
        && inputs_are_sound
        && receipt_says_so
        && fits
        && performed.broken.is_empty()
        && performed.not_renamed.is_empty()
        && performed.stopped.is_none()
        && !performed.lacks_companions
        && plan.kept.is_empty()
        && plan.sync.occupied_by_user.is_empty()
}

fn place(request: &ConvertRequest, context: &Context) -> Option<PathBuf> {
    let name = blake3::hash(request.target_name().as_bytes()).to_hex();
    Some(context.library.folder()?.join(FOLDER).join(format!("{}.json", &name[..32])))
}

fn load(place: &Path) -> Option<Marks> {
    let is_ours = place.metadata().is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
    let bytes = fs::read(place).ok().filter(|_| is_ours)?;
    serde_json::from_slice(&bytes).ok()
}

/// Written beside its place and renamed: a file cut in two could agree with nothing, but need not be there at all.
fn store(place: &Path, marks: &Marks) -> std::io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let unfinished = place.with_extension("new");
    let mut file = fs::File::create(&unfinished)?;
    file.write_all(&serde_json::to_vec(marks)?)?;
    file.sync_all()?;
    fs::rename(&unfinished, place)
}
