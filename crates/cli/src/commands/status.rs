//! `ferrotape status`: how each service is.

use std::path::Path;
use std::process::ExitCode;

use ferrotape_app::{Places, ServiceStatus, WANT_CONTACT};
use ferrotape_domain::Incident;
use serde_json::{Value, json};

use crate::args::{Args, Status};
use crate::error::{CliError, SOME_FAILED};
use crate::session::{Session, library_folder};
use crate::{json as forms, output};

/// Incidents that are shown.
const MOST: usize = 50;

pub(crate) fn run(args: &Args, wanted: &Status) -> Result<ExitCode, CliError> {
    let folder = library_folder(args)?;
    if !folder.exists() {
        nothing_yet(args, &folder);
        return Ok(ExitCode::SUCCESS);
    }
    let session = Session::to_look(args)?;
    let fault = |fault: ferrotape_domain::Fault| CliError::fault(&fault, session.now);
    let network = session.network()?;
    let (freed, files) = if wanted.retry { network.ask_again().map_err(fault)? } else { (0, 0) };
    let gone = if wanted.retry { network.look_again().map_err(fault)? } else { 0 };
    let settings = session.settings();
    let places = settings.as_ref().map(|places| places.all.as_slice());
    let statuses = network.statuses(places, &session.opened).map_err(fault)?;
    let incidents = if wanted.history { network.incidents(MOST).map_err(fault)? } else { Vec::new() };
    let code = if settings.is_some() { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) };
    let unsigned = asks_for_contact(settings.as_ref(), &statuses);
    if args.json {
        let services: Vec<_> = statuses.iter().map(|one| service(one, session.now)).collect();
        let incidents: Vec<_> = incidents.iter().map(incident).collect();
        let result = json!({
            "services": services, "incidents": incidents, "freed": freed, "freed_files": files,
            "freed_feeds": gone, "want_contact": unsigned,
        });
        output::line(&forms::result("status", result));
        return Ok(code);
    }
    show_freed(freed, files, gone);
    if statuses.is_empty() {
        output::line("No service was asked yet, and none is needed for what you have.");
    }
    statuses.iter().for_each(|one| show(one, session.now));
    if let [first, ..] = unsigned.as_slice() {
        let verb = if unsigned.len() == 1 { "asks" } else { "ask" };
        let names = if unsigned.len() == 1 { (*first).to_owned() } else { unsigned.join(", ") };
        let file = session.opened.folder.join("sources.toml");
        output::line(&format!(
            "{names} {verb} for a way to reach who uses them: write contact = \"me@example.org\" above the sources in {}",
            file.display()
        ));
    }
    if wanted.history {
        output::line("");
        if incidents.is_empty() {
            output::line("No service was down so far.");
        }
        incidents.iter().for_each(show_incident);
    }
    Ok(code)
}

/// How many services, files and what is gone may be asked for again.
fn show_freed(services: usize, files: usize, gone: usize) {
    if services > 0 {
        let counted = output::counted(services as u64, "service may be", "services may be");
        output::line(&format!("{counted} asked again."));
    }
    if files > 0 {
        let counted = output::counted(files as u64, "file that was no use is", "files that were no use are");
        output::line(&format!("{counted} asked for again."));
    }
    if gone > 0 {
        let counted = output::counted(gone as u64, "thing", "things");
        let verb = if gone == 1 { "is" } else { "are" };
        output::line(&format!("{counted} that hosts of podcasts did not have {verb} asked for again."));
    }
}

/// Services in use that ask how the user is reached, where the settings do not say it.
fn asks_for_contact(settings: Option<&Places>, statuses: &[ServiceStatus]) -> Vec<&'static str> {
    if settings.is_none_or(|settings| settings.contact.is_some()) {
        return Vec::new();
    }
    let is_used = |name: &&str| statuses.iter().any(|one| one.line == **name);
    WANT_CONTACT.into_iter().filter(is_used).collect()
}

