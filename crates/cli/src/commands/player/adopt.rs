//! `ferrotape player adopt`: files that lie on a player already count for what is wanted.

use std::path::Path;
use std::process::ExitCode;

use ferrotape_engine::Site;
use ferrotape_engine::adopt::{self as engine, Adopted, Verdict, adopt};
use ferrotape_engine::player::choose_profile;
use serde_json::{Value, json};

use super::to::destination;
use super::{PROFILES, recognised, system};
use crate::args::Args;
use crate::error::CliError;
use crate::json::result;
use crate::output::{self, counted, plain};
use crate::session::Session;

pub(super) fn run(args: &Args, player: &Path, dry_run: bool, as_folder: bool) -> Result<ExitCode, CliError> {
    let to = destination(args, player)?;
    if to.mtp.is_some() {
        let says = "files on a device that speaks MTP cannot be listened to where they are";
        return Err(CliError::new(says)
            .hint("set the player to USB storage (MSC) if it can, or copy them to a folder"));
    }
    let session = Session::to_change(args)?;
    refuse_no_player(&to.folder, &session)?;
    let folder = session.opened.folder.join(PROFILES);
    let (kind, why) = recognised(args, &to)?;
    let kind = kind.as_deref().map(|kind| (kind, why.as_str()));
    let profile = choose_profile(&to.folder, None, None, &folder, kind)?.profile;
    let system = system(args);
    let site = Site { folder: &to.folder, system: &system, as_folder };
    let target = engine::open(&site, profile, dry_run, &session.context())?;
    let adopted = adopt(&target, dry_run, &session.context())?;
    if args.json {
        output::line(&result("player adopt", as_json(&adopted)));
    } else {
        show(&adopted, dry_run);
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder of the user's music is no player, and one that is not there is a slip of the pen.
fn refuse_no_player(folder: &Path, session: &Session) -> Result<(), CliError> {
    let Ok(place) = folder.canonicalize() else {
        return Err(CliError::new(format!("there is no folder {}", folder.display()))
            .hint("check its name, or mount the player"));
    };
    match session.music_folders()?.into_iter().find(|music| music.starts_with(&place)) {
        Some(music) => {
            let says = format!("{} is music of yours that is looked through, not a player", music.display());
            Err(CliError::new(says).hint("name the player's folder"))
        }
        None => Ok(()),
    }
}

fn as_json(adopted: &Adopted) -> Value {
    let file = |(path, verdict): &(String, Verdict)| {
        let (word, says) = match verdict {
            Verdict::Is(label) => ("is", json!(label)),
            Verdict::IsThere(label, _) => ("is_there", json!(label)),
            Verdict::Unclear(labels) => ("unclear", json!(labels)),
            Verdict::Unknown => ("unknown", Value::Null),
            Verdict::Unreadable(why) => ("unreadable", json!(why)),
        };
        json!({ "path": path, "verdict": word, "says": says })
    };
    json!({ "adopted": adopted.adopted, "files": adopted.files.iter().map(file).collect::<Vec<_>>() })
}

fn show(adopted: &Adopted, dry_run: bool) {
    let mut unknown = 0;
    for (path, verdict) in &adopted.files {
        let path = plain(path);
        match verdict {
            Verdict::Is(label) => output::line(&format!("  {path}: {}", plain(label))),
            Verdict::IsThere(label, there) => {
                output::line(&format!("  {path}: {}, which lies at {} already", plain(label), plain(there)));
            }
            Verdict::Unclear(labels) => {
                let labels = labels.iter().map(|label| plain(label)).collect::<Vec<_>>().join("; ");
                output::line(&format!(
                    "  {path}: sounds like several of yours, so it is left alone: {labels}"
                ));
            }
            Verdict::Unreadable(why) => output::line(&format!("  {path}: {}", plain(why))),
            Verdict::Unknown => unknown += 1,
        }
    }
    if unknown > 0 {
        let files = counted(unknown, "file sounds", "files sound");
        output::line(&format!(
            "  {files} like nothing you want (what is shorter than 13 seconds is not told by its sound)"
        ));
    }
    let fits = adopted.files.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Is(_))).count() as u64;
    let files = counted(fits, "file", "files");
    output::line(&match (fits, dry_run) {
        (0, _) => "Nothing to adopt.".to_owned(),
        (_, true) => format!("{files} would be adopted, by the same command without --dry-run."),
        (_, false) => format!(
            "{files} adopted. They stay yours: ferrotape lists them, and never changes or removes them."
        ),
    });
}
