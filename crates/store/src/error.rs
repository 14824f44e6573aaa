//! What can go wrong with the library, in words for the user.

use std::error::Error;
use std::path::PathBuf;

use diesel::result::Error as QueryError;

/// The library could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process writes to this library.
    #[error("the library is in use by {by}; wait until it has finished, or stop it")]
    Locked {
        /// Process number and command, as far as known.
        by: String,
    },
    /// The wait for another process was ended by the user.
    #[error("stopped while waiting for {by} to finish with the library")]
    Stopped {
        /// Process number and command, as far as known.
        by: String,
    },
    /// A newer ferrotape has changed the library's tables.
    #[error(
        "the library was made by a newer ferrotape (its tables are of {found}, this one knows {known}); use that newer ferrotape, or another library with --library"
    )]
    Newer {
        /// Newest version of the tables in the library.
        found: String,
        /// Newest version known to this program.
        known: String,
    },
    /// The file is no library, or is damaged.
    #[error("the library {} cannot be used: {reason}; restore it from a backup, or name another one with --library", path.display())]
    Broken {
        /// The database file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder or file of the library could not be made or opened.
    #[error("cannot open {}: {source}; check that the folder exists and is yours to write to", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A service was taken out while it was asked.
    #[error(
        "{service} was taken out meanwhile, so nothing more of what it says is kept; `ferrotape lookup` goes on with the others"
    )]
    NotAsked {
        /// Its name.
        service: String,
    },
    /// The database refused a step; nothing of that step was kept.
    #[error("could not {doing}: {source}; nothing of this step was kept, run the command again")]
    Database {
        /// The step, as a verb phrase: `record the import`.
        doing: String,
        /// What the database said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }

    /// A damaged file and a refused step look alike to diesel; only SQLite's own words tell them apart.
    pub(crate) fn of_query(doing: &str, path: &std::path::Path, source: QueryError) -> Self {
        if let QueryError::DatabaseError(_, details) = &source {
            return Self::of_message(doing, path, details.message());
        }
        Self::Database { doing: doing.to_owned(), source: source.into() }
    }

    pub(crate) fn of_message(doing: &str, path: &std::path::Path, message: &str) -> Self {
        if message.contains("not a database") || message.contains("malformed") {
            return Self::Broken { path: path.to_owned(), reason: message.to_owned() };
        }
        Self::Database { doing: doing.to_owned(), source: message.into() }
    }
}
