//! `ferrotape policy`: which versions may stand in on which list.

use std::process::ExitCode;

use ferrotape_engine::policies::{list_policies, set_policy};
use serde_json::json as json_value;

use crate::args::{Args, Policy};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, policy: &Policy) -> Result<ExitCode, CliError> {
    let says = policy.same || policy.flags.say_something();
    if says && policy.list.is_empty() {
        return Err(CliError::usage("of which list is that to hold?")
            .hint("name it: ferrotape policy \"Road Trip\" --allow live"));
    }
    let session = if says { Session::to_change(args)? } else { Session::to_look(args)? };
    let context = session.context();
    if says {
        set_policy(&policy.list, (!policy.same).then(|| policy.flags.of_run()), &context)?;
    }
    let lists = list_policies(&policy.list, &context)?;
    if args.json {
        output::line(&json::result("policy", json_value!({ "lists": json::policies(&lists) })));
    } else {
        text::policies(&lists);
    }
    Ok(ExitCode::SUCCESS)
}
