//! `ferrotape cache`: how much encoded music is kept.

use std::process::ExitCode;

use ferrotape_engine::cache::SoundCache;
use serde_json::json;

use crate::args::{Args, Cache, CacheVerb};
use crate::error::CliError;
use crate::output::{counted, line, size};
use crate::session::cache_folder;
use crate::{json, output};

pub(crate) fn run(args: &Args, cache: &Cache) -> Result<ExitCode, CliError> {
    let folder = cache_folder()
        .ok_or_else(|| CliError::usage("your home folder is not known, so no converted music is kept"))?;
    let kept = SoundCache::new(folder, None);
    match &cache.verb {
        None => show(args, &kept)?,
        Some(CacheVerb::Clear) => clear(args, &kept)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(args: &Args, cache: &SoundCache) -> Result<(), CliError> {
    let found = cache.inventory().map_err(|error| unusable(cache, &error, "read"))?;
    if args.json {
        let told = json!({
            "folder": cache.folder().to_string_lossy(), "entries": found.entries, "bytes": found.bytes,
            "limit": found.limit,
        });
        output::line(&json::result("cache", told));
        return Ok(());
    }
    line(&format!("Converted music kept in {}", cache.folder().display()));
    let recordings = counted(found.entries, "recording", "recordings");
    line(&format!(
        "  {recordings}, {} of at most {} (`convert --cache-size` sets another size)",
        size(found.bytes),
        size(found.limit)
    ));
    Ok(())
}

fn clear(args: &Args, cache: &SoundCache) -> Result<(), CliError> {
    let (entries, bytes) = cache.clear().map_err(|error| unusable(cache, &error, "emptied"))?;
    if args.json {
        let folder = cache.folder().to_string_lossy();
        let told = json!({ "folder": folder, "removed": entries, "bytes": bytes });
        output::line(&json::result("cache clear", told));
    } else {
        let recordings = counted(entries, "recording", "recordings");
        line(&format!("Removed {recordings} ({}); they will be encoded again when needed", size(bytes)));
    }
    Ok(())
}

fn unusable(cache: &SoundCache, error: &std::io::Error, what: &str) -> CliError {
    CliError::new(format!("{} could not be {what} ({error})", cache.folder().display()))
        .hint("check who may read and write that folder")
}
