//! Many wanted recordings at once; those of one release are decided together.
//!
//! Siblings help each other: when several tracks of a release were surely found in one folder, a doubtful sibling in
//! that folder gains. And they never cross: one file is not two tracks of one release, unless both are one recording.

use std::collections::BTreeMap;

use ferrotape_domain::{Cancel, Choice, Event, Evidence, Phase, Progress, Silent, WantedKind};
use rayon::prelude::*;

use crate::decide::{as_match, decide, review_or_none, weigh_all};
use crate::describe::Sought;
use crate::normalise::{fold, squash};
use crate::score::{Weighed, added};
use crate::{Explanation, Index, Knowledge, Near, Question};

/// Wanted recordings between two progress events and looks at the cancel flag.
const STEP: usize = 256;
/// Files kept per wanted recording for the second look.
const KEPT: usize = 16;
/// Siblings that must have been found in a folder before it speaks for another.
const WITNESSES: usize = 3;
/// How far below the floor a sibling may stand that its folder can lift.
const LIFT: f32 = 0.15;

/// Decides for every wanted recording; `answer[i]` belongs to `questions[i]`, on any number of threads.
///
/// When `cancel` is raised, what was not yet looked at is answered with `Choice::None("stopped …")`: the caller that
/// raised it must not store those.
pub fn choose_all(
    index: &Index,
    questions: &[Question<'_>],
    known: &Knowledge<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Vec<Choice> {
    progress.event(Event::Started { phase: Phase::Match, total: u64::try_from(questions.len()).ok() });
    let mut weighed: Vec<Option<Vec<Weighed>>> = Vec::with_capacity(questions.len());
    for step in questions.chunks(STEP) {
        if cancel.is_stopped() {
            weighed.resize_with(questions.len(), || None);
            break;
        }
        weighed.par_extend(step.par_iter().map(|one| {
            let mut near = weigh_all(index, *one, known);
            near.truncate(KEPT);
            Some(near)
        }));
        let by = u64::try_from(step.len()).unwrap_or(0);
        progress.event(Event::Advanced { phase: Phase::Match, by, bytes: 0 });
    }
    let mut choices: Vec<Choice> = questions
        .iter()
        .zip(&weighed)
        .map(|(one, near)| match near {
            Some(near) => decide(index, *one, near),
            None => Choice::None("stopped before this was looked for".to_owned()),
        })
        .collect();
    for members in releases(questions) {
        let mut album = Siblings { index, questions, weighed: &mut weighed, choices: &mut choices };
        album.lift(&members);
        album.uncross(&members);
    }
    progress.event(Event::Finished { phase: Phase::Match });
    choices
}

/// Why `questions[at]` was matched or not, with its siblings of the same release, as [`choose_all`] decides it;
/// `None` where there is no such question.
pub fn explain(
    index: &Index,
    questions: &[Question<'_>],
    at: usize,
    known: &Knowledge<'_>,
) -> Option<Explanation> {
    let one = *questions.get(at)?;
    let members = releases(questions).into_iter().find(|members| members.contains(&at)).unwrap_or(vec![at]);
    let asked: Vec<Question<'_>> =
        members.iter().filter_map(|member| questions.get(*member).copied()).collect();
    let place = members.iter().position(|member| *member == at)?;
    let choice = choose_all(index, &asked, known, &Silent, &Cancel::default()).into_iter().nth(place)?;
    let near = weigh_all(index, one, known)
        .iter()
        .map(|weighed| Near { found: as_match(index, weighed), rejected: weighed.against.sentence() })
        .collect();
    Some(Explanation { choice, near })
}

/// The wanted recordings of each release that has more than one, in a set order.
fn releases(questions: &[Question<'_>]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, Question { wanted: one, .. }) in questions.iter().enumerate() {
        let album = fold(one.release.as_deref().unwrap_or_default());
        if one.kind != WantedKind::Recording || album.is_empty() {
            continue;
        }
        let artist = one.release_artists.first().or_else(|| one.artists.first()).unwrap_or_default();
        groups.entry((album, fold(artist))).or_default().push(at);
    }
    groups.into_values().filter(|members| members.len() > 1).collect()
}

struct Siblings<'a> {
    index: &'a Index,
    questions: &'a [Question<'a>],
    weighed: &'a mut [Option<Vec<Weighed>>],
    choices: &'a mut [Choice],
}

impl Siblings<'_> {
    fn folder(&self, at: u32) -> Option<&str> {
        self.index.files.get(at).and_then(|file| file.path.rsplit_once(['/', '\\'])).map(|(folder, _)| folder)
    }

    /// The row of the file chosen for a member.
    fn chosen(&self, member: usize) -> Option<u32> {
        let Choice::Chosen(found) = self.choices.get(member)? else { return None };
        let near = self.weighed.get(member)?.as_ref()?;
        near.iter()
            .map(|weighed| weighed.at)
            .find(|at| self.index.files.get(*at).is_some_and(|file| file.file_id == found.file_id))
    }

    /// A doubtful member gains when surely found siblings lie in the same folder.
    fn lift(&mut self, members: &[usize]) {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for member in members {
            if let Some(folder) = self.chosen(*member).and_then(|at| self.folder(at)) {
                *found.entry(folder.to_owned()).or_default() += 1;
            }
        }
        found.retain(|_, count| *count >= WITNESSES);
        if found.is_empty() {
            return;
        }
        for member in members {
            if matches!(self.choices.get(*member), Some(Choice::Chosen(_)) | None) {
                continue;
            }
            let Some(Some(near)) = self.weighed.get(*member) else { continue };
            let mut lifted = near.clone();
            for weighed in &mut lifted {
                let count = self.folder(weighed.at).and_then(|folder| found.get(folder));
                let floor = self.questions.get(*member).map_or(1.0, |one| one.policy.floor);
                let near_enough = weighed.fits() && weighed.score >= floor - LIFT;
                if let (Some(count), true) = (count, near_enough) {
                    let says = format!("{count} other tracks of this album were found in the same folder");
                    added(weighed, Evidence { kind: "album", weight: 0.8, says });
                }
            }
            lifted.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
            if let (Some(one), Some(choice)) = (self.questions.get(*member), self.choices.get_mut(*member)) {
                *choice = decide(self.index, *one, &lifted);
                if let Some(slot) = self.weighed.get_mut(*member) {
                    *slot = Some(lifted);
                }
            }
        }
    }

    /// Where two members took one file, the better fit keeps it and the others look again without it.
    fn uncross(&mut self, members: &[usize]) {
        for _ in 0..members.len() {
            let mut takers: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
            for member in members {
                if let Some(at) = self.chosen(*member) {
                    takers.entry(at).or_default().push(*member);
                }
            }
            let crossed = takers.into_iter().find_map(|(at, takers)| Some((at, self.loser(&takers)?)));
            let Some((at, loser)) = crossed else { return };
            self.without(loser, at);
        }
    }

    /// Of the members that took one file, one that is another recording than the best fitting.
    fn loser(&self, takers: &[usize]) -> Option<usize> {
        let score = |member: usize| match self.choices.get(member) {
            Some(Choice::Chosen(found)) => found.score,
            _ => 0.0,
        };
        let best = takers.iter().copied().max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a)))?;
        takers.iter().copied().find(|other| *other != best && !self.one_recording(best, *other))
    }

    fn one_recording(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.questions.get(a), self.questions.get(b)) else { return false };
        let (a, b) = (a.wanted, b.wanted);
        if a.isrc.is_some() && a.isrc == b.isrc {
            return true;
        }
        let (a, b) = (Sought::of(a), Sought::of(b));
        let near = a.duration.zip(b.duration).is_none_or(|(a, b)| a.abs_diff(b) <= 2_000);
        near && squash(&a.title.whole()) == squash(&b.title.whole()) && a.title.claims == b.title.claims
    }

    fn without(&mut self, member: usize, at: u32) {
        let (Some(one), Some(Some(near)), Some(choice)) =
            (self.questions.get(member), self.weighed.get_mut(member), self.choices.get_mut(member))
        else {
            return;
        };
        near.retain(|weighed| weighed.at != at);
        *choice = match decide(self.index, *one, near) {
            Choice::Chosen(next) => Choice::Chosen(next),
            _ => {
                let why = "the file that fits best is another track of the same album";
                let nothing = "the only file that comes near is another track you want";
                review_or_none(self.index, near, one.policy, why, nothing)
            }
        };
    }
}
