//! `ferrotape import`: inputs into the library, or what the library knows of a link.

use std::process::ExitCode;

use ferrotape_domain::{SpotifyKind, SpotifyUri};
use ferrotape_engine::selection::{ImportRules, What, look_into, select};
use serde_json::json as json_value;

use crate::args::{Args, Import, ImportFlags};
use crate::error::CliError;
use crate::progress::Reporter;
use crate::session::{Session, stop_on_signal};
use crate::{json, output, text};

pub(crate) fn run(args: &Args, import: &Import) -> Result<ExitCode, CliError> {
    let what = parse_what(&import.what)?;
    if import.explain {
        return explain(args, &what);
    }
    let rules = import_rules(&import.rules)?;
    let session = Session::to_change(args)?;
    let selection = select(&what, &rules, &session.context())?;
    if args.json {
        let links = selection
            .lists
            .iter()
            .map(|list| json_value!({ "name": list.name, "entries": list.entries.len() }));
        let lists: Vec<_> = links.collect();
        let imports = json::imported(&selection.imports);
        let accounts = all_accounts(&imports);
        let result = json_value!({ "imports": imports, "lists": lists, "accounts": accounts });
        output::line(&json::result("import", result));
    } else {
        selection.imports.iter().for_each(text::imported);
        if selection.imports.is_empty() {
            text::selected(&selection);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells what files hold. Neither needs nor makes a library.
fn explain(args: &Args, what: &[What]) -> Result<ExitCode, CliError> {
    let (reporter, cancel) = (Reporter::new(args.json, args.quiet), stop_on_signal());
    let mut seen = Vec::new();
    for one in what {
        let What::Path(path) = one else {
            return Err(CliError::usage("--explain looks into files and folders, not at links")
                .hint("`ferrotape explain LINK` tells what became of the thing a link names"));
        };
        seen.push(look_into(path, &reporter, &cancel)?);
    }
    if args.json {
        let result = json_value!({ "inputs": json::looked_into(&seen) });
        output::line(&json::result("import", result));
    } else {
        seen.iter().for_each(text::looked_into);
    }
    Ok(ExitCode::SUCCESS)
}

/// Scripts find every file's account in one place.
fn all_accounts(imports: &serde_json::Value) -> Vec<serde_json::Value> {
    let accounts_of = |import: &serde_json::Value| import.get("accounts")?.as_array().cloned();
    imports.as_array().into_iter().flatten().filter_map(accounts_of).flatten().collect()
}

/// Tells the links among `texts` from the paths.
pub(crate) fn parse_what(texts: &[String]) -> Result<Vec<What>, CliError> {
    Ok(texts.iter().map(|text| What::parse(text)).collect::<Result<Vec<_>, _>>()?)
}

/// How inputs are imported.
pub(crate) fn import_rules(flags: &ImportFlags) -> Result<ImportRules, CliError> {
    let playlist_link = flags.link.as_deref().map(playlist_uri).transpose()?;
    let only_lists = flags.list.clone();
    Ok(ImportRules { accept_shrink: flags.accept_shrink, playlist_link, only_lists })
}

fn playlist_uri(text: &str) -> Result<SpotifyUri, CliError> {
    match ferrotape_engine::selection::spotify_uri(text)? {
        Some(uri) if uri.kind == SpotifyKind::Playlist => Ok(uri),
        _ => Err(CliError::usage(format!("--link {text} is not the link of a playlist"))
            .hint("a playlist's link looks like https://open.spotify.com/playlist/…")),
    }
}
