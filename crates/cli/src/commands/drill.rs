//! `ferrotape drill`: what still works when services are down.

use std::collections::BTreeSet;
use std::process::ExitCode;

use ferrotape_app::{KnownService, Places};
use ferrotape_domain::Fault;
use ferrotape_engine::drill::{Drilled, OnlyCopy, Share, TargetNow, drill};
use serde_json::{Value, json};

use crate::args::{Args, Drill};
use crate::commands::player::system;
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json as forms, output};

/// Files named without --json.
const NAMED: usize = 20;

pub(crate) fn run(args: &Args, wanted: &Drill) -> Result<ExitCode, CliError> {
    let mut session = Session::to_look(args)?;
    let settings = session.settings();
    let Named { down, not_in_use, without_audio } = named(wanted, settings.as_ref(), &session)?;
    session.ways.down = down;
    let network = session.network()?;
    let settings_read = settings.is_some();
    let places = match settings {
        Some(_) => network.places(&session.opened)?,
        None => network.no_places(&session.opened),
    };
    let drilled = drill(&places.to_look(), &system(args), &session.context())?;
    let refused = settings.map(|places| network.refused_registers(&places, &session.cancel));
    let others = others(without_audio, &refused.unwrap_or_default());
    if args.json {
        output::line(&forms::result("drill", of_json(&drilled, (&wanted.down, &not_in_use), &others)));
    } else {
        show(&drilled, &wanted.down, &others);
        for name in &not_in_use {
            output::line(&format!("{name} is not in use here: it is not set up, and nothing asked it yet."));
        }
    }
    Ok(if settings_read { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// The services that are named.
#[derive(Default)]
struct Named {
    /// By their whole names, as the network knows them.
    down: BTreeSet<String>,
    /// Of these, as they were named, what is neither set up here nor was ever asked.
    not_in_use: Vec<String>,
    /// Of these in use, those from which no audio comes.
    without_audio: Vec<KnownService>,
}

/// A service from which no audio comes.
struct Other {
    name: String,
    serves: &'static str,
    /// How it refused, where it is one that knows something of music: what it said before is kept, so nothing needs it.
    refused: Option<String>,
}

fn others(without_audio: Vec<KnownService>, refused: &[Fault]) -> Vec<Other> {
    let how =
        |name: &str| refused.iter().find(|fault| fault.source == name).map(|fault| fault.reason.clone());
    let other = |KnownService { name, serves, .. }| Other { refused: how(&name), name, serves };
    without_audio.into_iter().map(other).collect()
}

/// Each must be a service that can be asked at all.
fn named(wanted: &Drill, settings: Option<&Places>, session: &Session) -> Result<Named, CliError> {
    let network = session.network()?;
    let set_up = settings.map(|places| places.all.as_slice());
    let known = network.known_services(set_up).map_err(|fault| CliError::fault(&fault, session.now))?;
    let mut named = Named::default();
    let is_named = |service: &&KnownService| {
        let mut names = wanted.down.iter().map(|name| name.trim());
        names.any(|name| name == "all" || service.is_meant_by(name))
    };
    let without_audio = known.iter().filter(|service| service.in_use && !service.has_audio);
    named.without_audio = without_audio.filter(is_named).cloned().collect();
    for name in wanted.down.iter().map(|name| name.trim()) {
        let mut services = known.iter().filter(|service| service.is_meant_by(name)).peekable();
        let is_known = name == "all" || services.peek().is_some();
        let is_used = name == "all" || services.any(|service| service.in_use);
        let meant = settings.and_then(|places| places.meant(name).ok());
        match meant {
            _ if is_known => {
                named.down.insert(name.to_owned());
                named.not_in_use.extend((!is_used).then(|| name.to_owned()));
            }
            Some(place) => {
                named.down.insert(place.full_name());
            }
            None => {
                let all: Vec<&str> = known.iter().map(|service| service.name.as_str()).collect();
                return Err(CliError::new(format!("no service is called {name}"))
                    .hint(format!("there are {}, and all", all.join(", "))));
            }
        }
    }
    Ok(named)
}

fn show(drilled: &Drilled, down: &[String], others: &[Other]) {
    output::line(&format!("With {} down, of {} you want:", down.join(", "), things(drilled.all)));
    let (have, of) = drilled.tracks_in_part;
    let in_part = format!("play in part: {have} of at least {of} tracks are here");
    for (share, says) in [
        (drilled.plays_here, "play from files that are here"),
        (drilled.plays_in_part, in_part.as_str()),
        (drilled.plays_on_players, "play from a player or folder that was filled and is there now"),
        (drilled.on_absent_players, "were on a player or in a folder that cannot be seen now"),
        (drilled.changed, "have a file that was changed since it was looked through: ferrotape scan FOLDER"),
        (drilled.in_review, "wait for your word in review"),
        (
            drilled.can_be_fetched,
            "are not here yet, but can be fetched from a place that answers: ferrotape convert",
        ),
        (drilled.waits, "wait for a service that is down"),
        (drilled.refused, "had files to choose from, and you said that it is none of them"),
        (drilled.gone_from_players, "are gone from a player or folder that is there, and nowhere else"),
        (drilled.missing, "are nowhere that was looked"),
    ] {
        if share.things > 0 {
            output::line(&format!("{:>7}{}  {says}", share.things, listened(share, drilled.all)));
        }
    }
    for place in &drilled.gathered.places {
        let says = match &place.fault {
            Some(fault) => format!("refused: {}", fault.reason),
            None => "was asked".to_owned(),
        };
        output::line(&output::plain(&format!("{:24} {says}", place.name)));
    }
    for Other { name, serves, refused } in others {
        let says = match refused {
            Some(why) => format!("refused: {why}; nothing of this needs it. What it is for waits: {serves}"),
            None => format!("is not asked. What it is for waits: {serves}"),
        };
        output::line(&output::plain(&format!("{name:24} {says}")));
    }
    drilled.targets.iter().filter_map(not_seen).for_each(|says| output::line(&output::plain(&says)));
    output::line(
        "\nWhat needs no service at all: importing exports and files, matching, review, converting, filling players, \
         reports, exports, and every file you have.",
    );
    show_copies(drilled);
    show_changed(drilled);
}

/// Of a player or folder on which not all is seen that the last run left: what, and when it was seen.
fn not_seen(now: &TargetNow) -> Option<String> {
    let (target, seen) = (&now.target, output::day(now.at));
    let says = match (now.is_there, now.gone) {
        (true, 0) => return None,
        (true, gone) if gone == now.left => {
            format!("is there and was emptied: nothing is left of {}", output::counted(gone, "item", "items"))
        }
        (true, gone) => format!("is there, but {gone} of {} items are gone from it", now.left),
        (false, _) => format!(
            "cannot be seen now (not plugged in, removed, or reached by MTP); it had {}",
            output::counted(now.left, "item", "items")
        ),
    };
    Some(format!("{target} {says}. It was last filled on {seen}."))
}

fn show_copies(drilled: &Drilled) {
    let single = drilled.single_copies.len();
    output::line(&format!(
        "\n{} in one copy only, {} in several. What lies on players are MP3s of them, not copies.",
        output::counted(single as u64, "wanted file is there", "wanted files are there"),
        drilled.several_copies
    ));
    for only in drilled.single_copies.iter().take(NAMED) {
        output::line(&output::plain(&format!("  {}{}", only.path.display(), mp3s_of(only))));
    }
    if single > NAMED {
        output::line(&format!("  … and {} more; --json lists all", single - NAMED));
    }
}

/// What lies in the place of wanted files and may be anything.
fn show_changed(drilled: &Drilled) {
    let files = &drilled.changed_files;
    if files.is_empty() {
        return;
    }
    let count = output::counted(files.len() as u64, "file was", "files were");
    output::line(&format!(
        "\n{count} changed since you had them looked through. They count neither as playing nor as copies; `ferrotape scan \
         FOLDER` looks again."
    ));
    for path in files.iter().take(NAMED) {
        output::line(&output::plain(&format!("  {}", path.display())));
    }
    if files.len() > NAMED {
        output::line(&format!("  … and {} more; --json lists all", files.len() - NAMED));
    }
}

/// Where there is something made of the only copy, in case that is lost.
fn mp3s_of(only: &OnlyCopy) -> String {
    let away = only.mp3_was_on.iter();
    let away = away.map(|(target, at)| format!("was on {target} on {}", output::day(*at)));
    let seen = only.mp3_on.iter().map(|target| format!("is on {target}"));
    let places: Vec<String> = seen.chain(away).collect();
    match places.is_empty() {
        true => String::new(),
        false => format!("  (the only original; an MP3 of it {})", places.join(", and ")),
    }
}

/// Of your listening, how long and how much; nothing where no list of plays was ever imported.
fn listened(share: Share, all: Share) -> String {
    match (share.played_ms, all.played_ms) {
        (_, 0) => String::new(),
        (0, _) => format!("  {:>27}", "never listened to"),
        (ms, all) => {
            let percent = ms as f64 * 100.0 / all as f64;
            format!("  {:>8} {percent:>5.1} % of listening", hours(ms))
        }
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

/// Less than an hour in minutes: 0.0 h says nothing.
fn hours(ms: u64) -> String {
    match ms {
        0..60_000 => "< 1 min".to_owned(),
        60_000..3_600_000 => format!("{} min", ms / 60_000),
        _ => format!("{:.1} h", ms as f64 / 3_600_000.0),
    }
}

fn of_json(drilled: &Drilled, (down, not_in_use): (&[String], &[String]), others: &[Other]) -> Value {
    let share = |share: Share| json!({ "things": share.things, "played_ms": share.played_ms });
    let places: Vec<Value> = drilled
        .gathered
        .places
        .iter()
        .map(|place| json!({ "name": place.name, "fault": place.fault.as_ref().map(|fault| &fault.reason) }))
        .collect();
    let single: Vec<_> = drilled.single_copies.iter().map(|only| only.path.to_string_lossy()).collect();
    let changed: Vec<_> = drilled.changed_files.iter().map(|path| path.to_string_lossy()).collect();
    let mp3s: Vec<Value> = drilled.single_copies.iter().map(mp3s_in_json).collect();
    let others: Vec<Value> = others
        .iter()
        .map(|other| json!({ "name": other.name, "serves": other.serves, "fault": other.refused }))
        .collect();
    let target = |now: &TargetNow| {
        json!({
            "target": now.target, "at": now.at, "is_there": now.is_there, "left": now.left, "gone": now.gone,
        })
    };
    let targets: Vec<Value> = drilled.targets.iter().map(target).collect();
    json!({
        "down": down, "not_in_use": not_in_use, "all": share(drilled.all), "plays_here": share(drilled.plays_here),
        "plays_on_players": share(drilled.plays_on_players), "on_absent_players": share(drilled.on_absent_players), "in_review": share(drilled.in_review),
        "can_be_fetched": share(drilled.can_be_fetched), "waits": share(drilled.waits), "refused": share(drilled.refused), "missing": share(drilled.missing), "places": places, "other_services": others,
        "gone_from_players": share(drilled.gone_from_players), "targets": targets,
        "plays_in_part": share(drilled.plays_in_part), "tracks_in_part": { "have": drilled.tracks_in_part.0, "of": drilled.tracks_in_part.1 },
        "changed": share(drilled.changed), "changed_files": changed,
        "single_copies": single, "mp3s_of_single_copies": mp3s, "several_copies": drilled.several_copies,
    })
}

fn mp3s_in_json(only: &OnlyCopy) -> Value {
    let was_on = only.mp3_was_on.iter().map(|(target, at)| json!({ "target": target, "at": at }));
    json!({
        "path": only.path.to_string_lossy(), "on": only.mp3_on, "was_on": was_on.collect::<Vec<Value>>(),
    })
}
