//! `ferrotape player list | show | new`: the profiles.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ferrotape_engine::device::{Profile, ProfileError, Profiles};
use serde_json::{Value, json};

use crate::args::Args;
use crate::error::CliError;
use crate::json::result;
use crate::session::library_folder;
use crate::{output, text};

/// The folder of the user's own profiles, in the library's.
pub(crate) const PROFILES: &str = "players";

/// All profiles, and those of the user's that cannot be used.
pub(crate) fn profiles(args: &Args) -> Result<(PathBuf, Profiles, Vec<ProfileError>), CliError> {
    let folder = library_folder(args)?.join(PROFILES);
    let (profiles, broken) = Profiles::with_folder(&folder);
    Ok((folder, profiles, broken))
}

pub(crate) fn list(args: &Args) -> Result<ExitCode, CliError> {
    let (folder, profiles, broken) = profiles(args)?;
    if args.json {
        let all: Vec<Value> = profiles.all().map(short).collect();
        let broken: Vec<String> = broken.iter().map(ToString::to_string).collect();
        output::line(&result("player list", json!({ "profiles": all, "broken": broken, "folder": folder })));
    } else {
        text::profiles(&profiles, &folder);
        broken.iter().for_each(|error| output::talk(&error.to_string()));
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn show(args: &Args, name: &str) -> Result<ExitCode, CliError> {
    let (_, profiles, broken) = profiles(args)?;
    if let Some(error) = broken.iter().find(|error| error.is_of(name)) {
        return Err(CliError::new(error.to_string()));
    }
    let profile = profiles.named(name).ok_or_else(|| no_such(name))?;
    if args.json {
        let value = serde_json::to_value(profile).unwrap_or_default();
        output::line(&result("player show", json!({ "profile": value })));
    } else {
        output::line(profile.to_toml().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a file to begin with: everything commented out that is as in the profile it extends. One that could not be used
/// is not written.
pub(crate) fn new(args: &Args, name: &str, like: &str) -> Result<ExitCode, CliError> {
    let (folder, profiles, _) = profiles(args)?;
    let parent = profiles.named(like).ok_or_else(|| no_such(like))?;
    let text = parent.template(name).map_err(CliError::usage)?;
    let path = folder.join(format!("{name}.toml"));
    if path.exists() {
        return Err(CliError::usage(format!("{} is there already", path.display()))
            .hint("edit that file, or choose another name"));
    }
    if let Err(error) = profiles.clone().add_text(&path, &text) {
        let reason = error.reason;
        return Err(CliError::usage(format!("“{name}” cannot be made like “{like}”: {reason}"))
            .hint("choose another name"));
    }
    if let Err(error) = std::fs::create_dir_all(&folder) {
        return Err(CliError::new(format!("{} could not be made ({error})", folder.display())));
    }
    output::write_file(&path, &text)?;
    tell_new(args, &path, name);
    Ok(ExitCode::SUCCESS)
}

fn tell_new(args: &Args, path: &Path, name: &str) {
    if args.json {
        output::line(&result("player new", json!({ "profile": name, "path": path })));
        return;
    }
    output::line(&format!("{}: take the # from the lines that are to be otherwise.", path.display()));
    output::line(&format!("Then: ferrotape convert … --to FOLDER --profile {name}"));
}

fn no_such(name: &str) -> CliError {
    CliError::new(format!("no player profile is called “{name}”"))
        .hint("`ferrotape player list` names all of them")
}

fn short(profile: &Profile) -> Value {
    json!({
        "name": profile.name, "title": profile.title, "extends": profile.extends,
        "confidence": profile.confidence().to_string(),
    })
}
