//! Saved albums and books of which only some tracks are here. The tags of those that are here count them, or leave a gap
//! between their numbers; and a place that some were had from lists them (`listed.rs`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ferrotape_domain::{TagSet, WantedKind, letters_of};
use ferrotape_store::ListedTracks;

use crate::listed::{self, place};
use crate::matching::{Answer, Matched, Matching};

/// How it begins what is told of something of which nobody knows whether all of it is here.
pub(crate) const PERHAPS: &str = "perhaps a part of it: ";

/// Tracks of an album that are here, and how many it has at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Partly {
    have: usize,
    pub(crate) of: usize,
    by: CountedBy,
}

/// Who counts the tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CountedBy {
    Tags,
    /// A place that lists an album's tracks.
    Place,
    /// A place that lists a book's parts.
    PlaceOfBook,
}

impl Partly {
    /// What the files of a saved album or a book tell that nobody decided about, and who lists it.
    pub(crate) fn of_answer(matched: &Matched, matching: &Matching) -> Option<Self> {
        let Answer::Files(files, _) = &matched.answer else { return None };
        if matched.decided {
            return None;
        }
        let offers = files.iter().filter_map(|id| matching.offer(*id));
        let tags: Vec<&TagSet> = offers.map(|offer| &offer.tags).collect();
        Self::of_files(matched.wanted.wanted.kind, &tags, matching.list_of(matched.wanted.id))
    }

    /// What the tags of all files of one thing tell, and what a place lists of it.
    pub(crate) fn of_files(kind: WantedKind, tags: &[&TagSet], list: Option<&ListedTracks>) -> Option<Self> {
        let (by_tags, by) = match kind {
            WantedKind::Release => (Self::of(tags), CountedBy::Place),
            WantedKind::Audiobook => (None, CountedBy::PlaceOfBook),
            _ => return None,
        };
        let listed = list.and_then(|list| listed::counted(tags, list));
        let by_list = listed.map(|of| Self { have: tags.len(), of, by });
        match (by_tags, by_list) {
            (Some(by_tags), Some(by_list)) if by_tags.of >= by_list.of => Some(by_tags),
            (by_tags, by_list) => by_list.or(by_tags),
        }
    }

    /// What `tags`, those of all files of one album, tell; `None` where nothing tells that one is missing.
    pub(crate) fn of(tags: &[&TagSet]) -> Option<Self> {
        let mut discs: BTreeMap<u32, Disc> = BTreeMap::new();
        for tags in tags {
            // One without a number may be any of them.
            let number = tags.track_number.filter(|number| *number > 0)?;
            let disc = discs.entry(tags.disc_number.unwrap_or(1)).or_default();
            disc.numbers.insert(number);
            disc.total = disc.total.max(tags.track_total.unwrap_or(0) as usize);
        }
        let have: usize = discs.values().map(|disc| disc.numbers.len()).sum();
        let of = counted(&discs);
        let last = tags.iter().filter_map(|tags| tags.disc_total).max().unwrap_or(1);
        let missing = (1..=last.min(100)).filter(|disc| !discs.contains_key(disc)).count();
        // Of a disc that is missing as a whole not even the count is known; a total may count its tracks already.
        let of = of.max(have + missing);
        (have < of).then_some(Self { have, of, by: CountedBy::Tags })
    }

    /// What is told of it; `listed` is how many tracks a place has of it of which not all came, with those that are
    /// here, and the place.
    pub(crate) fn told(partly: Option<Self>, have: usize, listed: Option<(usize, &str)>) -> Option<String> {
        let counted = partly.map_or(have, |partly| partly.of);
        let by_place = partly.is_some_and(|partly| partly.by != CountedBy::Tags);
        let of_book = partly.is_some_and(|partly| partly.by == CountedBy::PlaceOfBook);
        match listed.filter(|(of, _)| *of > counted || (*of == counted && by_place)) {
            Some((of, place)) => {
                let tracks = if of_book { "parts" } else { "tracks" };
                Some(format!("a part of it, {have} of at least {of} {tracks} as {place} lists them"))
            }
            None => partly.map(Self::says),
        }
    }

    /// What is told of it.
    pub(crate) fn says(self) -> String {
        let (have, of) = (self.have, self.of);
        let counted = match self.by {
            CountedBy::Tags => "tracks as their tags count them",
            CountedBy::Place => "tracks as the place that they came from lists them",
            CountedBy::PlaceOfBook => "parts as the place that they came from lists them",
        };
        format!("a part of it, {have} of at least {of} {counted}")
    }
}

#[derive(Default)]
struct Disc {
    numbers: BTreeSet<u32>,
    /// What its tags give for the number of tracks, 0 for nothing.
    total: usize,
}

impl Disc {
    /// The highest place on it. Discs may be numbered 101, 102 and 201, 202.
    fn highest(&self) -> usize {
        let highest = self.numbers.last().map_or(0, |number| *number as usize);
        // Disc and track in one number, whether or not the disc is told as well.
        if self.total == 0 && self.numbers.first().is_some_and(|first| *first > 100) {
            let mut of_hundred: BTreeMap<u32, usize> = BTreeMap::new();
            self.numbers.iter().for_each(|number| {
                of_hundred.insert(number / 100, (number % 100) as usize);
            });
            return of_hundred.values().sum();
        }
        highest
    }
}

