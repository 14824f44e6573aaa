//! Which of the offers is what is wanted: the usual matching, on what the places say.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use ferrotape_domain::{
    AudioFacts, AudioFormat, Catalogue, Choice, ContentId, Match, Offer, RemoteOffer, Rights, TagSet,
    WantedKind,
};
use ferrotape_matching::spoken::{Mark, Shelf, SpokenChoice, around, choose_spoken, mark};
use ferrotape_matching::{Index, Knowledge, Policy, Question, ReleaseChoice, choose_all, choose_release};

use super::asking::Heard;
use super::place::path_in_collection;
use super::{Open, RunPolicy};
use crate::feeds_of_shows::{FeedsOfShows, feeds_of, item_of_offer};
use crate::listed;
use crate::partly::completing;
use crate::policies::Policies;
use crate::{Context, EngineError};

/// Files of one wanted thing that a place offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pick {
    /// Which place.
    pub(super) place: usize,
    /// Which of its offers, in order.
    pub(super) offers: Vec<usize>,
    /// Whether they are surely it; else they only come near, and a person may listen to them.
    pub(super) sure: bool,
    /// Which tracks the album has by the place's list, those that are here included, or the parts of the book. There may be
    /// nothing to fetch where all are here.
    pub(super) tracks: BTreeSet<(u32, u32)>,
}

/// What each place offers for each wanted thing, by its number; the sure ones first, places in their order.
pub(super) fn choose(
    places: &[Arc<dyn Catalogue>],
    heard: &[Heard],
    open: &[Open],
    run: &RunPolicy,
    context: &Context,
) -> Result<HashMap<i64, Vec<Pick>>, EngineError> {
    let policies = Policies::load(run, context)?;
    let mut picks: HashMap<i64, Vec<Pick>> = HashMap::new();
    for (at, (place, heard)) in places.iter().zip(heard).enumerate() {
        if heard.offers.is_empty() {
            continue;
        }
        let offered = Offered::new(&**place, heard);
        for (id, offers, sure, tracks) in offered.answers(open, &policies, context) {
            picks.entry(id).or_default().push(Pick { place: at, offers, sure, tracks });
        }
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
    }
    for picks in picks.values_mut() {
        picks.sort_by_key(|pick| !pick.sure);
    }
    Ok(picks)
}

/// What is less likely than this is surely not it, and not worth a fetch.
const WORTH_HEARING: f32 = 0.2;

/// The offers of one place in the form that matching takes.
struct Offered<'a> {
    place: &'a dyn Catalogue,
    remote: &'a [RemoteOffer],
    feeds: &'a FeedsOfShows,
    offers: Vec<Offer>,
}

/// A wanted thing, the offers that answer it, whether surely, and what is listed of it where it is an album or a book.
type Answered = (i64, Vec<usize>, bool, BTreeSet<(u32, u32)>);

impl<'a> Offered<'a> {
    fn new(place: &'a dyn Catalogue, heard: &'a Heard) -> Self {
        let (remote, feeds) = (heard.offers.as_slice(), &heard.feeds);
        let offers = remote.iter().enumerate();
        let offers = offers.filter(|(at, offer)| offer.rights.allow_a_copy() && !heard.no_use.contains(at));
        let offers = offers.map(|(at, offer)| as_offer(place.name(), at, offer)).collect();
        Self { place, remote, feeds, offers }
    }

    fn answers(&self, open: &[Open], policies: &Policies, context: &Context) -> Vec<Answered> {
        let asked: Vec<&Open> =
            open.iter().filter(|one| self.place.may_hold(one.wanted.wanted.kind)).collect();
        let mut answers = self.of_music(&asked, policies, context);
        answers.extend(self.of_spoken(&asked));
        answers
    }

