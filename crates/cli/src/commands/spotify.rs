//! `ferrotape spotify`: connect, pull, status, disconnect, purge.

use std::io::IsTerminal;
use std::process::ExitCode;

use ferrotape_app::{ConnectedAccount, Standing, account, last_pull};
use ferrotape_domain::{Event, Fault, Progress};
use ferrotape_engine::{EngineError, account as engine};
use serde_json::json;

use crate::args::{Args, Spotify, SpotifyVerb};
use crate::error::CliError;
use crate::session::Session;
use crate::text::account as text;
use crate::{json as forms, output};

const DAY_S: i64 = 24 * 3600;
/// So long before the agreement ends, every use of the account says so.
const ANNOUNCED_S: i64 = 14 * DAY_S;

pub(crate) fn run(args: &Args, spotify: &Spotify) -> Result<ExitCode, CliError> {
    let mut session = match &spotify.verb {
        SpotifyVerb::Status => Session::to_look(args)?,
        SpotifyVerb::Connect { .. } => Session::to_change_later(args)?,
        _ => Session::to_change(args)?,
    };
    let now = session.now;
    let fault = |fault: Fault| CliError::fault(&fault, now);
    let account = account(&session.opened, spotify.addresses.of_account()).map_err(fault)?;
    let (verb, result) = match &spotify.verb {
        SpotifyVerb::Connect { client_id, no_browser } => {
            let standing = connect(&account, client_id.as_deref(), *no_browser, args.json, &mut session)?;
            ("connect", text::connected(&standing, args.json))
        }
        SpotifyVerb::Pull { accept_shrink } => {
            announce_end(&account, &session)?;
            let network = session.network()?;
            let asked = network.remembering_account(&account);
            let report = engine::pull(&asked, *accept_shrink, &session.context())?;
            ("pull", text::pulled(&report, args.json))
        }
        SpotifyVerb::Status => {
            // What has expired goes, whatever is done.
            engine::purge(engine::EXPIRY_DAYS, &session.context())?;
            announce_end(&account, &session)?;
            ("status", status(&account, &session, args.json)?)
        }
        SpotifyVerb::Disconnect => {
            // The tokens first: whatever comes after, nobody can ask with them any more.
            let had_tokens = account.forget().map_err(fault)?;
            let (forgotten, answers) = engine::disconnect(&session.context())?;
            ("disconnect", text::disconnected(had_tokens, forgotten, answers, args.json))
        }
        SpotifyVerb::Purge { older_than } => {
            ("purge", text::purged(engine::purge_traceless(*older_than, &session.context())?, args.json))
        }
    };
    if let Some(result) = result {
        output::line(&forms::result(&format!("spotify {verb}"), result));
    }
    Ok(ExitCode::SUCCESS)
}

fn status(
    account: &ConnectedAccount,
    session: &Session,
    as_json: bool,
) -> Result<Option<serde_json::Value>, CliError> {
    let fault = |fault: Fault| CliError::fault(&fault, session.now);
    let standing = account.standing().map_err(fault)?;
    let pull = last_pull(account, &session.opened).map_err(fault)?;
    let kept = session.opened.library.account_answers_kept()?;
    Ok(text::status(standing.as_ref(), &pull, kept, session.now, as_json))
}

fn connect(
    account: &ConnectedAccount,
    client_id: Option<&str>,
    no_browser: bool,
    as_json: bool,
    session: &mut Session,
) -> Result<Standing, CliError> {
    let now = session.now;
    let fault = |fault: Fault| CliError::fault(&fault, now);
    let login = account.begin_login(client_id).map_err(fault)?;
    let address = login.address();
    if as_json {
        output::line(&json!({ "event": "open", "address": address }).to_string());
    } else {
        output::line(&address);
        let opened = !no_browser && std::io::stdout().is_terminal() && open::that_detached(&address).is_ok();
        output::talk(if opened {
            "agree in the browser that opens; if none does, open the address above on this computer (Ctrl-C stops)"
        } else {
            "open this address in a browser on this computer and agree there (Ctrl-C stops)"
        });
    }
    let cancel = session.cancel.clone();
    let stopped = |error| if cancel.is_stopped() { EngineError::Interrupted.into() } else { fault(error) };
    login.finish(&cancel).map_err(stopped)?;
    // Nobody else had to wait for the browser.
    session.hold()?;
    account.settle(&cancel).map_err(stopped)
}

/// Says in time that the agreement will end.
fn announce_end(account: &ConnectedAccount, session: &Session) -> Result<(), CliError> {
    let standing = account.standing().map_err(|fault| CliError::fault(&fault, session.now))?;
    let Some(Agreement::EndsOn(day)) = Agreement::of(standing.as_ref(), session.now) else { return Ok(()) };
    session
        .reporter
        .event(Event::Warning { subject: "Spotify account".to_owned(), says: text::ends_on(day) });
    Ok(())
}

/// How it stands with the agreement, where the user must do something.
#[derive(Clone, Copy)]
pub(crate) enum Agreement {
    /// It ends within two weeks: when, at the earliest, in seconds since 1970 UTC.
    EndsOn(i64),
    /// It has ended, or was taken back.
    Ended,
}

impl Agreement {
    pub(crate) fn of(standing: Option<&Standing>, now: i64) -> Option<Self> {
        match standing? {
            standing if !standing.connected => Some(Self::Ended),
            standing if standing.ends_at - now <= ANNOUNCED_S => Some(Self::EndsOn(standing.ends_at)),
            _ => None,
        }
    }
}
