//! `ferrotape source`: the places that may be asked.

mod check;
mod collection;
mod secrets;

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

use ferrotape_app::{PlaceKind, PlaceSecrets, PlaceSettings, Places, is_feed_address, is_place_name};
use ferrotape_engine::lookup::forget_pictures;
use serde_json::json;

use crate::args::{AddSource, Args, Source, SourceVerb};
use crate::error::CliError;
use crate::session::{Session, library_folder};
use crate::{json as forms, output};

pub(crate) fn run(args: &Args, source: &Source) -> Result<ExitCode, CliError> {
    match &source.verb {
        SourceVerb::Kinds => kinds(args),
        SourceVerb::List => list(args),
        SourceVerb::Add(add) => add_one(args, add),
        SourceVerb::Remove { name } => remove(args, name),
        SourceVerb::Check { name } => check::run(args, name.as_deref()),
        SourceVerb::Collection { folder } => collection::run(args, folder.as_deref()),
    }
}

fn kinds(args: &Args) -> Result<ExitCode, CliError> {
    if args.json {
        let kinds: Vec<_> = PlaceKind::ALL
            .iter()
            .map(|kind| json!({ "kind": kind.word(), "says": kind.says(), "has_names": kind.has_names() }))
            .collect();
        output::line(&forms::result("source kinds", json!({ "kinds": kinds })));
    } else {
        PlaceKind::ALL.iter().for_each(|kind| output::line(&format!("{:18} {}", kind.word(), kind.says())));
    }
    Ok(ExitCode::SUCCESS)
}

fn places(args: &Args) -> Result<Places, CliError> {
    let folder = library_folder(args)?;
    Ok(Places::load(&folder)?)
}

fn list(args: &Args) -> Result<ExitCode, CliError> {
    let places = places(args)?;
    if args.json {
        let one = |place: &PlaceSettings| {
            json!({
                "name": place.full_name(), "kind": place.kind.word(), "address": place.address,
                "user": place.user, "sign_in": places.secrets(&place.full_name()).ways(), "command": place.command, "feeds": place.feeds.len(),
                "country": place.country,
            })
        };
        let all: Vec<_> = places.all.iter().map(one).collect();
        let collection = places.collection().to_string_lossy().into_owned();
        output::line(&forms::result("source list", json!({ "sources": all, "collection": collection })));
        return Ok(ExitCode::SUCCESS);
    }
    if places.all.is_empty() {
        output::line("No place is asked. `ferrotape source kinds` shows what can be added.");
        return Ok(ExitCode::SUCCESS);
    }
    for place in &places.all {
        let where_to = place.address.clone().unwrap_or_else(|| place.command.join(" "));
        let user = place.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
        // Their addresses may be keys.
        let feeds = match place.feeds.len() as u64 {
            0 => String::new(),
            count => output::counted(count, "feed of your own", "feeds of your own"),
        };
        let comma = if feeds.is_empty() { "" } else { ", " };
        let country = place.country.as_ref().map(|country| format!("{comma}Apple's directory of {country}"));
        let country = country.unwrap_or_default();
        // Which there are, never what they are.
        let ways = places.secrets(&place.full_name()).ways();
        let says = format!("{where_to}{feeds}{country}{user}");
        let comma = if says.is_empty() || ways.is_empty() { "" } else { ", " };
        let with = if ways.is_empty() { String::new() } else { format!("with {}", ways.join(" and ")) };
        let line = format!("{:24} {says}{comma}{with}", place.full_name());
        output::line(output::plain(&line).trim_end());
    }
    if places.all.iter().any(|place| place.kind.has_audio()) {
        output::line(&format!("\nMusic from them is kept in {}", places.collection().display()));
    }
    Ok(ExitCode::SUCCESS)
}

