//! Which of the offers is what is wanted: the usual matching, on what the places say.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use ferrotape_domain::{
    Asked, AudioFacts, AudioFormat, Catalogue, Choice, ContentId, Match, Offer, RemoteOffer, Rights, TagSet,
    WantedKind,
};
use ferrotape_matching::spoken::{Mark, Shelf, SpokenChoice, around, choose_spoken, mark};
use ferrotape_matching::{
    Index, Knowledge, Policy, Question, ReleaseChoice, choose_all_and_hear, choose_release,
};
use rayon::prelude::*;

use super::asking::Heard;
use super::contest::{self, MOST_TOGETHER, is_copy, together, would_be_taken};
use super::place::FoldersOfAll;
use super::told;
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
    /// Offers, of this place or of others, that may be it as well as these, by their places. Where nobody is sure, all must
    /// come or none: one alone would be taken for what is wanted. Beside what is sure they come to be heard.
    pub(super) beside: Vec<(usize, usize)>,
}

impl Pick {
    /// All of its offers, by their places.
    pub(super) fn keys(&self) -> impl Iterator<Item = (usize, usize)> {
        self.offers.iter().map(|at| (self.place, *at)).chain(self.beside.iter().copied())
    }

    /// Whether it is a question between several.
    pub(super) fn is_contested(&self) -> bool {
        !self.sure && !self.beside.is_empty()
    }
}

/// What the places offer for what is wanted, by its number.
#[derive(Default)]
pub(super) struct Choices {
    /// What is to be fetched: the sure ones first, places in their order.
    pub(super) picks: HashMap<i64, Vec<Pick>>,
    /// What they have and is not fetched, and why.
    pub(super) told: HashMap<i64, Vec<String>>,
}

/// What each place offers for each wanted thing.
pub(super) fn choose(
    places: &[Arc<dyn Catalogue>],
    heard: &[Heard],
    open: &[Open],
    run: &RunPolicy,
    context: &Context,
) -> Result<Choices, EngineError> {
    let policies = Policies::load(run, context)?;
    let mut choices = Choices::default();
    let mut all: Vec<Offered<'_>> = Vec::new();
    for (at, (place, heard)) in places.iter().zip(heard).enumerate() {
        let offered = Offered::new(at, &**place, heard);
        let answers = match offered.offers.is_empty() {
            true => Vec::new(),
            false => offered.answers(open, &policies, context),
        };
        for (id, answer) in answers {
            match answer {
                Ok(pick) => choices.picks.entry(id).or_default().push(pick),
                Err(says) => choices.told.entry(id).or_default().push(says),
            }
        }
        if context.cancel.is_stopped() {
            return Err(EngineError::Interrupted);
        }
        all.push(offered);
    }
    contest::across(&mut choices, &all, open, &policies);
    for picks in choices.picks.values_mut() {
        picks.sort_by_key(|pick| !pick.sure);
    }
    Ok(choices)
}

/// What is less likely than this is surely not it, and not worth a fetch.
const WORTH_HEARING: f32 = 0.2;

/// The offers of one place in the form that matching takes.
pub(super) struct Offered<'a> {
    at: usize,
    place: &'a dyn Catalogue,
    remote: &'a [RemoteOffer],
    feeds: &'a FeedsOfShows,
    /// Whether these are all that it has.
    is_all: bool,
    /// Those that could not be had in this run.
    not_had: &'a HashSet<usize>,
    /// In the order of their numbers.
    offers: Vec<Offer>,
}

/// A wanted thing, and what is to be fetched for it, or what is to be said of what is not.
type Answered = (i64, Result<Pick, String>);

