//! Many wanted recordings at once; those of one release are decided together.
//!
//! Siblings help each other: when several tracks of a release were surely found in one folder, a doubtful sibling in
//! that folder gains. And they never cross: one file is not two tracks of one release, unless both are one recording.

use std::collections::BTreeMap;

use ferrotape_domain::{Cancel, Choice, Event, Evidence, Match, Phase, Progress, Silent, Wanted, WantedKind};
use rayon::prelude::*;

use crate::deciding::assignment::assign;
use crate::deciding::copies::to_hear;
use crate::deciding::one::{as_match, decide, review_or_none, weigh_all};
use crate::readings::describe::Sought;
use crate::texts::normalise::{fold, squash};
use crate::weighing::place::PlaceFit;
use crate::weighing::weigh::{Weighed, added};
use crate::{Explanation, Index, Knowledge, Near, Question};

/// Wanted recordings between two progress events and looks at the cancel flag.
const STEP: usize = 256;
/// Tracks beyond which a release is none, but a name that many share; comparing each with each would take too long.
const MOST_TRACKS: usize = 1_000;
/// Files kept per wanted recording for the second look.
const KEPT: usize = 16;
/// Siblings that must have been found in a folder before it speaks for another.
const WITNESSES: usize = 3;
/// Strength from which on its folder can lift a doubtful sibling.
const LIFTED_FROM: f32 = 0.6;

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
    choose_and_keep(index, questions, known, progress, cancel).0
}

