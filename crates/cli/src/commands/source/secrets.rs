//! What is secret of a place: from files, from standard input, asked for, or as it was.

use std::io::{IsTerminal, Read};
use std::path::Path;

use ferrotape_app::{PlaceKind, PlaceSecrets, PlaceSettings};

use crate::args::AddSource;
use crate::error::CliError;
use crate::output;
use crate::session::Session;

/// A file with a password in it is short.
const MOST_SECRET_BYTES: u64 = 16 << 10;

/// All that is secret of a place from now on. `kept` is what it has already, for the same server and user.
pub(super) fn all(
    add: &AddSource,
    place: &PlaceSettings,
    kept: PlaceSecrets,
    session: &Session,
) -> Result<PlaceSecrets, CliError> {
    if add.quick_connect {
        return quick_connect(place, session);
    }
    check_what_is_given(add, place)?;
    let is_told = add.key_file.is_some() || add.password_file.is_some();
    let secrets = match is_told {
        true => given(add, kept)?,
        // What it refused is asked for anew.
        false if session.network()?.refuses(&place.full_name()) => {
            match asked_for(place, PlaceSecrets::default())?.password {
                Some(password) => PlaceSecrets { password: Some(password), ..kept },
                // Nothing to ask for, as of a server that gave a key by its own page: it is tried once more.
                None => kept,
            }
        }
        false => asked_for(place, kept)?,
    };
    signed_in(place, secrets, session)
}

/// What would be kept for nothing, or read from one stream twice, is a slip.
fn check_what_is_given(add: &AddSource, place: &PlaceSettings) -> Result<(), CliError> {
    let (Some(password), user) = (&add.password_file, &place.user) else { return Ok(()) };
    if user.is_none() {
        return Err(CliError::usage("whose password is it? Say --user USER"));
    }
    let Some(key) = &add.key_file else { return Ok(()) };
    if place.kind == PlaceKind::Jellyfin {
        return Err(CliError::usage("Jellyfin takes a password or a key, not both")
            .hint("a password is used once, to get a key"));
    }
    if key == password && key.as_os_str() == "-" {
        return Err(CliError::usage("only one of password and key can come from standard input")
            .hint("name a file for the other one"));
    }
    Ok(())
}

/// What is given takes the place of what there is of its kind; the other kind stays.
fn given(add: &AddSource, kept: PlaceSecrets) -> Result<PlaceSecrets, CliError> {
    let mut secrets = kept;
    if let Some(file) = &add.key_file {
        let mut lines = read_lines(file)?.into_iter();
        (secrets.key, secrets.key_secret) = (lines.next(), lines.next());
        // It came with the key that was.
        secrets.user_id = None;
    }
    if let Some(file) = &add.password_file {
        secrets.password = read_lines(file)?.into_iter().next();
    }
    Ok(secrets)
}

/// The password, where one is needed and there is nothing to sign in with.
fn asked_for(place: &PlaceSettings, kept: PlaceSecrets) -> Result<PlaceSecrets, CliError> {
    if kept != PlaceSecrets::default() || place.user.is_none() || !place.kind.has_names() {
        return Ok(kept);
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage(
            "the password is missing: --password-file FILE, or - for standard input",
        ));
    }
    let asked = rpassword::prompt_password(format!("Password of {} (not shown): ", place.full_name()));
    let password =
        asked.map_err(|error| CliError::new(format!("the password could not be read ({error})")))?;
    Ok(PlaceSecrets { password: Some(password), ..PlaceSecrets::default() })
}

fn read_lines(file: &Path) -> Result<Vec<String>, CliError> {
    let mut text = String::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().take(MOST_SECRET_BYTES).read_to_string(&mut text),
        _ => {
            std::fs::File::open(file).and_then(|open| open.take(MOST_SECRET_BYTES).read_to_string(&mut text))
        }
    };
    read.map_err(|error| CliError::new(format!("{} could not be read ({error})", file.display())))?;
    let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    match lines.first() {
        Some(first) if !first.is_empty() => Ok(lines),
        _ => Err(CliError::new(format!("the first line of {} is empty", file.display()))),
    }
}

/// Shows the code and waits until it is confirmed on the server.
fn quick_connect(place: &PlaceSettings, session: &Session) -> Result<PlaceSecrets, CliError> {
    if place.kind != PlaceKind::Jellyfin {
        return Err(CliError::usage("only Jellyfin knows --quick-connect"));
    }
    let tell = |code: &str| {
        output::talk(&format!(
            "confirm the code {code} in Jellyfin: your picture at the top right, Quick Connect (Ctrl-C stops)"
        ));
    };
    ferrotape_app::quick_connect(place, &session.opened, &session.ways, &tell, &session.cancel)
        .map_err(|fault| CliError::fault(&fault, session.now))
}

/// Jellyfin gives a token for a password; only that is kept.
fn signed_in(
    place: &PlaceSettings,
    secrets: PlaceSecrets,
    session: &Session,
) -> Result<PlaceSecrets, CliError> {
    match &secrets.password {
        Some(password) if place.kind == PlaceKind::Jellyfin => {
            ferrotape_app::sign_in(place, password, &session.opened, &session.ways, &session.cancel)
                .map_err(|fault| CliError::fault(&fault, session.now))
        }
        _ => Ok(secrets),
    }
}
