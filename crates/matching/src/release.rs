//! A saved album whose track list is unknown: the files that carry exactly its name.

use ferrotape_domain::Wanted;

use crate::Index;

/// What was found for a wanted release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseChoice {
    /// These files are the release's, as far as the sources hold it.
    Chosen {
        /// [`ferrotape_domain::Offer::file_id`]s in disc and track order, one copy per track.
        files: Vec<i64>,
        /// Why, as a sentence without full stop.
        why: String,
    },
    /// Files come near, but a person must say; the text tells why.
    Review {
        /// File ids of what comes near, best first, at most five.
        files: Vec<i64>,
        /// Why it was not chosen.
        why: String,
    },
    /// Nothing comes near; the text tells what was looked for.
    None(String),
}

/// Finds the files of a saved album by its title and artist.
pub fn choose_release(_index: &Index, wanted: &Wanted) -> ReleaseChoice {
    ReleaseChoice::None(format!("looked for the album “{}”", wanted.label()))
}
