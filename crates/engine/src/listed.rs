//! What a place lists of a saved album or a book that is had from it. The tags of most files do not count the album's tracks,
//! and what did not come in one run is to be asked for by the next.

use std::collections::{BTreeSet, HashMap, HashSet};

use ferrotape_domain::{ContentId, Offer, TagSet, WantedKind};
use ferrotape_store::{ListedTracks, StoredWanted};

use crate::{Context, EngineError};

/// The parts of a book are only counted, on a disc that there is not.
const OF_A_BOOK: u32 = 0;

/// What places list, by the keys of the wanted things, and what came from where.
pub(crate) struct Lists {
    by_key: HashMap<String, ListedTracks>,
    came: HashSet<(ContentId, String)>,
}

impl Lists {
    pub(crate) fn load(context: &Context) -> Result<Self, EngineError> {
        let by_key = context.library.listed_tracks()?;
        let has_books = by_key.values().any(is_of_a_book);
        let came = match has_books {
            true => context.library.provenance()?,
            false => Vec::new(),
        };
        let came = came.into_iter().map(|origin| (origin.content, origin.source)).collect();
        Ok(Self { by_key, came })
    }

    /// What is listed of an album or a book that these files answer. A book may be cut into parts in many ways, so of files
    /// that came from elsewhere the list tells nothing.
    pub(crate) fn of(&self, wanted: &StoredWanted, files: &[&Offer]) -> Option<&ListedTracks> {
        let mut keys = std::iter::once(&wanted.key).chain(&wanted.aliases);
        let list = keys.find_map(|key| self.by_key.get(key))?;
        let is_book = wanted.wanted.kind == WantedKind::Audiobook;
        let came = |offer: &&Offer| self.came.contains(&(offer.content.clone(), list.source.clone()));
        (is_book == is_of_a_book(list) && (!is_book || files.iter().all(came))).then_some(list)
    }
}

fn is_of_a_book(list: &ListedTracks) -> bool {
    list.tracks.iter().all(|(disc, _)| *disc == OF_A_BOOK)
}

/// Disc and track.
pub(crate) fn place(tags: &TagSet) -> Option<(u32, u32)> {
    Some((tags.disc_number.unwrap_or(1), tags.track_number?))
}

/// The places of all of these on their album; none where one of them has none.
pub(crate) fn places<'t>(tracks: impl Iterator<Item = &'t TagSet>) -> BTreeSet<(u32, u32)> {
    let numbered = |tags: &TagSet| place(tags).filter(|(disc, track)| *disc > OF_A_BOOK && *track > 0);
    tracks.map(numbered).collect::<Option<BTreeSet<_>>>().unwrap_or_default()
}

/// The parts of a book that is listed in so many; none of one that is in one piece.
pub(crate) fn parts(count: usize) -> BTreeSet<(u32, u32)> {
    let count = u32::try_from(count).ok().filter(|count| *count > 1).unwrap_or(0);
    (1..=count).map(|part| (OF_A_BOOK, part)).collect()
}

/// How many tracks there are with those that are listed and not among `here`, the tags of all files that answer; `None`
/// where none is missing.
pub(crate) fn counted(here: &[&TagSet], list: &ListedTracks) -> Option<usize> {
    let places: BTreeSet<(u32, u32)> = here.iter().filter_map(|tags| place(tags)).collect();
    let lacks = list.tracks.difference(&places).count();
    // A server may number its tracks otherwise than their own tags.
    let missing = lacks.min(list.tracks.len().saturating_sub(here.len()));
    (missing > 0).then_some(here.len() + missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(disc: Option<u32>, number: Option<u32>) -> TagSet {
        TagSet { disc_number: disc, track_number: number, ..TagSet::default() }
    }

    #[test]
    fn what_is_listed_and_not_here_is_missing() {
        let all = [track(None, Some(1)), track(Some(1), Some(2)), track(Some(2), Some(1))];
        let list = ListedTracks { source: "shelf".to_owned(), tracks: places(all.iter()) };
        let of = |here: &[TagSet]| counted(&here.iter().collect::<Vec<_>>(), &list);
        assert_eq!((of(&all), of(&all[..2]), of(&all[1..])), (None, Some(3), Some(3)));
        let otherwise = [1, 2, 3].map(|number| track(None, Some(number)));
        assert_eq!(of(&otherwise), None, "as many, however they are numbered");
        assert_eq!(of(&[track(None, None)]), Some(3));
        let one_without = [track(None, Some(1)), track(None, None)];
        assert_eq!(places(one_without.iter()), BTreeSet::new());
    }

    #[test]
    fn parts_of_a_book_are_counted() {
        let list = ListedTracks { source: "shelf".to_owned(), tracks: parts(3) };
        let parts_here = [track(None, Some(1)), track(None, None), track(Some(1), Some(2))];
        let of = |count: usize| counted(&parts_here.iter().take(count).collect::<Vec<_>>(), &list);
        assert_eq!((of(3), of(2)), (None, Some(3)));
        assert!(is_of_a_book(&list) && parts(1).is_empty());
    }
}