impl<'a> Offered<'a> {
    fn new(at: usize, place: &'a dyn Catalogue, heard: &'a Heard) -> Self {
        let (remote, feeds, not_had) = (heard.offers.as_slice(), &heard.feeds, &heard.not_had);
        let offers = remote.iter().enumerate();
        let offers = offers.filter(|(at, offer)| offer.rights.allow_a_copy() && !heard.no_use.contains(at));
        let offers: Vec<(usize, &RemoteOffer)> = offers.collect();
        let folders = FoldersOfAll::of(Path::new("/"), place.name(), offers.iter().map(|(_, offer)| *offer));
        // All of a server's, of which there may be hundreds of thousands.
        let offers = offers.into_par_iter();
        let offers = offers.map(|(at, offer)| as_offer(place.name(), at, offer, &folders)).collect();
        let is_all = heard.fault.is_none() && matches!(place.asked(), Asked::Whole(_));
        Self { at, place, remote, feeds, is_all, not_had, offers }
    }

    /// The name of the place.
    pub(super) fn name(&self) -> &str {
        self.place.name()
    }

    /// One of its offers.
    pub(super) fn offer(&self, at: usize) -> Option<&Offer> {
        let id = i64::try_from(at).ok()?;
        let found = self.offers.binary_search_by_key(&id, |offer| offer.file_id).ok()?;
        self.offers.get(found)
    }

    fn pick(&self, offers: Vec<usize>, sure: bool) -> Pick {
        Pick { place: self.at, offers, sure, tracks: BTreeSet::new(), beside: Vec::new() }
    }

    /// A question between these.
    fn question(&self, files: &[usize]) -> Option<Pick> {
        let (first, others) = files.split_first()?;
        let beside = others.iter().map(|at| (self.at, *at)).collect();
        Some(Pick { beside, ..self.pick(vec![*first], false) })
    }

    fn answers(&self, open: &[Open], policies: &Policies, context: &Context) -> Vec<Answered> {
        let asked: Vec<&Open> =
            open.iter().filter(|one| self.place.may_hold(one.wanted.wanted.kind)).collect();
        let mut answers = self.of_music(&asked, policies, context);
        answers.extend(self.of_spoken(&asked));
        answers
    }

    fn of_music(&self, asked: &[&Open], policies: &Policies, context: &Context) -> Vec<Answered> {
        let is_music = |kind: WantedKind| matches!(kind, WantedKind::Recording | WantedKind::Release);
        if !asked.iter().any(|one| is_music(one.wanted.wanted.kind)) {
            return Vec::new();
        }
        let index = self.index(|_| true);
        let of_kind = |kind: WantedKind| asked.iter().filter(move |one| one.wanted.wanted.kind == kind);
        let recordings: Vec<&&Open> = of_kind(WantedKind::Recording).collect();
        let policies: Vec<Policy> = recordings.iter().map(|one| policies.of(one.wanted.id)).collect();
        let questions: Vec<Question<'_>> = recordings
            .iter()
            .zip(&policies)
            .map(|(one, policy)| Question { wanted: &one.wanted.wanted, policy })
            .collect();
        let judged = |index: &Index| {
            let (nothing, silent) = (Knowledge::nothing(), ferrotape_domain::Silent);
            choose_all_and_hear(index, &questions, &nothing, &silent, context.cancel)
        };
        // What could not be had stays a rival: without it the next best would be taken for it.
        let instead = match self.not_had.is_empty() {
            true => Vec::new(),
            false => judged(&self.index(|at| !self.not_had.contains(&at))),
        };
        let asked = recordings.iter().zip(&questions).zip(judged(&index)).enumerate();
        let chosen = asked.filter_map(|(nth, ((one, question), judged))| {
            let answer =
                self.of_recording(one, *question, judged, instead.get(nth).map(|(choice, _)| choice));
            Some((one.wanted.id, answer?))
        });
        let releases =
            of_kind(WantedKind::Release).filter_map(|one| match choose_release(&index, &one.wanted.wanted) {
                ReleaseChoice::Chosen { files, .. } if self.may_be_the_album(&files) => {
                    self.of_album(one, places_of(&files))
                }
                // "None of your files is of this album" would be wrong of them.
                ReleaseChoice::Review { why, .. } if self.place.is_own() && one.nothing_near => {
                    Some((one.wanted.id, Err(told::unsettled(self.name(), &why))))
                }
                _ => None,
            });
        chosen.chain(releases).collect()
    }

