//! `ferrotape lookup`: what services know of the things that are wanted.

use std::process::ExitCode;

use ferrotape_app::Network;
use ferrotape_domain::FaultKind;
use ferrotape_engine::lookup::{LookedUp, LookupRequest, look_up};

use crate::args::{Args, Lookup};
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json, output, text};

/// Keeps in mind who refuses the user, for `status`.
pub(crate) fn remember_refusals(network: &Network, looked_up: &LookedUp) {
    for service in &looked_up.services {
        match &service.fault {
            Some(fault) if fault.kind == FaultKind::NeedsUser => {
                network.note_refusal(&service.name, &fault.reason);
            }
            _ if service.asked > 0 => network.note_refusal(&service.name, ""),
            _ => {}
        }
    }
}

pub(crate) fn run(args: &Args, wanted: &Lookup) -> Result<ExitCode, CliError> {
    // It may take long, and only adds what is known: others need not wait for it.
    let mut session = Session::to_look(args)?;
    session.ways.anew = wanted.again;
    let network = session.network()?;
    let (registers, unusable) = network.registers(&session.opened.folder)?;
    unusable.iter().for_each(|fault| session.context_warn(fault));
    if registers.is_empty() && unusable.is_empty() {
        return Err(CliError::new("no service is set up that could be asked")
            .hint("`ferrotape source add musicbrainz`, or another of `ferrotape source kinds`"));
    }
    let most = wanted.most.unwrap_or(usize::MAX);
    let request = LookupRequest { registers: &registers, most, again: wanted.again };
    let looked_up = look_up(&request, &session.context())?;
    remember_refusals(&network, &looked_up);
    let stale = network.stale_used();
    if args.json {
        output::line(&json::result("lookup", json::looked_up(&looked_up, &stale)));
    } else {
        text::looked_up(&looked_up, &stale);
    }
    let failed = looked_up.has_failed() || !unusable.is_empty();
    Ok(if failed { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}
