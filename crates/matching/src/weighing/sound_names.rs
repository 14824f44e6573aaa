//! What a register of sounds calls a file, held against what texts made of it: doubt where it is known as something
//! else, proof where it is known as the very recording that is wanted.
//!
//! | wanted | chosen by its texts | its sound is known as | result |
//! |---|---|---|---|
//! | `Ember` | `Ember` | `Ember`, or nothing | as before |
//! | `Ember` | a file tagged `Ember` | `Cinder` by Lisk | review: "its sound is known as “Cinder” by Lisk" |
//! | `Ember`, MusicBrainz id 1 | nothing: `Track 3` goes to review | id 1, called `Ember` | chosen |

use ferrotape_domain::{Choice, Evidence, Match, Objection, SoundName, Wanted};

use crate::readings::title::Title;
use crate::texts::normalise::{only_typos, squash};
use crate::texts::phrases::contains_phrase;

/// Points that a proof by sound adds, as an agreeing identifier does.
const PROOF: f32 = 2.0;
/// How sure a match is that texts left open and sound proves.
const PROVEN: f32 = 0.97;
/// Less alike sounds, of 1000, prove nothing and raise no doubt.
const ALIKE: u16 = 900;

/// The same choice with what the sounds of its files are called taken into account; `names_of` tells that by
/// [`Match::file_id`].
pub fn judged_by_sound_names<'n>(
    wanted: &Wanted,
    choice: Choice,
    names_of: &dyn Fn(i64) -> &'n [SoundName],
) -> Choice {
    match choice {
        Choice::Chosen(mut found) => {
            let names = names_of(found.file_id);
            if is_proven(wanted, names) {
                found.evidence.push(proof());
                return Choice::Chosen(found);
            }
            let Some(says) = another_name(wanted, names) else { return Choice::Chosen(found) };
            found.objection = Some(Objection { kind: "sound", says: says.clone() });
            Choice::Review(vec![found], says)
        }
        Choice::Review(candidates, why) => {
            let proven: Vec<&Match> = candidates
                .iter()
                .filter(|one| is_proven(wanted, names_of(one.file_id)) && only_words_speak_against(one))
                .collect();
            match proven.as_slice() {
                [one] => {
                    let mut found = (*one).clone();
                    found.evidence.push(proof());
                    found.objection = None;
                    found.score = found.score.max(PROVEN);
                    Choice::Chosen(found)
                }
                _ => Choice::Review(candidates, why),
            }
        }
        Choice::None(why) => Choice::None(why),
    }
}

fn proof() -> Evidence {
    let says = "its sound is known as this very recording".to_owned();
    Evidence { kind: "sound", weight: PROOF, says }
}

/// Whether the sound is known as the wanted recording, under a title that agrees: identifiers are wrong now and then.
fn is_proven(wanted: &Wanted, names: &[SoundName]) -> bool {
    let Some(mbid) = &wanted.recording_mbid else { return false };
    let is_it = |name: &&SoundName| name.alike >= ALIKE && name.recording == *mbid;
    names.iter().find(is_it).is_some_and(|name| !is_another_title(&wanted.title, &name.title))
}

/// What was against it is in its names only: neither its length nor which version it is.
fn only_words_speak_against(found: &Match) -> bool {
    let of_words = |kind: &str| matches!(kind, "spelling" | "names" | "title" | "artist");
    let objection_is = found.objection.as_ref().is_none_or(|objection| of_words(objection.kind));
    let counts_against = |evidence: &Evidence| {
        evidence.weight < 0.0 && matches!(evidence.kind, "duration" | "version" | "sound")
    };
    objection_is && found.substitute.is_none() && !found.evidence.iter().any(counts_against)
}

/// What the sound is known as, where none of its names can be the wanted one.
fn another_name(wanted: &Wanted, names: &[SoundName]) -> Option<String> {
    let mut sure = names.iter().filter(|name| name.alike >= ALIKE && !name.title.is_empty());
    let first = sure.clone().next()?;
    if wanted.title.is_empty() || !sure.all(|name| is_another_title(&wanted.title, &name.title)) {
        return None;
    }
    let by = first.artists.join(", ");
    let by = if by.is_empty() { by } else { format!(" by {by}") };
    Some(format!("its sound is known as “{}”{by}", first.title))
}

