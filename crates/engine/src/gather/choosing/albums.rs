//! Which files of an album are fetched, and which tracks the album has by the place's list.

use std::collections::BTreeSet;

use ferrotape_domain::{Offer, TagSet};

use super::{Answered, Offered, Pick};
use crate::gather::one_album::{here_of, lasts_otherwise};
use crate::gather::{Open, told};
use crate::listed;
use crate::partly::completing;

impl Offered<'_> {
    /// Whether files that carry an album's name are the album: what is the user's own is what there is of it, but
    /// single tracks of a public place settle no album.
    pub(super) fn may_be_the_album(&self, files: &[i64]) -> bool {
        let remote = |id: &i64| self.remote.get(usize::try_from(*id).ok()?);
        let tags: Vec<&TagSet> = files.iter().filter_map(remote).map(|offer| &offer.tags).collect();
        files.iter().all(|id| self.is_own(*id)) || is_whole(&tags)
    }

    /// Those of an album's files that are missing here; all where nothing is here. `None` where the album is another
    /// edition than the one that is here, and why nothing of it is taken where it may be another recording.
    pub(super) fn of_album(&self, one: &Open, files: Vec<usize>) -> Option<Answered> {
        let id = one.wanted.id;
        let tags: Vec<&TagSet> = files.iter().filter_map(|at| Some(&self.remote.get(*at)?.tags)).collect();
        let theirs = listed::places(tags.iter().copied());
        if one.here.is_empty() {
            return Some((id, Ok(Pick { tracks: theirs, ..self.pick(files, true) })));
        }
        let less = self.lists_less(one, &theirs);
        let is_less = less.is_some();
        let mut known = match &one.list {
            Some(_) if is_less => less.unwrap_or_default(),
            Some(list) if one.may_have_grown && list.source == self.place.name() => {
                list.tracks.union(&theirs).copied().collect()
            }
            Some(list) => list.tracks.clone(),
            None if one.is_unsettled && theirs.is_empty() => return None,
            None if one.is_unsettled => theirs,
            None => BTreeSet::new(),
        };
        let is_told = |news: &Vec<usize>| one.is_unsettled || is_less || !news.is_empty();
        let here = here_of(&one.here, &tags);
        let ours: Vec<TagSet> = here.iter().map(|offer| offer.tags.clone()).collect();
        let news = completing(&ours, &tags, &known).filter(is_told)?;
        let offered: Vec<&Offer> = files.iter().filter_map(|at| self.offer(*at)).collect();
        if !news.is_empty()
            && let Some(why) = lasts_otherwise(&here, &offered)
        {
            return Some((id, Err(told::unsettled(self.name(), &why))));
        }
        let new_tags: Vec<&TagSet> = news.iter().filter_map(|at| tags.get(*at).copied()).collect();
        known.extend(listed::places(ours.iter().chain(new_tags)));
        let offers = news.into_iter().filter_map(|at| files.get(at).copied()).collect();
        Some((id, Ok(Pick { tracks: known, ..self.pick(offers, true) })))
    }

    /// The tracks that an album still has, where the place that lists it has taken some off: it answered whole, and names all
    /// that is here. What it does not list any more is not missing.
    fn lists_less(&self, one: &Open, theirs: &BTreeSet<(u32, u32)>) -> Option<BTreeSet<(u32, u32)>> {
        let list = one.list.as_ref().filter(|list| self.is_all && list.source == self.place.name())?;
        let names = |tags: &TagSet| listed::place(tags).is_some_and(|place| theirs.contains(&place));
        if list.tracks.is_subset(theirs) || !one.here.iter().all(|offer| names(&offer.tags)) {
            return None;
        }
        Some(match one.may_have_grown {
            true => theirs.clone(),
            false => list.tracks.intersection(theirs).copied().collect(),
        })
    }
}

/// Whether these are all tracks of an album: from the first of each disc to the last without a gap, as many as they say.
fn is_whole(tracks: &[&TagSet]) -> bool {
    let place = |tags: &&TagSet| Some((tags.disc_number.unwrap_or(1), tags.track_number?));
    let mut places: Vec<(u32, u32)> = tracks.iter().filter_map(place).collect();
    places.sort_unstable();
    let follows = |pair: &[(u32, u32)]| match pair {
        [before, after] if before.0 == after.0 => after.1 == before.1 + 1,
        [before, after] => after.0 == before.0 + 1 && after.1 == 1,
        _ => false,
    };
    let in_a_row = places.first() == Some(&(1, 1)) && places.windows(2).all(follows);
    let total = tracks.iter().filter_map(|tags| tags.track_total).max().unwrap_or(2);
    let all_there = u32::try_from(tracks.len()).is_ok_and(|count| count >= total.max(2));
    places.len() == tracks.len() && in_a_row && all_there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_tracks_are_no_album() {
        let track = |disc: Option<u32>, number: Option<u32>, total: Option<u32>| TagSet {
            disc_number: disc,
            track_number: number,
            track_total: total,
            ..TagSet::default()
        };
        let is = |tracks: &[TagSet]| is_whole(&tracks.iter().collect::<Vec<_>>());
        let of = |numbers: &[u32], total| -> Vec<TagSet> {
            numbers.iter().map(|number| track(None, Some(*number), total)).collect()
        };
        assert!(is(&of(&[2, 1, 3], None)) && is(&of(&[1, 2], Some(2))));
        assert!(is(&[track(Some(1), Some(1), None), track(Some(2), Some(1), None)]));
        assert!(!is(&of(&[1], None)) && !is(&of(&[1], Some(1))) && !is(&of(&[1, 3], None)));
        assert!(!is(&of(&[2, 3], None)) && !is(&of(&[1, 2], Some(9))));
        assert!(!is(&[track(None, None, None), track(None, None, None)]) && !is(&[]));
    }
}
