//! Inbox: folders where people drop what they bought or ripped, filed into the collection and matched at once.
//!
//! A *drop* is a zip, or the files of one folder. Each file is recognised by its content, copied beside its place,
//! renamed into it, and keeps where it came from ([`Provenance`](ferrotape_domain::Provenance)). What is dropped stays
//! where it is, unless the user wants it moved: then it goes once the copy was read again and is the same. A file whose
//! content is known already is filed by no second run, so a kill at any instant costs nothing but time.
//! Downloads from shops were rejected (docs/decisions/0033): there is no agreed way, and the zip is in the folder anyway.

mod album;
mod along;
mod apart;
mod beside;
mod checking;
mod earlier;
mod filing;
mod folder;
mod grown;
mod kinds;
mod known;
mod late;
mod listing;
mod moving;
mod ours;
mod papers;
mod places;
mod sheet_words;
mod shops;
mod staging;
mod take;
mod unopened;
mod writing;
mod zip;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ferrotape_domain::{AudioSource, Phase};

use crate::answered::Things;
use crate::scan::{ScanReport, UnreadableFile, scan};
use crate::{Context, EngineError, answered};
use filing::Filing;
use known::Known;
use listing::{Dropped, Listed};
use staging::Staging;

pub use listing::{MOST_FILES, player_around};
pub use ours::lies_in;
pub use places::{forget_seen, inboxes, remember};
pub use unopened::{Closed, Unopened};

/// What is to be looked into, and where it goes.
pub struct InboxRequest<'a> {
    /// The folders, absolute.
    pub folders: &'a [PathBuf],
    /// The collection's folder, absolute.
    pub collection: &'a Path,
    /// The same as a source.
    pub source: Arc<dyn AudioSource>,
    /// Folders that are never part of an inbox: the library's own, and those of music.
    pub keep_out: &'a [PathBuf],
    /// Whether what was dropped goes once it is filed.
    pub move_in: bool,
    /// Whether to look again at what was looked at before and is as it was.
    pub all: bool,
    /// How long a file must be as it is before it is taken. Where nobody says that all has come, a few seconds do not tell.
    pub settled: Duration,
}

/// What became of the inboxes.
#[derive(Debug, Clone, Default)]
pub struct InboxReport {
    /// The folders that were looked into.
    pub folders: Vec<PathBuf>,
    /// What lay there, but for what is as before.
    pub drops: Vec<DropReport>,
    /// Drops that were looked at before and are as they were.
    pub as_before: usize,
    /// Files that are still being written, or were a moment ago.
    pub waiting: Vec<PathBuf>,
    /// Places that could not be looked into.
    pub unreadable: Vec<UnreadableFile>,
    /// What may hold music and is not opened, but for what is as before.
    pub unopened: Vec<Unopened>,
    /// Wanted things that nothing answered before: number and name.
    pub ticked_off: Things,
    /// Albums of which more came, and not all: number, and name with how much is here.
    pub in_part: Things,
    /// The look through the collection; `None` where nothing came.
    pub scan: Option<ScanReport>,
}