    fn of_music(&self, asked: &[&Open], policies: &Policies, context: &Context) -> Vec<Answered> {
        let music =
            self.offers.iter().filter(|offer| !matches!(mark(offer), Mark::Podcast | Mark::Audiobook));
        let index = Index::build_with(music, |offer| !self.is_own(offer.file_id));
        let of_kind = |kind: WantedKind| asked.iter().filter(move |one| one.wanted.wanted.kind == kind);
        let recordings: Vec<&&Open> = of_kind(WantedKind::Recording).collect();
        let policies: Vec<Policy> = recordings.iter().map(|one| policies.of(one.wanted.id)).collect();
        let questions: Vec<Question<'_>> = recordings
            .iter()
            .zip(&policies)
            .map(|(one, policy)| Question { wanted: &one.wanted.wanted, policy })
            .collect();
        let choices =
            choose_all(&index, &questions, &Knowledge::nothing(), &ferrotape_domain::Silent, context.cancel);
        let chosen = recordings.iter().zip(choices).filter_map(|(one, choice)| match choice {
            Choice::Chosen(found) => Some((one.wanted.id, vec![at_of(&found)?], true, BTreeSet::new())),
            Choice::Review(found, _) => self.near(one, &found),
            Choice::None(_) => None,
        });
        let releases =
            of_kind(WantedKind::Release).filter_map(|one| match choose_release(&index, &one.wanted.wanted) {
                ReleaseChoice::Chosen { files, .. } if self.may_be_the_album(&files) => {
                    self.of_album(one, places_of(&files))
                }
                _ => None,
            });
        chosen.chain(releases).collect()
    }

    /// Whether files that carry an album's name are the album: what is the user's own is what there is of it, but
    /// single tracks of a public place settle no album.
    fn may_be_the_album(&self, files: &[i64]) -> bool {
        let remote = |id: &i64| self.remote.get(usize::try_from(*id).ok()?);
        let tags: Vec<&TagSet> = files.iter().filter_map(remote).map(|offer| &offer.tags).collect();
        files.iter().all(|id| self.is_own(*id)) || is_whole(&tags)
    }

    /// Whether an offer is of the user's own, by its number.
    fn is_own(&self, id: i64) -> bool {
        let remote = usize::try_from(id).ok().and_then(|at| self.remote.get(at));
        self.place.is_own() || remote.is_some_and(|offer| offer.rights == Rights::Own)
    }

    /// Those of an album's files that are missing here; all where nothing is here. `None` where the album is another
    /// edition than the one that is here.
    fn of_album(&self, one: &Open, files: Vec<usize>) -> Option<Answered> {
        let id = one.wanted.id;
        let tags: Vec<&TagSet> = files.iter().filter_map(|at| Some(&self.remote.get(*at)?.tags)).collect();
        let theirs = listed::places(tags.iter().copied());
        if one.here.is_empty() {
            return Some((id, files, true, theirs));
        }
        let mut known = match &one.list {
            Some(list) if one.may_have_grown && list.source == self.place.name() => {
                list.tracks.union(&theirs).copied().collect()
            }
            Some(list) => list.tracks.clone(),
            None if one.is_unsettled && theirs.is_empty() => return None,
            None if one.is_unsettled => theirs,
            None => BTreeSet::new(),
        };
        let news =
            completing(&one.here, &tags, &known).filter(|news| one.is_unsettled || !news.is_empty())?;
        let new_tags: Vec<&TagSet> = news.iter().filter_map(|at| tags.get(*at).copied()).collect();
        known.extend(listed::places(one.here.iter().chain(new_tags)));
        let offers = news.into_iter().filter_map(|at| files.get(at).copied()).collect();
        Some((id, offers, true, known))
    }

