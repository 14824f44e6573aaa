//! Why nothing could be imported. Anything smaller is an [`ImportProblem`](ferrotape_domain::ImportProblem).

use std::path::PathBuf;

/// What is accepted, for messages.
pub(crate) const ACCEPTED: &str = "accepted are: Spotify's “Download your data” package (zip or folder), one of its \
    JSON files, an Exportify, TuneMyMusic or Soundiiz CSV, Takeout's or Apple's package, Last.fm's plays, an M3U playlist, \
    an OPML list, or a text file with one Spotify link per line";

/// Why an import stopped as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file or folder cannot be opened or read.
    #[error("{path} cannot be read: {source} – check the path and your rights")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The path is neither a file nor a folder.
    #[error("{path} is neither a file nor a folder – name a file or folder to import")]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The zip's table of contents is missing or broken.
    #[error("{path} is a zip that is cut off or damaged ({reason}) – download it again")]
    BrokenZip {
        /// The zip.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// More files than [`crate::Limits::files`].
    #[error("{path} holds more than {limit} files – name the folder or zip of the export itself")]
    TooManyFiles {
        /// The zip or folder.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
    /// More bytes than [`crate::Limits::total_bytes`], unpacked.
    #[error("{path} unpacks to more than {limit} bytes – this is no export; nothing was imported")]
    TooLarge {
        /// The zip or folder.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// More rows than [`crate::Limits::rows`].
    #[error("{path} holds more than {limit} rows – import its files one by one; nothing was imported")]
    TooManyRows {
        /// The zip or folder.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// Not one file was recognised.
    #[error("nothing in {path} was recognised: {seen} – {ACCEPTED}")]
    NothingRecognised {
        /// The input.
        path: PathBuf,
        /// What was found instead.
        seen: String,
    },
    /// The caller asked to stop.
    #[error("the import was stopped; nothing was imported")]
    Stopped,
}

impl ImportError {
    /// Whether the user stopped it.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Stopped)
    }
}
