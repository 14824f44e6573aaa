//! `ferrotape convert`: the main job.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_app::{Network, sources};
use ferrotape_engine::Preset;
use ferrotape_engine::cache::SoundCache;
use ferrotape_engine::convert::{
    Came, Conversion, ConversionPlan, ConvertRequest, Stopped, convert, usual_loudness,
};
use ferrotape_engine::device::{Profile, TagRules};
use ferrotape_engine::player::{Said, choose_profile};
use ferrotape_engine::report::{html, missing_csv};

use super::import::{import_rules, parse_what};
use super::named::{known_music, refuse_unknown};
use super::player::to::{Destination, destination};
use super::player::{PROFILES, recognised, system};
use crate::args::{Args, Convert, Size};
use crate::error::{CliError, NOT_AGREED, SOME_FAILED, STOPPED};
use crate::session::{Session, cache_folder};
use crate::{json, output, text};

/// Removing more than this share of what we put on a player is asked about.
const MANY_SHARE: f64 = 0.25;
/// Fewer removals than this are never many.
const MANY_FILES: usize = 10;

pub(crate) fn run(args: &Args, wanted: &Convert) -> Result<ExitCode, CliError> {
    let what = parse_what(&wanted.what)?;
    let rules = import_rules(&wanted.rules)?;
    let mut from = sources(&wanted.from)?;
    let system = system(args);
    let to = destination(args, &wanted.to)?;
    let session = Session::to_change(args)?;
    refuse_unknown(&wanted.from, &session)?;
    tell_which_player(args, &to);
    let said = said(wanted);
    let settings = said.clone().or(Said::before(&to.folder)?);
    let profile = profile(args, wanted, &settings, &to, &session)?;
    tell_before(args, &said, &settings);
    let agree = |plan: &ConversionPlan| agree(args, wanted, plan, &to);
    let cache = cache(wanted);
    let program = this_program();
    let known = if wanted.from.is_empty() { known_music(&session)? } else { None };
    let known_music = sources(&session.music_folders()?)?;
    let network = session.network()?.newest(wanted.policy.of_run().newest);
    let places = session.places_of(&network);
    places.unusable.iter().for_each(|fault| session.context_warn(fault));
    let elsewhere = match wanted.offline {
        true => places.offline(),
        false => places.elsewhere(!wanted.dry_run),
    };
    if !from.is_empty() {
        // What was fetched, bought or ripped is the user's own music, wherever else it lies.
        from.extend(places.collection());
    }
    let came = |came: &Came| {
        if !args.json {
            show_what_came(came, &network);
            known.iter().for_each(|known| text::known_music(known, session.now));
        }
    };
    let request = ConvertRequest {
        program: &program,
        what: &what,
        rules: &rules,
        sources: &from,
        known_music: &known_music,
        elsewhere: (!places.is_empty()).then_some(&elsewhere),
        target: to.folder.clone(),
        mtp: to.mtp.as_ref(),
        system: &system,
        loudness: settings.loudness.unwrap_or_else(|| usual_loudness(&profile)),
        profile,
        preset: settings.preset.unwrap_or(Preset::V0),
        said: &said,
        cache: cache.as_ref(),
        dry_run: wanted.dry_run,
        no_trash: wanted.delete,
        allow: wanted.policy.of_run(),
        only_these: wanted.only,
        refill: wanted.yes,
        as_folder: wanted.as_folder,
        came: &came,
        agree: &agree,
    };
    let conversion = convert(&request, &session.context())?;
    let page = write_reports(wanted, &session, &conversion)?;
    if args.json {
        let player = to.player.as_ref().map(json::player).or_else(|| to.mtp.as_ref().map(json::mtp_player));
        output::line(&json::result("convert", json::conversion(&conversion, known.as_ref(), player)));
    } else {
        show(&conversion, wanted, &to, page.as_ref());
        tell_of_others(&conversion, wanted, &session)?;
    }
    Ok(exit_code(&conversion))
}

fn tell_which_player(args: &Args, to: &Destination) {
    match (&to.player, &to.mtp) {
        (Some(player), _) if !args.json => text::filling(player),
        (_, Some(player)) if !args.json => text::filling_over_mtp(player),
        _ => {}
    }
}