/// The answers of [`choose_all`], each with the files that should be heard before it stands, as
/// [`crate::worth_hearing`] names them.
pub fn choose_all_and_hear(
    index: &Index,
    questions: &[Question<'_>],
    known: &Knowledge<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Vec<(Choice, Vec<i64>)> {
    let (choices, weighed) = choose_and_keep(index, questions, known, progress, cancel);
    let all = choices.into_par_iter().zip(weighed).zip(questions);
    all.map(|((choice, near), question)| {
        let hear = to_hear(index, *question, &choice, near.as_deref().unwrap_or_default());
        (choice, hear)
    })
    .collect()
}

/// The answers of [`choose_all`], each with the `most` nearest files: those of the answer first, then what else was
/// looked at, best first.
pub fn choose_all_with_near(
    index: &Index,
    questions: &[Question<'_>],
    known: &Knowledge<'_>,
    most: usize,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Vec<Explanation> {
    let (choices, weighed) = choose_and_keep(index, questions, known, progress, cancel);
    let nearest = |choice: &Choice, near: &[Weighed]| {
        let answered: &[Match] = match choice {
            Choice::Chosen(found) => std::slice::from_ref(found),
            Choice::Review(found, _) => found,
            Choice::None(_) => &[],
        };
        let place = |found: &Match| {
            answered.iter().position(|one| one.file_id == found.file_id).unwrap_or(answered.len())
        };
        let mut all: Vec<Near> = near.iter().map(|weighed| as_near(index, weighed)).collect();
        all.sort_by_key(|near| place(&near.found));
        all.truncate(most);
        all
    };
    choices
        .into_iter()
        .zip(weighed)
        .map(|(choice, near)| Explanation {
            near: nearest(&choice, near.as_deref().unwrap_or_default()),
            choice,
        })
        .collect()
}

fn as_near(index: &Index, weighed: &Weighed) -> Near {
    Near { found: as_match(index, weighed), rejected: weighed.against.sentence() }
}

fn choose_and_keep(
    index: &Index,
    questions: &[Question<'_>],
    known: &Knowledge<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> (Vec<Choice>, Vec<Option<Vec<Weighed>>>) {
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
    (choices, weighed)
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
    let members = siblings(questions, at);
    let asked: Vec<Question<'_>> =
        members.iter().filter_map(|member| questions.get(*member).copied()).collect();
    let place = members.iter().position(|member| *member == at)?;
    let choice = choose_all(index, &asked, known, &Silent, &Cancel::default()).into_iter().nth(place)?;
    let near = weigh_all(index, one, known).iter().map(|weighed| as_near(index, weighed)).collect();
    Some(Explanation { choice, near })
}

/// The questions that are decided together with `questions[at]`, itself among them: those of its release.
pub fn siblings(questions: &[Question<'_>], at: usize) -> Vec<usize> {
    releases(questions).into_iter().find(|members| members.contains(&at)).unwrap_or(vec![at])
}

/// The wanted recordings of each release that has more than one, in a set order.
pub fn releases(questions: &[Question<'_>]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, Question { wanted: one, .. }) in questions.iter().enumerate() {
        let album = fold(one.release.as_deref().unwrap_or_default());
        if one.kind != WantedKind::Recording || album.is_empty() {
            continue;
        }
        let artist = one.release_artists.first().or_else(|| one.artists.first()).unwrap_or_default();
        groups.entry((album, fold(artist))).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|members| members.len() > 1).collect();
    // Ties are broken by what is wanted, not by the order it was asked in.
    let description = |at: &usize| questions.get(*at).map(|one| format!("{:?}", one.wanted));
    groups.iter_mut().for_each(|members| members.sort_by_cached_key(description));
    groups
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
                let near_enough = weighed.fits() && weighed.strength >= LIFTED_FROM;
                if let (Some(count), true) = (count, near_enough) {
                    let says = format!("{count} other tracks of this album were found in the same folder");
                    added(weighed, Evidence { kind: "album", weight: 0.8, says });
                }
            }
            lifted.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.at.cmp(&b.at)));
            if let (Some(one), Some(choice)) = (self.questions.get(*member), self.choices.get_mut(*member)) {
                *choice = decide(self.index, *one, &lifted);
                if let Some(slot) = self.weighed.get_mut(*member) {
                    *slot = Some(lifted);
                }
            }
        }
    }

    /// One recording is not two tracks: recordings are assigned to members so that all together fit best, and nobody
    /// is offered what surely is a sibling's.
    fn uncross(&mut self, members: &[usize]) {
        if members.len() > MOST_TRACKS {
            return;
        }
        let distinct = self.distinct(members);
        let fits = |member: usize| -> Vec<&Weighed> {
            let near = self.weighed.get(member).and_then(Option::as_ref);
            near.map(|near| near.iter().filter(|weighed| weighed.fits()).collect()).unwrap_or_default()
        };
        let wishes: Vec<Vec<&Weighed>> = distinct.iter().map(|group| fits(group.first)).collect();
        let assigned = assign(self.index, &wishes);
        let mut taken: BTreeMap<u32, usize> = BTreeMap::new();
        for (owner, (group, recording)) in distinct.iter().zip(&assigned).enumerate() {
            let chosen = self.chosen(group.first).is_some_and(|at| recording.contains(&at));
            for at in recording.iter().filter(|_| chosen) {
                taken.insert(*at, owner);
            }
        }
        for (own, group) in distinct.iter().enumerate() {
            for member in &group.members {
                self.leave(*member, |at| taken.get(&at).is_some_and(|owner| *owner != own));
            }
        }
    }

    /// Members that want one and the same recording, together.
    fn distinct(&self, members: &[usize]) -> Vec<Wish> {
        let mut groups: Vec<(Sought, &Wanted, Wish)> = Vec::new();
        for member in members {
            let Some(question) = self.questions.get(*member) else { continue };
            let sought = Sought::of(question.wanted);
            let wanted = question.wanted;
            let known = groups.iter().position(|(known, other, _)| {
                is_one_recording(known, &sought, releases_differ(other, wanted))
            });
            match known.and_then(|at| groups.get_mut(at)) {
                Some((_, _, group)) => group.members.push(*member),
                None => groups.push((sought, wanted, Wish { first: *member, members: vec![*member] })),
            }
        }
        groups.into_iter().map(|(_, _, wish)| wish).collect()
    }

    /// Decides again for a member without the files that are others'.
    fn leave(&mut self, member: usize, others: impl Fn(u32) -> bool) {
        let (Some(one), Some(Some(near)), Some(choice)) =
            (self.questions.get(member), self.weighed.get_mut(member), self.choices.get_mut(member))
        else {
            return;
        };
        let before = near.len();
        near.retain(|weighed| !others(weighed.at));
        if near.len() == before {
            return;
        }
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

/// Members of a release that want one recording.
struct Wish {
    first: usize,
    members: Vec<usize>,
}

/// Whether two albums of one name are known to be two.
fn releases_differ(a: &Wanted, b: &Wanted) -> bool {
    a.spotify_release.as_ref().zip(b.spotify_release.as_ref()).is_some_and(|(a, b)| a != b)
}

/// Whether two wanted things of one album's name are one recording. Two tracks of it never are, whatever their titles;
/// two releases of that name may count their tracks differently, and give a recording another ISRC.
fn is_one_recording(a: &Sought, b: &Sought, of_two_releases: bool) -> bool {
    if a.isrc.is_some() && a.isrc == b.isrc {
        return true;
    }
    if !of_two_releases {
        let place = a.place.compare(b.place);
        let two_codes = a.isrc.is_some() && b.isrc.is_some() && place != PlaceFit::Same;
        // Without a disc the numbers may be those of lines in two lists.
        let discs_known = a.place.disc > 0 && b.place.disc > 0;
        if place.differs() && discs_known || two_codes {
            return false;
        }
    }
    let near = a.duration.zip(b.duration).is_none_or(|(a, b)| a.abs_diff(b) <= 2_000);
    near && squash(&a.title.whole()) == squash(&b.title.whole()) && a.title.claims == b.title.claims
}
