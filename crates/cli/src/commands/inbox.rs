//! `ferrotape inbox`: what was bought or ripped is filed, once or as it comes.

mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ferrotape_app::Places;
use ferrotape_domain::AudioSource;
use ferrotape_engine::inbox::{
    InboxReport, InboxRequest, inboxes, lies_in, look_into_inboxes, player_around, remember,
};
use serde_json::json as json_value;

use crate::args::{Args, Inbox};
use crate::error::{CliError, SOME_FAILED, STOPPED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, wanted: &Inbox) -> Result<ExitCode, CliError> {
    let mut session = Session::to_change(args)?;
    let settings_read = session.settings().is_some();
    let folders = folders(wanted, &session)?;
    let report = look(&session, &folders, wanted, true)?;
    let code =
        if report.has_trouble() || !settings_read { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS };
    if !wanted.watch {
        if args.json {
            output::line(&json::result("inbox", json::inbox(&report)));
        } else {
            text::inbox(&report);
        }
        return Ok(code);
    }
    tell(&report, args);
    let looks = watch::watch(&mut session, &folders, wanted, report, &|report| tell(report, args))?;
    if args.json {
        output::line(&json::result("inbox", json_value!({ "looks": looks })));
    }
    // Only the user ends a watch.
    Ok(ExitCode::from(STOPPED))
}

/// One look of many.
fn tell(report: &InboxReport, args: &Args) {
    if args.json {
        let mut look = json::inbox(report);
        if let Some(fields) = look.as_object_mut() {
            fields.insert("event".to_owned(), json_value!("looked"));
        }
        output::line(&look.to_string());
    } else {
        text::inbox(report);
    }
}

/// The folders that are meant, absolute. Those that are named are remembered.
fn folders(wanted: &Inbox, session: &Session) -> Result<Vec<PathBuf>, CliError> {
    if wanted.folders.is_empty() {
        let own = own_inbox(session)?;
        fs::create_dir_all(&own).map_err(|error| CliError::writing(&own, &error))?;
        return all(session);
    }
    let mut named = Vec::new();
    for folder in &wanted.folders {
        let cannot = |why: String| {
            CliError::new(format!("{} cannot be looked into: {why}", folder.display()))
                .hint("name the folder that your downloads or rips are in")
        };
        let whole = folder.canonicalize().map_err(|error| cannot(error.to_string()))?;
        if !whole.is_dir() {
            return Err(cannot("it is a file, not a folder".to_owned()));
        }
        let collection = collection_folder(session)?;
        if lies_in(&whole, &collection.canonicalize().unwrap_or(collection)) {
            return Err(cannot("it lies in the collection, where things are filed".to_owned()));
        }
        refuse_music(folder, &whole, session)?;
        if !remember(&whole, &session.context())? {
            let says =
                "it was read before as an input and stays one; it is looked into now, not by a refresh";
            output::talk(&format!("note: {}: {says}", folder.display()));
        }
        if !named.contains(&whole) {
            named.push(whole);
        }
    }
    // An inbox that lies in one that was named keeps its own ways, and its folder.
    let within = all(session)?.into_iter().filter(|inbox| named.iter().any(|one| inbox.starts_with(one)));
    let within: Vec<PathBuf> = within.filter(|inbox| !named.contains(inbox)).collect();
    named.extend(within);
    Ok(named)
}

/// Refuses what holds no news: music that is scanned where it is, and players that ferrotape filled.
fn refuse_music(folder: &Path, whole: &Path, session: &Session) -> Result<(), CliError> {
    let folder = folder.display();
    if let Some(music) = music_around(whole, session)? {
        let music = music.display();
        return Err(CliError::new(format!(
            "{folder} cannot be an inbox: {music} is a music folder of yours, and what lies in it counts where it \
             is; nothing was copied"
        ))
        .hint(format!(
            "what is new there is found by `ferrotape scan {folder}`; to make an inbox of it all the same: \
             `ferrotape refresh --forget {music}`, then this again"
        )));
    }
    if let Some(player) = player_around(whole) {
        let player = player.display();
        return Err(CliError::new(format!(
            "{folder} cannot be an inbox: {player} is a player that ferrotape filled with copies; nothing was copied"
        ))
        .hint("name the folder that your downloads or rips are in"));
    }
    Ok(())
}

