//! What can go wrong while fixtures are made or judged.

use std::path::PathBuf;

/// A fixture could not be made, or a judge said no.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// An outside program is not there.
    #[error(
        "{tool} is not installed, and tests need it – install the Debian package {package} (scripts/test does)"
    )]
    MissingTool {
        /// The program.
        tool: String,
        /// The Debian package that holds it.
        package: &'static str,
    },
    /// An outside program ran and failed.
    #[error("{tool} failed on {subject} – it said: {said}")]
    ToolFailed {
        /// The program.
        tool: String,
        /// The file it worked on.
        subject: String,
        /// Its last words.
        said: String,
    },
    /// A judge found something wrong with a file.
    #[error("{judge} objects to {path} – it said: {said}")]
    Objection {
        /// The program that judged.
        judge: &'static str,
        /// The file.
        path: PathBuf,
        /// Its words.
        said: String,
    },
    /// A file could not be read or written.
    #[error("could not {act} {path} – {source}")]
    Io {
        /// What was tried: `read`, `write`, `list`.
        act: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A zip archive could not be written.
    #[error("could not write the archive {path} – {source}")]
    Zip {
        /// Which archive.
        path: PathBuf,
        /// Why not.
        source: zip::result::ZipError,
    },
    /// JSON could not be written, or a judge's JSON could not be read.
    #[error("JSON of {subject} – {source}")]
    Json {
        /// Whose JSON.
        subject: String,
        /// Why not.
        source: serde_json::Error,
    },
}

impl KitError {
    /// For `map_err` on file operations.
    pub(crate) fn io(act: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { act, path, source }
    }
}
