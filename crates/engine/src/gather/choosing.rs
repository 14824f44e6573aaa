//! Which of the offers is what is wanted: the usual matching, on what the places say.

mod albums;
mod as_offer;
mod music;
mod spoken;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use ferrotape_domain::{Asked, Catalogue, Match, Offer, RemoteOffer, Rights};
use rayon::prelude::*;

use super::asking::Heard;
use super::contest::{self, is_copy, together};
use super::place::FoldersOfAll;
use super::{Open, RunPolicy};
use crate::feeds_of_shows::FeedsOfShows;
use crate::policies::Policies;
use crate::{Context, EngineError};
use as_offer::as_offer;

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

    /// What is fetched in place of one that could not be had: a copy of it, where that would be chosen.
    fn copy_of(&self, at: usize, other: &Match) -> Option<usize> {
        let other = at_of(other)?;
        let is_it = self.not_had.contains(&at) && is_copy(self.offer(at)?, self.offer(other)?);
        is_it.then_some(other)
    }

    /// Whether an offer is of the user's own, by its number.
    pub(super) fn is_own(&self, id: i64) -> bool {
        let remote = usize::try_from(id).ok().and_then(|at| self.remote.get(at));
        self.place.is_own() || remote.is_some_and(|offer| offer.rights == Rights::Own)
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
