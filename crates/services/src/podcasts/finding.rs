//! Which feed a wanted podcast has: the user's word first, then what directories name and episodes prove.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use ferrotape_domain::{Cancel, Fault, FaultKind, Wanted, WantedKind};

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
}

impl Finder {
    pub(super) fn new(net: Net, settings: Settings, known: Known) -> Self {
        let feeds = Feeds::new(net.clone());
        Self { net, settings, known, feeds, verdicts: Mutex::default(), notes: Mutex::default() }
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
        let mut gone = Vec::new();
        match self.by_the_users_word(known, wanted, &mut gone, cancel) {
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
        self.judge(name, &found, looked, &gone)
    }

    /// The first feed that the user named and that is there; `gone` gets the hosts of those that are not any more.
    fn by_the_users_word(
        &self,
        known: &KnownShow,
        wanted: &Wanted,
        gone: &mut Vec<String>,
        cancel: &Cancel,
    ) -> Result<Option<Place>, Fault> {
        let mut trouble = None;
        for address in wanted.feed.iter().chain(&known.feeds) {
            let Some(place) = Place::of_user(address) else { continue };
            match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => return Ok(Some(self.moved(&had, cancel).unwrap_or(place))),
                Ok(Answer::Gone) => gone.push(place.host().to_owned()),
                Err(fault) => trouble = trouble.or(Some(fault)),
            }
        }
        trouble.map_or(Ok(None), Err)
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

    fn judge(&self, name: &str, found: &Found, looked: Looked, gone: &[String]) -> Verdict {
        match (looked.best, found.fault.clone().or(looked.fault)) {
            (Some((agreement, place)), _) if agreement.is_enough() => Verdict::Here(place),
            // What could not be asked may be the one.
            (_, Some(fault)) => Verdict::Unknown(fault),
            (Some((agreement, place)), None) => {
                Verdict::Unknown(fault(name, FaultKind::NeedsUser, unsure(name, agreement, &place)))
            }
            (None, None) => {
                let says = if !gone.is_empty() {
                    let hosts = gone.join(", ");
                    &format!(
                        "the feed that you named is not at {hosts} any more, and no directory of podcasts has another – \
                         look whether it has moved, and import its new address"
                    )
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
