//! `ferrotape match`: which file each wanted recording is, and why. Changes nothing but what its inputs import.

use std::process::ExitCode;

use ferrotape_engine::matching::match_wanted;
use ferrotape_engine::selection::{ImportRules, select};
use serde_json::json as json_value;

use super::import::parse_what;
use super::named::roots;
use crate::args::{Args, Match};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, matching: &Match) -> Result<ExitCode, CliError> {
    let what = parse_what(&matching.what)?;
    let session = Session::to_change(args)?;
    let roots = roots(&matching.from, &session)?;
    let context = session.context();
    let selection = select(&what, &ImportRules::default(), &context)?;
    let found = match_wanted(selection.wanted, &roots, &matching.policy.of_run(), &context)?;
    if args.json {
        output::line(&json::result("match", json_value!({ "matches": json::matching(&found) })));
    } else {
        text::matching(&found, matching.all);
    }
    Ok(ExitCode::SUCCESS)
}