/// What became of one drop.
#[derive(Debug, Clone, PartialEq)]
pub struct DropReport {
    /// The zip, or the folder.
    pub path: PathBuf,
    /// Whether it is a zip.
    pub is_zip: bool,
    /// Its files, in order.
    pub files: Vec<FileNews>,
    /// Why nothing of it could be taken, or why it was not moved.
    pub trouble: Option<String>,
    /// Whether all of it went.
    pub moved: bool,
    /// Why its folder is there still though all its files went, as a part of a sentence.
    pub folder_stays: Option<String>,
    /// Files that were to go with the music and belong to none of it, so they stay; of what is not moved cue sheets alone.
    pub stays: Vec<PathBuf>,
    /// Files of a zip that are neither music nor go along.
    left: usize,
    /// Files of a zip that were to go along, but nothing of it is filed with them.
    alone: Vec<String>,
    /// Bytes of a zip's file that are no part of the archive.
    stray_bytes: u64,
    /// Whether the next run is to try again, though nothing in it changed.
    later: bool,
    /// Files of music, where not one of them is told of by itself.
    untaken: usize,
    /// Where that lies which was filed before, and may have its name only from a sheet that was filed now.
    named_anew: Vec<PathBuf>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileNews {
    /// Its name in the drop, with folders.
    pub name: String,
    /// What became of it.
    pub news: News,
    /// Whether it is a picture, lyrics or sheet that goes along.
    pub is_beside: bool,
    /// Whether it went from where it was dropped.
    pub moved: bool,
    /// Wanted things that it answers: number and name.
    pub answers: Things,
    /// Wanted things that it may answer; a person must say.
    pub may_answer: Things,
    /// Wanted things that it would answer, but another file does.
    pub had_already: Things,
    /// The folders in the drop that it lies in.
    folders: Vec<String>,
    /// SHA-256 as it came, where it was taken.
    sha256: Option<String>,
    /// Where it lies, if in a folder: names may look alike.
    from: Option<PathBuf>,
    /// Whether what kept it from being taken may pass, though the file stays as it is: a share that is away, a right that
    /// is missing.
    is_passing: bool,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It was filed here.
    Filed(PathBuf),
    /// The same content was here already.
    Had(PathBuf),
    /// It must not be taken.
    Refused(String),
    /// It cannot be read, or not be filed.
    Broken(String),
}

impl FileNews {
    fn new(name: String, news: News) -> Self {
        let (answers, may_answer, had_already) = (Vec::new(), Vec::new(), Vec::new());
        let (is_beside, moved, is_passing) = (false, false, false);
        let (folders, sha256, from) = (Vec::new(), None, None);
        Self {
            name,
            news,
            is_beside,
            moved,
            answers,
            may_answer,
            had_already,
            folders,
            sha256,
            from,
            is_passing,
        }
    }

    /// Of a file with these folders in the drop, and its own name, last.
    fn of(path: &[String], news: News) -> Self {
        let folders = path.split_last().map(|(_, folders)| folders.to_vec()).unwrap_or_default();
        Self { folders, ..Self::new(path.join("/"), news) }
    }

    /// Where it lies now.
    pub fn path(&self) -> Option<&PathBuf> {
        match &self.news {
            News::Filed(path) | News::Had(path) => Some(path),
            News::Refused(_) | News::Broken(_) => None,
        }
    }

    /// Whether it could not be taken.
    pub fn is_trouble(&self) -> bool {
        matches!(self.news, News::Refused(_) | News::Broken(_))
    }
}

impl InboxReport {
    /// Whether something could not be taken.
    pub fn has_trouble(&self) -> bool {
        let of_scan = self.scan.as_ref().is_some_and(|scan| !scan.faults.is_empty());
        let of_drop =
            |drop: &DropReport| drop.trouble.is_some() || drop.files.iter().any(FileNews::is_trouble);
        of_scan || self.drops.iter().any(of_drop) || self.unopened.iter().any(Unopened::is_trouble)
    }

    /// How many audio files were filed.
    pub fn filed(&self) -> usize {
        let files = self.drops.iter().flat_map(|drop| &drop.files).filter(|file| !file.is_beside);
        files.filter(|file| matches!(file.news, News::Filed(_))).count()
    }

