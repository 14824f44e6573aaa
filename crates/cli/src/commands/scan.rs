//! `ferrotape scan`: what is in the music folders.

use std::process::ExitCode;

use ferrotape_app::sources;

use crate::args::{Args, Scan};
use crate::error::{CliError, FAILED, SOME_FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, scan: &Scan) -> Result<ExitCode, CliError> {
    let sources = sources(&scan.folders)?;
    let session = Session::to_change(args)?;
    let report = ferrotape_engine::scan::scan(&sources, &session.context())?;
    let code = match report.faults.len() {
        0 => ExitCode::SUCCESS,
        faults if faults == sources.len() => ExitCode::from(FAILED),
        _ => ExitCode::from(SOME_FAILED),
    };
    if args.json {
        output::line(&json::result("scan", json::scan(&report)));
        return Ok(code);
    }
    // What is missing from the sum stands above it.
    for fault in &report.faults {
        output::talk(&format!("error: {fault}"));
    }
    if code != ExitCode::from(FAILED) {
        text::scan(&report);
    }
    Ok(code)
}
