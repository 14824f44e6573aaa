//! A file that the user names, or one part of it as `PATH, track N`, which is how ferrotape itself prints it.

use std::path::{Path, PathBuf};

use ferrotape_domain::Offer;

use crate::{Context, EngineError};

/// A place as the user said it.
pub(crate) struct NamedFile {
    /// The file; a whole path where it is there.
    pub(crate) path: PathBuf,
    /// The number of the part that is meant.
    pub(crate) track: Option<u32>,
}

impl NamedFile {
    pub(crate) fn of(said: &Path) -> Self {
        if let Ok(path) = said.canonicalize() {
            return Self { path, track: None };
        }
        let part = said.to_str().and_then(|text| text.rsplit_once(", track "));
        let found = part.and_then(|(path, number)| {
            let path = Path::new(path).canonicalize().ok()?;
            Some(Self { path, track: Some(number.trim().parse().ok()?) })
        });
        found.unwrap_or_else(|| Self { path: said.to_owned(), track: None })
    }

    /// What scans found of it: the file, or its parts.
    pub(crate) fn known(&self, context: &Context) -> Result<Vec<Offer>, EngineError> {
        Ok(context.library.files_at(&self.path)?)
    }

    /// The one that is meant of `known`; `None` where it is not among them.
    pub(crate) fn meant(&self, known: Vec<Offer>) -> Result<Option<Offer>, EngineError> {
        match self.track {
            Some(track) => {
                let meant = |offer: &Offer| offer.part.is_some_and(|part| part.number == track);
                let found = known.into_iter().find(meant);
                let reason = || format!("{} has no track {track}", self.path.display());
                found.map(Some).ok_or_else(|| EngineError::NoSuchReview(reason()))
            }
            None if known.len() > 1 => Err(self.several(known.len())),
            None => Ok(known.into_iter().next()),
        }
    }

    pub(crate) fn several(&self, count: usize) -> EngineError {
        EngineError::SeveralInFile { path: self.path.clone(), count }
    }
}
