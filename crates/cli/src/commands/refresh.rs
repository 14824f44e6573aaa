//! `ferrotape refresh`: what was read before, looked at again.

use std::process::ExitCode;
use std::time::Duration;

use ferrotape_app::{ConnectedAccount, Network, account, last_pull, sources};
use ferrotape_domain::{AccountSource, Fault};
use ferrotape_engine::inbox::forget_seen;
use ferrotape_engine::lookup::{LookedUp, LookupRequest, look_up};
use ferrotape_engine::refresh::{AskAccount, refresh};
use ferrotape_engine::store::WatchedKind;
use serde_json::json as json_value;

use super::inbox;
use super::lookup::remember_refusals;
use super::spotify::Agreement;
use crate::args::{Args, Refresh};
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json, output, text};

/// A timer runs each day, not always at the same minute.
const ACCOUNT_EVERY_S: i64 = 20 * 3600;

/// Things that each service of `ferrotape lookup` is asked of.
const LOOKED_UP: usize = 300;

pub(crate) fn run(args: &Args, wanted: &Refresh) -> Result<ExitCode, CliError> {
    if wanted.list {
        return list(args);
    }
    let session = Session::to_change(args)?;
    if !wanted.forget.is_empty() {
        return forget(args, wanted, &session);
    }
    let context = session.context();
    let sources = sources(&session.music_folders()?)?;
    let connected = account(&session.opened, wanted.addresses.of_account());
    let network = session.network()?;
    let asked = connected.as_ref().ok().map(|connected| network.remembering_account(connected));
    let ask = match (&connected, &asked) {
        (Ok(connected), Some(asked)) => {
            ask_account((connected, asked), wanted.now, &session).unwrap_or_else(AskAccount::Unusable)
        }
        (Err(fault), _) => AskAccount::Unusable(fault.clone()),
        (Ok(_), None) => AskAccount::NotConnected,
    };
    let places = session.places_of(&network);
    places.unusable.iter().for_each(|fault| session.context_warn(fault));
    let elsewhere = places.elsewhere(true);
    let elsewhere = (!wanted.offline && !places.is_empty()).then_some(&elsewhere);
    let inboxes = inbox::all(&session)?;
    let refreshed = match inboxes.as_slice() {
        [] => refresh(&sources, ask, (None, elsewhere), &context)?,
        inboxes => inbox::with_request(&session, inboxes, (false, false, Duration::ZERO), |request| {
            Ok(refresh(&sources, ask, (Some(request), elsewhere), &context)?)
        })?,
    };
    // What was done before is told, whatever comes of this.
    let looked_up = if wanted.offline { Ok(None) } else { look_up_new(&network, &session) };
    let told = looked_up.as_ref().ok().and_then(Option::as_ref);
    let failed = refreshed.has_failed() || told.is_some_and(LookedUp::has_failed);
    // What came of it is in the news of the account; the token may have died only now.
    let standing = connected.ok().and_then(|connected| connected.standing().ok().flatten());
    let agreement = Agreement::of(standing.as_ref(), session.now);
    if args.json {
        let mut form = json::refreshed(&refreshed, agreement, session.now);
        if let (Some(fields), Some(looked_up)) = (form.as_object_mut(), told) {
            fields.insert("lookup".to_owned(), json::looked_up(looked_up, &[]));
        }
        output::line(&json::result("refresh", form));
    } else {
        text::refreshed(&refreshed, agreement, session.now);
        if let Some(Ok(gathered)) = &refreshed.gathered {
            text::gathered(gathered, &network.stale_used());
            if gathered.fetched() > 0 {
                output::line("The next `ferrotape convert` puts what came on your player.");
            }
        }
        told.iter().for_each(|looked_up| text::looked_up(looked_up, &[]));
    }
    looked_up?;
    Ok(if failed { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}

/// Some of what is new: a timer comes again tomorrow.
fn look_up_new(network: &Network, session: &Session) -> Result<Option<LookedUp>, CliError> {
    // Settings that cannot be read were told of already.
    let Ok((registers, unusable)) = network.registers(&session.opened.folder) else { return Ok(None) };
    unusable.iter().for_each(|fault| session.context_warn(fault));
    if registers.is_empty() {
        return Ok(None);
    }
    let request = LookupRequest { registers: &registers, most: LOOKED_UP, again: false };
    let looked_up = look_up(&request, &session.context())?;
    remember_refusals(network, &looked_up);
    Ok(Some(looked_up))
}

/// Whether the account is to be asked.
fn ask_account<'a>(
    (connected, asked): (&ConnectedAccount, &'a dyn AccountSource),
    now: bool,
    session: &Session,
) -> Result<AskAccount<'a>, Fault> {
    if connected.standing()?.is_none_or(|standing| !standing.connected) {
        return Ok(AskAccount::NotConnected);
    }
    let due = last_pull(connected, &session.opened)?.finished_at.map(|last| last + ACCOUNT_EVERY_S);
    Ok(match due.filter(|due| !now && session.now < *due) {
        Some(due) => AskAccount::NotBefore(due),
        None => AskAccount::Now(asked),
    })
}

fn list(args: &Args) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let mut places = session.opened.library.watched()?;
    places.retain(|place| place.kind != WatchedKind::Drop);
    if args.json {
        let one = |place: &ferrotape_engine::store::Watched| json_value!({ "path": place.path.to_string_lossy(), "kind": place.kind.as_str(), "read_at": place.at });
        let places: Vec<_> = places.iter().map(one).collect();
        output::line(&json::result("refresh", json_value!({ "places": places })));
    } else {
        text::watched(&places);
    }
    Ok(ExitCode::SUCCESS)
}

fn forget(args: &Args, wanted: &Refresh, session: &Session) -> Result<ExitCode, CliError> {
    let mut forgotten = Vec::new();
    for path in &wanted.forget {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if !session.opened.library.unwatch(&whole)? {
            return Err(CliError::new(format!("{} is not looked at anyway", path.display()))
                .hint("`ferrotape refresh --list` lists the places that are"));
        }
        forget_seen(&whole, &session.context())?;
        forgotten.push(whole.to_string_lossy().into_owned());
    }
    if args.json {
        output::line(&json::result("refresh", json_value!({ "forgotten": forgotten })));
    } else {
        for path in &forgotten {
            output::line(&format!(
                "{} is not looked at again; what it said stays in the library.",
                output::plain(path)
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
