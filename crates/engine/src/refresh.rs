//! Refresh: looking again at what was read before – inputs, music folders, inboxes, the account – and taking in what changed.
//!
//! One that fails stops none of the others. An input that is gone is told and its place kept in mind: what it said stays
//! in the library, and an unplugged disk comes back.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use ferrotape_domain::{AccountSource, AudioSource, Fault};
use ferrotape_store::{Watched, WatchedKind};

use crate::account::{PullReport, pull};
use crate::gather::{Elsewhere, Gathered, gather};
use crate::inbox::{InboxReport, InboxRequest, look_into_inboxes};
use crate::policies::RunPolicy;
use crate::report::note_what_came;
use crate::scan::{ScanReport, scan};
use crate::selection::{ImportRules, Imported, import, select};
use crate::{Context, EngineError};

/// Inputs of more bytes than this are not read a second time to see whether they changed.
const HASHED_BYTES: u64 = 4 << 30;
/// A folder of more files than this is looked at anew every time.
const STAMPED_FILES: usize = 20_000;

/// What became of one input.
#[derive(Debug)]
pub enum InputNews {
    /// It is as it was when it was last read.
    Unchanged,
    /// It was read.
    Read(Box<Imported>),
    /// It is not there now.
    Gone,
    /// It could not be read.
    Failed(EngineError),
}

/// What became of the account.
#[derive(Debug)]
pub enum AccountNews {
    /// No account is connected.
    NotConnected,
    /// It was asked not long ago; the time it is due, seconds since 1970 UTC.
    NotDue(i64),
    /// It was asked.
    Pulled(Box<PullReport>),
    /// It could not be asked, or not to the end.
    Failed(EngineError),
}

/// All that a refresh did.
#[derive(Debug)]
pub struct Refreshed {
    /// Every input that was read before.
    pub inputs: Vec<(PathBuf, InputNews)>,
    /// The music folders; `None` where none was scanned before.
    pub music: Option<Result<ScanReport, EngineError>>,
    /// The account.
    pub account: AccountNews,
    /// What places elsewhere had; `None` where there is nobody to ask.
    pub gathered: Option<Result<Gathered, EngineError>>,
    /// The inboxes; `None` where there is none.
    pub inbox: Option<Result<InboxReport, EngineError>>,
}

impl Refreshed {
    /// Whether something could not be done.
    pub fn has_failed(&self) -> bool {
        let music = self.music.as_ref().is_some_and(|scanned| match scanned {
            Ok(report) => !report.faults.is_empty() || !report.unreadable.is_empty(),
            Err(_) => true,
        });
        let inbox =
            self.inbox.as_ref().is_some_and(|looked| looked.as_ref().map_or(true, InboxReport::has_trouble));
        music
            || inbox
            || matches!(self.gathered, Some(Err(_)))
            || matches!(self.account, AccountNews::Failed(_))
            || self.inputs.iter().any(|(_, news)| matches!(news, InputNews::Failed(_)))
    }
}

/// Whether and how the account is to be asked.
pub enum AskAccount<'a> {
    /// No account is connected.
    NotConnected,
    /// Not before this time, seconds since 1970 UTC.
    NotBefore(i64),
    /// It cannot be: its tokens' file is damaged, say.
    Unusable(Fault),
    /// Now.
    Now(&'a dyn AccountSource),
}

/// Looks at everything again. `sources` are those of the watched music folders. What no folder has and waits for a place
/// elsewhere is asked for again.
pub fn refresh(
    sources: &[Arc<dyn AudioSource>],
    account: AskAccount,
    (inbox, elsewhere): (Option<&InboxRequest>, Option<&Elsewhere>),
    context: &Context,
) -> Result<Refreshed, EngineError> {
    let mut inputs = Vec::new();
    for place in context.library.watched()?.into_iter().filter(|place| place.kind == WatchedKind::Input) {
        let news = look_again(&place, context);
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
        inputs.push((place.path, news));
    }
    let account = match account {
        AskAccount::NotConnected => AccountNews::NotConnected,
        AskAccount::NotBefore(time) => AccountNews::NotDue(time),
        AskAccount::Unusable(fault) => AccountNews::Failed(EngineError::Account(fault)),
        AskAccount::Now(source) => match pull(source, false, context) {
            Ok(report) => AccountNews::Pulled(Box::new(report)),
            Err(EngineError::Interrupted) => return Err(EngineError::Interrupted),
            Err(error) => AccountNews::Failed(error),
        },
    };
    let inbox = match inbox.map(|request| look_into_inboxes(request, context)) {
        Some(Err(EngineError::Interrupted)) => return Err(EngineError::Interrupted),
        inbox => inbox,
    };
    let music = match sources {
        [] => None,
        sources => Some(scan(sources, context)),
    };
    let gathered = elsewhere.map(|elsewhere| {
        // What is on a list, as a run without names would fill.
        let wanted = select(&[], &ImportRules::default(), context)?.wanted;
        let gathered = gather(&wanted, &[], &RunPolicy::default(), elsewhere, context)?;
        note_what_came(&wanted, &gathered, context)?;
        Ok::<_, EngineError>(gathered)
    });
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    Ok(Refreshed { inputs, music, account, inbox, gathered })
}

