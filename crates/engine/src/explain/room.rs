//! The room in which a thing is asked again as a whole run asks, with what the run does not tell.

use std::collections::HashMap;
use std::path::PathBuf;

use ferrotape_audio::LISTEN_VERSION;
use ferrotape_domain::{Choice, ContentId, Heard, Offer, Silent, Wanted, WantedKind};
use ferrotape_matching::{Allowed, Index, Knowledge, Near, Policy, Question, choose, explain, siblings};
use ferrotape_store::StoredWanted;

use super::{ConsideredFor, Explained, NearFile};
use crate::ground::{Ground, is_of_its_marks};
use crate::listening::{Search, choose_by_sound};
use crate::matching::{Answer, is_surely_gone};
use crate::report::{not_come, on_players};
use crate::{Context, EngineError};

/// Files shown at most.
const SHOWN: usize = 10;

/// The same questions as a whole run asks, so that the answers are the same.
pub(super) struct Room<'a> {
    all: &'a [StoredWanted],
    ground: &'a Ground,
    context: Context<'a>,
    /// Index into `all` of the things that are searched for.
    open: Vec<usize>,
    policies: Vec<Policy>,
}

impl<'a> Room<'a> {
    pub(super) fn new(
        all: &'a [StoredWanted],
        ground: &'a Ground,
        context: &Context<'a>,
    ) -> Result<Self, EngineError> {
        // Explaining changes nothing, so it must not keep what it hears; and it should be quick.
        let context = Context { listen: false, progress: &Silent, ..*context };
        let mut open = Vec::new();
        for (at, wanted) in all.iter().enumerate() {
            if ground.settled(wanted, &mut 0, &context)?.is_none() {
                open.push(at);
            }
        }
        let policies = open.iter().filter_map(|at| all.get(*at)).map(|wanted| ground.policies.of(wanted.id));
        let policies = policies.collect();
        Ok(Self { all, ground, context, open, policies })
    }

