//! Which feed a wanted podcast has: the user's word first, then what directories name and episodes prove.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ferrotape_domain::{Cancel, Fault, FaultKind, Wanted, WantedKind, feed_key};

use super::Settings;
use super::agreement::{Agreement, ENOUGH, agreement};
use super::directories::{self, Entry, Found};
use super::feeds::{Answer, Feeds, Had, fault};
use super::place::Place;
use super::shows::{Known, KnownShow, show_key, show_name};
use super::titles::name_key;
use crate::net::Net;

/// Which feed a podcast has.
#[derive(Debug, Clone)]
pub(super) enum Verdict {
    /// This one.
    Here(Place),
    /// None that everybody can have; why is said in the notes.
    Nowhere,
    /// It could not be found out.
    Unknown(Fault),
}

/// A verdict that may still be on its way.
type Pending = Arc<Mutex<Option<Verdict>>>;

/// Finds feeds, each podcast's once.
pub(super) struct Finder {
    pub(super) net: Net,
    pub(super) settings: Settings,
    pub(super) known: Known,
    pub(super) feeds: Feeds,
    verdicts: Mutex<HashMap<String, Pending>>,
    notes: Mutex<BTreeMap<String, String>>,
    typed: OnceLock<Typed>,
}

impl Finder {
    pub(super) fn new(net: Net, settings: Settings, known: Known) -> Self {
        let feeds = Feeds::new(net.clone());
        let (verdicts, notes, typed) = (Mutex::default(), Mutex::default(), OnceLock::new());
        Self { net, settings, known, feeds, verdicts, notes, typed }
    }