fn add_one(args: &Args, add: &AddSource) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let mut places = Places::load(&session.opened.folder)?;
    let before = known(add, &places).cloned();
    let mut place = settings(add, before.as_ref())?;
    let name = place.full_name();
    // A password is for the server and the user it was given for; a key of Subsonic may have come without a user's name.
    let as_before = before.as_ref().is_some_and(|known| {
        let has_key_alone = known.kind == PlaceKind::Subsonic && known.user.is_none();
        let same_user = has_key_alone || known.user == place.user;
        known.address == place.address && same_user && known.command == place.command
    });
    if let Some(known) = &before {
        place.feeds = each_once(known.feeds.iter().chain(&add.feeds));
        place.country = place.country.or_else(|| known.country.clone());
    }
    let had = places.secrets(&name);
    let kept = if as_before { had.clone() } else { PlaceSecrets::default() };
    let secrets = secrets::all(add, &place, kept, &session)?;
    ferrotape_app::check_settings(&place, &secrets).map_err(CliError::usage)?;
    let dropped: Vec<&str> =
        had.ways().into_iter().filter(|way| !as_before && !secrets.ways().contains(way)).collect();
    if place.kind == PlaceKind::Subsonic && had != secrets {
        // The best of the ways that there are now is tried first.
        session.network()?.forget_sign_in(&name).map_err(|fault| CliError::fault(&fault, session.now))?;
    }
    let new = places.add(place, secrets)?;
    if !as_before {
        // What another server or user listed says nothing of this one.
        session.opened.library.forget_listing(&name)?;
    }
    // Nor does how it stood.
    forget(&name, &session)?;
    let says = if new { "is asked from now on" } else { "is changed" };
    if args.json {
        output::line(&forms::result("source add", json!({ "name": name, "new": new, "dropped": dropped })));
    } else {
        if !dropped.is_empty() {
            let dropped = dropped.join(" and ");
            output::line(&format!("The {dropped} of {name} went: given for another server or user."));
        }
        let next = if add.kind.has_audio() { "" } else { "; what it knows: ferrotape lookup" };
        output::line(&format!("{name} {says}. Whether it answers: ferrotape source check {name}{next}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Addresses in the order in which they were first named; said twice, one is still one feed.
fn each_once<'f>(feeds: impl IntoIterator<Item = &'f String>) -> Vec<String> {
    let mut seen = HashSet::new();
    feeds.into_iter().filter(|feed| seen.insert(*feed)).cloned().collect()
}

/// The place that is changed, where there is one of that name.
fn known<'p>(add: &AddSource, places: &'p Places) -> Option<&'p PlaceSettings> {
    let named = PlaceSettings { name: add.name.clone(), ..PlaceSettings::of_kind(add.kind) };
    places.all.iter().find(|known| known.full_name() == named.full_name())
}

/// As they are given; what is not said is as it was.
fn settings(add: &AddSource, before: Option<&PlaceSettings>) -> Result<PlaceSettings, CliError> {
    let kind = add.kind;
    let word = kind.word();
    match (&add.name, kind.has_names()) {
        (None, true) => {
            return Err(CliError::usage(format!("there may be several of the kind {word}: say --name NAME")));
        }
        (Some(_), false) => {
            return Err(CliError::usage(format!(
                "there is only one source of the kind {word}, called {word}"
            ))
            .hint("leave out --name"));
        }
        (Some(name), true) if !is_place_name(name) => {
            return Err(CliError::usage(format!("“{name}” is no name for a source"))
                .hint("names have up to 40 letters without accents, digits, dots, - and _"));
        }
        _ => {}
    }
    let is_server = matches!(kind, PlaceKind::Subsonic | PlaceKind::Jellyfin);
    refuse_what_it_does_not_take(add, is_server)?;
    let address = add.address.as_ref().or_else(|| before?.address.as_ref());
    let user = add.user.as_ref().or_else(|| before?.user.as_ref());
    if is_server && address.is_none() {
        return Err(CliError::usage("where is the server? Say --address URL"));
    }
    // It is not quoted: there may be a password in it.
    if let Some((number, _)) = (1..).zip(&add.feeds).find(|(_, feed)| !is_feed_address(feed)) {
        return Err(CliError::usage(format!("--feed number {number} is no address of a feed"))
            .hint("write it with http:// or https://, and without a name and password in it"));
    }
    let command = Some(&add.command).filter(|command| !command.is_empty());
    let command = command.or(before.map(|known| &known.command)).cloned().unwrap_or_default();
    if kind == PlaceKind::Program && command.is_empty() {
        return Err(CliError::usage("which program? Give it, and its arguments, after --"));
    }
    if kind == PlaceKind::Program {
        there_to_run(Path::new(command.first().map_or("", String::as_str)))?;
    }
    Ok(PlaceSettings {
        kind,
        name: add.name.clone().filter(|_| kind.has_names()),
        address: address.cloned().filter(|_| is_server),
        user: user.cloned(),
        command,
        feeds: each_once(&add.feeds),
        country: add.country.clone(),
    })
}

