//! Offers that contend for one wanted thing. What a place lists is judged together; what comes of it is matched by itself, and
//! a file that comes alone would be taken for what its rival may be. So all that contend come, or none.

use std::collections::BTreeSet;
use std::time::Duration;

use ferrotape_domain::{Choice, Match, Offer, WantedKind, letters_of};
use ferrotape_matching::{Index, Knowledge, Question, choose};

use super::Open;
use super::choosing::{Choices, Offered, Pick, at_of};
use super::one_album::are_two_albums;
use super::told;
use crate::listed;
use crate::policies::Policies;

/// So many files are fetched for one question.
pub(super) const MOST_TOGETHER: usize = 4;
/// Copies of one recording are listed with lengths that differ by less: places tell whole seconds.
const AS_LONG: Duration = Duration::from_millis(1_000);
/// What lasts longer or shorter by more than this is no copy, whatever else is said.
const APART: Duration = Duration::from_secs(2);

/// Whether these offers alone would be taken for what is wanted without a question; `is_own` tells those of the user's own by
/// their numbers.
pub(super) fn would_be_taken<'o>(
    offers: impl Iterator<Item = &'o Offer>,
    question: Question<'_>,
    is_own: impl Fn(i64) -> bool,
) -> bool {
    let index = Index::build_with(offers, |offer| !is_own(offer.file_id));
    matches!(choose(&index, question, &Knowledge::nothing()), Choice::Chosen(_))
}

/// The best of these with all that contend with it: so many that the question stays one when they came. `None` where they are
/// too many, or it is no question of files.
pub(super) fn together(found: &[Match], would_be_taken: &dyn Fn(&[usize]) -> bool) -> Option<Vec<usize>> {
    let best = found.first()?;
    let mut files: Vec<usize> = match best.objection {
        None => found.iter().filter(|one| one.objection.is_none()).filter_map(at_of).collect(),
        Some(_) => vec![at_of(best)?],
    };
    // An objection may hang on what else is listed: where that did not come, it would be gone.
    for other in found.iter().filter_map(at_of) {
        if files.len() >= MOST_TOGETHER || !would_be_taken(&files) {
            break;
        }
        if !files.contains(&other) {
            files.push(other);
        }
    }
    (files.len() <= MOST_TOGETHER && !would_be_taken(&files)).then_some(files)
}

/// Whether two offers are one recording by what their places say: by its code, or by name and length or place on its album.
pub(super) fn is_copy(one: &Offer, other: &Offer) -> bool {
    let title = |offer: &Offer| letters_of(offer.tags.title.as_deref().unwrap_or_default());
    let as_long = apart(one, other).is_some_and(|apart| apart < AS_LONG);
    let is_alike = title(one) == title(other) && !are_of_other_days(one, other);
    let is_there = are_at_one_place(one, other) || (as_long && !are_two_tracks(one, other));
    have_one_code(one, other) || (is_alike && is_there)
}

/// Whether two offers of which each would be taken are two recordings.
fn is_another(one: &Offer, other: &Offer) -> bool {
    let is_apart = apart(one, other).is_some_and(|apart| apart > APART);
    !have_one_code(one, other) && (are_two_tracks(one, other) || (is_apart && !are_at_one_place(one, other)))
}

fn apart(one: &Offer, other: &Offer) -> Option<Duration> {
    one.facts.duration.zip(other.facts.duration).map(|(one, other)| one.abs_diff(other))
}

fn have_one_code(one: &Offer, other: &Offer) -> bool {
    one.tags.isrc.is_some() && one.tags.isrc == other.tags.isrc
}

/// Whether they stand at two places of one album.
pub(crate) fn are_two_tracks(one: &Offer, other: &Offer) -> bool {
    places_on_one_album(one, other).is_some_and(|(one, other)| one != other)
}

/// Whether they stand at one place of one album, however long each place says that it lasts.
fn are_at_one_place(one: &Offer, other: &Offer) -> bool {
    let at_one = places_on_one_album(one, other).is_some_and(|(one, other)| one == other);
    at_one && !are_two_albums(&one.tags, &other.tags)
}

