//! Feeds that the user named: for this very podcast, which is their word and needs no proof; or for one of its name, which
//! may be another's (`The Daily`, `Daily Podcast`), and is taken only where nothing known speaks against it.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use ferrotape_domain::{Cancel, Fault, Wanted, WantedKind, feed_key};

use super::agreement::agreement;
use super::before;
use super::feed::Feed;
use super::feeds::{Answer, Had};
use super::finding::Finder;
use super::gone::Gone;
use super::place::Place;
use super::shows::{Known, KnownShow, show_key, show_name};
use super::titles::{name_key, one_holds_the_other};

impl Finder {
    /// The first feed that the user named for it, or for one of its name, and that is there.
    pub(super) fn by_the_users_word(
        &self,
        (all, known): (&Known, &KnownShow),
        wanted: &Wanted,
        tried: &mut Tried,
        cancel: &Cancel,
    ) -> Result<Option<Place>, Fault> {
        let place_of = |address: &String| Some((all.place(address)?, feed_key(address)));
        let mut asked = BTreeSet::new();
        if let Some((place, key)) = wanted.feed.as_ref().and_then(place_of) {
            // One that cannot be asked now is not replaced by one of its name.
            match self.feeds.get(&place, cancel)? {
                Answer::Feed(had) => {
                    if had.is_unjudged && !looks_like(&had.feed, known, wanted) {
                        return Err(before::led_elsewhere(&had.place, &had.feed, show_name(wanted)));
                    }
                    self.settle(&had);
                    return Ok(Some(self.moved(&had, cancel).unwrap_or(place)));
                }
                Answer::Gone(again) => tried.gone.note(&place, again),
            }
            asked.insert(key);
        }
        let (mut trouble, mut may_be) = (None, Vec::new());
        for (place, key) in known.feeds.iter().filter_map(place_of) {
            if !asked.insert(key) {
                continue;
            }
            match self.unless_doubted(&place, (known, wanted), tried, cancel) {
                // Of several podcasts of a name an episode is of that one which has it.
                Ok(Some(place)) if wanted.kind == WantedKind::Episode => may_be.push(place),
                Ok(Some(place)) => return Ok(Some(place)),
                Ok(None) => {}
                Err(fault) => trouble = trouble.or(Some(fault)),
            }
        }
        if !may_be.is_empty() {
            return self.of_either(may_be, wanted, trouble, cancel);
        }
        if let Some(fault) = trouble {
            return Err(fault);
        }
        let typed = self.typed.get_or_init(|| self.titles_of_typed(all, cancel));
        tried.unasked = tried.unasked.take().or_else(|| typed.fault.clone());
        let name = name_key(show_name(wanted));
        for (_, place) in typed.feeds.iter().filter(|(title, _)| *title == name && !name.is_empty()) {
            if let Some(place) = self.unless_doubted(place, (known, wanted), tried, cancel)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// A feed of its name, unless it is gone or what is known speaks against it; both is noted. An old copy is no evidence
    /// against it, nor is half of it: the feed may have what that lacks. Then it counts as one that could not be asked.
    fn unless_doubted(
        &self,
        place: &Place,
        (known, wanted): (&KnownShow, &Wanted),
        tried: &mut Tried,
        cancel: &Cancel,
    ) -> Result<Option<Place>, Fault> {
        let had = match self.feeds.get(place, cancel)? {
            Answer::Feed(had) => had,
            Answer::Gone(again) => {
                // Of one that has a feed of its own, others are nobody's loss.
                if wanted.feed.is_none() {
                    tried.gone.note(place, again);
                }
                return Ok(None);
            }
        };
        let led = had.is_unjudged && !looks_like(&had.feed, known, wanted);
        let led = led.then(|| format!("its address leads to one that calls itself “{}”", had.feed.title));
        match (doubt(&had.feed, known, wanted).or(led), had.may_lack()) {
            (Some(_), Some(fault)) => {
                tried.unasked.get_or_insert(fault);
                Ok(None)
            }
            (Some(why), None) => {
                tried.doubted.push((feed_key(place.reveal()), format!("at {}: {why}", place.host())));
                self.note_doubt(&had, (known, wanted), cancel);
                Ok(None)
            }
            (None, _) => {
                self.settle(&had);
                Ok(Some(self.moved(&had, cancel).unwrap_or_else(|| place.clone())))
            }
        }
    }

    /// Notes what a feed is whose address led elsewhere before anything was known of it: it is the podcast.
    fn settle(&self, had: &Had) {
        if had.is_unjudged {
            self.feeds.note(had);
        }
    }

    /// Notes that a feed, which an earlier run may have taken, is not to be this podcast's any more. Where it says that it
    /// moved, its episodes went by that address, so this is looked at as well and judged by its own episodes.
    ///
    /// A podcast with a feed of its own is passed over: it has other addresses from that feed's own word or by proof, and
    /// only lacks proof of this one now.
    fn note_doubt(&self, had: &Had, (known, wanted): (&KnownShow, &Wanted), cancel: &Cancel) {
        let Some(key) = show_key(wanted).filter(|_| wanted.feed.is_none()) else { return };
        let mut names = vec![had.place.name()];
        if let Some(place) = self.moved(had, cancel)
            && let Ok(Answer::Feed(new)) = self.feeds.get(&place, cancel)
            && new.may_lack().is_none()
            && doubt(&new.feed, known, wanted).is_some()
        {
            names.push(place.name());
        }
        let mut doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        doubted.entry(key).or_default().extend(names);
    }

    /// The names of feeds that what is known speaks against, as far as this podcast was looked for.
    pub(super) fn doubted_feeds(&self, wanted: &Wanted) -> Vec<String> {
        let Some(key) = show_key(wanted) else { return Vec::new() };
        let doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        doubted.get(&key).into_iter().flatten().cloned().collect()
    }

    /// What the feeds that the user typed call themselves.
    fn titles_of_typed(&self, known: &Known, cancel: &Cancel) -> Typed {
        let mut typed = Typed::default();
        for place in known.only_typed() {
            match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => {
                    // Where half of it, or an old copy, does not tell how it is called, it may be any podcast's.
                    let fault = had.may_lack().filter(|_| had.feed.title.is_empty());
                    typed.fault = typed.fault.or(fault);
                    typed.feeds.push((name_key(&had.feed.title), place));
                }
                Ok(Answer::Gone(_)) => {}
                Err(fault) => typed.fault = typed.fault.or(Some(fault)),
            }
        }
        typed
    }
}

/// Whether what an address led to looks like the wanted podcast: one title holds the other, and it is not known to be by
/// another publisher; or a known episode is in it. Where nobody says how it is called, nothing speaks against it. The
/// publisher alone says nothing: publishers send whoever asks for what they gave up to a sister of it.
fn looks_like(feed: &Feed, known: &KnownShow, wanted: &Wanted) -> bool {
    let name = show_name(wanted);
    let is_titled_so =
        name_key(&feed.title) == name_key(name) || one_holds_the_other(&feed.title, name).unwrap_or(true);
    let author = feed.author.as_deref().unwrap_or_default();
    let publisher = wanted.artists.first().unwrap_or(&known.author);
    let is_of_another = one_holds_the_other(author, publisher) == Some(false);
    (is_titled_so && !is_of_another) || agreement(feed, &known.episodes_and(wanted)).agree > 0
}

/// Why a feed that the user named for a podcast of this name may be another's, without full stop. One that has a feed of
/// its own takes that of a namesake only where episodes prove it, as from a directory. Against another publisher titles
/// alone do not count, however many: podcasts of one name are often about one thing (`Harbour`, `Gulls`).
fn doubt(feed: &Feed, known: &KnownShow, wanted: &Wanted) -> Option<String> {
    let agreement = agreement(feed, &known.episodes_and(wanted));
    if agreement.is_enough() {
        return None;
    }
    if wanted.feed.is_some() || agreement.speaks_against() {
        return Some(agreement.says());
    }
    let author = feed.author.as_deref().unwrap_or_default();
    let publisher = wanted.artists.first().unwrap_or(&known.author);
    (agreement.agree == 0 && one_holds_the_other(author, publisher) == Some(false))
        .then(|| format!("it is published by {author}, and one by {publisher} is wanted"))
}

/// What the user's word came to, where it did not lead to a feed.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Feeds that the user named and that are there no more.
    gone: Gone,
    /// Feeds of its name that may be another's, by [`feed_key`], with host and why.
    doubted: Vec<(String, String)>,
    /// Why a feed that the user named, and that may be the one, could not be asked.
    pub(super) unasked: Option<Fault>,
}

impl Tried {
    pub(super) fn has_doubts(&self) -> bool {
        !self.doubted.is_empty()
    }

    /// Whether this feed was looked at, and may be another's.
    pub(super) fn has_doubted(&self, key: &str) -> bool {
        self.doubted.iter().any(|(known, _)| known == key)
    }

    /// All of it as a sentence without full stop.
    pub(super) fn says(&self) -> Option<String> {
        let next = "look whether it has moved, and import its new address";
        let gone = self.gone.says().map(|says| format!("the feed that you named is {says} – {next}"));
        let doubts: Vec<&str> = self.doubted.iter().map(|(_, says)| says.as_str()).collect();
        let doubted = format!(
            "a feed of this name that you named may be another podcast's, {}",
            doubts.join("; and another ")
        );
        let parts = [gone, self.has_doubts().then_some(doubted)];
        parts.into_iter().flatten().reduce(|one, other| format!("{one}; {other}"))
    }
}

/// The feeds that the user typed, with what each calls itself.
#[derive(Debug, Default)]
pub(super) struct Typed {
    feeds: Vec<(String, Place)>,
    fault: Option<Fault>,
}
