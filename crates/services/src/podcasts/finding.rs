//! Which feed a wanted podcast has: the user's word first, then what directories name and episodes prove.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ferrotape_domain::{Cancel, Fault, FaultKind, Wanted, WantedKind, feed_key};

use super::Settings;
use super::agreement::{Agreement, ENOUGH, agreement};
use super::directories::{self, Entry, Found};
use super::feed::Feed;
use super::feeds::{Answer, Feeds, Had, fault};
use super::gone::Gone;
use super::named::{Tried, Typed};
use super::place::Place;
use super::shows::{AskKnown, Episodes, Known, KnownShow, show_key, show_name};
use super::titles::{canonical, name_key, one_holds_the_other};
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
    ask_known: AskKnown,
    known: Mutex<Option<Arc<Known>>>,
    pub(super) feeds: Feeds,
    verdicts: Mutex<HashMap<String, Pending>>,
    /// By [`show_key`]: a podcast's name, and why it cannot be had.
    notes: Mutex<BTreeMap<String, (String, String)>>,
    /// By [`super::nearest`]: of wanted episodes that a feed does not have, what comes nearest there.
    pub(super) near: Mutex<BTreeMap<String, String>>,
    pub(super) typed: OnceLock<Typed>,
    /// By [`show_key`]: why there may be newer episodes than a podcast's feed has.
    pub(super) cut_off: Mutex<BTreeMap<String, Fault>>,
    /// By [`show_key`]: the names of feeds that what is known speaks against.
    pub(super) doubted: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

impl Finder {
    pub(super) fn new(net: Net, settings: Settings, ask_known: AskKnown) -> Self {
        let feeds = Feeds::new(net.clone());
        let (known, verdicts, notes) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (near, typed, doubted) = (Mutex::default(), OnceLock::new(), Mutex::default());
        let cut_off = Mutex::default();
        Self { net, settings, ask_known, known, feeds, verdicts, notes, near, typed, cut_off, doubted }
    }