fn places_on_one_album(one: &Offer, other: &Offer) -> Option<((u32, u32), (u32, u32))> {
    let album = |offer: &Offer| letters_of(offer.tags.album.as_deref().unwrap_or_default());
    let places = listed::place(&one.tags).zip(listed::place(&other.tags));
    places.filter(|_| !album(one).is_empty() && album(one) == album(other))
}

/// Whether they are of two days, as episodes are.
fn are_of_other_days(one: &Offer, other: &Offer) -> bool {
    let day = |offer: &Offer| offer.tags.date.clone().filter(|date| date.len() >= "2000-01-01".len());
    day(one).zip(day(other)).is_some_and(|(one, other)| one != other)
}

/// Judges together what several places have for one wanted recording, as each alone would seem to be all there is. What is
/// another recording than the one that fits best is no way out where that cannot be had; where none fits best, it is a
/// question.
pub(super) fn across(choices: &mut Choices, all: &[Offered<'_>], open: &[Open], policies: &Policies) {
    for one in open.iter().filter(|one| one.wanted.wanted.kind == WantedKind::Recording) {
        let id = one.wanted.id;
        let Some(picks) = choices.picks.get_mut(&id).filter(|picks| picks.len() > 1) else { continue };
        let policy = policies.of(id);
        let judge = Judge { all, question: Question { wanted: &one.wanted.wanted, policy: &policy } };
        if let Some(says) = judge.settle(picks) {
            choices.told.entry(id).or_default().push(says);
        }
    }
}

/// Offers of several places, and what is wanted.
struct Judge<'a> {
    all: &'a [Offered<'a>],
    question: Question<'a>,
}

/// An offer, by its place.
type Key = (usize, usize);

