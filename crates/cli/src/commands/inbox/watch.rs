//! Watching inboxes: the system tells when something changes, and once a minute it is looked anyway, for disks in the
//! network tell nothing.
//!
//! The library is held only while something is filed, so that other commands work meanwhile.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use ferrotape_engine::inbox::InboxReport;
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::look;
use crate::args::Inbox;
use crate::error::CliError;
use crate::output;
use crate::session::Session;

/// Quiet for so long, a change is over.
const QUIET: Duration = Duration::from_millis(1_500);
/// However much goes on, what is whole is filed after this.
const LONGEST: Duration = Duration::from_secs(30);
const ANYWAY: Duration = Duration::from_secs(60);
/// What is still being written is looked at again after this.
const WAITING: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(200);

/// Looks until the user wants to stop; answers how often something was found.
pub(super) fn watch(
    session: &mut Session,
    folders: &[PathBuf],
    wanted: &Inbox,
    first: InboxReport,
    tell: &dyn Fn(&InboxReport),
) -> Result<u64, CliError> {
    let (sender, changes) = channel();
    let watcher = watcher(folders, sender);
    let mut looks = 1;
    let mut is_waiting = !first.waiting.is_empty();
    let mut told = first.drops;
    let (mut told_to_wait, mut told_closed) = (first.waiting, first.unopened);
    output::talk("watching; Ctrl-C stops");
    session.opened.release();
    loop {
        let most = if is_waiting { WAITING } else { ANYWAY };
        if !wait(&changes, most, session) {
            drop(watcher);
            return Ok(looks);
        }
        session.now = jiff::Timestamp::now().as_second();
        session.hold()?;
        let report = look(session, folders, wanted, false)?;
        session.opened.release();
        is_waiting = !report.waiting.is_empty();
        // What cannot be read yet is tried at every look, and told once; so is what waits.
        let has_come = !report.drops.is_empty() && report.drops != told;
        let waits = report.waiting.iter().any(|path| !told_to_wait.contains(path));
        let is_closed = !report.unopened.is_empty() && report.unopened != told_closed;
        if has_come || waits || is_closed {
            looks += 1;
            tell(&report);
        }
        told = report.drops;
        (told_to_wait, told_closed) = (report.waiting, report.unopened);
    }
}

/// Waits until something changed and is quiet, or for `most`; `false` when the user wants to stop.
fn wait(changes: &Receiver<()>, most: Duration, session: &Session) -> bool {
    let begun = Instant::now();
    let mut changed: Option<(Instant, Instant)> = None;
    loop {
        if session.cancel.is_stopped() {
            return false;
        }
        match changes.recv_timeout(STEP) {
            Ok(()) => {
                let now = Instant::now();
                changed = Some((changed.map_or(now, |(first, _)| first), now));
            }
            Err(RecvTimeoutError::Timeout) => {}
            // Nothing is told by the system; time does.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(STEP),
        }
        let is_over =
            changed.is_some_and(|(first, last)| last.elapsed() >= QUIET || first.elapsed() >= LONGEST);
        if is_over || (changed.is_none() && begun.elapsed() >= most) {
            return true;
        }
    }
}

fn watcher(folders: &[PathBuf], changed: std::sync::mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let told = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| is_change(event.kind)) {
            let _ = changed.send(());
        }
    });
    let watched = told.and_then(|mut watcher| {
        folders.iter().try_for_each(|folder| watcher.watch(folder, RecursiveMode::Recursive))?;
        Ok(watcher)
    });
    match watched {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            output::talk(&format!(
                "note: the system does not tell of changes ({error}); it is looked once a minute"
            ));
            None
        }
    }
}

/// Our own reading is none.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}
