//! Keep the newest, where some of them are only on the player. An episode whose file is not at hand stays there, as everything
//! does, and counts among the newest; but one that was heard goes, and one of which the user said that its file is gone for good.

use std::collections::{BTreeSet, HashMap, HashSet};

use ferrotape_device::Target;
use ferrotape_domain::{ContentId, Offer, WantedKind};
use ferrotape_matching::spoken::{published, titles_of};

use crate::matching::{Answer, Matched, Matching};
use crate::newest::History;
use crate::policies::{Policies, RunPolicy};
use crate::{Context, EngineError};

/// The podcasts of which only the newest unplayed episodes are kept and some file on the player has no source at hand.
#[derive(Default)]
pub(super) struct NewestThere {
    /// How many episodes are kept, by the wanted thing.
    most: HashMap<i64, usize>,
    /// Files that are not where they were, by content, and whether the user said that they are gone for good.
    gone: HashMap<String, (Offer, bool)>,
    history: Option<History>,
}

impl NewestThere {
    pub(super) fn load(
        matching: &Matching,
        (target, at_hand): (&Target, &HashSet<&str>),
        run: &RunPolicy,
        context: &Context,
    ) -> Result<Self, EngineError> {
        let has_more = |matched: &&Matched| {
            let keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
            let mut there = keys.flat_map(|key| target.answering(key));
            there.any(|(identity, _)| !at_hand.contains(ContentId::file_of(&identity)))
        };
        let shows = matching.matched.iter().filter(|one| one.wanted.wanted.kind == WantedKind::Show);
        let shows: Vec<i64> = shows.filter(has_more).map(|one| one.wanted.id).collect();
        if shows.is_empty() {
            return Ok(Self::default());
        }
        let policies = Policies::load(run, context)?;
        let most_of = |id: &i64| Some((*id, usize::try_from(policies.newest(*id, WantedKind::Show)?).ok()?));
        let most: HashMap<i64, usize> = shows.iter().filter_map(most_of).collect();
        if most.is_empty() {
            return Ok(Self::default());
        }
        let for_good = context.library.gone_for_good()?;
        let mut gone: HashMap<String, (Offer, bool)> = HashMap::new();
        for offer in context.library.gone_offers()? {
            let is_for_good = for_good.contains(&offer.file_id);
            let file = ContentId::file_of(&offer.content.0).to_owned();
            // Of several with the same bytes, one may come back.
            gone.entry(file).and_modify(|known| known.1 &= is_for_good).or_insert((offer, is_for_good));
        }
        Ok(Self { most, gone, history: Some(History::load(context)?) })
    }

    /// Whether no file at hand is among the newest of this podcast, for they were all heard: nobody left it out.
    pub(super) fn were_all_heard(&self, matched: &Matched) -> bool {
        let is_left_out = matches!(matched.answer, Answer::LeftOut(_)) && !matched.decided;
        is_left_out && self.most.contains_key(&matched.wanted.id)
    }

    /// Whether what is on the player of this podcast, and has no source at hand, goes all the same.
    pub(super) fn is_over(&self, identity: &str, matched: &Matched) -> bool {
        let Some(history) = self.history.as_ref().filter(|_| self.most.contains_key(&matched.wanted.id))
        else {
            return false;
        };
        let show = matched.wanted.wanted.title.as_str();
        self.gone.get(ContentId::file_of(identity)).is_some_and(|(offer, for_good)| {
            *for_good || history.is_played(show, &titles_of(offer, show), offer.facts.duration)
        })
    }

    /// Which of the podcast's files at hand are not among the newest, as newer ones stay on the player without a source.
    pub(super) fn held_back(&self, staying: &[&str], matched: &Matched, matching: &Matching) -> Vec<i64> {
        let (Some(most), Answer::Files(files, _)) = (self.most.get(&matched.wanted.id), &matched.answer)
        else {
            return Vec::new();
        };
        let offers: Vec<&Offer> = files.iter().filter_map(|id| matching.offer(*id)).collect();
        let at_hand: HashSet<&str> = offers.iter().map(|offer| offer.content.0.as_str()).collect();
        let staying: BTreeSet<&str> = staying.iter().map(|identity| ContentId::file_of(identity)).collect();
        let only_there = staying.into_iter().filter(|file| !at_hand.contains(file));
        let day_of = |file: &str| self.gone.get(file).and_then(|(offer, _)| published(offer));
        let mut all: Vec<(Option<String>, Option<i64>)> =
            only_there.map(|file| (day_of(file), None)).collect();
        if all.is_empty() {
            return Vec::new();
        }
        all.extend(offers.iter().map(|offer| (published(offer), Some(offer.file_id))));
        all.sort();
        let older = all.len().saturating_sub(*most);
        all.into_iter().take(older).filter_map(|(_, file)| file).collect()
    }
}