    /// The music that `takes` lets in.
    fn index(&self, takes: impl Fn(usize) -> bool) -> Index {
        let is_taken = |offer: &&Offer| usize::try_from(offer.file_id).is_ok_and(&takes);
        let is_music = |offer: &&Offer| !matches!(mark(offer), Mark::Podcast | Mark::Audiobook);
        let music = self.offers.iter().filter(is_taken).filter(is_music);
        Index::build_with(music, |offer| !self.is_own(offer.file_id))
    }

    /// `instead` is the choice among what can be had, where some cannot.
    fn of_recording(
        &self,
        one: &Open,
        question: Question<'_>,
        (choice, hear): (Choice, Vec<i64>),
        instead: Option<&Choice>,
    ) -> Option<Result<Pick, String>> {
        match choice {
            Choice::Chosen(found) => {
                let rivals = rivals(question, &found, &hear);
                if !rivals.is_empty() && !self.is_own(found.file_id) {
                    // Nobody fetches all that a place for everybody has under one name.
                    return one.nothing_near.then(|| Err(told::rivals(self.name(), rivals.len() + 1)));
                }
                let at = at_of(&found)?;
                let copy = match instead {
                    Some(Choice::Chosen(other)) => self.copy_of(at, other),
                    _ => None,
                };
                let beside = rivals.into_iter().map(|at| (self.at, at)).collect();
                Some(Ok(Pick { beside, ..self.pick(vec![copy.unwrap_or(at)], true) }))
            }
            Choice::Review(found, why) => {
                let files = |files: &[usize], policy: &Policy| {
                    let some = files.iter().filter_map(|at| self.offer(*at));
                    would_be_taken(some, Question { wanted: question.wanted, policy }, |id| self.is_own(id))
                };
                let near = self.near(one, &found, &|some: &[usize]| files(some, question.policy));
                if let Some(pick) = near {
                    return Some(Ok(pick));
                }
                let best = found.first().filter(|_| one.nothing_near)?;
                if best.objection.is_some() && !self.is_own(best.file_id) {
                    return None;
                }
                let titled = |found: &Match| self.offer(at_of(found)?)?.tags.title.clone();
                let with = |policy: &Policy| at_of(best).is_some_and(|at| files(&[at], policy));
                let allowing = told::allowing(question.policy, with);
                Some(Err(told::near_miss(self.name(), (found.as_slice(), why.as_str()), titled, allowing)))
            }
            Choice::None(_) => None,
        }
    }

    /// What is fetched in place of one that could not be had: a copy of it, where that would be chosen.
    fn copy_of(&self, at: usize, other: &Match) -> Option<usize> {
        let other = at_of(other)?;
        let is_it = self.not_had.contains(&at) && is_copy(self.offer(at)?, self.offer(other)?);
        is_it.then_some(other)
    }

    /// Whether files that carry an album's name are the album: what is the user's own is what there is of it, but
    /// single tracks of a public place settle no album.
    fn may_be_the_album(&self, files: &[i64]) -> bool {
        let remote = |id: &i64| self.remote.get(usize::try_from(*id).ok()?);
        let tags: Vec<&TagSet> = files.iter().filter_map(remote).map(|offer| &offer.tags).collect();
        files.iter().all(|id| self.is_own(*id)) || is_whole(&tags)
    }

    /// Whether an offer is of the user's own, by its number.
    pub(super) fn is_own(&self, id: i64) -> bool {
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
        let news = completing(&one.here, &tags, &known).filter(is_told)?;
        let new_tags: Vec<&TagSet> = news.iter().filter_map(|at| tags.get(*at).copied()).collect();
        known.extend(listed::places(one.here.iter().chain(new_tags)));
        let offers = news.into_iter().filter_map(|at| files.get(at).copied()).collect();
        Some((id, Ok(Pick { tracks: known, ..self.pick(offers, true) })))
    }

