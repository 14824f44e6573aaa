//! `ferrotape image`: a filled folder as the image of a CD.

use std::path::Path;
use std::process::ExitCode;

use ferrotape_engine::device::{CD_BYTES, DVD_BYTES, Profile, Target, make_image, notes_on};
use serde_json::json;

use super::player::profiles::profiles;
use crate::args::{Args, Image};
use crate::error::CliError;
use crate::output::{self, counted, size};
use crate::session::stop_on_signal;
use crate::{json, progress::Reporter};

/// The profile for folders that become discs.
const FOR_CDS: &str = "mp3-cd";

pub(crate) fn run(args: &Args, wanted: &Image) -> Result<ExitCode, CliError> {
    if !Target::has_list(&wanted.folder) {
        let says = format!("{} is not a folder that ferrotape filled", wanted.folder.display());
        return Err(
            CliError::new(says).hint("fill it first: `ferrotape convert --to FOLDER --profile mp3-cd`")
        );
    }
    // Only looked at: what is left of an interrupted run is told, not put right.
    let target = Target::preview(&wanted.folder, Profile::generic())?;
    if target.settled()?.is_none() {
        let says = format!(
            "{} is not as it was filled: the last run was cut short, or files were changed",
            wanted.folder.display()
        );
        return Err(CliError::new(says).hint("run the same `ferrotape convert` again, then make the image"));
    }
    let reporter = Reporter::new(args.json, args.quiet);
    let cancel = stop_on_signal();
    // All of it is read for the image anyway.
    if let Some(trouble) = target.verify(true, &reporter, &cancel)?.into_iter().next() {
        return Err(CliError::new(trouble).hint("then make the image"));
    }
    let made = make_image(&target, &wanted.image, wanted.label.as_deref(), &reporter, &cancel)?;
    if args.json {
        let result = json!({
            "image": made.path.to_string_lossy(), "bytes": made.bytes, "files": made.files,
            "fits_cd": made.bytes <= CD_BYTES, "fits_dvd": made.bytes <= DVD_BYTES,
        });
        output::line(&json::result("image", result));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(profile) = other_profile(args, &wanted.folder)? {
        output::talk(&format!(
            "{} was filled by the profile {profile}; players of CDs may not read all of its names, folders and lists – \
             `--profile mp3-cd` writes what they do",
            wanted.folder.display()
        ));
    }
    let fits = match made.bytes {
        bytes if bytes <= CD_BYTES => "it fits a CD",
        bytes if bytes <= DVD_BYTES => "too large for a CD; it fits a DVD",
        _ => "too large for a CD and for a DVD with one layer",
    };
    output::line(&format!(
        "{}: {}, {}; {fits}",
        made.path.display(),
        counted(made.files as u64, "file", "files"),
        size(made.bytes)
    ));
    Ok(ExitCode::SUCCESS)
}

/// The profile that the folder was filled by, where it is none for CDs. Of one that is not known here nothing is said.
fn other_profile(args: &Args, folder: &Path) -> Result<Option<String>, CliError> {
    let (_, profiles, _) = profiles(args)?;
    let Some(name) = notes_on(folder)?.filled_by else { return Ok(None) };
    let mut known = profiles.named(&name);
    let is_known = known.is_some();
    while let Some(profile) = known {
        if profile.name == FOR_CDS {
            return Ok(None);
        }
        known = profile.extends.as_deref().and_then(|parent| profiles.named(parent));
    }
    Ok(Some(name).filter(|_| is_known))
}
