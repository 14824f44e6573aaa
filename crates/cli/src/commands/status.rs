//! `ferrotape status`: how each service is.

use std::process::ExitCode;

use ferrotape_app::ServiceStatus;
use ferrotape_domain::Incident;
use serde_json::{Value, json};

use crate::args::{Args, Status};
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json as forms, output};

/// Incidents that are shown.
const MOST: usize = 50;

pub(crate) fn run(args: &Args, wanted: &Status) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let fault = |fault: ferrotape_domain::Fault| CliError::fault(&fault, session.now);
    let network = session.network()?;
    let freed = if wanted.retry { network.ask_again().map_err(fault)? } else { 0 };
    let settings = session.settings();
    let places = settings.as_ref().map(|places| places.all.as_slice());
    let statuses = network.statuses(places, &session.opened).map_err(fault)?;
    let incidents = if wanted.history { network.incidents(MOST).map_err(fault)? } else { Vec::new() };
    let code = if settings.is_some() { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) };
    if args.json {
        let services: Vec<_> = statuses.iter().map(|one| service(one, session.now)).collect();
        let incidents: Vec<_> = incidents.iter().map(incident).collect();
        let result = json!({ "services": services, "incidents": incidents, "freed": freed });
        output::line(&forms::result("status", result));
        return Ok(code);
    }
    if freed > 0 {
        output::line(&format!(
            "{} asked again.",
            output::counted(freed as u64, "service may be", "services may be")
        ));
    }
    if statuses.is_empty() {
        output::line("No service was asked yet, and none is needed for what you have.");
    }
    statuses.iter().for_each(|one| show(one, session.now));
    if wanted.history {
        output::line("");
        if incidents.is_empty() {
            output::line("No service was down so far.");
        }
        incidents.iter().for_each(show_incident);
    }
    Ok(code)
}

fn state(status: &ServiceStatus, now: i64) -> &'static str {
    match status.standing.as_ref() {
        _ if status.refuses.is_some() => "refuses",
        None => "not asked yet",
        Some(standing) if standing.not_before / 1000 > now => "rests",
        Some(standing) if standing.down_since.is_some() => "down",
        Some(_) => "up",
    }
}

fn show(status: &ServiceStatus, now: i64) {
    let mut text = format!("{:28} {}", status.line, state(status, now));
    if let Some(standing) = &status.standing {
        if let (Some(since), None) = (standing.down_since, &status.refuses) {
            text += &format!(" since {} ({})", output::moment(since / 1000), standing.reason);
        }
        match standing.last_good {
            Some(good) => text += &format!(", last good answer {}", output::moment(good / 1000)),
            None => text += ", never gave a good answer",
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
    if let Some((_, mends)) = &status.refuses {
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
        "refuses": status.refuses.as_ref().map(|(why, _)| why),
        "mend_with": status.refuses.as_ref().map(|(_, mends)| mends),
    })
}

fn incident(incident: &Incident) -> Value {
    json!({
        "service": incident.line, "from": incident.from / 1000, "until": incident.until.map(|until| until / 1000),
        "reason": incident.reason,
    })
}
