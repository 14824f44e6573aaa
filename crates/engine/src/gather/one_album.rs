//! Which album of a server is completed, where that has several of one name: the one that is here in part, by the ids that the
//! server gives its albums. Ids of two servers tell nothing, nor do those of a server that gave its albums new ones.

use std::collections::HashSet;

use ferrotape_domain::{Offer, TagSet, last_as_long, letters_of};
use ferrotape_matching::ReleaseChoice;

use super::as_said::in_words;
use crate::listed::place;

/// What was found for an album of which this is here. Where none of it is of an album that is here, and the server still has that
/// one, it is chosen again among the offers of that one.
pub(super) fn of_what_is_here(
    found: ReleaseChoice,
    here: &[Offer],
    offers: &[Offer],
    again: impl FnOnce(&HashSet<i64>) -> ReleaseChoice,
) -> ReleaseChoice {
    let ids: HashSet<&str> = here.iter().filter_map(|offer| offer.tags.album_id.as_deref()).collect();
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
pub(super) fn here_of<'h>(here: &'h [Offer], theirs: &[&TagSet]) -> Vec<&'h Offer> {
    let is_of_another = |tags: &TagSet| {
        theirs.iter().any(|other| are_two_albums(tags, other))
            && !theirs.iter().any(|other| other.album_id == tags.album_id)
    };
    let own: Vec<&Offer> = here.iter().filter(|offer| !is_of_another(&offer.tags)).collect();
    if own.is_empty() { here.iter().collect() } else { own }
}

/// Why what a place has of an album may not be the one that is here: a track that both have lasts longer or shorter there. Names
/// and numbers alone are those of a live album as well. What has the same size is the same file, whatever its place takes its
/// playing time for.
pub(super) fn lasts_otherwise(here: &[&Offer], theirs: &[&Offer]) -> Option<String> {
    let track = |offer: &Offer| {
        let title = letters_of(offer.tags.title.as_deref().unwrap_or_default());
        Some((place(&offer.tags)?, title))
    };
    let differ = |one: &Offer, other: &Offer| {
        let is_one_file = one.part.is_none() && one.size > 0 && one.size == other.size;
        let as_long = last_as_long(one.facts.duration, other.facts.duration);
        as_long == Some(false) && !is_one_file && track(one).is_some_and(|one| Some(one) == track(other))
    };
    let pair = |one: &Offer| theirs.iter().copied().find(|other| differ(one, other));
    let (one, other) = here.iter().copied().find_map(|one| Some((one, pair(one)?)))?;
    let (ours, theirs) = one.facts.duration.zip(other.facts.duration)?;
    let (apart, than) = (in_words(ours.abs_diff(theirs)), if theirs > ours { "longer" } else { "shorter" });
    let title = one.tags.title.as_deref().unwrap_or_default();
    Some(format!("“{title}” lasts {apart} {than} there than here, so it may be another recording"))
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
    use std::path::PathBuf;
    use std::time::Duration;

    use ferrotape_domain::{AudioFacts, AudioFormat, ContentId};

    use super::*;

    fn offer(tags: TagSet, length_ms: u64, size: u64) -> Offer {
        let facts = AudioFacts {
            format: AudioFormat::Flac,
            duration: (length_ms > 0).then(|| Duration::from_millis(length_ms)),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
            bitrate_kbps: None,
        };
        let (path, content) = (PathBuf::from("a.flac"), ContentId("a".to_owned()));
        Offer { file_id: 1, path, part: None, size, content, facts, tags, cover: String::new() }
    }

    fn on(id: &str) -> TagSet {
        TagSet { album_id: (!id.is_empty()).then(|| id.into()), ..TagSet::default() }
    }

    #[test]
    fn what_came_from_another_album_of_the_name_is_none_of_it() {
        let here_on = |ids: &[&str]| -> Vec<Offer> { ids.iter().map(|id| offer(on(id), 0, 0)).collect() };
        let all = here_on(&["home al-1", "home al-2", "other al-2", ""]);
        let count = |theirs: &[TagSet]| here_of(&all, &theirs.iter().collect::<Vec<_>>()).len();
        assert_eq!(count(&[on("home al-1")]), 3, "all but the other of that server");
        assert_eq!(count(&["home al-1", "home al-2"].map(on)), 4, "two discs");
        assert_eq!(count(&[on("")]), 4);
        let own = here_on(&["home al-1", "home al-2"]);
        assert_eq!(here_of(&own, &[&on("home al-9")]).len(), 2, "the server has new ids");
    }

    #[test]
    fn a_track_that_lasts_otherwise_is_of_another_recording_of_the_album() {
        let track = |number: u32, title: &str, length_ms: u64, size: u64| {
            let tags = TagSet {
                title: Some(title.to_owned()),
                track_number: Some(number),
                disc_number: (length_ms > 0).then_some(1),
                ..TagSet::default()
            };
            offer(tags, length_ms, size)
        };
        let here = [track(1, "Ebb", 12_000, 900), track(2, "Flood", 13_400, 950)];
        let of =
            |ebb: Offer, flood: Offer| lasts_otherwise(&here.iter().collect::<Vec<_>>(), &[&ebb, &flood]);
        let flood = || track(2, "flood", 13_000, 0);
        assert_eq!(of(track(1, "EBB", 14_000, 0), flood()), None, "places count in whole seconds");
        let longer = of(track(1, "Ebb", 20_000, 0), flood());
        let said = "“Ebb” lasts 8 s longer there than here, so it may be another recording";
        assert_eq!(longer.as_deref(), Some(said));
        let shorter = of(track(1, "Ebb", 12_000, 0), track(2, "Flood", 10_000, 0)).unwrap();
        assert!(shorter.starts_with("“Flood” lasts 3 s shorter there"), "{shorter}");
        assert_eq!(of(track(1, "Ebb", 20_000, 900), flood()), None, "it is the very file");
        assert_eq!(of(track(1, "Ebb", 0, 0), flood()), None, "nobody knows how long it lasts");
        assert_eq!(of(track(3, "Ebb", 20_000, 0), track(1, "Slack", 20_000, 0)), None, "other tracks");
    }
}
