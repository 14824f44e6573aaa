//! `ferrotape source collection`: where fetched and filed music is kept.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::super::inbox;
use crate::args::Args;
use crate::error::CliError;
use crate::session::Session;
use crate::{json as forms, output};

pub(super) fn run(args: &Args, folder: Option<&Path>) -> Result<ExitCode, CliError> {
    let session = folder.map(|_| Session::to_change(args)).transpose()?;
    let mut places = super::places(args)?;
    if let (Some(folder), Some(held)) = (folder, &session) {
        refuse_inbox(folder, held)?;
        std::fs::create_dir_all(folder).map_err(|error| CliError::writing(folder, &error))?;
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        places.set_collection(whole)?;
    }
    let shown = places.collection();
    if args.json {
        let collection = shown.to_string_lossy().into_owned();
        output::line(&forms::result("source collection", json!({ "collection": collection })));
    } else {
        output::line(&format!("What is fetched is kept in {}", output::plain(&shown.display().to_string())));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is filed would be dropped again, and what is dropped would be filed already.
fn refuse_inbox(folder: &Path, session: &Session) -> Result<(), CliError> {
    let whole = |folder: &Path| {
        folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
    };
    let wanted = whole(folder);
    match inbox::all(session)?.into_iter().find(|inbox| whole(inbox).starts_with(&wanted)) {
        Some(inbox) => Err(CliError::new(format!(
            "{} cannot be the collection: your inbox {} is there",
            folder.display(),
            inbox.display()
        ))
        .hint("name another folder; or let the inbox be none any more: `ferrotape refresh --forget FOLDER`")),
        None => Ok(()),
    }
}
