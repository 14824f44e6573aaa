//! The two ways out: results on standard output, talk on standard error. A closed pipe ends quietly.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::CliError;

/// Whether a line of the result could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// One line of the result.
pub(crate) fn line(text: &str) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
        // A reader that went away (`| head`) is no fault of ours; a full disk is.
        if error.kind() != std::io::ErrorKind::BrokenPipe {
            LOST.store(true, Ordering::Relaxed);
        }
    }
}

/// A whole file as the result.
pub(crate) fn bytes(content: &[u8]) {
    if let Err(error) = std::io::stdout().lock().write_all(content)
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// An error if a part of the result was lost.
pub(crate) fn check() -> Result<(), CliError> {
    let flushed = std::io::stdout().lock().flush();
    let lost = flushed.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe);
    if lost || LOST.load(Ordering::Relaxed) {
        let error = CliError::new("the result could not be written out completely");
        return Err(error.hint("what was done is done; `ferrotape report` shows it again"));
    }
    Ok(())
}

/// One line for the person who watches.
pub(crate) fn talk(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes a file of the user's beside its place, then renames, so that a half one never stands there.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), CliError> {
    write_bytes(path, text.as_bytes())
}

/// As [`write_file`], of what need not be text.
pub(crate) fn write_bytes(path: &Path, content: &[u8]) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::writing(path, &error);
    let file = std::fs::File::create(beside(path)).map_err(failed)?;
    put_in_place(file, path, content)
}

/// As [`write_bytes`], of what is secret: for the user alone, where the disk keeps such rights.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::writing(path, &error);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One that was left half written would keep its own rights.
    let _ = std::fs::remove_file(beside(path));
    let file = options.open(beside(path)).map_err(failed)?;
    put_in_place(file, path, content)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn put_in_place(mut file: std::fs::File, path: &Path, content: &[u8]) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::writing(path, &error);
    file.write_all(content).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(beside(path), path).map_err(failed)
}

/// Takes the rights of all others away from a file that is there. A disk that keeps none leaves it as it is.
pub(crate) fn keep_private(path: &Path) {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        let _ = std::fs::set_permissions(path, mode);
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Whether the rights of a file say that only the user can read it.
pub(crate) fn is_private(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().is_ok_and(|found| found.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
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
    text.chars().map(|c| if c.is_control() || turns_text_around(c) { '\u{fffd}' } else { c }).collect()
}

/// As one word of a command that can be pasted.
pub(crate) fn quoted(text: &str) -> String {
    let is_special = |c: char| matches!(c, '"' | '$' | '`' | '\\' | '!');
    match text.contains(is_special) {
        true => format!("'{}'", text.replace('\'', "'\\''")),
        false => format!("\"{text}\""),
    }
}

/// Marks that make a terminal show letters in another order than they stand.
fn turns_text_around(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A day of the calendar, here.
pub(crate) fn day(seconds: i64) -> String {
    formatted(seconds, "%Y-%m-%d")
}

/// A day and a time of day, here.
pub(crate) fn moment(seconds: i64) -> String {
    formatted(seconds, "%Y-%m-%d %H:%M")
}

fn formatted(seconds: i64, how: &str) -> String {
    let time = jiff::Timestamp::from_second(seconds);
    time.map_or_else(
        |_| "a time that cannot be told".to_owned(),
        |time| time.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime(how).to_string(),
    )
}