/// The library's own inbox, where it is there, and those that were named before.
pub(crate) fn all(session: &Session) -> Result<Vec<PathBuf>, CliError> {
    let own = own_inbox(session)?;
    let mut all: Vec<PathBuf> = own.is_dir().then_some(own).into_iter().collect();
    for folder in inboxes(&session.context())? {
        if let Some(music) = music_around(&folder, session)? {
            let says = "is scanned as music by now, so nothing is copied from there";
            output::talk(&format!("note: {}: {} {says}", folder.display(), music.display()));
        } else if let Some(player) = player_around(&folder) {
            let says = "is a player that ferrotape filled by now, so nothing is copied from there";
            output::talk(&format!("note: {}: {} {says}", folder.display(), player.display()));
        } else if !all.contains(&folder) {
            all.push(folder);
        }
    }
    Ok(all)
}

/// The music folder that a folder is, or lies in: copies of what is there would only count twice.
fn music_around(folder: &Path, session: &Session) -> Result<Option<PathBuf>, CliError> {
    Ok(session.music_folders()?.into_iter().find(|music| lies_in(folder, music)))
}

fn own_inbox(session: &Session) -> Result<PathBuf, CliError> {
    Ok(library_folder(session)?.join("inbox"))
}

fn library_folder(session: &Session) -> Result<PathBuf, CliError> {
    let folder = &session.opened.folder;
    folder.canonicalize().map_err(|error| CliError::writing(folder, &error))
}

/// Lets `with` have what a look needs.
pub(crate) fn with_request<T>(
    session: &Session,
    folders: &[PathBuf],
    (move_in, all, settled): (bool, bool, Duration),
    with: impl FnOnce(&InboxRequest) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let (collection, source) = collection(session)?;
    let mut keep_out = session.music_folders()?;
    keep_out.push(library_folder(session)?);
    let (collection, keep_out) = (&collection, &keep_out);
    with(&InboxRequest { folders, collection, source, keep_out, move_in, all, settled })
}

/// A download may stall for longer than it is looked at. Who says `--move` by hand says that it has come; a watch that takes
/// it away waits until nothing changed for so long.
const SETTLED: Duration = Duration::from_secs(120);

fn look(session: &Session, folders: &[PathBuf], wanted: &Inbox, all: bool) -> Result<InboxReport, CliError> {
    let settled = if wanted.watch && wanted.move_in { SETTLED } else { Duration::ZERO };
    with_request(session, folders, (wanted.move_in, all, settled), |request| {
        Ok(look_into_inboxes(request, &session.context())?)
    })
}

/// Where the collection is, also where something else in the settings is wrong; never anywhere else than they may say.
fn collection_folder(session: &Session) -> Result<PathBuf, CliError> {
    let folder = &session.opened.folder;
    match (Places::load(folder), Places::collection_as_written(folder)) {
        (Ok(places), _) => Ok(places.collection()),
        (Err(_), Some(folder)) => Ok(folder),
        (Err(error), None) => Err(error.into()),
    }
}

/// The collection's folder, and the same as a source.
pub(crate) fn collection(session: &Session) -> Result<(PathBuf, Arc<dyn AudioSource>), CliError> {
    let folder = collection_folder(session)?;
    fs::create_dir_all(&folder).map_err(|error| CliError::writing(&folder, &error))?;
    match ferrotape_app::sources(std::slice::from_ref(&folder))?.into_iter().next() {
        Some(source) => Ok((source.root(), source)),
        None => Err(CliError::new(format!("{} cannot be used", folder.display()))),
    }
}
