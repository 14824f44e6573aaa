//! `ferrotape match`: which file each wanted recording is, and why. Changes nothing but what its inputs import.

use std::process::ExitCode;

use ferrotape_engine::matching::{Answer, Matched, Matching, match_wanted};
use ferrotape_engine::selection::{ImportRules, select};
use serde_json::json as json_value;

use super::import::parse_what;
use super::named::{roots, tell_never_scanned};
use crate::args::{Args, Match};
use crate::error::CliError;
use crate::session::Session;
use crate::text::Shown;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, matching: &Match) -> Result<ExitCode, CliError> {
    let what = parse_what(&matching.what)?;
    let session = Session::to_change(args)?;
    let roots = roots(&matching.from, &session)?;
    let never_scanned = tell_never_scanned(&roots, &session)?;
    let context = session.context();
    let selection = select(&what, &ImportRules::default(), &context)?;
    let mut found = match_wanted(selection.wanted, &roots, &matching.policy.of_run(), &context)?;
    if !roots.is_empty() && never_scanned.len() == roots.len() {
        say_why_none(&mut found);
    }
    if args.json {
        if matching.other_album {
            found.matched.retain(Matched::is_from_other_album);
        }
        let (matches, folders) = (json::matching(&found), json::paths(&never_scanned));
        output::line(&json::result("match", json_value!({ "matches": matches, "never_scanned": folders })));
    } else {
        let shown = match (matching.all, matching.other_album) {
            (_, true) => Shown::FromOtherAlbums,
            (true, _) => Shown::All,
            _ => Shown::Unsure,
        };
        text::matching(&found, shown);
    }
    Ok(ExitCode::SUCCESS)
}

/// That none of the files is it would be true of no files at all, and no help.
fn say_why_none(found: &mut Matching) {
    for matched in found.matched.iter_mut().filter(|matched| !matched.decided) {
        if let Answer::None(why) = &mut matched.answer {
            "nothing is known of the files: no folder named here was ever scanned".clone_into(why);
        }
    }
}