fn look_again(place: &Watched, context: &Context) -> InputNews {
    match stamp(&place.path) {
        Ok(stamp) if !stamp.is_empty() && stamp == place.stamp => InputNews::Unchanged,
        // Copied, restored, synced: another time, the same bytes.
        Ok(stamp)
            if !place.content.is_empty() && content(&place.path).is_ok_and(|it| it == place.content) =>
        {
            match context.library.watch(&Watched { stamp, ..place.clone() }) {
                Ok(()) => InputNews::Unchanged,
                Err(error) => InputNews::Failed(error.into()),
            }
        }
        Ok(_) => match import(&place.path, &ImportRules::default(), context) {
            Ok(imported) => InputNews::Read(Box::new(imported)),
            Err(error) => InputNews::Failed(error),
        },
        Err(_) => InputNews::Gone,
    }
}

/// What an input is, taken before it is read.
pub(crate) struct Mark {
    stamp: String,
    /// A hash of its bytes; empty where they are too many to read twice.
    pub(crate) content: String,
}

impl Mark {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { stamp: stamp(path)?, content: content(path)? })
    }
}

/// Keeps an input in mind that was just read.
pub(crate) fn watch_input(
    path: &Path,
    mark: io::Result<Mark>,
    import_id: i64,
    context: &Context,
) -> Result<(), EngineError> {
    let (Ok(path), Ok(Mark { stamp, content })) = (std::path::absolute(path), mark) else { return Ok(()) };
    let kind = WatchedKind::Input;
    Ok(context.library.watch(&Watched { path, kind, stamp, at: context.now, content, import_id })?)
}

/// Keeps music folders in mind that were just scanned. One that is not there is no news: it was seen before, or never.
pub(crate) fn watch_music(sources: &[Arc<dyn AudioSource>], context: &Context) -> Result<(), EngineError> {
    for path in sources.iter().map(|source| source.root()).filter(|root| root.is_dir()) {
        let kind = WatchedKind::Music;
        let (stamp, content) = (String::new(), String::new());
        context.library.watch(&Watched { path, kind, stamp, at: context.now, content, import_id: 0 })?;
    }
    Ok(())
}

/// A hash of the bytes of a file, or of all files in a folder with their names; empty where that is too much to read.
fn content(path: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    let is_whole = list(path, &mut files)?;
    let bytes: u64 = files.iter().map(|(_, bytes, _)| *bytes).sum();
    if !is_whole || bytes > HASHED_BYTES {
        return Ok(String::new());
    }
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for (name, bytes, _) in &files {
        let below = name.strip_prefix(path).unwrap_or(name);
        hasher.update(below.as_os_str().as_encoded_bytes()).update(&[0]).update(&bytes.to_le_bytes());
        hasher.update_reader(fs::File::open(name)?)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Changes when a file, or any file in a folder, does; empty where that cannot be said.
pub(crate) fn stamp(path: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    let is_whole = list(path, &mut files)?;
    // However the place was named: below it, names are the same.
    for (name, ..) in &mut files {
        *name = name.strip_prefix(path).map(Path::to_owned).unwrap_or_default();
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(if is_whole { format!("{:016x}-{}", hasher.finish(), files.len()) } else { String::new() })
}

/// Every file with its size and time; says whether all are listed. Links are not followed, as they are not by import.
fn list(path: &Path, files: &mut Vec<(PathBuf, u64, u128)>) -> io::Result<bool> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            if files.len() >= STAMPED_FILES || !list_below(&entry?.path(), files)? {
                return Ok(false);
            }
        }
    } else {
        files.push((path.to_owned(), found.len(), changed_at(&found)));
    }
    Ok(true)
}

fn list_below(path: &Path, files: &mut Vec<(PathBuf, u64, u128)>) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Ok(true),
        Ok(found) if found.is_dir() => list(path, files),
        Ok(found) => {
            files.push((path.to_owned(), found.len(), changed_at(&found)));
            Ok(true)
        }
        // It went while the folder was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn changed_at(found: &fs::Metadata) -> u128 {
    let changed = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    changed.map_or(0, |time| time.as_nanos())
}
