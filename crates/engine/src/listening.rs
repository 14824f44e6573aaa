//! Listening: the audio of files settles what their texts cannot.
//!
//! Only files that a question turns on are listened to, each once ever: what was heard is kept by content. A decision
//! keeps how its file sounded, so that it is found again when both its place and its bytes changed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use ferrotape_audio::{LISTEN_VERSION, Unreadable, listen_to_part};
use ferrotape_domain::{Choice, ContentId, Heard, Offer, Phase, Silent, Verdict, Wanted};
use ferrotape_matching::{
    Index, Knowledge, Likeness, Policy, Question, Refused, choose_all_and_hear, likeness, near, releases,
};
use rayon::prelude::*;

use crate::matching::self_description;
use crate::{Context, EngineError, locked};

/// Files listened to in one run: some minutes on two cores. The rest is heard by the next run.
const MOST_FILES: usize = 1_000;
/// Files kept in the library together.
const BATCH: usize = 64;
/// Setting a refused recording aside may bring up others to listen to; so often that is followed.
const ROUNDS: usize = 3;
/// Files listened to for a chosen one that is gone, and how far their playing time may be from its own.
const MOST_FOR_ONE: usize = 36;
/// The same for all that are gone: a disk that is not plugged in must not set off hours of listening.
pub(crate) const MOST_FOR_LOST: usize = 300;
const APART: Duration = Duration::from_secs(2);

/// What is asked about, and what the user refused.
pub(crate) struct Search<'a> {
    pub(crate) index: &'a Index,
    pub(crate) offers: &'a [Offer],
    pub(crate) refused: &'a Refused<'a>,
    /// How the files sounded that the user refused for a wanted thing.
    pub(crate) refused_sounds: &'a (dyn Fn(&Wanted) -> &'a [Heard] + Sync),
}

/// What was heard in this run, and how much more may be.
struct Ears<'a> {
    context: &'a Context<'a>,
    heard: HashMap<ContentId, Heard>,
    /// Contents that were asked for, whether something could be heard or not.
    tried: HashSet<ContentId>,
    left: usize,
    put_off: usize,
}

