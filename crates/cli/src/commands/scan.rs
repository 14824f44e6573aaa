//! `ferrotape scan`: what is in the music folders.

use std::process::ExitCode;

use ferrotape_app::sources;

use crate::args::{Args, Scan};
use crate::error::{CliError, FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, scan: &Scan) -> Result<ExitCode, CliError> {
    let sources = sources(&scan.folders)?;
    let session = Session::to_change(args)?;
    let report = ferrotape_engine::scan::scan(&sources, &session.context())?;
    if args.json {
        output::line(&json::result("scan", json::scan(&report)));
    } else {
        text::scan(&report);
        for fault in &report.faults {
            output::talk(&format!("error: {fault}"));
        }
    }
    let nothing_asked = report.faults.len() == sources.len();
    Ok(if nothing_asked { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}
