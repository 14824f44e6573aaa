//! What stays on the player although the files at hand do not answer it surely any more: another file came that fits as
//! well, a newer program asks where an older one did not, a feed is doubted. The user did not stop wanting it, so it stays
//! as it is until a person answers.
//!
//! What is known not to be wanted does not stay: what the user refused, what is known by its sound as another recording,
//! and what was only let in by his leave, a pick or a policy, that he took back.

use std::collections::{BTreeMap, HashMap, HashSet};

use ferrotape_domain::{ContentId, Match, Outcome, SoundName, Verdict, WantedKind};
use ferrotape_matching::is_known_as_another;
use ferrotape_store::{Library, Said, Word};

use super::kept::Kept;
use crate::EngineError;
use crate::matching::{Answer, Matched, Matching};

/// Whether a question is open about what earlier runs made of a file that is at hand.
pub(super) fn is_in_doubt(identity: &str, matched: &Matched, matching: &Matching) -> bool {
    match &matched.answer {
        // Whoever said no to what was shown said it of what is not shown any more, too.
        Answer::Review(found, _) => !matched.decided || candidate(identity, found, matching).is_some(),
        // Of podcasts it is known then that it is another's, or of another number.
        Answer::None(_) => {
            !matched.decided && !matches!(matched.wanted.wanted.kind, WantedKind::Show | WantedKind::Episode)
        }
        Answer::Files(..) => {
            let unsure = matching.unsure.get(&matched.wanted.id).into_iter().flatten();
            unsure.filter_map(|id| matching.offer(*id)).any(|offer| is_of(identity, &offer.content))
        }
        Answer::File(_) | Answer::LeftOut(_) | Answer::NotYet(_) => false,
    }
}

/// Whether what is on the player was made of this file, or of a stretch of it.
fn is_of(identity: &str, content: &ContentId) -> bool {
    content.0 == identity || content.0 == ContentId::file_of(identity)
}

fn candidate<'m>(identity: &str, found: &'m [Match], matching: &Matching) -> Option<&'m Match> {
    let is_it =
        |one: &&Match| matching.offer(one.file_id).is_some_and(|offer| is_of(identity, &offer.content));
    found.iter().find(is_it)
}

/// What is known against things that would stay.
pub(super) struct Against<'m> {
    matching: &'m Matching,
    /// Files that the user chose and took back, by the key of the wanted thing.
    taken_back: HashMap<String, HashSet<ContentId>>,
    /// Wanted things that something else stood in for after the last run to this target.
    stood_in: HashSet<i64>,
    sound_names: HashMap<ContentId, Vec<SoundName>>,
}

impl<'m> Against<'m> {
    pub(super) fn load(matching: &'m Matching, target: &str, library: &Library) -> Result<Self, EngineError> {
        let rows = library.last_run(Some(target))?.map(|run| run.rows);
        let is_stand_in =
            |outcome: &Outcome| matches!(outcome, Outcome::OnPlayer { substitute: Some(_), .. });
        let stood_in = rows.into_iter().flatten().filter(|(_, outcome)| is_stand_in(outcome));
        Ok(Self {
            matching,
            taken_back: taken_back(&library.decision_record()?),
            stood_in: stood_in.map(|(id, _)| id).collect(),
            sound_names: library.sound_names()?,
        })
    }

    /// Whether it goes all the same.
    pub(super) fn speaks(&self, identity: &str, matched: &Matched) -> bool {
        match matched.wanted.wanted.kind {
            WantedKind::Recording | WantedKind::LocalFile => {
                self.is_another(identity, matched) || self.was_only_let_in(identity, matched)
            }
            WantedKind::Episode => self.was_only_let_in(identity, matched),
            // One file that was chosen stands for all of an album, a book or a podcast: taking that back says nothing of each.
            _ => false,
        }
    }

    fn is_another(&self, identity: &str, matched: &Matched) -> bool {
        let names = self.sound_names.get(&ContentId(identity.to_owned()));
        names.is_some_and(|names| is_known_as_another(&matched.wanted.wanted, names))
    }

    /// By a pick or a policy that does not hold any more. Where nothing speaks against the file itself, it needed no leave.
    fn was_only_let_in(&self, identity: &str, matched: &Matched) -> bool {
        let is_taken_back = self.is_taken_back(identity, matched);
        let stood_in = self.stood_in.contains(&matched.wanted.id);
        let Answer::Review(found, _) = &matched.answer else { return is_taken_back || stood_in };
        match candidate(identity, found, self.matching) {
            Some(one) => one
                .objection
                .as_ref()
                .is_some_and(|objection| is_taken_back || (stood_in && objection.kind == "version")),
            None => is_taken_back,
        }
    }

    fn is_taken_back(&self, identity: &str, matched: &Matched) -> bool {
        let mut keys = std::iter::once(&matched.wanted.key).chain(&matched.wanted.aliases);
        keys.any(|key| {
            let contents = self.taken_back.get(key);
            contents.is_some_and(|contents| contents.iter().any(|content| is_of(identity, content)))
        })
    }
}