    /// The tracks that an album still has, where the place that lists it has taken some off: it answered whole, and names all
    /// that is here. What it does not list any more is not missing.
    fn lists_less(&self, one: &Open, theirs: &BTreeSet<(u32, u32)>) -> Option<BTreeSet<(u32, u32)>> {
        let list = one.list.as_ref().filter(|list| self.is_all && list.source == self.place.name())?;
        let names = |tags: &TagSet| listed::place(tags).is_some_and(|place| theirs.contains(&place));
        if list.tracks.is_subset(theirs) || !one.here.iter().all(names) {
            return None;
        }
        Some(match one.may_have_grown {
            true => theirs.clone(),
            false => list.tracks.intersection(theirs).copied().collect(),
        })
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
        let shelf = self.shelf(&self.offers, &spoken);
        let had = self
            .offers
            .iter()
            .filter(|offer| at_of_id(offer.file_id).is_some_and(|at| !self.not_had.contains(&at)));
        let had: Vec<Offer> = if self.not_had.is_empty() { Vec::new() } else { had.cloned().collect() };
        let instead = self.shelf(&had, &spoken);
        let answer = |one: &&&Open| {
            let found = choose_spoken(&shelf, &one.wanted.wanted, &|_, _| false)?;
            let pick = match found.choice {
                SpokenChoice::File(found) => {
                    let at = at_of(&found)?;
                    let other = || match choose_spoken(&instead, &one.wanted.wanted, &|_, _| false)?.choice {
                        SpokenChoice::File(other) => self.copy_of(at, &other),
                        _ => None,
                    };
                    self.pick(vec![other().unwrap_or(at)], true)
                }
                SpokenChoice::Files { files, .. } => {
                    let files = places_of(&files);
                    let is_book = one.wanted.wanted.kind == WantedKind::Audiobook;
                    let tracks = if is_book { listed::parts(files.len()) } else { BTreeSet::new() };
                    Pick { tracks, ..self.pick(files, true) }
                }
                SpokenChoice::Review(found, _) if one.wanted.wanted.kind == WantedKind::Audiobook => {
                    let fits = found.iter().filter(|one| one.objection.is_none()).count();
                    let contested =
                        || (one.nothing_near && fits > 1).then(|| told::rivals(self.name(), fits));
                    match self.near_book(one, &found) {
                        Some(pick) => pick,
                        None => return Some((one.wanted.id, Err(contested()?))),
                    }
                }
                SpokenChoice::Review(found, _) => {
                    self.near(one, &found, &|files: &[usize]| self.would_be_played(one, files))?
                }
                SpokenChoice::None(_) => return None,
            };
            Some((one.wanted.id, Ok(pick)))
        };
        spoken.iter().filter_map(answer).collect()
    }

