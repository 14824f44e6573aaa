//! What a refresh did, as text.

use ferrotape_engine::refresh::{AccountNews, InputNews, Refreshed};
use ferrotape_engine::store::{Watched, WatchedKind};

use super::{imported, scan};
use crate::commands::spotify::Agreement;
use crate::error::CliError;
use crate::output::{counted, line, moment, plain};

pub(crate) fn refreshed(refreshed: &Refreshed, agreement: Option<Agreement>, now: i64) {
    let mut unchanged = 0;
    for (path, news) in &refreshed.inputs {
        let path = plain(&path.display().to_string());
        match news {
            InputNews::Unchanged => unchanged += 1,
            InputNews::Read(read) => imported(read),
            InputNews::Gone => line(&format!("{path} is not there; what it said stays in the library.")),
            InputNews::Failed(error) => line(&format!("{path} could not be read: {error}")),
        }
    }
    if unchanged > 0 {
        line(&format!("{} as before.", counted(unchanged, "input is", "inputs are")));
    }
    match &refreshed.account {
        AccountNews::NotConnected => {}
        AccountNews::NotDue(time) => {
            line(&format!("The account was asked not long ago; it is due on {}.", moment(*time)));
        }
        AccountNews::Pulled(report) => {
            super::account::pulled(report, false);
        }
        AccountNews::Failed(error) => line(&format!("The account: {}", CliError::told(error, now))),
    }
    // A pull that failed for it has said so.
    let is_told = matches!((&refreshed.account, agreement), (AccountNews::Failed(_), Some(Agreement::Ended)));
    agreement.filter(|_| !is_told).into_iter().for_each(super::account::agreement);
    match &refreshed.music {
        None => {}
        Some(Ok(report)) => {
            scan(report);
            report.faults.iter().for_each(|fault| line(&format!("  {}", plain(&fault.to_string()))));
        }
        Some(Err(error)) => line(&format!("Your music could not be looked through: {error}")),
    }
    if let Some(Err(error)) = &refreshed.gathered {
        line(&format!("Places elsewhere could not be asked: {error}"));
    }
    match &refreshed.inbox {
        None => {}
        Some(Ok(report))
            if report.drops.is_empty()
                && report.waiting.is_empty()
                && report.unreadable.is_empty()
                && report.unopened.is_empty() => {}
        Some(Ok(report)) => super::inbox(report),
        Some(Err(error)) => line(&format!("The inbox could not be looked into: {error}")),
    }
    if refreshed.inputs.is_empty() && refreshed.music.is_none() && refreshed.inbox.is_none() {
        line("Nothing was read before; `ferrotape import` and `scan` say what a refresh looks at.");
    }
}

pub(crate) fn watched(places: &[Watched]) {
    if places.is_empty() {
        line("Nothing was read before; `ferrotape import` and `scan` say what a refresh looks at.");
    }
    for place in places {
        let kind = match place.kind {
            WatchedKind::Input => "input",
            WatchedKind::Music => "music",
            WatchedKind::Inbox => "inbox",
            WatchedKind::Drop => continue,
        };
        line(&format!("{kind}  {}", plain(&place.path.display().to_string())));
    }
}
