//! Which album of a server is completed, where that has several of one name: the one that is here in part, by the ids that the
//! server gives its albums. Ids of two servers tell nothing, nor do those of a server that gave its albums new ones.

use std::collections::HashSet;

use ferrotape_domain::{Offer, TagSet};
use ferrotape_matching::ReleaseChoice;

/// What was found for an album of which this is here. Where none of it is of an album that is here, and the server still has that
/// one, it is chosen again among the offers of that one.
pub(super) fn of_what_is_here(
    found: ReleaseChoice,
    here: &[TagSet],
    offers: &[Offer],
    again: impl FnOnce(&HashSet<i64>) -> ReleaseChoice,
) -> ReleaseChoice {
    let ids: HashSet<&str> = here.iter().filter_map(|tags| tags.album_id.as_deref()).collect();
    if ids.is_empty() {
        return found;
    }
    let is_of_it = |offer: &&Offer| offer.tags.album_id.as_deref().is_some_and(|id| ids.contains(id));
    let of_it: HashSet<i64> = offers.iter().filter(is_of_it).map(|offer| offer.file_id).collect();
    let has_some = match &found {
        ReleaseChoice::Chosen { files, .. } => files.iter().any(|id| of_it.contains(id)),
        _ => false,
    };
    if has_some || of_it.is_empty() { found } else { again(&of_it) }
}

/// What is here of the album that these are, without what came from another one of its name; all of it where nothing is of it.
pub(super) fn here_of(here: &[TagSet], theirs: &[&TagSet]) -> Vec<TagSet> {
    let is_of_another = |tags: &&TagSet| {
        theirs.iter().any(|other| are_two_albums(tags, other))
            && !theirs.iter().any(|other| other.album_id == tags.album_id)
    };
    let own: Vec<TagSet> = here.iter().filter(|tags| !is_of_another(tags)).cloned().collect();
    if own.is_empty() { here.to_vec() } else { own }
}

/// Whether one server has both, on two albums.
pub(super) fn are_two_albums(one: &TagSet, other: &TagSet) -> bool {
    let both = server_and_album(one).zip(server_and_album(other));
    both.is_some_and(|(one, other)| one.0 == other.0 && one.1 != other.1)
}

fn server_and_album(tags: &TagSet) -> Option<(&str, &str)> {
    tags.album_id.as_deref()?.split_once(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(id: &str) -> TagSet {
        TagSet { album_id: (!id.is_empty()).then(|| id.into()), ..TagSet::default() }
    }

    #[test]
    fn what_came_from_another_album_of_the_name_is_none_of_it() {
        let all = ["home al-1", "home al-2", "other al-2", ""].map(on);
        let count = |theirs: &[TagSet]| here_of(&all, &theirs.iter().collect::<Vec<_>>()).len();
        assert_eq!(count(&[on("home al-1")]), 3, "all but the other of that server");
        assert_eq!(count(&["home al-1", "home al-2"].map(on)), 4, "two discs");
        assert_eq!(count(&[on("")]), 4);
        let own = ["home al-1", "home al-2"].map(on);
        assert_eq!(here_of(&own, &[&on("home al-9")]).len(), 2, "the server has new ids");
    }
}
