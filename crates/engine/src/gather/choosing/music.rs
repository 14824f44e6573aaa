//! Recordings and saved albums: by the usual matching, on all that the place says.

use ferrotape_domain::{Choice, Match, Offer, WantedKind};
use ferrotape_matching::spoken::{Mark, mark};
use ferrotape_matching::{
    Allowed, Index, Knowledge, Policy, Question, ReleaseChoice, choose_all_and_hear, choose_release,
};

use super::{Answered, Offered, Pick, at_of, at_of_id, places_of};
use crate::Context;
use crate::gather::contest::{MOST_TOGETHER, would_be_taken};
use crate::gather::one_album::of_what_is_here;
use crate::gather::{Open, told};
use crate::policies::Policies;

impl Offered<'_> {
    pub(super) fn of_music(&self, asked: &[&Open], policies: &Policies, context: &Context) -> Vec<Answered> {
        let is_music = |kind: WantedKind| matches!(kind, WantedKind::Recording | WantedKind::Release);
        if !asked.iter().any(|one| is_music(one.wanted.wanted.kind)) {
            return Vec::new();
        }
        let index = self.index(|_| true);
        let of_kind = |kind: WantedKind| asked.iter().filter(move |one| one.wanted.wanted.kind == kind);
        let recordings: Vec<&&Open> = of_kind(WantedKind::Recording).collect();
        let of_recordings: Vec<Policy> = recordings.iter().map(|one| policies.of(one.wanted.id)).collect();
        let questions: Vec<Question<'_>> = recordings
            .iter()
            .zip(&of_recordings)
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
        let releases = of_kind(WantedKind::Release)
            .filter_map(|one| self.of_release(one, policies.of(one.wanted.id).allowed, &index));
        chosen.chain(releases).collect()
    }

    /// The album that is wanted, or the rest of the one that is here.
    fn of_release(&self, one: &Open, allowed: Allowed, index: &Index) -> Option<Answered> {
        let found = choose_release(index, &one.wanted.wanted, allowed);
        // "None of your files is of this album" would be wrong of them, and so would be one song for the album without a word.
        let is_told = self.place.is_own() && (one.nothing_near || one.is_unsettled);
        let unsettled = match &found {
            ReleaseChoice::Review { why, .. } if is_told => Some(told::unsettled(self.name(), why)),
            _ => None,
        };
        let found = of_what_is_here(found, &one.here, &self.offers, |of_it| {
            let of_it = self.index(|at| i64::try_from(at).is_ok_and(|id| of_it.contains(&id)));
            choose_release(&of_it, &one.wanted.wanted, allowed)
        });
        let answer = match found {
            ReleaseChoice::Chosen { files, .. } if self.may_be_the_album(&files) => {
                self.of_album(one, places_of(&files))
            }
            _ => None,
        };
        answer.or_else(|| Some((one.wanted.id, Err(unsettled?))))
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
