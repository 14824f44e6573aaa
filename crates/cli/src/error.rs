//! Errors at the edge: what happened, to which thing, what to do; and the exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use ferrotape_app::{NotASource, SettingsError};
use ferrotape_domain::{Fault, FaultKind};
use ferrotape_engine::EngineError;
use ferrotape_engine::device::DeviceError;
use ferrotape_engine::store::StoreError;
use serde_json::json;

use crate::output;
use crate::output::moment;

/// The command could not be done.
pub(crate) const FAILED: u8 = 1;
/// The command line makes no sense; clap uses the same code.
pub(crate) const USAGE: u8 = 2;
/// Done, but some things failed.
pub(crate) const SOME_FAILED: u8 = 3;
/// The plan was not agreed to.
pub(crate) const NOT_AGREED: u8 = 4;
/// Another ferrotape is at work.
pub(crate) const BUSY: u8 = 5;
/// Stopped by the user (128 + SIGINT).
pub(crate) const STOPPED: u8 = 130;

/// Why a command ended without its result.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    hint: Option<String>,
    code: u8,
    /// When asking again makes sense, seconds since 1970 UTC.
    continue_after: Option<i64>,
}

impl CliError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: FAILED, continue_after: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, ..Self::new(message) }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// A file of the user's that could not be written.
    pub(crate) fn writing(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("{} could not be written ({error})", path.display()))
            .hint("check that the folder exists and has space")
    }

    /// An account that could not be asked.
    pub(crate) fn fault(fault: &Fault, now: i64) -> Self {
        let FaultKind::Temporary { retry_after_seconds: Some(seconds) } = fault.kind else {
            return Self::new(fault.to_string());
        };
        let then = now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
        let message = format!("{fault} – continue after {}", moment(then));
        let error = Self::new(message).hint("what came so far is kept; the same command goes on from there");
        Self { continue_after: Some(then), ..error }
    }

    /// An error that does not end the command, as a sentence.
    pub(crate) fn told(error: &EngineError, now: i64) -> String {
        match error {
            EngineError::Account(fault) => Self::fault(fault, now).message,
            other => other.to_string(),
        }
    }

    /// Whether a command line that makes no sense asks for JSON.
    pub(crate) fn is_json_asked() -> bool {
        std::env::args_os().skip(1).take_while(|word| word != "--").any(|word| word == "--json")
    }

    /// Prints it and gives the exit code.
    pub(crate) fn show(&self, as_json: bool) -> ExitCode {
        if as_json {
            let mut error =
                json!({ "event": "error", "message": self.message, "hint": self.hint, "code": self.code });
            if let (Some(fields), Some(then)) = (error.as_object_mut(), self.continue_after) {
                fields.insert("continue_after".to_owned(), json!(then));
            }
            output::line(&error.to_string());
        } else {
            output::talk(&format!("error: {}", self.message));
            if let Some(hint) = &self.hint {
                output::talk(&format!("hint: {hint}"));
            }
        }
        ExitCode::from(self.code)
    }
}

/// What the user can say or do where the engine wants a word before it changes anything; `None` for other errors.
fn answer_to(error: &EngineError) -> Option<&'static str> {
    Some(match error {
        EngineError::NotAgreed => "look at the plan with --dry-run; --yes agrees to it in advance",
        EngineError::ListsOfOthers { .. } => {
            "to keep both, give yours another name, or fill only others of yours with --list NAME; --yes puts yours in its place"
        }
        EngineError::TargetEmptied { is_there: true, .. } => {
            "if it was emptied on purpose, --yes fills it again"
        }
        EngineError::TargetEmptied { is_there: false, .. } => {
            "if it is, and was emptied on purpose, --as-folder fills it again; --yes does not"
        }
        EngineError::ListGone { is_there: true, .. } => {
            "`ferrotape player adopt` finds what you want among them, and the same command then goes on without putting it \
             there twice; --yes puts all of it there once more"
        }
        EngineError::ListGone { is_there: false, .. } => {
            "if the player is mounted there, `ferrotape player adopt` finds what you want among them, and the same command then \
             goes on without putting it there twice; --as-folder puts all of it there once more"
        }
        EngineError::PlayerNotMounted { .. } => {
            "if you mean the folder itself, without a player, say --as-folder; --yes does not"
        }
        _ => return None,
    })
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        let message = error.to_string();
        if let Some(hint) = answer_to(&error) {
            return Self { code: NOT_AGREED, ..Self::new(message).hint(hint) };
        }
        let (code, hint): (u8, Option<&str>) = match error {
            EngineError::Interrupted => (STOPPED, None),
            EngineError::NothingWanted { .. } => (
                FAILED,
                Some(
                    "import what you want first (`ferrotape import FILE`), or name the library that has it with --library; \
                     how to take everything off a player is told in docs/player-files.md",
                ),
            ),
            EngineError::Store(error) => return error.into(),
            EngineError::Account(ref fault) | EngineError::Links(ref fault) => {
                return Self::fault(fault, jiff::Timestamp::now().as_second());
            }
            EngineError::Device(DeviceError::Locked { .. }) => (BUSY, None),
            EngineError::Import(ref import) if import.is_cancelled() => (STOPPED, None),
            EngineError::InsideOfPlayer { .. } => (
                FAILED,
                Some(
                    "name the player's own folder, or one outside of it; if that one was filled by mistake, delete `.ferrotape` in it",
                ),
            ),
            EngineError::UnknownLink { is_playlist: true, .. } => (
                FAILED,
                Some(
                    "data exports name playlists without their links. Give the link once: \
                     `ferrotape import PLAYLIST.csv --link LINK`, or convert the export itself",
                ),
            ),
            EngineError::UnknownLink { .. } => (
                FAILED,
                Some(
                    "import the export, CSV or playlist that holds it first: `ferrotape import FILE`; or let its \
                     title be asked for: --online",
                ),
            ),
            EngineError::Link(_) => (USAGE, Some("links look like https://open.spotify.com/track/…")),
            _ => (FAILED, None),
        };
        Self { hint: hint.map(str::to_owned), code, ..Self::new(message) }
    }
}

impl From<clap::Error> for CliError {
    fn from(error: clap::Error) -> Self {
        if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::usage("there is no command").hint("`ferrotape --help` lists them");
        }
        let text = error.render().to_string();
        // What follows the first paragraph is how the command is used.
        let said = text.split("\n\n").next().unwrap_or_default();
        let said: Vec<&str> = said.lines().map(str::trim).collect();
        let message = said.join(" ");
        Self::usage(message.trim_start_matches("error: ")).hint("--help tells how it is used")
    }
}

impl From<DeviceError> for CliError {
    fn from(error: DeviceError) -> Self {
        EngineError::from(error).into()
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Locked { .. } => BUSY,
            StoreError::Stopped { .. } => STOPPED,
            _ => FAILED,
        };
        Self { code, ..Self::new(error.to_string()) }
    }
}

impl From<NotASource> for CliError {
    fn from(error: NotASource) -> Self {
        let given: PathBuf = error.given;
        Self::new(format!("--from {} cannot be used ({})", given.display(), error.reason))
    }
}

impl From<SettingsError> for CliError {
    fn from(error: SettingsError) -> Self {
        Self::new(error.to_string())
    }
}
