//! Asking places what they have: whole listings where a place gives them, else one thing after the other. All places at
//! the same time; each at its own pace.

use std::collections::{HashMap, HashSet};

use ferrotape_domain::{Asked, Catalogue, Fault, FaultKind, ListsAll, Phase, RemoteOffer, Searches, Wanted};
use ferrotape_store::DOUBTED;

use super::{Elsewhere, Open};
use crate::feeds_of_shows::{self, FeedsOfShows};
use crate::{Context, EngineError};

/// A place that failed so often in a row is not asked any further in this run.
const PATIENCE: usize = 3;
/// Things that a place is asked for in one run; the next one goes on.
const MOST_ASKED: usize = 2_000;
/// Offers of one place that are looked at; a library has fewer.
const MOST_OFFERS: usize = 2_000_000;
/// A listing of a place that cannot tell whether it changed holds for so many seconds.
const HOLDS_S: i64 = 3_600;

/// What one place said.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) offers: Vec<RemoteOffer>,
    /// Which feeds it took for podcasts.
    pub(super) feeds: FeedsOfShows,
    /// Which are not to be those podcasts' any more.
    pub(super) doubted: FeedsOfShows,
    /// Which of its offers came and are not what they were picked for.
    pub(super) no_use: HashSet<usize>,
    /// Which of its offers could not be had. They may be what is wanted all the same, so that no other is taken for it.
    pub(super) not_had: HashSet<usize>,
    /// Things it was asked for.
    pub(super) asked: u64,
    /// Whether its list was asked for again because what came before was not what it lists.
    pub(super) listed_again: bool,
    /// Why it could not be asked, or not for all.
    pub(super) fault: Option<Fault>,
    /// The things it could not be asked for; all of them when it lists everything and could not.
    not_asked: HashMap<i64, Fault>,
    all: bool,
}

impl Heard {
    /// Why this place does not know whether it has a thing.
    pub(super) fn not_asked(&self, wanted_id: i64) -> Option<&Fault> {
        self.not_asked.get(&wanted_id).or_else(|| self.fault.as_ref().filter(|_| self.all))
    }

    /// What the place says of feeds after a search for a podcast; it may doubt some and have none.
    fn note_feeds(&mut self, place: &dyn Catalogue, wanted: &Wanted, offers: &[RemoteOffer]) {
        if place.is_sure_of_feeds() {
            feeds_of_shows::note(&mut self.feeds, wanted, (place.name(), offers));
            feeds_of_shows::doubt(&mut self.doubted, wanted, &place.doubted_feeds(wanted));
        }
    }

    /// The last fault is what the place is told by: it is the one that stopped it, where one did.
    fn could_not(&mut self, wanted_id: i64, fault: &Fault) {
        self.not_asked.insert(wanted_id, fault.clone());
        self.fault = Some(fault.clone());
    }
}

/// Asks every place; the answers stand in the order of the places.
pub(super) fn ask_all(
    elsewhere: &Elsewhere,
    open: &[Open],
    context: &Context,
) -> Result<Vec<Heard>, EngineError> {
    let searches = |place: &&std::sync::Arc<dyn Catalogue>| matches!(place.asked(), Asked::Search(_));
    let total: usize =
        elsewhere.catalogues.iter().filter(searches).map(|place| sought(&**place, open).count()).sum();
    context.started(Phase::Ask, Some(total as u64));
    let heard: Vec<Result<Heard, EngineError>> = std::thread::scope(|scope| {
        let asked: Vec<_> = elsewhere
            .catalogues
            .iter()
            .map(|place| {
                scope.spawn(move || match place.asked() {
                    Asked::Whole(_) if !open.iter().any(|one| one.is_a_matter_of(place.name())) => {
                        Ok(Heard::default())
                    }
                    Asked::Whole(lists) => {
                        let missing = open.iter().filter(|one| !one.is_whole).count();
                        list(place.name(), lists, (missing, elsewhere.keep), context)
                    }
                    Asked::Search(searches) => Ok(search(&**place, searches, open, context)),
                })
            })
            .collect();
        let none = || Err(EngineError::Interrupted);
        asked.into_iter().map(|thread| thread.join().unwrap_or_else(|_| none())).collect()
    });
    context.finished(Phase::Ask);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    heard.into_iter().collect()
}

/// What the places listed when they were last asked; nothing of those that are searched.
pub(super) fn recalled(elsewhere: &Elsewhere, context: &Context) -> Result<Vec<Heard>, EngineError> {
    let recall = |place: &std::sync::Arc<dyn Catalogue>| {
        let offers = match place.asked() {
            Asked::Whole(_) => context.library.listed(place.name())?,
            Asked::Search(_) => Vec::new(),
        };
        Ok(Heard { offers, ..Heard::default() })
    };
    elsewhere.catalogues.iter().map(recall).collect()
}