impl Judge<'_> {
    fn offer(&self, (place, at): Key) -> Option<&Offer> {
        self.all.get(place)?.offer(at)
    }

    fn is_own(&self, (place, at): Key) -> bool {
        let id = i64::try_from(at).unwrap_or(-1);
        self.all.get(place).is_some_and(|place| place.is_own(id))
    }

    /// The choice among these, and which of them was chosen.
    fn choose(&self, keys: &[Key]) -> Option<Key> {
        let numbered = keys.iter().zip(0_i64..);
        let numbered =
            numbered.filter_map(|(key, id)| Some(Offer { file_id: id, ..self.offer(*key)?.clone() }));
        let offers: Vec<Offer> = numbered.collect();
        let key_of = |id: i64| usize::try_from(id).ok().and_then(|at| keys.get(at)).copied();
        let is_public = |offer: &Offer| key_of(offer.file_id).is_some_and(|key| !self.is_own(key));
        match choose(&Index::build_with(&offers, is_public), self.question, &Knowledge::nothing()) {
            Choice::Chosen(found) => key_of(found.file_id),
            Choice::Review(..) | Choice::None(_) => None,
        }
    }

    /// Leaves of the picks what may be fetched; what is to be said where none may.
    fn settle(&self, picks: &mut Vec<Pick>) -> Option<String> {
        let fits = |pick: &&Pick| pick.sure || pick.is_contested();
        let is_own = |pick: &&Pick| pick.keys().all(|key| self.is_own(key));
        let mut group: Vec<&Pick> = picks.iter().filter(fits).filter(is_own).collect();
        let own = !group.is_empty();
        if !own {
            group = picks.iter().filter(fits).collect();
        }
        if group.is_empty() {
            return None;
        }
        // What only is beside a sure one is heard with it, and no answer of its own.
        let of_pick = |pick: &&Pick| -> Vec<Key> {
            if pick.sure { pick.keys().take(1).collect() } else { pick.keys().collect() }
        };
        let keys: Vec<Key> = group.iter().flat_map(of_pick).collect();
        let sure: Vec<Key> = group.iter().filter(|pick| pick.sure).flat_map(of_pick).collect();
        let lead = match (group.as_slice(), sure.as_slice()) {
            ([one], _) if !one.sure => None,
            (_, [first, others @ ..]) if sure.len() == keys.len() && self.are_copies(*first, others) => {
                Some(*first)
            }
            // What was sure for what else its place has of the album is not to be judged by itself.
            _ if sure.iter().any(|key| self.choose(&[*key]).is_none()) => return None,
            _ => self.choose(&keys).filter(|key| sure.contains(key)),
        };
        if let Some(lead) = lead {
            let best = self.offer(lead)?;
            let is_way_out = |pick: &Pick| {
                let offer = pick.keys().next().and_then(|key| self.offer(key));
                pick.sure && offer.is_some_and(|offer| !is_another(best, offer))
            };
            picks.retain(|pick| is_way_out(pick) || (!pick.sure && !pick.is_contested()));
            return None;
        }
        let rest = keys.split_first().filter(|_| own && keys.len() <= MOST_TOGETHER);
        let question = rest.map(|((place, at), others)| Pick {
            place: *place,
            offers: vec![*at],
            sure: false,
            tracks: BTreeSet::new(),
            beside: others.to_vec(),
        });
        let mut places: Vec<&str> =
            keys.iter().filter_map(|key| self.all.get(key.0)).map(Offered::name).collect();
        places.dedup();
        let says = question.is_none().then(|| told::rivals(&places.join(" and "), keys.len()));
        picks.retain(|pick| !pick.sure && !pick.is_contested());
        if let Some(question) = question {
            picks.insert(0, question);
        }
        says
    }

    fn are_copies(&self, first: Key, others: &[Key]) -> bool {
        let Some(first) = self.offer(first) else { return false };
        others.iter().all(|other| self.offer(*other).is_some_and(|other| is_copy(first, other)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, Objection, TagSet};

    use super::*;

    fn offer(album: &str, track: u32, seconds: u64) -> Offer {
        let tags = TagSet {
            title: Some("Ebb".to_owned()),
            album: Some(album.to_owned()),
            track_number: Some(track),
            ..TagSet::default()
        };
        let facts = AudioFacts {
            format: AudioFormat::Mp3,
            duration: Some(Duration::from_secs(seconds)),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
            bitrate_kbps: None,
        };
        let content = ContentId(format!("{album} {track} {seconds}"));
        let path = PathBuf::from(format!("/{album}/{track}.mp3"));
        Offer { file_id: 1, path, part: None, size: 1, content, facts, tags, cover: String::new() }
    }

    #[test]
    fn a_copy_has_the_name_and_the_length_and_is_no_other_track() {
        let ebb = offer("Low Water", 3, 20);
        let same_track = offer("Low Water", 3, 200);
        let sampler = offer("Best Of", 1, 20);
        assert!(is_copy(&ebb, &sampler) && is_copy(&ebb, &same_track));
        assert!(!is_another(&ebb, &sampler) && !is_another(&ebb, &same_track));
        let namesake = offer("Low Water", 7, 20);
        assert!(!is_copy(&ebb, &namesake) && is_another(&ebb, &namesake));
        let (nearly, longer) = (offer("Tides", 7, 21), offer("Tides", 7, 30));
        assert!(!is_copy(&ebb, &nearly) && !is_another(&ebb, &nearly), "nothing tells");
        assert!(!is_copy(&ebb, &longer) && is_another(&ebb, &longer));
        let on = |day: &str| Offer {
            tags: TagSet { date: Some(day.to_owned()), ..sampler.tags.clone() },
            ..sampler.clone()
        };
        assert!(!is_copy(&on("2026-11-01"), &on("2026-11-02")) && is_copy(&on("2026"), &on("2025")));
    }

    fn found(id: i64, against: bool) -> Match {
        let objection = against.then(|| Objection { kind: "title", says: "at another place".to_owned() });
        Match { file_id: id, score: 0.5, evidence: Vec::new(), substitute: None, objection }
    }

    #[test]
    fn all_that_contend_come_or_none() {
        let alone = |files: &[usize]| files.len() == 1;
        let of = |all: &[Match]| together(all, &alone);
        assert_eq!(of(&[found(1, false), found(2, false), found(3, true)]), Some(vec![1, 2]));
        assert_eq!(
            of(&[found(1, true), found(2, true), found(3, true)]),
            Some(vec![1, 2]),
            "with its namesake"
        );
        assert_eq!(of(&[found(1, false)]), None, "it would be taken");
        let five: Vec<Match> = (1..=5).map(|id| found(id, false)).collect();
        assert_eq!(of(&five), None, "too many");
        assert_eq!(together(&[found(1, true), found(2, true)], &|_: &[usize]| false), Some(vec![1]));
    }
}
