//! `ferrotape doctor`: is everything in order.

use std::process::ExitCode;

use ferrotape_engine::doctor::examine;

use crate::args::{Args, Doctor};
use crate::error::{CliError, FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, doctor: &Doctor) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let examination = examine(doctor.player.as_deref(), doctor.thorough, &session.context())?;
    if args.json {
        output::line(&json::result("doctor", json::examination(&examination)));
    } else {
        text::examination(&examination, &session.opened.folder);
    }
    let all_good = examination.findings.iter().all(|finding| finding.good);
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