/// How many tracks these discs have at least. What may be meant in two ways is taken so that none is missing.
fn counted(discs: &BTreeMap<u32, Disc>) -> usize {
    let highest: usize = discs.values().map(Disc::highest).sum();
    let follows = |(before, after): (&Disc, &Disc)| before.numbers.last() < after.numbers.first();
    let in_a_row = discs.len() > 1 && discs.values().zip(discs.values().skip(1)).all(follows);
    let own_first = discs
        .values()
        .all(|disc| disc.highest() != 0 && disc.numbers.first().is_some_and(|first| first % 100 == 1));
    if in_a_row && !own_first {
        // 1 to 10 on one disc, 11 to 20 on the next.
        return discs.values().filter_map(|disc| disc.numbers.last()).max().map_or(0, |last| *last as usize);
    }
    let mut totals = discs.values().map(|disc| disc.total);
    let one_total = totals.next().filter(|first| totals.all(|total| total == *first)).unwrap_or(0);
    if discs.len() > 1 && one_total >= highest {
        return one_total;
    }
    discs.values().map(|disc| disc.highest().max(disc.total)).sum()
}

/// Which tracks of an album that somebody else has complete it: those that are not among `ours`, and that our tags count or
/// that are `listed` as the album's. `None` where the two are not the same edition, as far as their tags tell.
pub(crate) fn completing(
    ours: &[TagSet],
    theirs: &[&TagSet],
    listed: &BTreeSet<(u32, u32)>,
) -> Option<Vec<usize>> {
    let title = |tags: &TagSet| letters_of(tags.title.as_deref().unwrap_or_default());
    let at: HashMap<(u32, u32), String> =
        theirs.iter().filter_map(|tags| Some((place(tags)?, title(tags)))).collect();
    let same = ours.iter().all(|tags| place(tags).is_some_and(|place| at.get(&place) == Some(&title(tags))));
    if !same || !is_one_edition(ours, theirs) {
        return None;
    }
    let have: BTreeSet<(u32, u32)> = ours.iter().filter_map(place).collect();
    let is_known = |place: (u32, u32)| is_counted(ours, place) || listed.contains(&place);
    let news = |tags: &TagSet| place(tags).is_some_and(|place| !have.contains(&place) && is_known(place));
    Some(theirs.iter().enumerate().filter(|(_, tags)| news(tags)).map(|(index, _)| index).collect())
}

/// The most that the tags of these give, of a disc or of the whole.
fn most<'t>(tags: impl Iterator<Item = &'t TagSet>, of: impl Fn(&TagSet) -> Option<u32>) -> Option<u32> {
    tags.filter_map(of).max()
}

fn on(disc: u32) -> impl Fn(&&TagSet) -> bool {
    move |tags| tags.disc_number.unwrap_or(1) == disc
}

/// Whether no total of theirs is another than ours, and they have nothing behind what ours count to.
fn is_one_edition(ours: &[TagSet], theirs: &[&TagSet]) -> bool {
    let differ =
        |ours: Option<u32>, theirs: Option<u32>| ours.is_some() && theirs.is_some() && ours != theirs;
    let discs = most(ours.iter(), |tags| tags.disc_total);
    let their_discs = most(theirs.iter().copied(), |tags| tags.disc_total);
    if differ(discs, their_discs) {
        return false;
    }
    theirs.iter().filter_map(|tags| place(tags)).all(|(disc, track)| {
        let total = most(ours.iter().filter(on(disc)), |tags| tags.track_total);
        let their_total = most(theirs.iter().copied().filter(on(disc)), |tags| tags.track_total);
        !differ(total, their_total)
            && total.is_none_or(|total| track <= total)
            && discs.is_none_or(|discs| disc <= discs)
    })
}