/// Decides for every question, and once more for those that listening to some files can settle.
pub(crate) fn choose_by_sound(
    search: &Search<'_>,
    questions: &[Question<'_>],
    context: &Context<'_>,
) -> Result<Vec<Choice>, EngineError> {
    let nothing = HashMap::new();
    let known = Knowledge { refused: search.refused, heard: &nothing, measured: true };
    let mut answers = choose_all_and_hear(search.index, questions, &known, context.progress, context.cancel);
    stop_if_told(context)?;
    let by_id: HashMap<i64, &Offer> = search.offers.iter().map(|offer| (offer.file_id, offer)).collect();
    let mut ears = Ears::new(context);
    let mut doubtful: Vec<usize> = (0..questions.len()).collect();
    for _ in 0..ROUNDS {
        let (turning, files) = turning_points(search, questions, &answers, &doubtful, &by_id, &ears);
        if files.is_empty() || !ears.hear(&files)? {
            break;
        }
        let by_sound = refused_by_sound(search, questions, &turning, &ears.heard);
        let refused = |wanted: &Wanted, content: &ContentId| {
            (search.refused)(wanted, content)
                || (!by_sound.is_empty() && by_sound.contains(&(self_description(wanted), content.clone())))
        };
        let known = Knowledge { refused: &refused, heard: &ears.heard, measured: true };
        let again = with_siblings(questions, &turning);
        let asked: Vec<Question<'_>> = again.iter().filter_map(|at| questions.get(*at).copied()).collect();
        let new = choose_all_and_hear(search.index, &asked, &known, &Silent, context.cancel);
        stop_if_told(context)?;
        for (at, new) in again.iter().zip(new) {
            if let Some(answer) = answers.get_mut(*at) {
                *answer = new;
            }
        }
        doubtful = again;
    }
    ears.say_what_is_left();
    Ok(answers.into_iter().map(|(choice, _)| choice).collect())
}

/// Questions that sound can settle, and the files to be heard for them that nobody asked for yet: what a person would be
/// asked about first, for not all may be heard in this run.
fn turning_points<'o>(
    search: &Search<'_>,
    questions: &[Question<'_>],
    answers: &[(Choice, Vec<i64>)],
    doubtful: &[usize],
    by_id: &HashMap<i64, &'o Offer>,
    ears: &Ears<'_>,
) -> (Vec<usize>, Vec<&'o Offer>) {
    let worth_of = |at: &usize| {
        let (question, (choice, hear)) = questions.get(*at).zip(answers.get(*at))?;
        let mut files = hear.clone();
        if !(search.refused_sounds)(question.wanted).is_empty() {
            files.extend(shown(choice));
        }
        Some((*at, files))
    };
    let mut worth: Vec<(usize, Vec<i64>)> =
        doubtful.iter().filter_map(worth_of).filter(|(_, files)| !files.is_empty()).collect();
    let is_chosen = |at: &usize| matches!(answers.get(*at), Some((Choice::Chosen(_), _)));
    worth.sort_by_key(|(at, _)| is_chosen(at));
    let (mut turning, mut files, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (at, worth) in worth {
        turning.push(at);
        for offer in worth.iter().filter_map(|id| by_id.get(id).copied()) {
            if !ears.tried.contains(&offer.content) && seen.insert(&offer.content) {
                files.push(offer);
            }
        }
    }
    (turning, files)
}

fn shown(choice: &Choice) -> Vec<i64> {
    match choice {
        Choice::Chosen(found) => vec![found.file_id],
        Choice::Review(candidates, _) => candidates.iter().map(|found| found.file_id).collect(),
        Choice::None(_) => Vec::new(),
    }
}

/// Heard files that are a refused recording again, with another tag or in another format, by question.
fn refused_by_sound(
    search: &Search<'_>,
    questions: &[Question<'_>],
    turning: &[usize],
    heard: &HashMap<ContentId, Heard>,
) -> HashSet<(String, ContentId)> {
    let of_question = |question: &Question<'_>| -> Vec<(String, ContentId)> {
        let sounds = (search.refused_sounds)(question.wanted);
        let is_refused = |heard: &Heard| sounds.iter().any(|sound| likeness(sound, heard) == Likeness::Same);
        let found = heard.iter().filter(|(_, heard)| !sounds.is_empty() && is_refused(heard));
        found.map(|(content, _)| (self_description(question.wanted), content.clone())).collect()
    };
    turning.par_iter().filter_map(|at| questions.get(*at)).flat_map_iter(of_question).collect()
}

/// These questions and those of the same release: they are decided together.
fn with_siblings(questions: &[Question<'_>], turning: &[usize]) -> Vec<usize> {
    let mut again: BTreeSet<usize> = turning.iter().copied().collect();
    for members in releases(questions) {
        if members.iter().any(|member| again.contains(member)) {
            again.extend(members);
        }
    }
    again.into_iter().collect()
}

impl<'a> Ears<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        Self { context, heard: HashMap::new(), tried: HashSet::new(), left: MOST_FILES, put_off: 0 }
    }

    /// Takes what the library knows of these files, and listens to the others as far as this run may; whether
    /// anything is known of any of them.
    fn hear(&mut self, files: &[&Offer]) -> Result<bool, EngineError> {
        let contents: Vec<ContentId> = files.iter().map(|offer| offer.content.clone()).collect();
        let known = self.context.library.heard(&contents, LISTEN_VERSION)?;
        let mut new: Vec<&Offer> =
            files.iter().copied().filter(|offer| !known.contains_key(&offer.content)).collect();
        if !self.context.listen {
            new.clear();
        }
        self.put_off += new.len().saturating_sub(self.left);
        new.truncate(self.left);
        self.left -= new.len();
        self.tried.extend(contents);
        let fresh = listen_to_all(&new, self.context)?.heard;
        let any = !known.is_empty() || !fresh.is_empty();
        self.heard.extend(known);
        self.heard.extend(fresh);
        Ok(any)
    }

    fn say_what_is_left(&self) {
        if self.put_off > 0 {
            let says = format!(
                "{} more files could be listened to, to tell copies from other recordings; the next run goes on \
                 with them",
                self.put_off
            );
            self.context.warn("listening", says);
        }
    }
}

/// What came of listening to files. Those that cannot be decoded are in neither: converting says what is wrong with them.
#[derive(Default)]
pub(crate) struct Hearing {
    pub(crate) heard: HashMap<ContentId, Heard>,
    /// Could not be read now: nothing is known of how they sound.
    pub(crate) unread: HashSet<ContentId>,
}

/// How these sound: as it is kept, else heard now.
pub(crate) fn heard_of(files: &[&Offer], context: &Context<'_>) -> Result<Hearing, EngineError> {
    let contents: Vec<ContentId> = files.iter().map(|offer| offer.content.clone()).collect();
    let heard = context.library.heard(&contents, LISTEN_VERSION)?;
    let unheard: Vec<&Offer> =
        files.iter().copied().filter(|offer| !heard.contains_key(&offer.content)).collect();
    let mut hearing = listen_to_all(&unheard, context)?;
    hearing.heard.extend(heard);
    Ok(hearing)
}

/// Listens to these files on all cores and keeps what was heard.
fn listen_to_all(files: &[&Offer], context: &Context<'_>) -> Result<Hearing, EngineError> {
    let mut all = Hearing::default();
    if files.is_empty() {
        return Ok(all);
    }
    context.started(Phase::Listen, Some(files.len() as u64));
    for batch in files.chunks(BATCH) {
        let heard: Mutex<HashMap<ContentId, Heard>> = Mutex::default();
        let unread: Mutex<Vec<ContentId>> = Mutex::default();
        batch.par_iter().for_each(|offer| {
            if context.cancel.is_stopped() {
                return;
            }
            match listen_to_part(&offer.path, offer.part.as_ref()) {
                Ok(one) => drop(locked(&heard).insert(offer.content.clone(), one)),
                Err(Unreadable::Io { .. }) => locked(&unread).push(offer.content.clone()),
                Err(_) => {}
            }
            context.advanced(Phase::Listen, 1, offer.size);
        });
        let heard = heard.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        context.library.record_heard(&heard, LISTEN_VERSION)?;
        all.heard.extend(heard);
        all.unread.extend(unread.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
        stop_if_told(context)?;
    }
    context.finished(Phase::Listen);
    Ok(all)
}

fn stop_if_told(context: &Context<'_>) -> Result<(), EngineError> {
    if context.cancel.is_stopped() { Err(EngineError::Interrupted) } else { Ok(()) }
}

/// The file that sounds as the chosen one did, where that is gone under its content and its path: moved *and*
/// re-tagged, made anew in another format, or on another machine. Of several the best sounding. `left` counts the files
/// that may still be listened to for such.
pub(crate) fn found_again<'o>(
    wanted: &Wanted,
    chosen: &Heard,
    index: &Index,
    offers: &'o [Offer],
    left: &mut usize,
    context: &Context<'_>,
) -> Result<Option<&'o Offer>, EngineError> {
    let policy = Policy::default();
    let by_text = near(index, Question { wanted, policy: &policy });
    let rank = |offer: &Offer| by_text.iter().position(|id| *id == offer.file_id).unwrap_or(usize::MAX);
    let near_in_time = |offer: &&Offer| {
        offer.facts.duration.is_some_and(|duration| duration.abs_diff(chosen.duration) <= APART)
    };
    let mut candidates: Vec<&Offer> = offers.iter().filter(near_in_time).collect();
    // By their texts first; then what is new in the library, as a file with other bytes must be.
    candidates.sort_by_cached_key(|offer| (rank(offer), Reverse(offer.file_id)));
    let contents: Vec<ContentId> = candidates.iter().map(|offer| offer.content.clone()).collect();
    let mut heard = context.library.heard(&contents, LISTEN_VERSION)?;
    let alike = |heard: &HashMap<ContentId, Heard>| {
        let same = |offer: &&&Offer| {
            heard.get(&offer.content).is_some_and(|one| likeness(chosen, one) == Likeness::Same)
        };
        candidates.iter().filter(same).copied().min_by_key(|offer| {
            let facts = &offer.facts;
            (!facts.format.is_lossless(), Reverse(facts.bitrate_kbps), &offer.path)
        })
    };
    if let Some(found) = alike(&heard) {
        return Ok(Some(found));
    }
    if !context.listen {
        return Ok(None);
    }
    let unheard: Vec<&Offer> = candidates
        .iter()
        .copied()
        .filter(|offer| !heard.contains_key(&offer.content))
        .take(MOST_FOR_ONE.min(*left))
        .collect();
    *left -= unheard.len();
    heard.extend(listen_to_all(&unheard, context)?.heard);
    Ok(alike(&heard))
}

/// The verdict with the sound of its files, so that they are known again. Without it where nothing can be heard.
pub(crate) fn with_sound(verdict: Verdict, context: &Context<'_>) -> Result<Verdict, EngineError> {
    let contents = match &verdict {
        Verdict::UseFile { content, heard: None, .. } => vec![content.clone()],
        Verdict::NoneOfThese { refused, heard } if heard.is_empty() => refused.clone(),
        _ => return Ok(verdict),
    };
    let mut files = Vec::new();
    for content in &contents {
        files.extend(context.library.files_by_content(content)?.into_iter().next());
    }
    let mut ears = Ears::new(context);
    ears.hear(&files.iter().collect::<Vec<_>>())?;
    let mut sounds = contents.iter().filter_map(|content| ears.heard.remove(content));
    let mut verdict = verdict;
    if let Verdict::UseFile { heard, .. } = &mut verdict {
        *heard = sounds.next();
    } else if let Verdict::NoneOfThese { heard, .. } = &mut verdict {
        heard.extend(sounds);
    }
    Ok(verdict)
}
