//! Keep the newest, where some of them are only on the player. An episode whose file is not at hand stays there, as everything
//! does, and counts among the newest; but one that was heard goes, and one of which the user said that its file is gone for good.

use std::collections::{BTreeSet, HashMap, HashSet};

use ferrotape_device::Target;
use ferrotape_domain::{ContentId, Offer, Verdict, WantedKind};
use ferrotape_matching::spoken::{NumberedTitle, name_key, published, titles_of};
use ferrotape_store::Former;

use super::reuse::sound_mark;
use crate::decided::Decisions;
use crate::matching::{Answer, Matched, Matching};
use crate::newest::History;
use crate::policies::{Policies, RunPolicy};
use crate::{Context, EngineError};

/// The podcasts of which only the newest unplayed episodes are kept and some file on the player has no source at hand.
#[derive(Default)]
pub(super) struct NewestThere {
    /// How many episodes are kept, by the wanted thing.
    most: HashMap<i64, usize>,
    /// Files that are not where they were, by content, and whether the user said that they are gone for good. Of those that were
    /// tagged anew what lies there now.
    gone: HashMap<String, (Offer, bool)>,
    /// Which sound files on the player were made of, by identity, as far as that is known.
    sounds: HashMap<String, String>,
    /// Titles under which a podcast has episodes of several days, by the wanted thing: which of them was heard, nobody knows.
    repeated: HashMap<i64, HashSet<NumberedTitle>>,
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
        let shows: Vec<&Matched> = shows.filter(has_more).collect();
        if shows.is_empty() {
            return Ok(Self::default());
        }
        let most = most_of(&shows, run, context)?;
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
        let of_shows = matching.matched.iter().filter(|one| most.contains_key(&one.wanted.id));
        let keys =
            of_shows.clone().flat_map(|one| std::iter::once(&one.wanted.key).chain(&one.wanted.aliases));
        let sounds: HashMap<String, String> = keys.flat_map(|key| target.sounds_answering(key)).collect();
        for (content, now) in tagged_anew(&sounds, matching, at_hand, context)? {
            gone.entry(content).or_insert((now, false));
        }
        let known = || matching.offers.iter().chain(gone.values().map(|(offer, _)| offer));
        let repeated =
            of_shows.map(|one| (one.wanted.id, repeated(&one.wanted.wanted.title, known()))).collect();
        Ok(Self { most, gone, sounds, repeated, history: Some(History::load(context)?) })
    }

    /// Whether no file at hand is among the newest of this podcast, for they were all heard: nobody left it out.
    pub(super) fn were_all_heard(&self, matched: &Matched) -> bool {
        matches!(matched.answer, Answer::LeftOut(_)) && self.most.contains_key(&matched.wanted.id)
    }

    /// Whether what is on the player of this podcast, and has no source at hand, goes all the same.
    pub(super) fn is_over(&self, identity: &str, matched: &Matched) -> bool {
        let Some(history) = self.history.as_ref().filter(|_| self.most.contains_key(&matched.wanted.id))
        else {
            return false;
        };
        let show = matched.wanted.wanted.title.as_str();
        self.gone.get(ContentId::file_of(identity)).is_some_and(|(offer, for_good)| {
            let titles = titles_of(offer, show);
            let repeated = self.repeated.get(&matched.wanted.id);
            let may_be_another =
                titles.iter().any(|title| repeated.is_some_and(|repeated| repeated.contains(title)));
            *for_good || (!may_be_another && history.is_played(show, &titles, offer.facts.duration))
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
        let show = matched.wanted.wanted.title.as_str();
        let only_there = staying
            .into_iter()
            .filter(|file| !at_hand.contains(file) && !self.is_one_of(file, show, &offers));
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

    /// Whether one of these is the same episode, tagged anew or had anew: then there is not one more.
    fn is_one_of(&self, file: &str, show: &str, offers: &[&Offer]) -> bool {
        let gone = self.gone.get(file).map(|(offer, _)| offer);
        let sound = self.sounds.get(file);
        offers.iter().copied().any(|offer| {
            let is_new = !self.sounds.contains_key(&offer.content.0);
            let mark = || sound_mark(&offer.path, offer.part, &offer.content.0);
            gone.is_some_and(|gone| is_named_the_same(gone, offer, show))
                || sound.is_some_and(|sound| is_new && mark().as_ref() == Some(sound))
        })
    }
}

/// How many episodes are kept of each of these, by the wanted thing; none of what the user left out. Which files a podcast is,
/// he may have said as well, and then it is no other.
fn most_of(
    shows: &[&Matched],
    run: &RunPolicy,
    context: &Context,
) -> Result<HashMap<i64, usize>, EngineError> {
    let (policies, decisions) = (Policies::load(run, context)?, Decisions::load(&[], context)?);
    let of_one = |one: &&Matched| {
        let said = decisions.of(&one.wanted).map(|decision| &decision.verdict);
        let newest = policies.newest(one.wanted.id, WantedKind::Show)?;
        let most = usize::try_from(newest).ok()?;
        (!matches!(said, Some(Verdict::LeaveOut))).then_some((one.wanted.id, most))
    };
    Ok(shows.iter().filter_map(of_one).collect())
}

/// What lies now where that lay of which these were made, by its content, where it is the same sound with other tags.
fn tagged_anew(
    sounds: &HashMap<String, String>,
    matching: &Matching,
    at_hand: &HashSet<&str>,
    context: &Context,
) -> Result<Vec<(String, Offer)>, EngineError> {
    let old = sounds.keys().filter(|identity| !at_hand.contains(ContentId::file_of(identity)));
    let old: Vec<ContentId> = old.map(|identity| ContentId(identity.clone())).collect();
    let lies_there = |former: Former| {
        let sound = sounds.get(&former.content.0)?;
        let mut now = matching.offers.iter().filter(|offer| offer.path == former.path);
        let now = now.find(|now| sound_mark(&now.path, now.part, &now.content.0).as_ref() == Some(sound))?;
        Some((former.content.0, now.clone()))
    };
    Ok(context.library.former_contents(&old)?.into_iter().filter_map(lies_there).collect())
}

/// Titles that files of several days have, of those that say to be of this podcast.
fn repeated<'o>(show: &str, offers: impl Iterator<Item = &'o Offer>) -> HashSet<NumberedTitle> {
    let name = name_key(show);
    let is_of_it = |offer: &&Offer| offer.tags.album.as_deref().is_some_and(|album| name_key(album) == name);
    let mut days: HashMap<NumberedTitle, Option<String>> = HashMap::new();
    let mut repeated = HashSet::new();
    for offer in offers.filter(is_of_it) {
        let day = published(offer);
        for title in titles_of(offer, show) {
            if *days.entry(title.clone()).or_insert_with(|| day.clone()) != day {
                repeated.insert(title);
            }
        }
    }
    repeated
}

/// Whether both are of one day and one title.
fn is_named_the_same(one: &Offer, other: &Offer, show: &str) -> bool {
    let day = published(one);
    let titles = titles_of(other, show);
    day.is_some()
        && day == published(other)
        && titles_of(one, show).iter().any(|title| titles.contains(title))
}
