//! `ferrotape source check`: does each place answer?

use std::process::ExitCode;

use ferrotape_app::{Network, PlaceSettings, Places};
use ferrotape_domain::Fault;
use serde_json::{Value, json};

use super::meant;
use crate::args::Args;
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json as forms, output};

/// What one place said.
struct Checked {
    name: String,
    said: Result<String, Fault>,
    /// Until when it is not asked by other commands, seconds since 1970 UTC.
    rests_until: Option<i64>,
}

pub(super) fn run(args: &Args, name: Option<&str>) -> Result<ExitCode, CliError> {
    let mut session = Session::to_look(args)?;
    // Somebody is waiting: once, not for long, and also what rests.
    session.ways = session.ways.to_look();
    let network = session.network()?;
    let mut places = Places::load(&session.opened.folder)?;
    if let Some(name) = name {
        let name = meant(&places, name)?;
        places.all.retain(|place| place.full_name() == name);
    }
    let one = |place: &PlaceSettings| check(place, &places, &network, &session);
    let rows: Vec<Checked> = places.all.iter().map(one).collect();
    if args.json {
        let all: Vec<Value> = rows.iter().map(of_json).collect();
        output::line(&forms::result("source check", json!({ "sources": all })));
    } else if rows.is_empty() {
        output::line("There is no source to check. `ferrotape source kinds` shows what can be added.");
    } else {
        rows.iter().for_each(show);
    }
    let good = rows.iter().all(|row| row.said.is_ok());
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

fn check(place: &PlaceSettings, places: &Places, network: &Network, session: &Session) -> Checked {
    let name = place.full_name();
    let said = network.check(place, &places.secrets(&name), &session.cancel);
    let rests_until = network.rests_until(&name);
    Checked { name, said, rests_until }
}

fn show(row: &Checked) {
    let (word, says) = match &row.said {
        Ok(says) => ("answers", says),
        Err(fault) => ("does not", &fault.reason),
    };
    output::line(&output::plain(&format!("{:24} {word:9} {says}", row.name)));
    if let Some(until) = row.rests_until {
        let says = "until then other commands do not ask it; `ferrotape status --retry` lets them at once";
        output::line(&format!("{:24} {:9} it rests until {}: {says}", "", "", output::moment(until)));
    }
}

fn of_json(row: &Checked) -> Value {
    let says = match &row.said {
        Ok(says) => says,
        Err(fault) => &fault.reason,
    };
    json!({ "name": row.name, "answers": row.said.is_ok(), "says": says, "next_try": row.rests_until })
}