/// Version and build: what another build answers may differ.
fn this_program() -> String {
    let file = std::env::current_exe().and_then(|path| path.metadata());
    let built = file.ok().map(|file| (file.len(), file.modified().ok()));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// None where the user wants none, or has no home to keep it in.
fn cache(wanted: &Convert) -> Option<SoundCache> {
    let limit = wanted.cache_size.map(|Size(bytes)| bytes);
    cache_folder().filter(|_| limit != Some(0)).map(|folder| SoundCache::new(folder, limit))
}

/// The player's profile, but for what the user says of its tags, or said before.
fn profile(
    args: &Args,
    wanted: &Convert,
    settings: &Said,
    to: &Destination,
    session: &Session,
) -> Result<Profile, CliError> {
    let folder = session.opened.folder.join(PROFILES);
    let (name, why) = recognised(args, to)?;
    let kind = name.as_deref().map(|name| (name, why.as_str()));
    let chosen = choose_profile(&to.folder, to.mtp.as_ref(), wanted.profile.as_deref(), &folder, kind)?;
    let profile = chosen.profile;
    if !args.json && (profile.name != "generic" || wanted.profile.is_some()) {
        output::line(&format!("Player: {} (profile {}, {})", profile.title, profile.name, chosen.why));
        profile.advice.iter().for_each(|advice| output::line(&format!("  {advice}")));
    }
    let tags = match settings.id3.as_deref() {
        Some("2.4") => profile.tags.clone().as_v24(),
        Some(_) => profile.tags.clone().as_v23(),
        None => profile.tags.clone(),
    };
    let id3v1 = settings.id3v1.unwrap_or(tags.id3v1);
    Ok(Profile { tags: TagRules { id3v1, ..tags }, ..profile })
}

/// What this run says of how the player is filled.
fn said(wanted: &Convert) -> Said {
    let id3v1 = (wanted.id3v1 || wanted.no_id3v1).then_some(wanted.id3v1);
    Said { preset: wanted.preset, loudness: wanted.loudness, id3: wanted.id3.clone(), id3v1 }
}

/// Tells what holds because it was said when this player was filled before.
fn tell_before(args: &Args, said: &Said, settings: &Said) {
    let tell = |what: &str, option: &str| {
        if args.json {
            return;
        }
        output::line(&format!("{what}, as you said before for this player ({option} changes it)"));
    };
    if let (None, Some(preset)) = (said.preset, settings.preset) {
        tell(&format!("Quality: {preset}"), "--preset");
    }
    if let (None, Some(loudness)) = (said.loudness, settings.loudness) {
        tell(&format!("Loudness: {loudness}"), "--loudness");
    }
    if let (None, Some(version)) = (&said.id3, &settings.id3) {
        tell(&format!("Tags: ID3v{version}"), "--id3");
    }
    match (said.id3v1, settings.id3v1) {
        (None, Some(true)) => tell("Tags: ID3v1 as well", "--no-id3v1"),
        (None, Some(false)) => tell("Tags: no ID3v1", "--id3v1"),
        _ => {}
    }
}

/// The page is always there after a run; a dry run writes it only where it was asked to.
fn write_reports(
    wanted: &Convert,
    session: &Session,
    conversion: &Conversion,
) -> Result<Option<PathBuf>, CliError> {
    let default_page = || (!wanted.dry_run).then(|| session.opened.folder.join("report.html"));
    let named = wanted.report_html.is_some() || wanted.report_csv.is_some();
    if let (true, false, Some(page)) = (conversion.as_before, named, default_page())
        && is_of_run(&page, conversion.report.at)
    {
        return Ok(Some(page));
    }
    let page = wanted.report_html.clone().or_else(default_page);
    if let Some(page) = &page {
        output::write_file(page, &html(&conversion.report))?;
    }
    if let Some(path) = &wanted.report_csv {
        output::write_file(path, &missing_csv(&conversion.report))?;
    }
    Ok(page)
}

/// Whether the page was written at that time, in seconds since 1970, or later: it is of that run then, for every run
/// since would have left another answer.
fn is_of_run(page: &Path, at: i64) -> bool {
    let written = page.metadata().and_then(|page| page.modified()).ok();
    let since_1970 = written.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since_1970.is_some_and(|time| i64::try_from(time.as_secs()).is_ok_and(|written| written >= at))
}

fn show_what_came(came: &Came, network: &Network) {
    came.imports.iter().for_each(text::imported);
    came.scan.iter().for_each(|scan| text::scan(scan));
    if let Some(gathered) = came.gathered {
        text::gathered(gathered, &network.stale_used());
    }
}

fn show(conversion: &Conversion, wanted: &Convert, to: &Destination, page: Option<&PathBuf>) {
    if conversion.as_before {
        output::line(
            "Nothing has changed since the last run: neither what you want, nor your music, nor the player.",
        );
        conversion.selection.imports.iter().for_each(text::imported);
        if !wanted.dry_run {
            text::playlists_left_out(&conversion.plan.sync);
        }
    }
    if wanted.dry_run {
        text::plan(&conversion.plan, to.shown(), &to.trash());
    }
    text::report(&conversion.report, false, wanted.dry_run);
    if conversion.from_other_albums > 0 {
        output::line("");
        text::from_other_albums(conversion.from_other_albums);
    }
    if let Some(performed) = &conversion.performed {
        output::line("");
        text::performed(performed, &conversion.plan);
        // A plan with nothing to do was not shown.
        if conversion.plan.sync.is_empty() {
            text::short_of_room(&conversion.plan.sync);
        }
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

/// Lists that this run was not about stay as an earlier one left them: what was decided of them since is done by a run
/// over all.
fn tell_of_others(conversion: &Conversion, wanted: &Convert, session: &Session) -> Result<(), CliError> {
    if conversion.as_before || wanted.only {
        return Ok(());
    }
    let lists = &conversion.selection.lists;
    let all = session.context().library.playlists()?;
    let is_other = |key: &str| lists.iter().all(|list| list.key != key);
    let others = all.iter().filter(|list| !list.entries.is_empty() && is_other(&list.key)).count();
    if others > 0 {
        let lists =
            output::counted(others as u64, "other list stays as it is", "other lists stay as they are");
        output::line(&format!("\n{lists}: `ferrotape convert --to {}` looks at all.", wanted.to.display()));
    }
    Ok(())
}

fn exit_code(conversion: &Conversion) -> ExitCode {
    let performed = conversion.performed.as_ref();
    let stopped = performed.and_then(|performed| performed.stopped);
    if stopped == Some(Stopped::ByUser) {
        return ExitCode::from(STOPPED);
    }
    // The lists on it are not what was asked for then.
    let has_no_end = performed.is_some_and(|performed| performed.receipt.is_none());
    if has_no_end || conversion.report.count("failed").things > 0 {
        ExitCode::from(SOME_FAILED)
    } else if performed.is_some_and(|performed| performed.not_agreed_further) {
        ExitCode::from(NOT_AGREED)
    } else {
        ExitCode::SUCCESS
    }
}

/// The plan is shown before it is done. Adding needs no word of the user's; removing a little to the trash neither,
/// unless someone is there to be asked; removing much, or for good, always does, and so does putting a list in the place of
/// somebody else's.
fn agree(args: &Args, wanted: &Convert, plan: &ConversionPlan, to: &Destination) -> bool {
    if !args.json {
        text::plan(plan, to.shown(), &to.trash());
    }
    let (removals, from_trash) = (&plan.sync.removals, &plan.sync.trash_removals);
    // What stays for now may go in a further round.
    let removed = removals.len() + plan.sync.stays_unwanted.len();
    let is_anothers = plan.sync.lists_of_others.iter().any(|list| list.shares_little);
    if wanted.yes || (removed == 0 && from_trash.is_empty() && !is_anothers) {
        return true;
    }
    let for_good = !from_trash.is_empty() || removals.iter().any(|removal| !removal.to_trash);
    let many = removed > MANY_FILES && plan.sync.removes_share > MANY_SHARE;
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !args.json {
        return ask("Go ahead?");
    }
    !for_good && !many && !is_anothers
}

fn ask(question: &str) -> bool {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).is_ok() && answer.trim().eq_ignore_ascii_case("y")
}
