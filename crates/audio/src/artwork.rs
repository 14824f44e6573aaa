//! The one cover picture: found in the file or beside it, made small enough and plain enough for any player.

use std::io;
use std::path::{Path, PathBuf};

use ferrotape_domain::Cover;

/// What a player can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverRules {
    /// Longest side in pixels.
    pub max_pixels: u32,
    /// Largest size of the finished JPEG in bytes.
    pub max_bytes: usize,
}

impl Default for CoverRules {
    fn default() -> Self {
        Self { max_pixels: 500, max_bytes: 200_000 }
    }
}

/// Why there is a picture but no cover. Never a reason to leave the music out.
#[derive(Debug, thiserror::Error)]
pub enum CoverProblem {
    /// The file could not be read.
    #[error("{}: the cover could not be read: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The picture is damaged, too big, or of an unknown kind.
    #[error("{}: the cover could not be used: {reason}", .path.display())]
    Unusable {
        /// The file that holds the picture.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The cover for `source`: the front cover inside it, else `folder_picture`; `None` when there is neither.
pub fn cover_for(
    _source: &Path,
    _folder_picture: Option<&Path>,
    _rules: &CoverRules,
) -> Result<Option<Cover>, CoverProblem> {
    Ok(None)
}

/// The picture that stands for a folder: cover, folder, front or album, in that order.
pub fn folder_picture(_dir: &Path) -> Option<PathBuf> {
    None
}
