//! What a register of sounds calls a file, held against what texts made of it: doubt where it is known as something
//! else. That it is known as the very recording that is wanted is told, and decides nothing: only the first two minutes are
//! known, so a file that ends too soon, or another version of the same title, sounds the same.
//!
//! | wanted | chosen by its texts | its sound is known as | result |
//! |---|---|---|---|
//! | `Ember` | `Ember` | `Ember`, or nothing | as before |
//! | `Ember` | a file tagged `Ember` | `Cinder` by Lisk | review: "its sound is known as “Cinder” by Lisk" |
//! | `Ember`, MusicBrainz id 1 | nothing: `Track 3` goes to review | id 1, called `Ember` | review, with the word about it |

use ferrotape_domain::{Choice, Evidence, Objection, SoundName, Wanted};

use crate::readings::names::{Agreement, Names};
use crate::readings::title::Title;
use crate::texts::normalise::{only_typos, squash};
use crate::texts::phrases::contains_phrase;

/// Points that a proof by sound adds, as an agreeing identifier does.
const PROOF: f32 = 2.0;
/// Less alike sounds, of 1000, prove nothing and raise no doubt.
const ALIKE: u16 = 900;

/// The same choice with what the sounds of its files are called taken into account; `names_of` tells that by
/// [`ferrotape_domain::Match::file_id`].
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
        Choice::Review(mut candidates, why) => {
            for one in &mut candidates {
                if is_proven(wanted, names_of(one.file_id)) {
                    one.evidence.push(proof());
                }
            }
            Choice::Review(candidates, why)
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

/// Whether a sound of these names is surely known, and under none that can be the wanted one.
pub fn is_known_as_another(wanted: &Wanted, names: &[SoundName]) -> bool {
    !is_proven(wanted, names) && another_name(wanted, names).is_some()
}

/// What the sound is known as, where none of its names can be the wanted one.
fn another_name(wanted: &Wanted, names: &[SoundName]) -> Option<String> {
    let mut sure = names.iter().filter(|name| name.alike >= ALIKE && !name.title.is_empty());
    let first = sure.clone().next()?;
    let is_another =
        |name: &SoundName| is_another_title(&wanted.title, &name.title) || is_by_others(wanted, name);
    if wanted.title.is_empty() || !sure.all(is_another) {
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
    // One word stands in many a title.
    let within = |text: &str, words: &str| words.contains(' ') && contains_phrase(text, words);
    let same = squash(&wanted.base) == squash(&name.base)
        || within(&one, &name.base)
        || within(&other, &wanted.base)
        || only_typos(&wanted.base, &name.base);
    let readable = one.is_ascii() && other.is_ascii();
    !same && readable
}

/// Whether none of the artists can be a wanted one.
fn is_by_others(wanted: &Wanted, name: &SoundName) -> bool {
    let wanted = Names::of(wanted.artists.names());
    let theirs = Names::of(name.artists.iter().map(String::as_str));
    let readable = wanted.0.iter().chain(&theirs.0).all(|name| name.folded.is_ascii());
    readable && wanted.agreement(&theirs, wanted.0.len()) == Agreement::Differs
}

#[cfg(test)]
mod tests {
    use ferrotape_domain::{Match, Mbid, WantedKind};

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
            &[name(2, "Ember (Lisk Remix)", 980)],
        ];
        for names in told {
            let kept = judge("Ember", Choice::Chosen(found(None)), names);
            assert!(matches!(kept, Choice::Chosen(_)), "{names:?}");
        }
    }

    #[test]
    fn another_artist_of_the_same_title_raises_doubt() {
        let mut hello = wanted("Hello");
        hello.artists = ferrotape_domain::ArtistCredit::printed("Adela");
        let names = [name(2, "Hello", 980)];
        let doubted = judged_by_sound_names(&hello, Choice::Chosen(found(None)), &|_| &names);
        assert!(matches!(doubted, Choice::Review(..)), "{doubted:?}");
        hello.artists = ferrotape_domain::ArtistCredit::printed("Lisk feat. Adela");
        let kept = judged_by_sound_names(&hello, Choice::Chosen(found(None)), &|_| &names);
        assert!(matches!(kept, Choice::Chosen(_)), "{kept:?}");
    }

    #[test]
    fn one_word_within_a_longer_title_is_no_agreement() {
        let names = [name(2, "Dying Ember of the North", 980)];
        assert!(matches!(judge("Ember", Choice::Chosen(found(None)), &names), Choice::Review(..)));
    }

    #[test]
    fn a_sound_that_is_known_is_told_and_settles_nothing() {
        let names = [name(1, "Ember", 980)];
        let review = Choice::Review(vec![found(Some("title"))], "it may be cut off".to_owned());
        let Choice::Review(files, why) = judge("Ember", review, &names) else { panic!("it was taken") };
        assert_eq!(files[0].evidence.last().unwrap().says, "its sound is known as this very recording");
        assert_eq!((files[0].objection.is_some(), why.as_str()), (true, "it may be cut off"));
        let misnamed = [name(1, "Cinder", 980)];
        let review = Choice::Review(vec![found(None)], String::new());
        let Choice::Review(files, _) = judge("Ember", review, &misnamed) else { panic!("it was taken") };
        assert!(files[0].evidence.is_empty());
    }
}
