//! An episode of one of several podcasts of a name, each with a feed that the user named: the one whose feed has it is taken,
//! by its publisher, its day and its length. Where these do not tell, it is a question.

use std::sync::Arc;

use ferrotape_domain::{Cancel, Fault, FaultKind, Wanted};

use super::agreement::agreement;
use super::feed::{Feed, FeedEpisode};
use super::feeds::{Answer, Had, fault};
use super::finding::Finder;
use super::place::Place;
use super::shows::{Episodes, show_name};
use super::titles::{Names, one_holds_the_other};

/// What two feeds of one podcast say of an episode may differ by so many seconds.
const MOMENT: u64 = 60;
const LENGTH: u64 = 1;

/// How much speaks for a feed being that of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    /// It does not have it.
    Nothing,
    /// Its title.
    Title,
    /// Its title, and its day or length.
    DayOrLength,
    /// Its title, and who publishes it.
    Publisher,
}

/// One of the feeds.
struct Either {
    word: Word,
    place: Place,
    had: Arc<Had>,
}

impl Finder {
    /// The feed of these that an episode is of; `trouble` is why another of the name could not be asked.
    pub(super) fn of_either(
        &self,
        may_be: Vec<Place>,
        wanted: &Wanted,
        mut trouble: Option<Fault>,
        cancel: &Cancel,
    ) -> Result<Option<Place>, Fault> {
        let (mut all, several): (Vec<Either>, bool) = (Vec::new(), may_be.len() > 1);
        for place in may_be {
            if let Answer::Feed(had) = self.feeds.get(&place, cancel)? {
                let word = word_of(&had.feed, wanted);
                // That an old copy, or half of it, does not have it says nothing of the feed.
                if several && word == Word::Nothing {
                    trouble = trouble.or_else(|| had.may_lack());
                }
                all.push(Either { word, place, had });
            }
        }
        let most = all.iter().map(|one| one.word).max().unwrap_or(Word::Nothing);
        if let Some(trouble) = trouble.filter(|_| most < Word::DayOrLength) {
            return Err(trouble);
        }
        all.retain(|one| one.word == most);
        let is_else = |one: &Either, other: &Either| !have_one(&one.had.feed, &other.had.feed, wanted);
        match all.as_slice() {
            [first, others @ ..] if most > Word::Nothing && others.iter().any(|one| is_else(first, one)) => {
                Err(which_one(&all, wanted))
            }
            [first, ..] => Ok(Some(first.place.clone())),
            [] => Ok(None),
        }
    }
}

fn word_of(feed: &Feed, wanted: &Wanted) -> Word {
    let publisher = wanted.artists.first().unwrap_or_default();
    let found = agreement(feed, &Episodes { all: vec![wanted], publisher });
    let author = feed.author.as_deref().unwrap_or_default();
    if found.agree + found.bare + found.by_title == 0 {
        Word::Nothing
    } else if one_holds_the_other(author, publisher) == Some(true) {
        Word::Publisher
    } else if found.agree > 0 {
        Word::DayOrLength
    } else {
        Word::Title
    }
}

/// Whether two feeds have the episode as one: two addresses of one podcast say the same of it.
fn have_one(one: &Feed, other: &Feed, wanted: &Wanted) -> bool {
    let names = Names::of(&[&one.title, &other.title, wanted.release.as_deref().unwrap_or_default()]);
    let heading = names.heading(&wanted.title);
    let of_title = |episode: &&FeedEpisode| names.heading(&episode.title).is_of_one(&heading);
    let is_one = |one: &FeedEpisode, other: &FeedEpisode| {
        let moments = one.published.as_ref().zip(other.published.as_ref());
        let at_once = moments.is_some_and(|(one, other)| one.at.abs_diff(other.at) <= MOMENT);
        let lengths = one.duration.zip(other.duration);
        let as_long = lengths.is_none_or(|(one, other)| one.abs_diff(other).as_secs() <= LENGTH);
        one.audio.url == other.audio.url || (at_once && as_long)
    };
    let theirs: Vec<&FeedEpisode> = other.episodes.iter().filter(of_title).collect();
    one.episodes.iter().filter(of_title).any(|own| theirs.iter().any(|their| is_one(own, their)))
}

/// The question to the user.
fn which_one(all: &[Either], wanted: &Wanted) -> Fault {
    let name = show_name(wanted);
    let hosts: Vec<&str> = all.iter().map(|one| one.place.host()).collect();
    let reason = format!(
        "you named several podcasts called “{name}” that have “{}” (at {}), and neither publisher, day nor length tells which \
         it is of – put a file of it into your folders, or take the other podcast off your lists",
        wanted.title,
        hosts.join(", ")
    );
    fault(name, FaultKind::NeedsUser, reason)
}
