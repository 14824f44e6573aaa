//! `ferrotape doctor`: is everything in order.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_app::{Places, sources};
use ferrotape_engine::doctor::{self as engine, Finding, GoneForGood, examine};

use super::player::to::{Destination, destination};
use crate::args::{Args, Doctor};
use crate::error::{CliError, FAILED};
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, doctor: &Doctor) -> Result<ExitCode, CliError> {
    let mut session = Session::to_look(args)?;
    let gone = if doctor.gone.is_empty() { None } else { Some(take_as_gone(&doctor.gone, &mut session)?) };
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
        let mut result = json::examination(&examination);
        result["gone_for_good"] = gone.as_ref().map(json::gone_for_good).into();
        output::line(&json::result("doctor", result));
    } else {
        gone.iter().for_each(text::gone_for_good);
        text::examination(&examination, &session.opened.folder);
    }
    let all_good = examination.findings.iter().all(|finding| finding.good);
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Below the paths as files are known: the folder of one may be named by a link, or be gone as well.
fn take_as_gone(given: &[PathBuf], session: &mut Session) -> Result<GoneForGood, CliError> {
    let paths: Vec<PathBuf> = sources(given)?.iter().map(|source| source.root()).collect();
    session.hold()?;
    let gone = engine::take_as_gone(&paths, &session.context())?;
    if gone.files.is_empty() && gone.said_before == 0 {
        let named: Vec<String> = given.iter().map(|path| path.display().to_string()).collect();
        return Err(CliError::new(format!("no known file is gone from {}", named.join(", ")))
            .hint("`ferrotape doctor` names those that are gone; what is there stays as it is"));
    }
    Ok(gone)
}