    /// What the library knows, as of when it was first asked for.
    pub(super) fn known(&self) -> Result<Arc<Known>, Fault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*known {
            return Ok(Arc::clone(known));
        }
        let asked = Arc::new(Known::of((self.ask_known)()?).and_typed(self.settings.feeds.clone()));
        *known = Some(Arc::clone(&asked));
        Ok(asked)
    }

    /// Of podcasts that cannot be had: their name and why.
    pub(super) fn notes(&self) -> Vec<(String, String)> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.values().cloned().collect()
    }

    /// Why this one cannot be had.
    pub(super) fn note(&self, wanted: &Wanted) -> Option<String> {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.get(&show_key(wanted)?).map(|(_, says)| says.clone())
    }

    /// The feed of what is wanted; `None` where everybody was asked and none has one.
    pub(super) fn feed_of(&self, wanted: &Wanted, cancel: &Cancel) -> Result<Option<Arc<Had>>, Fault> {
        let Some(key) = show_key(wanted) else { return Ok(None) };
        let verdict_key = self.verdict_key(&key, wanted);
        let pending = {
            let mut all = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(verdict_key).or_default())
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
                Answer::Gone(_) => Ok(None),
            },
            Verdict::Nowhere => Ok(None),
            Verdict::Unknown(fault) => Err(fault),
        }
    }

    /// What a verdict is kept by. Where the user named several feeds for podcasts of a name, each episode has its own.
    fn verdict_key(&self, key: &str, wanted: &Wanted) -> String {
        let known = self.known().ok();
        let feeds = known.as_ref().and_then(|known| known.show(wanted)).map_or(0, |show| show.feeds.len());
        match wanted.kind {
            WantedKind::Episode if feeds > 1 => {
                let day = wanted.released.as_deref().unwrap_or_default();
                let length = wanted.duration.unwrap_or_default().as_secs();
                format!("{key}\n{}\n{day}\n{length}\n{:?}", wanted.title, wanted.artists.first())
            }
            _ => key.to_owned(),
        }
    }

    fn find(&self, key: &str, wanted: &Wanted, cancel: &Cancel) -> Verdict {
        let all = match self.known() {
            Ok(all) => all,
            Err(fault) => return Verdict::Unknown(fault),
        };
        let nothing = KnownShow::default();
        let known = all.show(wanted).unwrap_or(&nothing);
        let mut tried = Tried::default();
        match self.by_the_users_word((&*all, known), wanted, &mut tried, cancel) {
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
        let is_doubted =
            |entry: &&Entry| entry.feed.as_deref().is_some_and(|feed| tried.has_doubted(&feed_key(feed)));
        let entries: Vec<&Entry> = found.entries.iter().filter(|entry| !is_doubted(entry)).collect();
        let looked = self.look_into(name, &entries, &known.episodes_and(wanted), cancel);
        if let Some(own) = looked.own.as_ref().filter(|own| own.is_proved && wanted.feed.is_none()) {
            self.doubt_others(key, &own.place, &looked.others);
        }
        self.judge((key, name), &found, looked, &tried)
    }

    /// Notes that feeds of another title, one of which an earlier run may have taken, are not to be this podcast's any more:
    /// its own is found.
    fn doubt_others(&self, key: &str, own: &Place, others: &[Place]) {
        let is_other = |place: &&Place| feed_key(place.reveal()) != feed_key(own.reveal());
        let names: Vec<String> = others.iter().filter(is_other).map(Place::name).collect();
        if !names.is_empty() {
            let mut doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
            doubted.entry(key.to_owned()).or_default().extend(names);
        }
    }

    /// Where a public feed says that it has moved to, if that is there, holds as much, and is the same podcast: by its title,
    /// and by an episode where the publishers are known and are others.
    pub(super) fn moved(&self, had: &Had, cancel: &Cancel) -> Option<Place> {
        let to = had.feed.new_feed_url.as_deref().filter(|_| !had.place.is_private())?;
        let place = had.place.moved_to(to).filter(|place| *place != had.place)?;
        let Ok(Answer::Feed(new)) = self.feeds.get(&place, cancel) else { return None };
        let author = |feed: &Feed| feed.author.clone().unwrap_or_default();
        let is_by_another = one_holds_the_other(&author(&new.feed), &author(&had.feed)) == Some(false);
        let is_it = name_key(&new.feed.title) == name_key(&had.feed.title)
            && (!is_by_another || share_an_episode(&new.feed, &had.feed));
        (is_it && new.feed.episodes.len() >= had.feed.episodes.len()).then_some(place)
    }

    fn look_into(&self, name: &str, entries: &[&Entry], episodes: &Episodes<'_>, cancel: &Cancel) -> Looked {
        let mut looked = Looked::default();
        let is_the_name = |title: &str| name_key(title) == name_key(name);
        for entry in entries {
            let Some(place) = entry.feed.as_deref().and_then(Place::public) else {
                looked.hidden += 1;
                continue;
            };
            let is_listed_so = is_the_name(&entry.title);
            if looked.is_settled() {
                looked.others.extend((!is_listed_so).then_some(place));
                continue;
            }
            let had = match self.feeds.get(&place, cancel) {
                Ok(Answer::Feed(had)) => had,
                answer => {
                    if let Ok(Answer::Gone(again)) = &answer
                        && is_listed_so
                    {
                        looked.gone.note(&place, *again);
                    }
                    looked.note_unasked(answer.err(), is_listed_so);
                    looked.others.extend((!is_listed_so).then_some(place));
                    continue;
                }
            };
            let is_called_so = is_the_name(&had.feed.title);
            let is_own = is_called_so || is_listed_so;
            let agreement = agreement(&had.feed, episodes);
            let is_proved = agreement.proves(is_called_so);
            looked.others.extend((!is_own).then(|| place.clone()));
            // An old copy, or half of it, may prove a feed; what it lacks, the feed may have.
            if let Some(fault) = had.may_lack().filter(|_| !is_proved) {
                looked.note_unasked(Some(fault), is_own);
                continue;
            }
            let place = if is_proved { self.moved(&had, cancel).unwrap_or(place) } else { place };
            looked.note(Likely { agreement, is_proved, is_own, place, title: had.feed.title.clone() });
        }
        looked
    }

    fn judge(&self, (key, name): (&str, &str), found: &Found, looked: Looked, tried: &Tried) -> Verdict {
        // These may be of any title. What the user named would be taken first, and so is waited for first.
        let unknown = tried.unasked.clone().or_else(|| found.fault.clone());
        let gone = looked.gone.says();
        let is_own_left = unknown.is_some() || looked.own_fault.is_some() || looked.may_be_own();
        let unasked = unknown.or(looked.own_fault).or(looked.fault);
        let besides = || tried.says().map(|says| format!("; besides, {says}")).unwrap_or_default();
        let ask = |reason: String| Verdict::Unknown(fault(name, FaultKind::NeedsUser, reason));
        match (likeliest(looked.own, looked.other), unasked) {
            // One of another title proves nothing as long as one of the right title may be the one.
            (Some(best), _) if best.is_proved && (best.is_own || !is_own_left) => Verdict::Here(best.place),
            // What could not be asked may be the one.
            (_, Some(fault)) => Verdict::Unknown(Fault { reason: fault.reason + &besides(), ..fault }),
            (Some(best), None) => ask(unsure(name, &best) + &besides()),
            (None, None) => {
                let nobody = |it: &str| format!("no directory of podcasts has {it} (asked: {})", found.asked);
                let says = match (tried.says(), gone) {
                    (Some(tried), _) => format!("{tried}; {}", nobody("another")),
                    (None, Some(gone)) => format!("a directory lists it, but its feed is {gone}"),
                    (None, None) if looked.hidden > 0 => {
                        "a directory lists it, but it has no public feed: it is to be had from its own service only"
                            .to_owned()
                    }
                    (None, None) => {
                        let why = "it has no public feed, or is to be had from one service only";
                        format!("{}: {why}", nobody("it"))
                    }
                };
                if tried.has_doubts() {
                    let next = "import the address of the right one in a list of podcasts (OPML)";
                    return ask(format!("{says} – {next}"));
                }
                let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
                notes.insert(key.to_owned(), (name.to_owned(), says));
                Verdict::Nowhere
            }
        }
    }
}

