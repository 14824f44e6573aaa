//! `ferrotape convert`: the main job.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ferrotape_app::sources;
use ferrotape_engine::convert::{Conversion, ConversionPlan, ConvertRequest, Stopped, convert};
use ferrotape_engine::device::{Profile, TagRules};
use ferrotape_engine::report::{html, missing_csv};

use super::import::{import_rules, parse_what};
use crate::args::{Args, Convert};
use crate::error::{CliError, SOME_FAILED, STOPPED};
use crate::session::Session;
use crate::{json, output, text};

/// Removing more than this share of what we put on a player is asked about.
const MANY_SHARE: f64 = 0.25;
/// Fewer removals than this are never many.
const MANY_FILES: usize = 10;

pub(crate) fn run(args: &Args, wanted: &Convert) -> Result<ExitCode, CliError> {
    let what = parse_what(&wanted.what)?;
    let rules = import_rules(&wanted.rules)?;
    let sources = sources(&wanted.from)?;
    let session = Session::to_change(args)?;
    let agree = |plan: &ConversionPlan| agree(args, wanted, plan);
    let request = ConvertRequest {
        what: &what,
        rules: &rules,
        sources: &sources,
        target: wanted.to.clone(),
        profile: profile(wanted),
        preset: wanted.preset,
        loudness: wanted.loudness,
        dry_run: wanted.dry_run,
        no_trash: wanted.delete,
        allow: wanted.policy.of_run(),
        only_these: wanted.only,
        refill: wanted.yes,
        agree: &agree,
    };
    let conversion = convert(&request, &session.context())?;
    let page = write_reports(wanted, &session, &conversion)?;
    if args.json {
        output::line(&json::result("convert", json::conversion(&conversion)));
    } else {
        show(&conversion, wanted, page.as_ref());
    }
    Ok(exit_code(&conversion))
}

/// A player nothing is known about, but for what the user says of its tags.
fn profile(wanted: &Convert) -> Profile {
    let tags = if wanted.id3 == "2.4" { TagRules::V24 } else { TagRules::V23 };
    Profile { tags: TagRules { id3v1: wanted.id3v1, ..tags }, ..Profile::generic() }
}

/// The page is always there after a run; a dry run writes it only where it was asked to.
fn write_reports(
    wanted: &Convert,
    session: &Session,
    conversion: &Conversion,
) -> Result<Option<PathBuf>, CliError> {
    let default_page = || (!wanted.dry_run).then(|| session.opened.folder.join("report.html"));
    let page = wanted.report_html.clone().or_else(default_page);
    if let Some(page) = &page {
        output::write_file(page, &html(&conversion.report))?;
    }
    if let Some(path) = &wanted.report_csv {
        output::write_file(path, &missing_csv(&conversion.report))?;
    }
    Ok(page)
}

fn show(conversion: &Conversion, wanted: &Convert, page: Option<&PathBuf>) {
    conversion.selection.imports.iter().for_each(text::imported);
    if let Some(scan) = &conversion.scan {
        text::scan(scan);
    }
    if wanted.dry_run {
        text::plan(&conversion.plan, &wanted.to);
    }
    text::report(&conversion.report, false, wanted.dry_run);
    if let Some(performed) = &conversion.performed {
        output::line("");
        text::performed(performed, &conversion.plan);
    }
    if conversion.no_music {
        output::line(
            "No music folder has been looked through yet, so nothing could be found: name one with --from.",
        );
    }
    if let Some(page) = page {
        output::line(&format!("\nThe whole report: {}", page.display()));
    }
}

fn exit_code(conversion: &Conversion) -> ExitCode {
    match conversion.performed.as_ref().and_then(|performed| performed.stopped) {
        Some(Stopped::ByUser) => return ExitCode::from(STOPPED),
        Some(Stopped::PlayerGone) => return ExitCode::from(SOME_FAILED),
        Some(Stopped::PlayerFull) | None => {}
    }
    let failed = conversion.report.count("failed").things > 0;
    if failed { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS }
}

/// The plan is shown before it is done. Adding needs no word of the user's; removing a little to the trash neither,
/// unless someone is there to be asked; removing much, or for good, always does.
fn agree(args: &Args, wanted: &Convert, plan: &ConversionPlan) -> bool {
    if !args.json {
        text::plan(plan, &wanted.to);
    }
    let removals = &plan.sync.removals;
    if wanted.yes || removals.is_empty() {
        return true;
    }
    let for_good = removals.iter().any(|removal| !removal.to_trash);
    let many = removals.len() > MANY_FILES && plan.sync.removes_share > MANY_SHARE;
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !args.json {
        return ask("Go ahead?");
    }
    !for_good && !many
}

fn ask(question: &str) -> bool {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && answer.trim().eq_ignore_ascii_case("y")
}