/// Whether two titles cannot be of one recording. Titles in different scripts may be translations, so they can.
fn is_another_title(wanted: &str, name: &str) -> bool {
    let (wanted, name) = (Title::parse(wanted), Title::parse(name));
    let (one, other) = (wanted.whole(), name.whole());
    let same = squash(&wanted.base) == squash(&name.base)
        || contains_phrase(&one, &name.base)
        || contains_phrase(&other, &wanted.base)
        || only_typos(&wanted.base, &name.base);
    let readable = one.is_ascii() && other.is_ascii();
    !same && readable
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{Mbid, WantedKind};

    use super::*;

    const ID: &str = "11111111-1111-4111-8111-111111111111";

    fn wanted(title: &str) -> Wanted {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = title.to_owned();
        wanted.recording_mbid = Mbid::parse(ID).ok();
        wanted
    }

    fn name(id: u8, title: &str, alike: u16) -> SoundName {
        let recording = Mbid::parse(&format!("{id}1111111-1111-4111-8111-111111111111")).unwrap();
        SoundName { recording, title: title.to_owned(), artists: vec!["Lisk".to_owned()], alike }
    }

    fn found(objection: Option<&'static str>) -> Match {
        let objection = objection.map(|kind| Objection { kind, says: "no".to_owned() });
        Match { file_id: 1, score: 0.6, evidence: Vec::new(), substitute: None, objection }
    }

    fn judge(title: &str, choice: Choice, names: &[SoundName]) -> Choice {
        judged_by_sound_names(&wanted(title), choice, &|_| names)
    }

    #[test]
    fn a_file_that_is_known_as_something_else_goes_to_a_person() {
        let names = [name(2, "Cinder", 980)];
        let Choice::Review(files, why) = judge("Ember", Choice::Chosen(found(None)), &names) else {
            panic!("it was taken")
        };
        assert_eq!((files.len(), why.as_str()), (1, "its sound is known as “Cinder” by Lisk"));
    }

    #[test]
    fn no_name_that_may_be_the_wanted_one_raises_doubt() {
        let told: [&[SoundName]; 6] = [
            &[],
            &[name(2, "", 980)],
            &[name(2, "Cinder", 700)],
            &[name(2, "Cinder", 980), name(3, "Ember - Remastered 2011", 950)],
            &[name(2, "Уголёк", 980)],
            &[name(2, "The Ember (Lisk Remix)", 980)],
        ];
        for names in told {
            let kept = judge("Ember", Choice::Chosen(found(None)), names);
            assert!(matches!(kept, Choice::Chosen(_)), "{names:?}");
        }
    }

    #[test]
    fn sound_settles_what_only_words_leave_open() {
        let names = [name(1, "Ember", 980)];
        let review = |objection| Choice::Review(vec![found(objection)], "unsure".to_owned());
        for objection in [None, Some("title"), Some("artist"), Some("names")] {
            let Choice::Chosen(one) = judge("Ember", review(objection), &names) else {
                panic!("{objection:?} was not settled")
            };
            assert!(one.objection.is_none() && one.score > 0.9);
            assert_eq!(one.evidence.last().unwrap().says, "its sound is known as this very recording");
        }
        for objection in [Some("version"), Some("duration"), Some("sound")] {
            assert!(matches!(judge("Ember", review(objection), &names), Choice::Review(..)), "{objection:?}");
        }
        let misnamed = [name(1, "Cinder", 980)];
        assert!(matches!(judge("Ember", review(None), &misnamed), Choice::Review(..)));
    }

    #[test]
    fn two_files_that_are_both_known_as_it_stay_with_the_person() {
        let both = vec![found(None), Match { file_id: 2, ..found(None) }];
        let names = [name(1, "Ember", 980)];
        assert!(matches!(judge("Ember", Choice::Review(both, "two".to_owned()), &names), Choice::Review(..)));
    }
}