    /// Of podcasts that cannot be had: their name and why.
    pub(super) fn notes(&self) -> Vec<(String, String)> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.iter().map(|(name, says)| (name.clone(), says.clone())).collect()
    }

    /// The feed of what is wanted; `None` where everybody was asked and none has one.
    pub(super) fn feed_of(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Option<Arc<Had>>, Fault> {
        let Some(key) = show_key(wanted) else { return Ok(None) };
        let pending = {
            let mut all = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(key.clone()).or_default())
        };
        let mut verdict = pending.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match &*verdict {
            Some(known) => known.clone(),
            None => {
                let found = self.find(&key, wanted, cancel);
                if !cancel.is_stopped() {
                    *verdict = Some(found.clone());
                }
                found
            }
        };
        drop(verdict);
        match found {
            Verdict::Here(place) => match self.feeds.get(&place, cancel)? {
                Answer::Feed(had) => Ok(Some(had)),
                Answer::Gone => Ok(None),
            },
            Verdict::Nowhere => Ok(None),
            Verdict::Unknown(fault) => Err(fault),
        }
    }

    fn find(&self, key: &str, wanted: &Wanted, cancel: &Cancel) -> Verdict {
        let nothing = KnownShow::default();
        let known = self.known.show(key).unwrap_or(&nothing);
        let mut tried = Tried::default();
        match self.by_the_users_word(known, wanted, &mut tried, cancel) {
            Ok(Some(place)) => return Verdict::Here(place),
            Ok(None) => {}
            Err(fault) => return Verdict::Unknown(fault),
        }
        let name = show_name(wanted);
        if name.is_empty() {
            return Verdict::Nowhere;
        }
        let author = wanted.artists.first().unwrap_or(&known.author);
        let found = directories::ask(&self.net, &self.settings, (name, author), cancel);
        let mut episodes: Vec<&Wanted> = known.episodes.iter().collect();
        if wanted.kind == WantedKind::Episode {
            episodes.push(wanted);
        }
        let looked = self.look_into(&found.entries, &episodes, cancel);
        self.judge(name, &found, looked, &tried)
    }

    /// The first feed that the user named for it and that is there.
    fn by_the_users_word(
        &self,
        known: &KnownShow,
        wanted: &Wanted,
        tried: &mut Tried,
        cancel: &Cancel,
    ) -> Result<Option<Place>, Fault> {
        let mut trouble = None;
        let mut asked = BTreeSet::new();
        for address in wanted.feed.iter().chain(&known.feeds) {
            let place = self.known.place(address).filter(|_| asked.insert(feed_key(address)));
            let Some(place) = place else { continue };
            match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => return Ok(Some(self.moved(&had, cancel).unwrap_or(place))),
                Ok(Answer::Gone) => tried.gone.push(place.host().to_owned()),
                Err(fault) => trouble = trouble.or(Some(fault)),
            }
        }
        if let Some(fault) = trouble {
            return Err(fault);
        }
        let typed = self.typed.get_or_init(|| self.titles_of_typed(cancel));
        tried.unasked.clone_from(&typed.fault);
        let name = name_key(show_name(wanted));
        Ok(typed.feeds.iter().find(|(title, _)| *title == name).map(|(_, place)| place.clone()))
    }

    /// What the feeds that the user typed call themselves.
    fn titles_of_typed(&self, cancel: &Cancel) -> Typed {
        let mut typed = Typed::default();
        for place in self.known.only_typed() {
            match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => typed.feeds.push((name_key(&had.feed.title), place)),
                Ok(Answer::Gone) => {}
                Err(fault) => typed.fault = typed.fault.or(Some(fault)),
            }
        }
        typed
    }

    /// Where a public feed says that it has moved to, if that is there and holds as much.
    fn moved(&self, had: &Had, cancel: &Cancel) -> Option<Place> {
        let to = had.feed.new_feed_url.as_deref().filter(|_| !had.place.is_private())?;
        let place = had.place.moved_to(to).filter(|place| *place != had.place)?;
        let Ok(Answer::Feed(new)) = self.feeds.get(&place, cancel) else { return None };
        let is_it = name_key(&new.feed.title) == name_key(&had.feed.title);
        (is_it && new.feed.episodes.len() >= had.feed.episodes.len()).then_some(place)
    }

    fn look_into(&self, entries: &[Entry], episodes: &[&Wanted], cancel: &Cancel) -> Looked {
        let mut looked = Looked::default();
        for entry in entries {
            let Some(place) = entry.feed.as_deref().and_then(Place::public) else {
                looked.hidden += 1;
                continue;
            };
            let had = match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => had,
                Ok(Answer::Gone) => continue,
                Err(fault) => {
                    looked.fault = looked.fault.or(Some(fault));
                    continue;
                }
            };
            let agreement = agreement(&had.feed, episodes);
            let is_better = looked.best.as_ref().is_none_or(|(best, _)| agreement.agree > best.agree);
            if is_better {
                let place =
                    if agreement.is_enough() { self.moved(&had, cancel).unwrap_or(place) } else { place };
                looked.best = Some((agreement, place));
            }
            if agreement.is_enough() && agreement.agree == agreement.known {
                break;
            }
        }
        looked
    }

    fn judge(&self, name: &str, found: &Found, looked: Looked, tried: &Tried) -> Verdict {
        let unasked = found.fault.clone().or(looked.fault).or_else(|| tried.unasked.clone());
        match (looked.best, unasked) {
            (Some((agreement, place)), _) if agreement.is_enough() => Verdict::Here(place),
            // What could not be asked may be the one.
            (_, Some(fault)) => {
                let gone = tried.gone().map(|gone| format!("; besides, {gone}")).unwrap_or_default();
                Verdict::Unknown(Fault { reason: fault.reason + &gone, ..fault })
            }
            (Some((agreement, place)), None) => {
                Verdict::Unknown(fault(name, FaultKind::NeedsUser, unsure(name, agreement, &place)))
            }
            (None, None) => {
                let says = if let Some(gone) = tried.gone() {
                    &format!("{gone}; no directory of podcasts has another")
                } else if looked.hidden > 0 {
                    "a directory lists it, but it has no public feed: it is to be had from its own service only"
                } else {
                    "no directory of podcasts has it: it has no public feed, or is to be had from one service only"
                };
                let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
                notes.insert(name.to_owned(), says.to_owned());
                Verdict::Nowhere
            }
        }
    }
}

/// What the user's word came to, where it did not lead to a feed.
#[derive(Debug, Default)]
struct Tried {
    /// The hosts of feeds that the user named and that are there no more.
    gone: Vec<String>,
    /// Why a feed that the user typed, and that may be the one, could not be asked.
    unasked: Option<Fault>,
}

impl Tried {
    /// That feeds are gone, as a sentence without full stop.
    fn gone(&self) -> Option<String> {
        let hosts = self.gone.join(", ");
        let says = "look whether it has moved, and import its new address";
        (!hosts.is_empty()).then(|| format!("the feed that you named is not at {hosts} any more – {says}"))
    }
}

/// The feeds that the user typed, with what each calls itself.
#[derive(Debug, Default)]
struct Typed {
    feeds: Vec<(String, Place)>,
    fault: Option<Fault>,
}

/// What looking into feeds found.
#[derive(Debug, Default)]
struct Looked {
    best: Option<(Agreement, Place)>,
    /// Entries that name no feed.
    hidden: usize,
    fault: Option<Fault>,
}

/// The question to the user.
fn unsure(name: &str, agreement: Agreement, place: &Place) -> String {
    let says = agreement.says();
    format!(
        "“{name}” may be the feed {}, but that is not sure: {says}, and {ENOUGH} must – if it is, import its address in a \
         list of podcasts (OPML)",
        place.name()
    )
}