/// What looking into feeds found.
#[derive(Debug, Default)]
struct Looked {
    /// The likeliest of those that have the podcast's name, there or in a directory.
    own: Option<Likely>,
    /// The likeliest of those that have another.
    other: Option<Likely>,
    /// All that have another, whether or not they could be asked.
    others: Vec<Place>,
    /// Entries that name no feed.
    hidden: usize,
    /// Feeds of those that are listed by the name, and that are there no more.
    gone: Gone,
    /// Why one that has the name could not be asked.
    own_fault: Option<Fault>,
    /// The same of one that has another.
    fault: Option<Fault>,
}

impl Looked {
    /// Whether nothing is left to find out: a feed of the name has all known episodes.
    fn is_settled(&self) -> bool {
        let is_whole = |own: &Likely| own.is_proved && own.agreement.agree == own.agreement.known;
        self.own.as_ref().is_some_and(is_whole)
    }

    fn note_unasked(&mut self, fault: Option<Fault>, is_own: bool) {
        let of = if is_own { &mut self.own_fault } else { &mut self.fault };
        *of = of.take().or(fault);
    }

    fn note(&mut self, likely: Likely) {
        if !likely.is_own {
            // An earlier run took it by the address that it moved to.
            self.others.push(likely.place.clone());
        }
        let of = if likely.is_own { &mut self.own } else { &mut self.other };
        if of.as_ref().is_none_or(|best| likely.rank() > best.rank()) {
            *of = Some(likely);
        }
    }

    /// Whether one that has the name may be the one, as far as it could be looked into.
    fn may_be_own(&self) -> bool {
        self.own.as_ref().is_some_and(|own| !own.agreement.disproves())
    }
}

fn share_an_episode(one: &Feed, other: &Feed) -> bool {
    let titles = |feed: &Feed| -> BTreeSet<String> {
        let titles = feed.episodes.iter().map(|episode| canonical(&episode.title));
        titles.filter(|title| !title.is_empty()).collect()
    };
    !titles(one).is_disjoint(&titles(other))
}

/// The likeliest of all: one of the podcast's name, unless what is known speaks against it and for one of another.
fn likeliest(own: Option<Likely>, other: Option<Likely>) -> Option<Likely> {
    let is_namesake = own.as_ref().is_some_and(|own| own.agreement.speaks_against());
    let other_agrees = other.as_ref().is_some_and(|other| other.agreement.agree > 0);
    if is_namesake && other_agrees { other } else { own.or(other) }
}

/// The feed that is it most likely.
#[derive(Debug)]
struct Likely {
    agreement: Agreement,
    is_proved: bool,
    /// It has the podcast's name, there or in a directory.
    is_own: bool,
    place: Place,
    /// What it calls itself.
    title: String,
}

impl Likely {
    /// Of feeds without an agreeing episode, one that is proved to be another podcast's counts least.
    fn rank(&self) -> (bool, usize, bool, bool) {
        let agreement = self.agreement;
        (self.is_proved, agreement.agree, !agreement.disproves(), !agreement.speaks_against())
    }
}

/// The question to the user.
fn unsure(name: &str, best: &Likely) -> String {
    let must = match best.agreement.is_enough() {
        true if best.is_proved => {
            format!("it calls itself “{}”, and there is another that has the name", best.title)
        }
        true => format!("nearly all must, for it calls itself “{}”", best.title),
        false => format!("{ENOUGH} must"),
    };
    format!(
        "“{name}” may be the feed {}, but that is not sure: {}, and {must} – if it is, import its address in a list of \
         podcasts (OPML)",
        best.place.name(),
        best.agreement.says()
    )
}