fn sought<'o>(place: &dyn Catalogue, open: &'o [Open]) -> impl Iterator<Item = &'o Open> {
    let kinds: HashSet<_> =
        ferrotape_domain::WantedKind::ALL.into_iter().filter(|kind| place.may_hold(*kind)).collect();
    let is_sought = |one: &Open| !one.is_unsettled && !one.is_whole;
    open.iter().filter(move |one| is_sought(one) && kinds.contains(&one.wanted.wanted.kind))
}

/// The listing as it was when it last changed, or anew. Where it cannot be had, what was known of it still tells what is
/// there; that others are not there it does not tell.
fn list(
    name: &str,
    lists: &dyn ListsAll,
    (asked, keep): (usize, bool),
    context: &Context,
) -> Result<Heard, EngineError> {
    let known = context.library.listing(name)?;
    let stand = |fault: Option<Fault>| -> Result<Heard, EngineError> {
        let all = fault.is_some();
        let offers = context.library.listed(name)?;
        Ok(Heard { offers, asked: asked as u64, fault, all, ..Heard::default() })
    };
    let mark = match (lists.mark(context.cancel), &known) {
        (Err(fault), _) => return stand(Some(fault)),
        (Ok(Some(mark)), Some((known, _))) if mark == *known => return stand(None),
        (Ok(None), Some((_, at))) if (0..HOLDS_S).contains(&(context.now - at)) => return stand(None),
        (Ok(mark), _) => mark,
    };
    let mut offers = Vec::new();
    let listed = lists.list(context.cancel, &mut |page: Vec<RemoteOffer>| {
        offers.extend(page);
        if offers.len() > MOST_OFFERS {
            let reason = format!("it lists more than {MOST_OFFERS} files, which cannot be");
            return Err(Fault { source: name.to_owned(), kind: FaultKind::Permanent, reason });
        }
        Ok(())
    });
    match listed {
        Err(fault) => stand(Some(fault)),
        // It held something; an empty answer is more likely a library that is being read anew.
        Ok(()) if offers.is_empty() && !context.library.listed(name)?.is_empty() => {
            let reason = "it lists nothing now, but did before – look whether its library is being read anew";
            let kind = FaultKind::Temporary { retry_after_seconds: None };
            stand(Some(Fault { source: name.to_owned(), kind, reason: reason.to_owned() }))
        }
        Ok(()) => {
            if keep {
                context.library.keep_listing(name, &mark.unwrap_or_default(), context.now, &offers)?;
            }
            let listed_again = known.is_some_and(|(mark, _)| mark == DOUBTED);
            Ok(Heard { offers, asked: asked as u64, listed_again, ..Heard::default() })
        }
    }
}

fn search(place: &dyn Catalogue, searches: &dyn Searches, open: &[Open], context: &Context) -> Heard {
    let mut heard = Heard::default();
    let mut ids = HashSet::new();
    let mut failures = 0;
    for (at, one) in in_turn(sought(place, open).collect(), context.now).into_iter().enumerate() {
        let id = one.wanted.id;
        let stopped = heard.fault.clone().filter(|fault| failures >= PATIENCE || is_for_all(fault));
        if let Some(fault) = stopped {
            heard.could_not(id, &fault);
        } else if at >= MOST_ASKED {
            let reason = format!("{MOST_ASKED} things are asked for in one run; the next run goes on");
            let kind = FaultKind::Temporary { retry_after_seconds: None };
            heard.could_not(id, &Fault { source: place.name().to_owned(), kind, reason });
            failures = PATIENCE;
        } else {
            let found = searches.search(&one.wanted.wanted, context.cancel);
            heard.note_feeds(place, &one.wanted.wanted, found.as_deref().unwrap_or_default());
            match found {
                Ok(offers) => {
                    failures = 0;
                    heard.asked += 1;
                    heard.offers.extend(offers.into_iter().filter(|offer| ids.insert(offer.id.clone())));
                }
                // Of a place that is many hosts, the others can still be asked.
                Err(fault) if is_of_a_part(&fault, place.name()) => {
                    heard.not_asked.insert(id, fault);
                }
                Err(fault) => {
                    failures += 1;
                    heard.could_not(id, &fault);
                }
            }
        }
        context.advanced(Phase::Ask, 1, 0);
        if context.cancel.is_stopped() {
            break;
        }
    }
    heard
}

/// Whether a fault is of one host or thing of a place, `podcasts/feeds.example.org`, not of the place.
fn is_of_a_part(fault: &Fault, place: &str) -> bool {
    fault.source.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}

/// Another run begins elsewhere, so that each thing has its turn, and one that always fails keeps none behind it.
fn in_turn(mut sought: Vec<&Open>, now: i64) -> Vec<&Open> {
    let minutes = usize::try_from(now / 60).unwrap_or(0);
    let step = if sought.len() > MOST_ASKED { MOST_ASKED } else { 1 };
    if let Some(start) = minutes.wrapping_mul(step).checked_rem(sought.len()) {
        sought.rotate_left(start);
    }
    sought
}

/// Whether asking for another thing would come to the same.
fn is_for_all(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::NeedsUser | FaultKind::Temporary { retry_after_seconds: Some(_) })
}