/// What is given and would be kept for nothing is a slip; a key could be kept under the wrong name.
fn refuse_what_it_does_not_take(add: &AddSource, is_server: bool) -> Result<(), CliError> {
    let kind = add.kind;
    let has_key = is_server || matches!(kind, PlaceKind::Jamendo | PlaceKind::Podcasts | PlaceKind::Acoustid);
    let given = [
        ("--address", add.address.is_some() && !is_server),
        ("--user", add.user.is_some() && !is_server),
        ("--password-file", add.password_file.is_some() && !is_server),
        ("--key-file", add.key_file.is_some() && !has_key),
        ("--country", add.country.is_some() && kind != PlaceKind::Podcasts),
        ("--feed", !add.feeds.is_empty() && kind != PlaceKind::Podcasts),
        ("a command after --", !add.command.is_empty() && kind != PlaceKind::Program),
    ];
    match given.into_iter().find(|(_, is_odd)| *is_odd) {
        Some((option, _)) => {
            Err(CliError::usage(format!("{} takes no such thing: {option}", kind.word()))
                .hint("leave it out"))
        }
        None => Ok(()),
    }
}

/// A program is started by its whole path, in a folder of its own: what is not there now would never be.
fn there_to_run(program: &Path) -> Result<(), CliError> {
    let cannot = |why: &str| {
        Err(CliError::usage(format!("{} {why}", program.display()))
            .hint("name the program by its whole path: -- /home/me/bin/shelf"))
    };
    if !program.is_absolute() {
        return cannot("is no whole path");
    }
    match program.metadata() {
        Err(error) => cannot(&format!("cannot be started ({error})")),
        Ok(found) if !found.is_file() => cannot("is no file"),
        #[cfg(unix)]
        Ok(found) if std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 == 0 => {
            cannot("may not be run: make it executable (chmod +x)")
        }
        Ok(_) => Ok(()),
    }
}

fn remove(args: &Args, name: &str) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let mut places = Places::load(&session.opened.folder)?;
    // Of one that was taken out of the file by hand there may still be a secret.
    let known = meant(&places, name);
    let name = known.as_ref().map_or(name, String::as_str).to_owned();
    // It goes first, so that a `lookup` that runs adds nothing to what is forgotten then. Who is stopped here can say the same
    // again: of a service that is not in the file there may still be all that it said.
    let had = places.remove(&name)?;
    let kind = PlaceKind::from_word(&name).filter(|kind| !kind.has_audio());
    let mut had_said = false;
    if let Some(kind) = kind {
        if kind == PlaceKind::CoverArtArchive {
            let folder = &session.opened.folder;
            had_said = forget_pictures(folder).map_err(|error| CliError::writing(folder, &error))? > 0;
        }
        had_said |= session.opened.library.forget_register(&name)? > 0;
    }
    session.opened.library.forget_listing(&name)?;
    session.network()?.forget_all(&name).map_err(|fault| CliError::fault(&fault, session.now))?;
    if !had && !had_said {
        known?;
    }
    if args.json {
        output::line(&forms::result("source remove", json!({ "name": name })));
    } else {
        let rest = match kind {
            Some(_) => "what it said is forgotten, and leaves your tracks with the next `ferrotape convert`",
            None => "files that came from it stay",
        };
        output::line(&format!("{name} is not asked any more; {rest}."));
    }
    Ok(ExitCode::SUCCESS)
}

/// The whole name of the place that a name means.
fn meant(places: &Places, name: &str) -> Result<String, CliError> {
    let place = places.meant(name).map_err(CliError::new);
    place.map(PlaceSettings::full_name)
}

/// How a place stood that is there no more says nothing of one of its name.
fn forget(name: &str, session: &Session) -> Result<(), CliError> {
    session.network()?.forget(name).map_err(|fault| CliError::fault(&fault, session.now))
}
