//! Why an input as a whole could not be read. Single rows and files inside it are problems, not errors.

use std::path::PathBuf;

/// Why nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file or folder could not be opened or read.
    #[error("{path} could not be read ({source}) – check the path and its permissions", path = path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The archive is cut off or damaged as a whole.
    #[error("{path} is a damaged zip archive ({reason}) – download or copy it again", path = path.display())]
    DamagedArchive {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The input goes beyond a limit that no real one comes near.
    #[error("{path} was not read: {reason}", path = path.display())]
    TooLarge {
        /// Which one.
        path: PathBuf,
        /// Which limit, and what was found.
        reason: String,
    },
    /// Nothing in it is of a known form.
    #[error("{path} holds nothing ferrotape can import ({seen}) – it reads Spotify's data export (zip or folder), \
             Exportify CSVs, M3U playlists and text files of Spotify links", path = path.display())]
    NothingRecognised {
        /// Which one.
        path: PathBuf,
        /// What was found instead.
        seen: String,
    },
    /// Told to stop.
    #[error("the import was stopped; nothing of it was kept")]
    Cancelled,
}

impl ImportError {
    /// Whether the user stopped it.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled)
    }
}