    fn of_spoken(&self, asked: &[&Open]) -> Vec<Answered> {
        let is_spoken = |one: &&&Open| {
            matches!(one.wanted.wanted.kind, WantedKind::Episode | WantedKind::Show | WantedKind::Audiobook)
        };
        // The rest of a book is had from where its first parts came from: elsewhere it is read by another voice.
        let is_of_here = |one: &&&Open| one.list.as_ref().is_none_or(|list| list.source == self.place.name());
        let is_asked = |one: &&&Open| is_spoken(one) && is_of_here(one);
        let spoken: Vec<&&Open> = asked.iter().filter(is_asked).collect();
        if spoken.is_empty() {
            return Vec::new();
        }
        let place = self.place.name();
        let remote = |offer: &Offer| self.remote.get(usize::try_from(offer.file_id).ok()?);
        let feed_of = |offer: &Offer| Some(remote(offer)?.feed(place)?.to_owned());
        let shelf = Shelf::build(&self.offers, spoken.iter().map(|one| &one.wanted.wanted));
        // What is fetched is matched again, and then it is settled whose it is.
        let of_shows = feeds_of(self.feeds, spoken.iter().map(|one| &one.wanted.wanted));
        let shelf = shelf.with_items(|offer| item_of_offer(remote(offer)?, place));
        let shelf = shelf.with_feeds(feed_of).with_feeds_of_shows(of_shows).to_look();
        let answer = |one: &&&Open| {
            let found = choose_spoken(&shelf, &one.wanted.wanted, &|_, _| false)?;
            match found.choice {
                SpokenChoice::File(found) => {
                    Some((one.wanted.id, vec![at_of(&found)?], true, BTreeSet::new()))
                }
                SpokenChoice::Files { files, .. } => {
                    let files = places_of(&files);
                    let is_book = one.wanted.wanted.kind == WantedKind::Audiobook;
                    let parts = if is_book { listed::parts(files.len()) } else { BTreeSet::new() };
                    Some((one.wanted.id, files, true, parts))
                }
                SpokenChoice::Review(found, _) if one.wanted.wanted.kind == WantedKind::Audiobook => {
                    self.near_book(one, &found)
                }
                SpokenChoice::Review(found, _) => self.near(one, &found),
                SpokenChoice::None(_) => None,
            }
        };
        spoken.iter().filter_map(answer).collect()
    }

    /// The best of the books that only come near: whole, for whoever says that it is the one has all of it. Of a public place
    /// only another reading of the very book, with its author: there are few, and one of them may be what is meant.
    fn near_book(&self, one: &Open, found: &[Match]) -> Option<Answered> {
        let best = found.first().filter(|best| one.nothing_near && best.score >= WORTH_HEARING)?;
        let offer = self.offers.iter().find(|offer| offer.file_id == best.file_id)?;
        let own = self.near(one, found);
        let is_reading = best.evidence.iter().all(|says| says.weight >= 0.0 || says.kind == "version");
        let book = places_of(&around(offer, &self.offers));
        (own.is_some() || is_reading).then_some((one.wanted.id, book, false, BTreeSet::new()))
    }

    /// The best of what only comes near, where it is the user's own: then they may listen to it and say. Of a public place
    /// only what differs in nothing that is known and is not proven to be the very recording.
    fn near(&self, one: &Open, found: &[Match]) -> Option<Answered> {
        let best = found.first().filter(|best| one.nothing_near && best.score >= WORTH_HEARING)?;
        let at = at_of(best)?;
        let only_unproven = best.objection.as_ref().is_some_and(|against| against.kind == "unproven");
        (self.is_own(best.file_id) || only_unproven)
            .then(|| (one.wanted.id, vec![at], false, BTreeSet::new()))
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

fn at_of(found: &Match) -> Option<usize> {
    usize::try_from(found.file_id).ok()
}

fn places_of(files: &[i64]) -> Vec<usize> {
    let mut seen = HashSet::new();
    files.iter().filter_map(|id| usize::try_from(*id).ok()).filter(|at| seen.insert(*at)).collect()
}

/// What the place says, as if the file were there already: where it will be says what it is as well.
pub(super) fn as_offer(place: &str, at: usize, remote: &RemoteOffer) -> Offer {
    let facts = AudioFacts {
        format: remote.format.unwrap_or(AudioFormat::Mp3),
        duration: remote.duration,
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: None,
        bitrate_kbps: remote.bitrate_kbps,
    };
    Offer {
        file_id: i64::try_from(at).unwrap_or(i64::MAX),
        path: path_in_collection(&PathBuf::from("/"), place, remote),
        part: None,
        size: remote.size.unwrap_or(0),
        // Nothing is known of its bytes; two offers are never the same by content.
        content: ContentId(format!("{place} {}", remote.id)),
        facts,
        tags: remote.tags.clone(),
        cover: String::new(),
    }
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