    /// These offers of spoken word, as they are chosen from.
    fn shelf<'o>(&self, offers: &'o [Offer], spoken: &[&&Open]) -> Shelf<'o> {
        let place = self.place.name();
        let remote = |offer: &Offer| self.remote.get(at_of_id(offer.file_id)?);
        let feed_of = |offer: &Offer| Some(remote(offer)?.feed(place)?.to_owned());
        let shelf = Shelf::build(offers, spoken.iter().map(|one| &one.wanted.wanted));
        // What is fetched is matched again, and then it is settled whose it is.
        let of_shows = feeds_of(self.feeds, spoken.iter().map(|one| &one.wanted.wanted));
        let shelf = shelf.with_items(|offer| item_of_offer(remote(offer)?, place));
        shelf.with_feeds(feed_of).with_feeds_of_shows(of_shows).to_look()
    }

    /// Whether these alone would be taken for the spoken word that is wanted, without a question.
    fn would_be_played(&self, one: &Open, files: &[usize]) -> bool {
        let some: Vec<Offer> = files.iter().filter_map(|at| self.offer(*at)).cloned().collect();
        let found = choose_spoken(&self.shelf(&some, &[&one]), &one.wanted.wanted, &|_, _| false);
        found.is_some_and(|found| matches!(found.choice, SpokenChoice::File(_) | SpokenChoice::Files { .. }))
    }

    /// The best of the books that only come near: whole, for whoever says that it is the one has all of it. Of a public place
    /// only another reading of the very book, with its author: there are few, and one of them may be what is meant. Of two
    /// that fit both come, or none where one of them alone would be taken.
    fn near_book(&self, one: &Open, found: &[Match]) -> Option<Pick> {
        let best = found.first().filter(|best| one.nothing_near && best.score >= WORTH_HEARING)?;
        let is_reading = best.evidence.iter().all(|says| says.weight >= 0.0 || says.kind == "version");
        if !self.is_own(best.file_id) && !is_reading {
            return None;
        }
        let files_of = |found: &Match| Some(places_of(&around(self.offer(at_of(found)?)?, &self.offers)));
        let mut book = files_of(best)?;
        if !self.would_be_played(one, &book) {
            return Some(self.pick(book, false));
        }
        let others = found.iter().skip(1).filter(|other| other.objection.is_none());
        for more in others.take(MOST_TOGETHER - 1).filter_map(files_of) {
            book.extend(more.into_iter().filter(|at| !book.contains(at)).collect::<Vec<_>>());
        }
        let is_whole_question = found.len() <= MOST_TOGETHER && !self.would_be_played(one, &book);
        self.question(&book).filter(|_| is_whole_question && self.is_own(best.file_id))
    }

    /// The best of what only comes near, where it is the user's own: then they may listen to it and say. What one file alone
    /// would be taken for is had with all that contend, or not at all. Of a public place only what differs in nothing that is
    /// known and is not proven to be the very recording.
    fn near(&self, one: &Open, found: &[Match], would_be_taken: &dyn Fn(&[usize]) -> bool) -> Option<Pick> {
        let best = found.first().filter(|best| one.nothing_near && best.score >= WORTH_HEARING)?;
        let only_unproven = best.objection.as_ref().is_some_and(|against| against.kind == "unproven");
        let is_own = self.is_own(best.file_id);
        if !is_own && !only_unproven {
            return None;
        }
        let files = together(found, would_be_taken).filter(|files| is_own || files.len() == 1)?;
        self.question(&files)
    }
}

/// What may be another recording than the chosen one, as only its sound can tell.
fn rivals(question: Question<'_>, chosen: &Match, hear: &[i64]) -> Vec<usize> {
    // Without a wanted playing time all of its name are heard, also what is clearly not it.
    if question.wanted.duration.is_none() || !hear.contains(&chosen.file_id) {
        return Vec::new();
    }
    let others = hear.iter().filter(|id| **id != chosen.file_id).filter_map(|id| at_of_id(*id));
    others.take(MOST_TOGETHER - 1).collect()
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

pub(super) fn at_of(found: &Match) -> Option<usize> {
    at_of_id(found.file_id)
}

fn at_of_id(id: i64) -> Option<usize> {
    usize::try_from(id).ok()
}

fn places_of(files: &[i64]) -> Vec<usize> {
    let mut seen = HashSet::new();
    files.iter().filter_map(|id| usize::try_from(*id).ok()).filter(|at| seen.insert(*at)).collect()
}

/// What the place says, as if the file were there already: where it will be says what it is as well.
fn as_offer<'a>(place: &str, at: usize, remote: &'a RemoteOffer, folders: &FoldersOfAll<'a>) -> Offer {
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
        path: folders.path(remote),
        part: None,
        size: remote.size.unwrap_or(0),
        content: content_of(place, &remote.id),
        facts,
        tags: remote.tags.clone(),
        cover: String::new(),
    }
}

/// Nothing is known of its bytes; two offers are never the same by content. What follows a colon in the identity of bytes
/// tells a part or another thing of them, so that there is none in it.
fn content_of(place: &str, id: &str) -> ContentId {
    ContentId(format!("{place} {id}").replace('%', "%25").replace(':', "%3A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_server_makes_its_files_equal() {
        for place in ["subsonic:home", "subsonic:as-home", "program:as-0123456789abcdef"] {
            let (one, other) = (content_of(place, "9"), content_of(place, "10"));
            assert!(one.bytes() != other.bytes() && !one.is_another(), "{one:?} {other:?}");
            assert_eq!(ContentId::file_of(&one.0), one.0);
        }
        assert_ne!(content_of("a", "b:c"), content_of("a", "b%3Ac"));
    }

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
