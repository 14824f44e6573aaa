//! Opening what is new or changed, on all cores: what it is, and whether it is a known file that moved.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use ferrotape_audio::{Probed, listen, probe, whole_sum};
use ferrotape_domain::{ContentId, Health, ListedFile, Phase};
use ferrotape_store::{FileStamp, Found, KnownFile, ScannedFile};
use rayon::prelude::*;

use super::listing::{Listed, file_stamp};
use super::{IO, ScanReport, kind_of, without_path};
use crate::disc_folders::only_disc_of;
use crate::same_file::{Summed, has_its_time, of_its_own};
use crate::sheets::{self, Cut, Said};
use crate::{Context, EngineError};

/// How many files are read before they are written to the library together.
const BATCH: usize = 1_000;
/// Longer sound is not decoded to its end, so nothing tells its length.
const MOST_HEARD: Duration = Duration::from_secs(3 * 3600);

pub(super) fn read_changed(
    listing: &Listed,
    known: &[KnownFile],
    gone: &[&KnownFile],
    report: &mut ScanReport,
    context: &Context,
) -> Result<(), EngineError> {
    let mut movable: HashMap<&ContentId, Vec<&KnownFile>> = HashMap::new();
    for file in known.iter().filter(|file| !listing.seen.contains(&file.path)) {
        if let Some(content) = &file.content {
            movable.entry(content).or_default().push(file);
        }
    }
    context.started(Phase::Scan, Some(listing.to_open.len() as u64));
    let mut moved = HashSet::new();
    let said = listing.sheets.read(&listing.to_open, &listing.seen, context);
    let summed = Summed::of(if listing.to_open.is_empty() { &[] } else { known });
    std::thread::scope(|scope| -> Result<(), EngineError> {
        let (sender, receiver) = mpsc::sync_channel::<Vec<ScannedFile>>(4);
        let known = (&said, &summed);
        scope.spawn(move || {
            for chunk in listing.to_open.chunks(BATCH) {
                let read: Vec<(ScannedFile, Vec<String>)> =
                    chunk.par_iter().filter_map(|file| read_file(file, listing, known, context)).collect();
                let told = read.into_iter().map(|(file, says)| tell(file, says, context));
                let batch: Vec<ScannedFile> = told.collect();
                if context.cancel.is_stopped() || sender.send(batch).is_err() {
                    break;
                }
            }
        });
        for mut batch in receiver {
            report.opened += batch.len() as u64;
            batch.retain_mut(|file| !record_if_moved(file, &mut movable, &mut moved, context));
            context.library.record_scanned(&batch)?;
        }
        Ok(())
    })?;
    context.finished(Phase::Scan);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    let missing: Vec<i64> = gone
        .iter()
        .filter(|file| !file.missing && !moved.contains(&file.file_id))
        .map(|file| file.file_id)
        .collect();
    context.library.mark_missing(&missing)?;
    report.missing = missing.len() as u64;
    report.moved = moved.len() as u64;
    Ok(())
}

/// Whether this file is a known one that moved; if so the library already has its new place.
fn record_if_moved(
    file: &mut ScannedFile,
    movable: &mut HashMap<&ContentId, Vec<&KnownFile>>,
    moved: &mut HashSet<i64>,
    context: &Context,
) -> bool {
    let Found::Audio { content, .. } = &file.found else { return false };
    // Also from a folder that this scan was not asked about; a copy that is still there did not move.
    let Some(files) = movable.get_mut(content) else { return false };
    let Some(at) = files.iter().position(|file| !file.path.exists()) else { return false };
    let known = files.swap_remove(at);
    if !is_surely_moved(known, file) {
        return false;
    }
    let stamp = FileStamp { size: file.size, modified_ns: file.modified_ns, changed_ns: file.changed_ns };
    let recorded = context.library.record_moved(known.file_id, &file.path, &stamp);
    // Its cue sheet may have stayed behind, its folder may be called as another disc, or it was to be looked at again.
    let same = known.sheets == file.sheets
        && disc_of_folder(&known.path) == disc_of_folder(&file.path)
        && known.modified_ns != 0;
    let recorded = recorded.and_then(|()| match same {
        true => Ok(()),
        false => context.library.record_scanned(std::slice::from_ref(file)),
    });
    if recorded.is_ok() {
        moved.insert(known.file_id);
    }
    recorded.is_ok()
}