    pub(super) fn questions(&self) -> Vec<Question<'_>> {
        let wanted = self.open.iter().filter_map(|at| self.all.get(*at));
        wanted
            .zip(&self.policies)
            .map(|(wanted, policy)| Question { wanted: &wanted.wanted, policy })
            .collect()
    }

    /// The answer to one thing, and what was near: as a run gives it, but that nothing is listened to anew.
    fn answer(&self, at: usize, questions: &[Question<'_>]) -> Result<(Answer, Vec<Near>), EngineError> {
        let Some(wanted) = self.all.get(at) else { return Err(EngineError::Interrupted) };
        let policy = self.ground.policies.of(wanted.id);
        let alone = [Question { wanted: &wanted.wanted, policy: &policy }];
        // What the user decided needs no search, but what would have been near is worth knowing all the same.
        let (asked, place) = match self.open.iter().position(|open| *open == at) {
            Some(place) => together(questions, place),
            None => (alone.to_vec(), 0),
        };
        let near = match self.ground.spoken.get(&wanted.id) {
            Some(spoken) => spoken.near.clone(),
            None => self.near(&asked, place)?,
        };
        if let Some((answer, _)) = self.ground.settled(wanted, &mut 0, &self.context)? {
            return Ok((answer, near));
        }
        let decisions = &self.ground.decisions;
        let refused = |wanted: &Wanted, content: &ContentId| decisions.refuse(wanted, content);
        let refused_sounds = |wanted: &Wanted| decisions.refused_sounds(wanted);
        let (index, offers) = (&self.ground.index, self.ground.offers.as_slice());
        let search = Search { index, offers, refused: &refused, refused_sounds: &refused_sounds };
        let choice = choose_by_sound(&search, &asked, &self.context)?.into_iter().nth(place);
        let answer = |choice| self.ground.music_answer(wanted, choice);
        Ok((choice.map_or_else(|| Answer::None(String::new()), answer), near))
    }

    /// The files that come near to `asked[place]`, with what was heard of them.
    fn near(&self, asked: &[Question<'_>], place: usize) -> Result<Vec<Near>, EngineError> {
        let refused = |wanted: &Wanted, content: &ContentId| self.ground.decisions.refuse(wanted, content);
        let near = |heard: &HashMap<ContentId, Heard>| {
            let known = Knowledge { refused: &refused, heard, measured: true };
            explain(&self.ground.index, asked, place, &known).map(|found| found.near).unwrap_or_default()
        };
        let by_text = near(&HashMap::new());
        let offers = by_text.iter().filter_map(|near| self.offer(near.found.file_id));
        let contents: Vec<ContentId> = offers.map(|offer| offer.content.clone()).collect();
        let heard = self.context.library.heard(&contents, LISTEN_VERSION)?;
        Ok(if heard.is_empty() { by_text } else { near(&heard) })
    }

    pub(super) fn explained(&self, at: usize) -> Result<Explained, EngineError> {
        let (answer, near) = self.answer(at, &self.questions())?;
        let wanted = self.all.get(at).cloned().unwrap_or_else(nothing);
        let policy = self.ground.policies.of(wanted.id);
        let chosen = chosen_of(&answer);
        let mut files: Vec<NearFile> = near
            .into_iter()
            .filter_map(|near| {
                let offer = self.offer(near.found.file_id)?.clone();
                let of_many = matches!(&answer, Answer::Files(files, _) if files.contains(&offer.file_id));
                let is_answer = Some(offer.file_id) == chosen || of_many;
                Some(NearFile { offer, found: near.found, rejected: near.rejected, is_answer })
            })
            .collect();
        // What was lifted by its siblings, or chosen by the user, is shown with what made it the answer.
        if let (Answer::File(found), Some(offer)) = (&answer, chosen.and_then(|id| self.offer(id))) {
            files.retain(|file| !file.is_answer);
            let offer = offer.clone();
            files.insert(0, NearFile { offer, found: found.clone(), rejected: None, is_answer: true });
        }
        // What a person is asked about is shown with all that led to the question.
        if let Answer::Review(candidates, _) = &answer {
            for file in &mut files {
                if let Some(asked) = candidates.iter().find(|one| one.file_id == file.offer.file_id) {
                    let says = asked.objection.as_ref().map(|objection| objection.says.clone());
                    file.rejected = file.rejected.take().or(says);
                    file.found = asked.clone();
                }
            }
        }
        let total = files.len();
        files.truncate(SHOWN);
        let gone = self.gone(&answer);
        let is_told = gone.is_empty() && !matches!(answer, Answer::None(_) | Answer::Review(..));
        let on_player = if is_told { None } else { on_players(&self.context)?.remove(&wanted.id) };
        Ok(Explained {
            broken: None,
            gone,
            on_player: on_player.unwrap_or_default(),
            listening: self.context.library.listening()?.get(&wanted.id).copied().unwrap_or_default(),
            descriptions: self.context.library.descriptions(wanted.id)?,
            known: self.context.library.facts_of(wanted.id)?,
            decision: self.ground.decisions.of(&wanted).cloned(),
            policy: self.ground.policies.in_force(wanted.id),
            floor: policy.floor,
            margin: policy.margin,
            more: total.saturating_sub(files.len()),
            near: files,
            would_do: self.would_do(&wanted, &answer),
            not_come: not_come(wanted.id, &self.context)?,
            answer,
            wanted,
        })
    }

    /// The files of an answer that are not there now.
    fn gone(&self, answer: &Answer) -> Vec<PathBuf> {
        let files = match answer {
            Answer::File(found) => std::slice::from_ref(&found.file_id),
            Answer::Files(files, _) => files.as_slice(),
            _ => &[],
        };
        let offers = self.ground.offers.iter().filter(|offer| files.contains(&offer.file_id));
        let mut gone: Vec<PathBuf> =
            offers.filter(|offer| is_surely_gone(&offer.path)).map(|offer| offer.path.clone()).collect();
        gone.dedup();
        gone
    }

    /// Which options would turn "not sure" or "none" into a file.
    fn would_do(&self, wanted: &StoredWanted, answer: &Answer) -> Vec<&'static str> {
        let may_change = match answer {
            Answer::Review(_, why) => !is_of_its_marks(why),
            Answer::None(_) => true,
            _ => false,
        };
        if !may_change || !wanted.wanted.is_song() {
            return Vec::new();
        }
        let policy = self.ground.policies.of(wanted.id);
        let with = |change: &dyn Fn(&mut Allowed)| {
            let mut policy = policy;
            change(&mut policy.allowed);
            policy
        };
        let options: [(&'static str, Policy); 2] = [
            ("--allow edition", with(&|allowed| allowed.edition = true)),
            ("--allow live", with(&|allowed| allowed.live = true)),
        ];
        let refused = |wanted: &Wanted, content: &ContentId| self.ground.decisions.refuse(wanted, content);
        let heard = HashMap::new();
        let known = Knowledge { refused: &refused, heard: &heard, measured: true };
        let taken = |policy: &Policy| {
            let question = Question { wanted: &wanted.wanted, policy };
            matches!(choose(&self.ground.index, question, &known), Choice::Chosen(_))
        };
        options.iter().filter(|(_, policy)| taken(policy)).map(|(option, _)| *option).collect()
    }

    fn offer(&self, file_id: i64) -> Option<&Offer> {
        self.ground.offers.iter().find(|offer| offer.file_id == file_id)
    }

    /// The things a file may come near, by index: asked of a collection of this one file, which is quick.
    pub(super) fn near_to(&self, offer: &Offer) -> Vec<usize> {
        let only = Index::build(std::slice::from_ref(offer));
        let nothing = Knowledge::nothing();
        let anything = Policy { floor: 2.0, review_floor: 0.0, ..Policy::default() };
        let near = |at: &usize| {
            self.all.get(*at).is_some_and(|wanted| {
                if let Some(spoken) = self.ground.spoken.get(&wanted.id) {
                    return spoken.near.iter().any(|near| near.found.file_id == offer.file_id);
                }
                let question = Question { wanted: &wanted.wanted, policy: &anything };
                wanted.wanted.is_song() && !matches!(choose(&only, question, &nothing), Choice::None(_))
            })
        };
        (0..self.all.len()).filter(near).take(100).collect()
    }

    pub(super) fn considered(
        &self,
        at: usize,
        offer: &Offer,
        questions: &[Question<'_>],
    ) -> Result<Option<ConsideredFor>, EngineError> {
        let (answer, near) = self.answer(at, questions)?;
        let near = near.into_iter().find(|near| near.found.file_id == offer.file_id);
        Ok(near.zip(self.all.get(at).cloned()).map(|(near, wanted)| {
            let Near { found, rejected } = near;
            ConsideredFor { wanted, found, rejected, answer }
        }))
    }
}

/// A question with those that are decided together with it, and its place among them.
fn together<'q>(questions: &[Question<'q>], at: usize) -> (Vec<Question<'q>>, usize) {
    let members = siblings(questions, at);
    let place = members.iter().position(|member| *member == at).unwrap_or(0);
    (members.into_iter().filter_map(|member| questions.get(member).copied()).collect(), place)
}

fn chosen_of(answer: &Answer) -> Option<i64> {
    match answer {
        Answer::File(found) => Some(found.file_id),
        _ => None,
    }
}

fn nothing() -> StoredWanted {
    let wanted = Wanted::of_kind(WantedKind::Unavailable);
    StoredWanted { id: 0, key: String::new(), aliases: Vec::new(), wanted }
}
