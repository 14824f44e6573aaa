//! The two ways out: results on standard output, talk on standard error. A closed pipe ends quietly.

use std::io::Write;
use std::path::Path;

use crate::error::CliError;

/// One line of the result.
pub(crate) fn line(text: &str) {
    // A reader that went away (`| head`) is no fault of ours.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// One line for the person who watches.
pub(crate) fn talk(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes a file of the user's beside its place, then renames, so that a half one never stands there.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::writing(path, &error);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let beside = path.with_file_name(name);
    let mut file = std::fs::File::create(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

/// A count with its word: `1 file`, `3 files`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Bytes as people write them.
pub(crate) fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

/// Text of a file or service that goes to a terminal: control characters could move its cursor.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
