//! `ferrotape lookup`: what services know of the things that are wanted.

use std::process::ExitCode;

use ferrotape_engine::lookup::{LookupRequest, look_up};

use crate::args::{Args, Lookup};
use crate::error::{CliError, SOME_FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, wanted: &Lookup) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
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
    let stale = network.stale_used();
    if args.json {
        output::line(&json::result("lookup", json::looked_up(&looked_up, &stale)));
    } else {
        text::looked_up(&looked_up, &stale);
    }
    let failed = looked_up.has_failed() || !unusable.is_empty();
    Ok(if failed { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}