/// Whether it is that file, also where the windows of a content id show nothing. If it is not, it gets an id of its own.
fn is_surely_moved(known: &KnownFile, file: &mut ScannedFile) -> bool {
    let Found::Audio { content, .. } = &mut file.found else { return false };
    let is_told = known.whole.is_empty() || !file.whole.is_empty();
    let now = FileStamp { size: file.size, modified_ns: file.modified_ns, changed_ns: file.changed_ns };
    if is_told || has_its_time(&now, &known.stamp()) {
        if file.whole.is_empty() {
            file.whole.clone_from(&known.whole);
        }
        return true;
    }
    match whole_sum(&file.path) {
        Ok(whole) => {
            let is_same = whole == known.whole;
            if !is_same {
                *content = of_its_own(content, &whole);
            }
            file.whole = whole;
            is_same
        }
        Err(error) => {
            file.found = Found::Unreadable { kind: IO.to_owned(), reason: error.to_string() };
            false
        }
    }
}

/// Says what is to be said of a file, in the order of the files.
fn tell(file: ScannedFile, says: Vec<String>, context: &Context) -> ScannedFile {
    says.into_iter().for_each(|says| context.warn(file.path.display().to_string(), says));
    file
}

/// The file, and what is to be said of it.
fn read_file(
    file: &ListedFile,
    listing: &Listed,
    (said, summed): (&Said, &Summed<'_>),
    context: &Context,
) -> Option<(ScannedFile, Vec<String>)> {
    if context.cancel.is_stopped() {
        return None;
    }
    let (mut says, mut whole) = (Vec::new(), String::new());
    let found = match probe(&file.path) {
        Ok(mut probed) => {
            match summed.settle(&file.path, &file_stamp(file), probed.content) {
                Ok(settled) => (probed.content, whole) = settled,
                // What is known of it stays, so that the next scan can compare.
                Err(error) => {
                    let says =
                        format!("could not be read to its end ({error}); the next scan looks at it again");
                    context.warn(file.path.display().to_string(), says);
                    return None;
                }
            }
            said.fill(&file.path, &mut probed.tags);
            probed.tags.disc_number = probed.tags.disc_number.or_else(|| disc_of_folder(&file.path));
            probed.facts.duration = probed.facts.duration.or_else(|| length_by_ear(&file.path));
            let Cut { parts, says: of_parts, doubt } = sheets::parts(&file.path, &probed, said);
            says = of_parts;
            let Probed { facts, tags, content, embedded_cover, .. } = probed;
            let cover = embedded_cover.unwrap_or_default();
            Found::Audio { content, facts, tags, cover, parts, doubt }
        }
        Err(unreadable) => Found::Unreadable {
            kind: kind_of(&unreadable, &file.path),
            reason: without_path(&unreadable, &file.path),
        },
    };
    context.advanced(Phase::Scan, 1, file.size);
    let sheets = listing.sheets.stamp(&file.path, said);
    let FileStamp { size, modified_ns, changed_ns } = file_stamp(file);
    let path = file.path.clone();
    Some((ScannedFile { path, size, modified_ns, changed_ns, whole, sheets, found }, says))
}

/// How long a file plays whose header does not tell it, as streamed ones do not: without its length it would be taken for
/// any recording of its name. It is listened to once, for what a scan found is kept.
fn length_by_ear(path: &Path) -> Option<Duration> {
    let heard = listen(path).ok()?;
    let whole = heard.health != Health::CutShort && heard.duration < MOST_HEARD;
    Some(heard.duration).filter(|length| whole && !length.is_zero())
}

/// A ripped set often tells its discs by folders alone; without the number, two tracks stand at every place of the album.
fn disc_of_folder(path: &Path) -> Option<u32> {
    only_disc_of(&path.parent()?.file_name()?.to_string_lossy())
}