/// That is how everybody begins, and no error.
fn nothing_yet(args: &Args, folder: &Path) {
    if args.json {
        let result = json!({
            "services": [], "incidents": [], "freed": 0, "freed_files": 0, "freed_feeds": 0,
            "want_contact": [], "nothing_yet": true,
        });
        output::line(&forms::result("status", result));
        return;
    }
    output::line(&format!("Nothing is known yet: there is no library at {}.", folder.display()));
    output::line("Begin with what you want and the folder of your music:");
    output::line("  ferrotape convert my_spotify_data.zip --from ~/Music --to /media/PLAYER");
    output::line("No service is asked unless you add it: ferrotape source kinds");
}

fn state(status: &ServiceStatus, now: i64) -> &'static str {
    match status.standing.as_ref() {
        _ if status.refuses.is_some() => "refuses",
        None => "not asked yet",
        Some(standing) if standing.not_before / 1000 > now => "rests",
        Some(standing) if standing.down_since.is_some() => "down",
        // It was asked, and what came of it was neither.
        Some(standing) if standing.last_good.is_none() => "no good answer yet",
        Some(_) => "up",
    }
}

fn show(status: &ServiceStatus, now: i64) {
    let mut text = format!("{:28} {}", status.line, state(status, now));
    let down_since = status.standing.as_ref().and_then(|standing| standing.down_since);
    if let Some(since) = status.refuses_since.filter(|_| down_since.is_none()) {
        text += &format!(" since {}", output::moment(since / 1000));
    }
    if let Some(standing) = &status.standing {
        if let Some(since) = standing.down_since {
            text += &format!(" since {}", output::moment(since / 1000));
            if status.refuses.is_none() {
                text += &format!(" ({})", standing.reason);
            }
        }
        match standing.last_good {
            Some(good) => text += &format!(", last good answer {}", output::moment(good / 1000)),
            None if standing.down_since.is_some() => text += ", never gave a good answer",
            None => {}
        }
        if standing.not_before / 1000 > now {
            text += &format!(", next try {}", output::moment(standing.not_before / 1000));
        }
    }
    if let Some((why, _)) = &status.refuses {
        text += &format!(": {why}");
    }
    if status.waiting > 0 {
        text += &format!("; {} for it", output::counted(status.waiting, "item waits", "items wait"));
    }
    output::line(&output::plain(&text));
    if let Some((_, mends)) = status.refuses.as_ref().filter(|(_, mends)| !mends.is_empty()) {
        output::line(&output::plain(&format!("{:28} to correct what it refuses: {mends}", "")));
    }
    if !status.serves.is_empty() {
        output::line(&format!("{:28} {}", "", status.serves));
    }
}

fn show_incident(incident: &Incident) {
    let until = match incident.until {
        Some(until) => format!("to {}", output::moment(until / 1000)),
        None => "until now".to_owned(),
    };
    let from = output::moment(incident.from / 1000);
    output::line(&output::plain(&format!("{from} {until:20} {:28} {}", incident.line, incident.reason)));
}

fn service(status: &ServiceStatus, now: i64) -> Value {
    let standing = status.standing.as_ref();
    let seconds = |time: Option<i64>| time.map(|time| time / 1000);
    json!({
        "service": status.line, "state": state(status, now), "serves": status.serves, "waiting": status.waiting,
        "down_since": seconds(standing.and_then(|standing| standing.down_since)),
        "last_good": seconds(standing.and_then(|standing| standing.last_good)),
        "next_try": seconds(standing.map(|standing| standing.not_before).filter(|at| at / 1000 > now)),
        "failures": standing.map(|standing| standing.failures),
        "reason": standing.map(|standing| &standing.reason).filter(|reason| !reason.is_empty()),
        "refuses": status.refuses.as_ref().map(|(why, _)| why), "refuses_since": seconds(status.refuses_since),
        "mend_with": status.refuses.as_ref().map(|(_, mends)| mends).filter(|mends| !mends.is_empty()),
    })
}

fn incident(incident: &Incident) -> Value {
    json!({
        "service": incident.line, "from": incident.from / 1000, "until": incident.until.map(|until| until / 1000),
        "reason": incident.reason,
    })
}
