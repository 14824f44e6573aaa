//! Saved albums of which only some tracks are here. Nobody lists an album's tracks to us, but the tags of those that are
//! here count them, or leave a gap between their numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ferrotape_domain::TagSet;

/// Tracks of an album that are here, and how many it has at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Partly {
    have: usize,
    of: usize,
}

impl Partly {
    /// What `tags`, those of all files of one album, tell; `None` where nothing tells that one is missing.
    pub(crate) fn of(tags: &[&TagSet]) -> Option<Self> {
        let mut discs: BTreeMap<u32, (BTreeSet<u32>, u32)> = BTreeMap::new();
        for tags in tags {
            // One without a number may be any of them.
            let number = tags.track_number.filter(|number| *number > 0)?;
            let (numbers, total) = discs.entry(tags.disc_number.unwrap_or(1)).or_default();
            numbers.insert(number);
            *total = (*total).max(tags.track_total.unwrap_or(0)).max(number);
        }
        let have: usize = discs.values().map(|(numbers, _)| numbers.len()).sum();
        let of: usize = discs.values().map(|(_, total)| *total as usize).sum();
        // Of a disc that is missing as a whole not even the count is known; one more at least.
        let last = tags.iter().filter_map(|tags| tags.disc_total).max().unwrap_or(1);
        let missing = (1..=last.min(100)).filter(|disc| !discs.contains_key(disc)).count();
        (have < of || missing > 0).then_some(Self { have, of: of + missing })
    }

    /// What is told of it.
    pub(crate) fn says(self) -> String {
        let noun = if self.of == 1 { "track" } else { "tracks" };
        format!("only {} of at least {} {noun}, as their tags count them", self.have, self.of)
    }
}

/// Which tracks of an album that somebody else has complete it: those that are not among `ours`. `None` where the two
/// are not the same edition, as far as their tags tell.
pub(crate) fn completing(ours: &[TagSet], theirs: &[&TagSet]) -> Option<Vec<usize>> {
    let place = |tags: &TagSet| Some((tags.disc_number.unwrap_or(1), tags.track_number?));
    let title = |tags: &TagSet| -> String {
        let letters = tags.title.iter().flat_map(|title| title.chars());
        letters.filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let at: HashMap<(u32, u32), String> =
        theirs.iter().filter_map(|tags| Some((place(tags)?, title(tags)))).collect();
    let same = ours.iter().all(|tags| place(tags).is_some_and(|place| at.get(&place) == Some(&title(tags))));
    let have: BTreeSet<(u32, u32)> = ours.iter().filter_map(place).collect();
    let news = |tags: &TagSet| place(tags).is_some_and(|place| !have.contains(&place));
    let news: Vec<usize> =
        theirs.iter().enumerate().filter(|(_, tags)| news(tags)).map(|(index, _)| index).collect();
    (same && !news.is_empty()).then_some(news)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(disc: Option<u32>, number: Option<u32>, total: Option<u32>, title: &str) -> TagSet {
        TagSet {
            disc_number: disc,
            track_number: number,
            track_total: total,
            title: Some(title.to_owned()),
            ..TagSet::default()
        }
    }

    fn of(tracks: &[TagSet]) -> Option<(usize, usize)> {
        let partly = Partly::of(&tracks.iter().collect::<Vec<_>>())?;
        Some((partly.have, partly.of))
    }

    #[test]
    fn counts_and_gaps_tell_what_is_missing() {
        let plain = |number| track(None, Some(number), None, "a");
        assert_eq!(of(&[plain(1), plain(2)]), None, "nobody says that there are more");
        assert_eq!(of(&[plain(1), plain(4)]), Some((2, 4)));
        assert_eq!(of(&[plain(1), track(None, None, None, "a"), plain(4)]), None, "it may be any of them");
        assert_eq!(of(&[track(None, Some(1), Some(9), "a")]), Some((1, 9)));
        assert_eq!(of(&[track(Some(1), Some(1), Some(1), "a"), track(Some(2), Some(1), Some(1), "b")]), None);
        let first = TagSet { disc_total: Some(2), ..track(Some(1), Some(1), Some(1), "a") };
        assert_eq!(of(&[first]), Some((1, 2)));
    }

    #[test]
    fn only_the_same_edition_completes_an_album() {
        let ours = [track(None, Some(1), None, "Ebb"), track(None, Some(3), None, "Slack (Live)")];
        let whole = |second: &str, third: &str| {
            [
                track(Some(1), Some(1), None, "ebb"),
                track(Some(1), Some(2), None, second),
                track(Some(1), Some(3), None, third),
            ]
        };
        let news = |theirs: &[TagSet]| completing(&ours, &theirs.iter().collect::<Vec<_>>());
        assert_eq!(news(&whole("Flood", "Slack [live]")), Some(vec![1]));
        assert_eq!(news(&whole("Flood", "Neap")), None);
        assert_eq!(news(&whole("Flood", "Slack [live]")[..2]), None, "it has not all that is here");
    }
}