/// Whether our tags tell that there is a track at this place: one that follows, a total, or a disc that they count.
fn is_counted(ours: &[TagSet], (disc, track): (u32, u32)) -> bool {
    let of_disc = || ours.iter().filter(on(disc));
    let last = most(of_disc(), |tags| tags.track_number.max(tags.track_total));
    match last {
        Some(last) => track <= last,
        None => most(ours.iter(), |tags| tags.disc_total).is_some_and(|discs| disc <= discs),
    }
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
    fn what_a_place_lists_counts_where_it_is_more() {
        let partly = Some(Partly { have: 2, of: 3, by: CountedBy::Tags });
        let told = |partly, listed| Partly::told(partly, 2, listed);
        let listed = Some("a part of it, 2 of at least 4 tracks as shelf lists them".to_owned());
        assert_eq!(told(partly, Some((4, "shelf"))), listed);
        assert_eq!(told(None, Some((4, "shelf"))), listed, "their tags count nothing");
        let counted = partly.map(Partly::says);
        assert_eq!((told(partly, Some((3, "shelf"))), told(partly, None)), (counted.clone(), counted));
        assert_eq!((told(None, Some((2, "shelf"))), told(None, None)), (None, None));
        let book = Some(Partly { have: 2, of: 3, by: CountedBy::PlaceOfBook });
        let named = "a part of it, 2 of at least 3 parts as shelf lists them";
        assert_eq!(told(book, Some((3, "shelf"))).as_deref(), Some(named));
    }

    #[test]
    fn a_list_of_a_place_counts_where_tags_are_silent() {
        let all = [1, 2, 3].map(|number| track(None, Some(number), None, "a"));
        let list = ListedTracks { source: "shelf".to_owned(), tracks: listed::places(all.iter()) };
        let of = |tracks: &[TagSet]| {
            let tags: Vec<&TagSet> = tracks.iter().collect();
            let partly = Partly::of_files(WantedKind::Release, &tags, Some(&list))?;
            Some((partly.have, partly.of, partly.by))
        };
        assert_eq!((of(&all), of(&all[..2])), (None, Some((2, 3, CountedBy::Place))));
        let counted = [track(None, Some(1), Some(9), "a")];
        assert_eq!(of(&counted), Some((1, 9, CountedBy::Tags)));
    }

    #[test]
    fn whole_albums_are_whole_however_they_are_numbered() {
        let discs = |numbers: [[u32; 2]; 2], total: Option<u32>| -> Vec<TagSet> {
            let disc = |disc: u32, numbers: [u32; 2]| {
                let tags = move |number| TagSet {
                    disc_total: Some(2),
                    ..track(Some(disc), Some(number), total, "a")
                };
                numbers.map(tags)
            };
            [disc(1, numbers[0]), disc(2, numbers[1])].concat()
        };
        for (numbers, total) in [
            ([[1, 2], [1, 2]], None),
            ([[1, 2], [1, 2]], Some(2)),
            ([[1, 2], [1, 2]], Some(4)),
            ([[1, 2], [3, 4]], None),
            ([[1, 2], [3, 4]], Some(4)),
            ([[101, 102], [201, 202]], None),
        ] {
            assert_eq!(of(&discs(numbers, total)), None, "{numbers:?} {total:?}");
        }
        let plain = |number| track(None, Some(number), None, "a");
        assert_eq!(of(&[101, 102, 201, 202].map(plain)), None, "disc and track in one number");
        assert_eq!(of(&discs([[1, 2], [3, 5]], None)), Some((4, 5)));
        assert_eq!(of(&discs([[1, 2], [1, 4]], None)), Some((4, 6)));
        assert_eq!(of(&discs([[1, 2], [1, 2]], Some(9))), Some((4, 9)), "of nine in all, at least");
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
        let none = BTreeSet::new();
        let news = |theirs: &[TagSet]| completing(&ours, &theirs.iter().collect::<Vec<_>>(), &none);
        assert_eq!(news(&whole("Flood", "Slack [live]")), Some(vec![1]));
        assert_eq!(news(&whole("Flood", "Neap")), None);
        assert_eq!(news(&whole("Flood", "Slack [live]")[..2]), None, "it has not all that is here");
    }

    #[test]
    fn what_ours_do_not_count_is_of_another_edition() {
        let plain = |number: u32, total: Option<u32>| track(None, Some(number), total, &format!("t{number}"));
        let theirs =
            |last: u32, total: Option<u32>| (1..=last).map(|number| plain(number, total)).collect::<Vec<_>>();
        let with = |ours: &[TagSet], theirs: &[TagSet], listed: &[(u32, u32)]| {
            completing(ours, &theirs.iter().collect::<Vec<_>>(), &listed.iter().copied().collect())
        };
        let news = |ours: &[TagSet], theirs: &[TagSet]| with(ours, theirs, &[]);
        let ours = [plain(1, Some(3)), plain(2, Some(3))];
        assert_eq!(news(&ours, &theirs(3, Some(3))), Some(vec![2]));
        assert_eq!(news(&ours, &theirs(3, None)), Some(vec![2]));
        assert_eq!(news(&ours, &theirs(5, None)), None, "it goes on behind our last");
        assert_eq!(news(&ours, &theirs(3, Some(5))), None, "it counts otherwise");
        let gap = [plain(1, None), plain(3, None)];
        assert_eq!(news(&gap, &theirs(5, None)), Some(vec![1]), "nobody says that four and five are ours");
        let bonus = TagSet { disc_number: Some(2), ..plain(1, None) };
        let with_bonus = [theirs(3, None), vec![bonus]].concat();
        assert_eq!(news(&ours, &with_bonus), Some(vec![2]), "a disc that ours do not count");
        let of_one = ours.clone().map(|tags| TagSet { disc_total: Some(1), ..tags });
        assert_eq!(news(&of_one, &with_bonus), None);
        let first = [plain(1, None)];
        assert_eq!(news(&first, &theirs(3, None)), Some(vec![]), "nobody says that there is more of it");
        assert_eq!(with(&first, &theirs(3, None), &[(1, 1), (1, 2)]), Some(vec![1]), "it is listed");
    }
}
