//! What is remembered of inboxes: the folders that were named once, and what in them was looked at.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use ferrotape_domain::ListedFile;
use ferrotape_store::{Watched, WatchedKind};

use super::listing::stamp_of;
use crate::{Context, EngineError};

/// The folders that are inboxes: those that were named once.
pub fn inboxes(context: &Context) -> Result<Vec<PathBuf>, EngineError> {
    let watched = context.library.watched()?.into_iter();
    Ok(watched.filter(|place| place.kind == WatchedKind::Inbox).map(|place| place.path).collect())
}

/// Keeps a folder in mind as an inbox; says whether it is one now. A music folder or an input stays what it is.
pub fn remember(folder: &Path, context: &Context) -> Result<bool, EngineError> {
    let known = context.library.watched()?.into_iter().find(|place| place.path == folder);
    match known {
        Some(place) => Ok(place.kind == WatchedKind::Inbox),
        None => {
            context.library.watch(&watched(folder.to_owned(), WatchedKind::Inbox, String::new(), context))?;
            Ok(true)
        }
    }
}

/// What was looked at in these folders, with its stamp.
pub(super) fn seen(folders: &[PathBuf], context: &Context) -> Result<HashMap<PathBuf, String>, EngineError> {
    let watched = context.library.watched()?.into_iter().filter(|place| place.kind == WatchedKind::Drop);
    let in_these = watched.filter(|place| folders.iter().any(|folder| place.path.starts_with(folder)));
    Ok(in_these.map(|place| (place.path, place.stamp)).collect())
}

/// Notes what was looked at. What is an input, too, is told by that.
pub(super) fn keep_seen<'f>(
    files: impl Iterator<Item = &'f ListedFile>,
    context: &Context,
) -> Result<(), EngineError> {
    let others: HashSet<PathBuf> = context
        .library
        .watched()?
        .into_iter()
        .filter(|place| place.kind != WatchedKind::Drop)
        .map(|place| place.path)
        .collect();
    for file in files.filter(|file| !others.contains(&file.path)) {
        let place = watched(file.path.clone(), WatchedKind::Drop, stamp_of(file), context);
        context.library.watch(&place)?;
    }
    Ok(())
}

/// Forgets what is there no more.
pub(super) fn forget_gone(seen: &HashMap<PathBuf, String>, context: &Context) -> Result<(), EngineError> {
    for path in seen.keys().filter(|path| path.symlink_metadata().is_err()) {
        context.library.unwatch(path)?;
    }
    Ok(())
}

/// Forgets what was looked at below a folder that is an inbox no more.
pub fn forget_seen(folder: &Path, context: &Context) -> Result<(), EngineError> {
    for path in seen(&[folder.to_owned()], context)?.keys() {
        context.library.unwatch(path)?;
    }
    Ok(())
}

fn watched(path: PathBuf, kind: WatchedKind, stamp: String, context: &Context) -> Watched {
    Watched { path, kind, stamp, at: context.now, content: String::new(), import_id: 0 }
}