    /// How many files could not be taken; a zip that cannot be opened is one, and so are the parts of an archive.
    pub fn not_taken(&self) -> usize {
        let of_drop = |drop: &DropReport| match drop.trouble {
            Some(_) if drop.files.is_empty() => drop.untaken.max(1),
            _ => drop.files.iter().filter(|file| file.is_trouble()).count(),
        };
        let unopened = self.unopened.iter().filter(|one| one.is_trouble()).count();
        self.drops.iter().map(of_drop).sum::<usize>() + unopened
    }
}

/// Files what lies in the inboxes, looks through the collection and says what is answered now.
pub fn look_into_inboxes(request: &InboxRequest, context: &Context) -> Result<InboxReport, EngineError> {
    let fault = |error: std::io::Error| EngineError::Inbox {
        folder: request.collection.to_owned(),
        reason: error.to_string(),
    };
    let Listed { drops, waiting, unreadable, mut unopened } = listing::list(request, context)?;
    let seen = places::seen(request.folders, context)?;
    unopened.retain(|one| request.all || !one.is_as(&seen));
    places::keep_seen(unopened.iter().flat_map(|one| &one.files), context)?;
    let folders = request.folders.to_vec();
    let mut report = InboxReport { folders, waiting, unreadable, unopened, ..InboxReport::default() };
    let (mut drops, before): (Vec<Dropped>, Vec<Dropped>) =
        drops.into_iter().partition(|drop| request.all || !drop.is_as(&seen));
    report.as_before = before.len();
    if !request.all {
        drops.iter_mut().for_each(|drop| drop.keep_new(&seen));
    }
    if drops.is_empty() {
        places::forget_gone(&seen, context)?;
        return Ok(report);
    }
    let mut known = Known::load(request, &seen, context)?;
    let staging = Staging::fresh(request.collection).map_err(fault)?;
    let mut filing = Filing::new(request.collection);
    context.started(Phase::Copy, None);
    for drop in &drops {
        report.drops.extend(take::take(drop, (&mut known, &staging, &mut filing), context)?);
    }
    context.finished(Phase::Copy);
    if filing.something_came() {
        let before = answered::before(context)?;
        report.scan = Some(scan(std::slice::from_ref(&request.source), context)?);
        tell_answers(&mut report, &before, context)?;
    }
    // Only now: a run that is cut off before finds them where they were, and looks again.
    if request.move_in {
        let_go(&drops, &mut report);
    }
    note_looked_at(drops, &report, &seen, context)?;
    places::forget_gone(&seen, context)?;
    Ok(report)
}

fn let_go(drops: &[Dropped], report: &mut InboxReport) {
    let by_path: HashMap<&PathBuf, &Dropped> = drops.iter().map(|drop| (&drop.path, drop)).collect();
    for one in report.drops.iter_mut().filter(|one| one.trouble.is_none()) {
        if let Some(drop) = by_path.get(&one.path) {
            let left = one.left + one.alone.len();
            (one.moved, one.trouble) = moving::let_go(drop, &mut one.files, (left, one.stray_bytes));
            one.folder_stays = moving::why_it_stays(drop).filter(|_| one.moved);
            one.moved &= one.folder_stays.is_none();
            one.stays = take::stays(drop, one);
        }
    }
}

/// Notes what need not be looked at again. A verdict on what is in a file stands; what could not be read or filed is to be
/// tried again, be it known from before or not.
fn note_looked_at(
    drops: Vec<Dropped>,
    report: &InboxReport,
    seen: &HashMap<PathBuf, String>,
    context: &Context,
) -> Result<(), EngineError> {
    let later: HashSet<&PathBuf> = report.drops.iter().filter(|one| one.later).map(|one| &one.path).collect();
    let passing = report.drops.iter().flat_map(|one| &one.files).filter(|file| file.is_passing);
    let passing: HashSet<&PathBuf> = passing.filter_map(|file| file.from.as_ref()).collect();
    let files = drops.into_iter().flat_map(|drop| {
        let is_later = later.contains(&drop.path);
        drop.files.into_iter().map(move |file| (is_later, file))
    });
    let (again, looked_at): (Vec<_>, Vec<_>) =
        files.partition(|(is_later, file)| *is_later || passing.contains(&file.path));
    for (_, file) in again.iter().filter(|(_, file)| seen.contains_key(&file.path)) {
        context.library.unwatch(&file.path)?;
    }
    places::keep_seen(looked_at.iter().map(|(_, file)| file), context)
}

/// Puts into the report what each file answers, and what is answered only now.
fn tell_answers(
    report: &mut InboxReport,
    before: &answered::Before,
    context: &Context,
) -> Result<(), EngineError> {
    let files = || report.drops.iter().flat_map(|drop| &drop.files);
    let named_anew = report.drops.iter().flat_map(|drop| &drop.named_anew);
    let ours = files().filter_map(FileNews::path).chain(named_anew);
    let ours: HashSet<PathBuf> = ours.cloned().collect();
    let answered = answered::by(&ours, before, context)?;
    let known = |of: &HashMap<PathBuf, Things>, path: &PathBuf| of.get(path).cloned().unwrap_or_default();
    for file in report.drops.iter_mut().flat_map(|drop| &mut drop.files) {
        let Some(path) = file.path().cloned() else { continue };
        file.answers = known(&answered.answers, &path);
        file.may_answer = known(&answered.may_answer, &path);
        file.had_already = known(&answered.had_already, &path);
    }
    report.ticked_off = answered.ticked_off;
    report.in_part = answered.in_part;
    Ok(())
}
