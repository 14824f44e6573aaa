//! `ferrotape doctor`: is everything in order.

use std::path::Path;
use std::process::ExitCode;

use ferrotape_app::Places;
use ferrotape_engine::doctor::{Finding, examine};

use super::player::to::{Destination, destination};
use crate::args::{Args, Doctor};
use crate::error::{CliError, FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, doctor: &Doctor) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    // A folder that is there wins over a player of its name.
    let named = |player: &Path| match player.is_dir() {
        true => Ok(Destination::folder(player)),
        false => destination(args, player),
    };
    let to = doctor.player.as_deref().map(named).transpose()?;
    let (folder, mtp) = (to.as_ref().map(|to| &*to.folder), to.as_ref().and_then(|to| to.mtp.as_ref()));
    let mut examination = examine(folder, mtp, doctor.thorough, &session.context())?;
    if let Err(error) = Places::load(&session.opened.folder) {
        examination.findings.push(Finding::bad("sources", format!("{error}. Until then nobody is asked")));
    }
    if args.json {
        output::line(&json::result("doctor", json::examination(&examination)));
    } else {
        text::examination(&examination, &session.opened.folder);
    }
    let all_good = examination.findings.iter().all(|finding| finding.good);
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
