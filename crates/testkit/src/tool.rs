//! Running outside programs, with words that help when one is missing.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::KitError;

/// An outside program and where a Debian user gets it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
}

pub(crate) const FFMPEG: Tool = Tool { name: "ffmpeg", package: "ffmpeg" };
pub(crate) const MPCENC: Tool = Tool { name: "mpcenc", package: "musepack-tools" };
pub(crate) const FFPROBE: Tool = Tool { name: "ffprobe", package: "ffmpeg" };
pub(crate) const MPG123: Tool = Tool { name: "mpg123", package: "mpg123" };
pub(crate) const MP3VAL: Tool = Tool { name: "mp3val", package: "mp3val" };

impl Tool {
    /// Runs the program without input and gives back what it wrote, whatever its exit status.
    pub(crate) fn run<S: AsRef<OsStr>>(self, args: &[S], subject: &Path) -> Result<Output, KitError> {
        Command::new(self.name).args(args).stdin(Stdio::null()).output().map_err(|source| {
            if source.kind() == ErrorKind::NotFound {
                KitError::MissingTool { tool: self.name.to_owned(), package: self.package }
            } else {
                KitError::Io { act: "run a program on", path: subject.to_owned(), source }
            }
        })
    }

    /// As [`Tool::run`], but a failing exit status is an error.
    pub(crate) fn run_well<S: AsRef<OsStr>>(self, args: &[S], subject: &Path) -> Result<Output, KitError> {
        let output = self.run(args, subject)?;
        if output.status.success() { Ok(output) } else { Err(self.failed(subject, &output)) }
    }

    /// The error that tells what the program said last.
    pub(crate) fn failed(self, subject: &Path, output: &Output) -> KitError {
        KitError::ToolFailed {
            tool: self.name.to_owned(),
            subject: subject.display().to_string(),
            said: last_words(&output.stderr),
        }
    }
}

/// The end of what a program wrote, short enough for a message.
pub(crate) fn last_words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(6);
    lines.get(from..).unwrap_or_default().join(" | ")
}