fn taken_back(record: &[Said]) -> HashMap<String, HashSet<ContentId>> {
    let mut chosen: HashMap<(&str, i64), &ContentId> = HashMap::new();
    for said in record {
        if let Word::Said(Verdict::UseFile { content, .. }) = &said.word {
            chosen.insert((said.wanted_key.as_str(), said.at), content);
        }
    }
    let mut all: HashMap<String, HashSet<ContentId>> = HashMap::new();
    for said in record {
        let Word::TakenBack { said_at } = &said.word else { continue };
        if let Some(content) = chosen.get(&(said.wanted_key.as_str(), *said_at)) {
            all.entry(said.wanted_key.clone()).or_default().insert((*content).clone());
        }
    }
    all
}

/// Where on the player these are, in words, by the wanted thing. What is gone from it is not told.
pub(super) fn places(kept: &BTreeMap<i64, Kept>, paths: &HashMap<String, String>) -> BTreeMap<i64, String> {
    let of_one = |(id, kept): (&i64, &Kept)| {
        let there = kept.in_doubt.iter().filter_map(|identity| paths.get(identity));
        Some((*id, in_words(there)?))
    };
    kept.iter().filter_map(of_one).collect()
}

/// The first of these places, and how many more there are; `None` where there is none.
pub(super) fn in_words<'p>(mut places: impl Iterator<Item = &'p String>) -> Option<String> {
    let first = places.next()?;
    Some(match places.count() {
        0 => first.clone(),
        more => format!("{first} and {more} more"),
    })
}

/// The outcome of a thing, with what stays on the player for it at `place`.
pub(super) fn and_stays(outcome: Outcome, place: &str, wanted: i64) -> Outcome {
    let stays = format!("{place}, which an earlier run put on the player, stays there as it is");
    let review = "until you answer: `ferrotape review`";
    let leave_out = format!("`ferrotape review --leave-out {wanted}` takes it off");
    match outcome {
        Outcome::NeedsReview(why) => Outcome::NeedsReview(format!("{why}; {stays} {review}")),
        Outcome::Waiting { reason, until, on } => {
            Outcome::Waiting { reason: format!("{reason}; {stays}"), until, on }
        }
        Outcome::NotInSources(why) => Outcome::NotInSources(format!("{why}; {stays} – {leave_out}")),
        Outcome::Failed(why) => Outcome::Failed(format!("{why}; {stays}")),
        Outcome::OnPlayer { path, substitute } => {
            let says = substitute.map(|says| format!("{says}; ")).unwrap_or_default();
            Outcome::OnPlayer { path, substitute: Some(format!("{says}{stays} until you say")) }
        }
        other @ (Outcome::LeftOut(_) | Outcome::NotYet(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(at: i64, word: Word) -> Said {
        Said { wanted_key: "k".to_owned(), label: String::new(), at, word }
    }

    #[test]
    fn only_a_pick_that_was_taken_back_is_one() {
        let pick = |content: &str| {
            let content = ContentId(content.to_owned());
            Word::Said(Verdict::UseFile { content, path: String::new(), heard: None })
        };
        let record = [
            said(1, pick("a")),
            said(2, Word::TakenBack { said_at: 1 }),
            said(3, pick("b")),
            said(4, Word::Said(Verdict::LeaveOut)),
            said(5, Word::TakenBack { said_at: 4 }),
        ];
        let expected = HashMap::from([("k".to_owned(), HashSet::from([ContentId("a".to_owned())]))]);
        assert_eq!(taken_back(&record), expected);
    }

    #[test]
    fn a_piece_is_of_its_file_and_of_no_other() {
        let of = |content: &str| is_of("file:0-9", &ContentId(content.to_owned()));
        assert!(of("file:0-9") && of("file"));
        assert!(!of("file:9-18") && !of("fil"));
    }

    #[test]
    fn every_open_outcome_tells_what_stays() {
        let told = |outcome: Outcome| match and_stays(outcome, "Music/a.mp3", 7) {
            Outcome::NeedsReview(says) | Outcome::NotInSources(says) | Outcome::Failed(says) => says,
            Outcome::Waiting { reason, .. } => reason,
            other => panic!("{other:?}"),
        };
        let waiting = Outcome::Waiting { reason: "down".to_owned(), until: String::new(), on: Vec::new() };
        for outcome in [
            Outcome::NeedsReview("two fit".to_owned()),
            Outcome::NotInSources("nothing".to_owned()),
            Outcome::Failed("broken".to_owned()),
            waiting,
        ] {
            let says = told(outcome);
            assert!(
                says.contains("; Music/a.mp3, which an earlier run put on the player, stays there"),
                "{says}"
            );
        }
        assert!(told(Outcome::NotInSources("nothing".to_owned())).contains("--leave-out 7"));
    }
}
