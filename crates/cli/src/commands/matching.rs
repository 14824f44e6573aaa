//! `ferrotape match`: which file each wanted recording is, and why. Changes nothing but what its inputs import.

use std::path::PathBuf;
use std::process::ExitCode;

use ferrotape_engine::matching::match_wanted;
use ferrotape_engine::selection::{ImportRules, select};
use serde_json::json as json_value;

use super::import::parse_what;
use crate::args::{Args, Match};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, matching: &Match) -> Result<ExitCode, CliError> {
    let what = parse_what(&matching.what)?;
    let session = Session::to_change(args)?;
    let context = session.context();
    let selection = select(&what, &ImportRules::default(), &context)?;
    let found =
        match_wanted(selection.wanted, &absolute(&matching.from), &matching.policy.of_run(), &context)?;
    if args.json {
        output::line(&json::result("match", json_value!({ "matches": json::matching(&found) })));
    } else {
        text::matching(&found, matching.all);
    }
    Ok(ExitCode::SUCCESS)
}

/// Folders as the library knows them.
pub(crate) fn absolute(folders: &[PathBuf]) -> Vec<PathBuf> {
    let absolute = |folder: &PathBuf| folder.canonicalize().unwrap_or_else(|_| folder.clone());
    folders.iter().map(absolute).collect()
}
