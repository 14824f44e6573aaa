//! `ferrotape library`: the library over time.

use std::process::ExitCode;

use ferrotape_engine::timeline::{self, When};
use serde_json::json as json_value;

use crate::args::{Args, Library, LibraryVerb, NOW};
use crate::error::CliError;
use crate::session::Session;
use crate::{json, output, text};

pub(crate) fn run(args: &Args, library: &Library) -> Result<ExitCode, CliError> {
    match &library.verb {
        LibraryVerb::Log { list: None } => log(args),
        LibraryVerb::Log { list: Some(list) } => log_of_list(args, list),
        LibraryVerb::Show { list, at } => show(args, list, at.unwrap_or(NOW)),
        LibraryVerb::Diff { from, to, list } => diff(args, *from, to.unwrap_or(NOW), list),
        LibraryVerb::Restore { list, at, dry_run } => restore(args, list, *at, *dry_run),
        LibraryVerb::Drop { list } => drop_list(args, list),
        LibraryVerb::Split { number } => split(args, *number),
    }
}

fn done(args: &Args, result: impl FnOnce() -> serde_json::Value, say: impl FnOnce()) -> ExitCode {
    if args.json {
        output::line(&json::result("library", result()));
    } else {
        say();
    }
    ExitCode::SUCCESS
}

fn log(args: &Args) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let snapshots = timeline::log(&session.context())?;
    let result = || json_value!({ "snapshots": snapshots.iter().map(json::snapshot).collect::<Vec<_>>() });
    Ok(done(args, result, || text::snapshots(&snapshots)))
}

fn log_of_list(args: &Args, list: &str) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let steps = timeline::log_of_list(list, &session.context())?;
    let result = || json_value!({ "versions": steps.iter().map(json::list_step).collect::<Vec<_>>() });
    Ok(done(args, result, || text::list_steps(&steps)))
}

fn show(args: &Args, list: &str, at: When) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let then = timeline::show(list, at, &session.context())?;
    Ok(done(args, || json_value!({ "list": json::list_then(&then) }), || text::list_then(&then)))
}

fn diff(args: &Args, from: When, to: When, lists: &[String]) -> Result<ExitCode, CliError> {
    let session = Session::to_look(args)?;
    let changes = timeline::diff(from, to, lists, &session.context())?;
    let result = || json_value!({ "lists": changes.iter().map(json::list_change).collect::<Vec<_>>() });
    Ok(done(args, result, || text::list_changes(&changes)))
}

fn restore(args: &Args, list: &str, at: When, dry_run: bool) -> Result<ExitCode, CliError> {
    let session = if dry_run { Session::to_look(args)? } else { Session::to_change(args)? };
    let context = session.context();
    let plan = timeline::plan_restore(list, at, &context)?;
    let before = timeline::show(list, NOW, &context)?.snapshot.import_id;
    let nothing = plan.change.added.is_empty() && plan.change.removed.is_empty() && !plan.change.reordered;
    if !dry_run && !nothing {
        timeline::restore(&plan, &context)?;
    }
    let result = || {
        json_value!({
            "restored": !dry_run && !nothing, "list": json::list_change(&plan.change),
            "snapshot": plan.then.snapshot.import_id, "undo_with": before,
        })
    };
    Ok(done(args, result, || text::restored(&plan, dry_run, nothing, before)))
}

fn drop_list(args: &Args, list: &str) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let (change, before) = timeline::drop_list(list, &session.context())?;
    let result = || json_value!({ "dropped": change.name, "removed": change.removed, "undo_with": before });
    Ok(done(args, result, || text::dropped(&change, before)))
}

fn split(args: &Args, number: i64) -> Result<ExitCode, CliError> {
    let session = Session::to_change(args)?;
    let (rest, split) = timeline::split(number, &session.context())?;
    let result = || json_value!({ "split": split.id, "from": rest.id });
    Ok(done(args, result, || text::split(&rest, &split)))
}
