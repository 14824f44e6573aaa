//! Keep the newest: of a saved podcast only so many episodes, the newest that were not played.
//!
//! An episode is played when the imported history tells of four fifths of its length, in one sitting or several; where no
//! length is known, when it tells of any play. What is on a playlist is meant, and stays.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ferrotape_domain::{Offer, WantedKind};
use ferrotape_matching::spoken::{NumberedTitle, name_key, published, titles_of};
use ferrotape_store::Listening;

use crate::ground::Ground;
use crate::matching::{Answer, Matched};
use crate::{Context, EngineError};

/// Show and title of an episode, as they are compared.
type Episode = (String, NumberedTitle);

/// What was heard of each episode, with its length.
pub(crate) struct History {
    of_episode: HashMap<Episode, (Listening, Option<Duration>)>,
}

/// Leaves out what is beyond the newest of each podcast that says how many are kept; how many files that holds back.
pub(crate) fn keep_newest(
    mut matched: Vec<Matched>,
    ground: &Ground,
    context: &Context,
) -> Result<(Vec<Matched>, usize), EngineError> {
    let kept: HashMap<i64, usize> = matched
        .iter()
        .filter(|one| matches!(one.wanted.wanted.kind, WantedKind::Show | WantedKind::Episode))
        .filter_map(|one| {
            let newest = ground.policies.newest(one.wanted.id, one.wanted.wanted.kind)?;
            Some((one.wanted.id, usize::try_from(newest).ok()?))
        })
        .collect();
    if kept.is_empty() {
        return Ok((matched, 0));
    }
    let all = answering(&matched);
    let history = History::load(context)?;
    let by_id: HashMap<i64, &Offer> = ground.offers.iter().map(|offer| (offer.file_id, offer)).collect();
    let mut shows: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, one) in matched.iter_mut().enumerate() {
        let Some(most) = kept.get(&one.wanted.id).copied() else { continue };
        match (&one.answer, one.wanted.wanted.kind) {
            (Answer::Files(files, _), WantedKind::Show) => {
                one.answer = newest_of_show(files, (&one.wanted.wanted.title, most), &by_id, &history);
            }
            (Answer::File(_), WantedKind::Episode) => {
                let show = one.wanted.wanted.release.as_deref().unwrap_or_default();
                shows.entry(name_key(show)).or_default().push(at);
            }
            _ => {}
        }
    }
    for episodes in shows.into_values() {
        leave_out_older(&mut matched, &episodes, &kept, &by_id, &history);
    }
    let held_back = all.difference(&answering(&matched)).count();
    Ok((matched, held_back))
}

/// The files that answer something.
fn answering(matched: &[Matched]) -> HashSet<i64> {
    let files = |one: &Matched| match &one.answer {
        Answer::File(found) => vec![found.file_id],
        Answer::Files(files, _) => files.clone(),
        _ => Vec::new(),
    };
    matched.iter().flat_map(files).collect()
}

fn newest_of_show(
    files: &[i64],
    (show, most): (&str, usize),
    by_id: &HashMap<i64, &Offer>,
    history: &History,
) -> Answer {
    // What a person chose comes in another order than that of publication.
    let mut by_day = files.to_vec();
    by_day.sort_by_cached_key(|id| by_id.get(id).and_then(|offer| published(offer)));
    let unplayed = by_day.into_iter().filter(|id| {
        by_id
            .get(id)
            .is_some_and(|offer| !history.is_played(show, &titles_of(offer, show), offer.facts.duration))
    });
    let unplayed: Vec<i64> = unplayed.collect();
    let kept = unplayed.get(unplayed.len().saturating_sub(most)..).unwrap_or_default();
    if kept.is_empty() {
        let heard = match files.len() {
            1 => "the one episode".to_owned(),
            count => format!("all {count} episodes"),
        };
        return Answer::LeftOut(format!("you have heard {heard} in your folders; {}", only(most, show)));
    }
    let why = format!("the newest {} unplayed of {} files of this podcast", kept.len(), files.len());
    Answer::Files(kept.to_vec(), why)
}

/// Saved episodes of one podcast: those that were played, or are older than the newest, are left out.
fn leave_out_older(
    matched: &mut [Matched],
    episodes: &[usize],
    kept: &HashMap<i64, usize>,
    by_id: &HashMap<i64, &Offer>,
    history: &History,
) {
    let mut rows: Vec<(Option<String>, bool, usize)> = episodes
        .iter()
        .filter_map(|at| {
            let one = matched.get(*at)?;
            let Answer::File(found) = &one.answer else { return None };
            let (wanted, offer) = (&one.wanted.wanted, by_id.get(&found.file_id)?);
            let show = wanted.release.as_deref().unwrap_or_default();
            let mut titles = titles_of(offer, show);
            titles.push(NumberedTitle::of(&wanted.title, show));
            let played = history.is_played(show, &titles, offer.facts.duration.or(wanted.duration));
            Some((wanted.released.clone().or_else(|| published(offer)), played, *at))
        })
        .collect();
    rows.sort_by_key(|(date, _, at)| (Reverse(date.clone()), *at));
    let mut left = HashMap::new();
    for (_, played, at) in rows {
        let Some(one) = matched.get_mut(at) else { continue };
        let most = kept.get(&one.wanted.id).copied().unwrap_or(usize::MAX);
        let newer: &mut usize = left.entry(most).or_default();
        let show = one.wanted.wanted.release.as_deref().unwrap_or_default();
        if played {
            one.answer = Answer::LeftOut(format!("you have heard it, and {}", only(most, show)));
        } else if *newer >= most {
            one.answer = Answer::LeftOut(only(most, show));
        } else {
            *newer += 1;
        }
    }
}

fn only(most: usize, show: &str) -> String {
    match most {
        1 => format!("only the newest unplayed episode of {show} is kept"),
        _ => format!("only the newest {most} unplayed episodes of {show} are kept"),
    }
}

impl History {
    pub(crate) fn load(context: &Context) -> Result<Self, EngineError> {
        let listening = context.library.listening()?;
        let mut of_episode: HashMap<Episode, (Listening, Option<Duration>)> = HashMap::new();
        for stored in context.library.every_wanted()? {
            let wanted = &stored.wanted;
            let heard = listening.get(&stored.id).filter(|_| wanted.kind == WantedKind::Episode);
            let (Some(heard), Some(show)) = (heard, wanted.release.as_deref()) else { continue };
            let key = (name_key(show), NumberedTitle::of(&wanted.title, show));
            let (all, length) = of_episode.entry(key).or_default();
            all.plays += heard.plays;
            all.played_ms += heard.played_ms;
            *length = length.or(wanted.duration);
        }
        Ok(Self { of_episode })
    }

    pub(crate) fn is_played(&self, show: &str, titles: &[NumberedTitle], length: Option<Duration>) -> bool {
        let show = name_key(show);
        titles.iter().filter_map(|title| self.of_episode.get(&(show.clone(), title.clone()))).any(
            |(heard, wanted)| match length.or(*wanted) {
                Some(length) => u128::from(heard.played_ms) * 5 >= length.as_millis() * 4,
                None => heard.plays > 0,
            },
        )
    }
}
