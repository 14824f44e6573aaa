//! `ferrotape drill`: what still works when services are down.

use std::process::ExitCode;

use ferrotape_engine::drill::{Drilled, Share, drill};
use serde_json::{Value, json};

use crate::args::{Args, Drill};
use crate::error::CliError;
use crate::session::Session;
use crate::{json as forms, output};

/// Files named without --json.
const NAMED: usize = 20;

pub(crate) fn run(args: &Args, wanted: &Drill) -> Result<ExitCode, CliError> {
    let mut session = Session::to_look(args)?;
    session.ways.down = wanted.down.iter().map(|name| name.trim().to_owned()).collect();
    let network = session.network()?;
    let known =
        network.service_names(&session.opened).map_err(|fault| CliError::fault(&fault, session.now))?;
    for name in &session.ways.down {
        if name != "all" && !known.iter().any(|known| known == name || known.split(':').next() == Some(name))
        {
            return Err(CliError::usage(format!("no service is called {name}"))
                .hint(format!("there are {}, and all", known.join(", "))));
        }
    }
    let places = network.places(&session.opened)?;
    let drilled = drill(&places.to_look(), &session.context())?;
    if args.json {
        output::line(&forms::result("drill", of_json(&drilled, &wanted.down)));
    } else {
        show(&drilled, &wanted.down);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(drilled: &Drilled, down: &[String]) {
    output::line(&format!("With {} down, of {} you want:", down.join(", "), things(drilled.all)));
    for (share, says) in [
        (drilled.plays_here, "play from files that are here"),
        (drilled.plays_on_players, "play from what the last run left on a player or in a folder"),
        (drilled.in_review, "wait for your word in review"),
        (drilled.waits, "wait for a service that is down"),
        (drilled.missing, "are nowhere that was looked"),
    ] {
        if share.things > 0 {
            let of_hours = match drilled.all.played_ms {
                0 => String::new(),
                all => format!("  {:>5.1} % of your listening", share.played_ms as f64 * 100.0 / all as f64),
            };
            output::line(&format!("{:>7}  {:>8}{of_hours}  {says}", share.things, hours(share.played_ms)));
        }
    }
    for place in &drilled.gathered.places {
        let says = match &place.fault {
            Some(fault) => format!("refused: {}", fault.reason),
            None => "was asked".to_owned(),
        };
        output::line(&output::plain(&format!("{:24} {says}", place.name)));
    }
    output::line(
        "\nWhat needs no service at all: importing exports and files, matching, review, converting, filling players, \
         reports, exports, and every file you have.",
    );
    let single = drilled.single_copies.len();
    output::line(&format!(
        "\n{} in one copy only, {} in several.",
        output::counted(single as u64, "wanted file is there", "wanted files are there"),
        drilled.several_copies
    ));
    for path in drilled.single_copies.iter().take(NAMED) {
        output::line(&output::plain(&format!("  {}", path.display())));
    }
    if single > NAMED {
        output::line(&format!("  … and {} more; --json lists all", single - NAMED));
    }
}

fn things(share: Share) -> String {
    let hours = if share.played_ms > 0 {
        format!(" ({} of listening)", hours(share.played_ms))
    } else {
        String::new()
    };
    format!("{}{hours}", output::counted(share.things, "item", "items"))
}

fn hours(ms: u64) -> String {
    format!("{:.1} h", ms as f64 / 3_600_000.0)
}

fn of_json(drilled: &Drilled, down: &[String]) -> Value {
    let share = |share: Share| json!({ "things": share.things, "played_ms": share.played_ms });
    let places: Vec<Value> = drilled
        .gathered
        .places
        .iter()
        .map(|place| json!({ "name": place.name, "fault": place.fault.as_ref().map(|fault| &fault.reason) }))
        .collect();
    let single: Vec<_> = drilled.single_copies.iter().map(|path| path.to_string_lossy()).collect();
    json!({
        "down": down, "all": share(drilled.all), "plays_here": share(drilled.plays_here),
        "plays_on_players": share(drilled.plays_on_players), "in_review": share(drilled.in_review),
        "waits": share(drilled.waits), "missing": share(drilled.missing), "places": places,
        "single_copies": single, "several_copies": drilled.several_copies,
    })
}
