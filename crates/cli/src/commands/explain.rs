//! `ferrotape explain`: why something was found, or not.

use std::process::ExitCode;

use ferrotape_engine::explain::{Found, explain_file, explain_text};
use serde_json::json as json_value;

use super::named::{roots, tell_never_scanned};
use crate::args::{Args, Explain};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, explain: &Explain) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let context = session.context();
    let (roots, run) = (roots(&explain.from, &session)?, explain.policy.of_run());
    tell_never_scanned(&roots, &session)?;
    if let Some(path) = &explain.file {
        let considered = explain_file(path, &roots, &run, &context)?;
        if args.json {
            output::line(&json::result("explain", json_value!({ "file": json::considered(&considered) })));
        } else {
            text::considered(&considered);
        }
        return Ok(ExitCode::SUCCESS);
    }
    match explain_text(&explain.track.join(" "), &roots, &run, &context)? {
        Found::One(explained) if args.json => {
            output::line(&json::result("explain", json_value!({ "explained": json::explained(&explained) })));
        }
        Found::One(explained) => text::explained(&explained),
        Found::Several(several, more) if args.json => {
            let result = json_value!({ "several": json::meant(&several), "more": more });
            output::line(&json::result("explain", result));
        }
        Found::Several(several, more) => text::meant(&several, more),
    }
    Ok(ExitCode::SUCCESS)
}
