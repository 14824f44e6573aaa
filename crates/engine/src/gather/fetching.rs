//! Fetching what was picked: each file once (`one_file`), from the first place that gives it (`bringing`), into the
//! collection, with its provenance. It gets its name there only once it is known to be of use and the library knows where it
//! is from (`arriving`): a run that is killed in between leaves nothing that would pass for the user's own.

mod bringing;
mod one_file;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ferrotape_domain::{Catalogue, ContentId, Fault, Phase, Provenance, RemoteOffer, WantedKind};
use ferrotape_store::ListedTracks;

use super::arriving::Arriving;
use super::asking::Heard;
use super::choosing::Pick;
use super::refusals::refused;
use super::renamed::{CameBefore, add_renamed};
use super::turns::goes_on;
use super::{Elsewhere, Gathered, Open};
use crate::listed::place as place_of;
use crate::{Context, EngineError, locked};

/// Files fetched at the same time, all places together; each place has a limit of its own as well.
const AT_ONCE: usize = 4;

/// So long what came broken rests before it is fetched again, in seconds.
const RESTS_S: u64 = 24 * 3_600;

/// A file of a place.
type Key = (usize, usize);

/// A file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    /// An earlier run brought it, and it was matched with all that is wanted.
    Before,
    /// It was not looked at yet.
    Now,
}

/// What became of it.
type Done = Result<There, Fault>;

/// When a file gets its name in the collection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    AtOnce,
    /// With others that may be what is wanted as well.
    Together,
}

/// A file that has no name yet: its content, and its size, to be counted once it has one.
struct Held {
    arriving: Arriving,
    content: ContentId,
    bytes: Option<u64>,
}

/// Fetches for every open thing what its picks name.
pub(super) fn fetch_all(
    gathered: &mut Gathered,
    elsewhere: &Elsewhere,
    heard: &[Heard],
    open: &[Open],
    picks: &HashMap<i64, Vec<Pick>>,
    context: &Context,
) -> Result<(), EngineError> {
    let jobs: Vec<&Open> = open.iter().filter(|one| picks.contains_key(&one.wanted.id)).collect();
    if jobs.is_empty() {
        return Ok(());
    }
    let mut came_before = came_before(context)?;
    add_renamed(&mut came_before, elsewhere, heard);
    let (done, tally) = (Mutex::default(), Mutex::new(gathered));
    let fetcher = Fetcher { elsewhere, heard, context, came_before, done, held: Mutex::default(), tally };
    context.started(Phase::Fetch, Some(jobs.len() as u64));
    let next = AtomicUsize::new(0);
    let failed: Mutex<Vec<EngineError>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(one) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let of_one = picks.get(&one.wanted.id).map(Vec::as_slice).unwrap_or_default();
                    if let Err(error) = fetcher.fetch_one(one, of_one) {
                        locked(&failed).push(error);
                    }
                    context.advanced(Phase::Fetch, 1, 0);
                    if context.cancel.is_stopped() || !locked(&failed).is_empty() {
                        break;
                    }
                }
            });
        }
    });
    fetcher.leave_aside();
    context.finished(Phase::Fetch);
    if context.cancel.is_stopped() {
        return Err(EngineError::Interrupted);
    }
    match locked(&failed).pop() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

struct Fetcher<'a> {
    elsewhere: &'a Elsewhere<'a>,
    heard: &'a [Heard],
    context: &'a Context<'a>,
    /// What came before, by the place and its name for it.
    came_before: CameBefore,
    /// Files that were tried already; albums and recordings may name the same. A file that is being fetched by another
    /// thread is waited for by its lock.
    done: Mutex<HashMap<Key, Arc<Mutex<Option<Done>>>>>,
    /// What came for a question, and has no name until the others of the question came, or it is wanted without them.
    held: Mutex<HashMap<Key, Held>>,
    tally: Mutex<&'a mut Gathered>,
}

impl Fetcher<'_> {
    /// Tries one place after the other until one gives all its files. What fails for a passing reason is waited for. What came
    /// before and left the thing open is no answer to it, so that the next place is asked.
    fn fetch_one(&self, one: &Open, picks: &[Pick]) -> Result<(), EngineError> {
        let (mut missed, mut had) = (Vec::new(), HashSet::new());
        let (mut has_one, mut listed) = (false, 0);
        for pick in picks {
            // What only comes near is one look at a time.
            if has_one && !pick.sure {
                break;
            }
            if pick.is_contested() {
                match self.fetch_together(pick, one.wanted.wanted.duration)? {
                    Ok(()) => break,
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => missed.push((String::new(), fault)),
                }
                continue;
            }
            if pick.tracks.len() > listed {
                // Of two places of one turn that list it the fuller list stands: what the first has and did not give is
                // still missing.
                self.remember(one, pick)?;
                listed = pick.tracks.len();
            }
            let (mut whole, mut is_new) = (true, false);
            let named = if pick.beside.is_empty() { Named::AtOnce } else { Named::Together };
            for at in &pick.offers {
                match self.fetch_file((pick.place, *at), one.wanted.wanted.duration, named)? {
                    Ok(there) => {
                        is_new |= there == There::Now;
                        had.extend(self.track_of(one, (pick.place, *at)));
                    }
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => {
                        whole = false;
                        let part = self.track_of(one, (pick.place, *at));
                        missed.push((part.unwrap_or_else(|| format!("{} {at}", pick.place)), fault));
                    }
                }
            }
            if whole && let Err(fault) = self.fetch_beside(pick, one.wanted.wanted.duration)? {
                if self.context.cancel.is_stopped() {
                    return Ok(());
                }
                whole = false;
                missed.push((String::new(), fault));
            }
            has_one |= whole;
            if whole && (is_new || !pick.sure || !goes_on(one)) {
                break;
            }
        }
        locked(&self.tally).did_not_come(one.wanted.id, missed, &had);
        Ok(())
    }

    /// Which track of a wanted album or book a file is, whatever place it is of.
    fn track_of(&self, one: &Open, key: Key) -> Option<String> {
        let has_tracks = matches!(one.wanted.wanted.kind, WantedKind::Release | WantedKind::Audiobook);
        let offer = self.heard.get(key.0)?.offers.get(key.1).filter(|_| has_tracks)?;
        let (disc, track) = place_of(&offer.tags)?;
        Some(format!("{disc}-{track}"))
    }

    /// Fetches what is to be heard with a sure one that came, and gives all of it names at once: the sure one that a killed run
    /// left alone would be taken unheard.
    fn fetch_beside(&self, pick: &Pick, wanted: Option<Duration>) -> Result<Result<(), Fault>, EngineError> {
        for key in &pick.beside {
            let done = self.fetch_file(*key, wanted, Named::Together)?;
            if let (Err(fault), true) = (done, self.context.cancel.is_stopped()) {
                return Ok(Err(fault));
            }
        }
        // What did not come of these is not waited for: the chosen one is here.
        let came: Vec<Key> = pick.keys().collect();
        self.name_all(&came)
    }

    /// Fetches all that contends for one thing. One of them alone would be taken for it, so none gets its name before all came.
    fn fetch_together(
        &self,
        pick: &Pick,
        wanted: Option<Duration>,
    ) -> Result<Result<(), Fault>, EngineError> {
        let mut keys: Vec<Key> = pick.keys().collect();
        // What is known to be no use costs nobody the others.
        keys.sort_by_key(|key| !self.is_refused(*key));
        for key in &keys {
            if let Err(fault) = self.fetch_file(*key, wanted, Named::Together)? {
                return Ok(Err(fault));
            }
        }
        self.name_all(&keys)
    }

    fn is_refused(&self, key: Key) -> bool {
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        let offered = self.offered(key);
        offered.is_some_and(|(place, offer)| refused(memory, place.name(), offer, now).is_some())
    }

    /// What came for a question of which the rest did not come stays where it lies, and is no file of the collection. The next
    /// run need not fetch it again.
    fn leave_aside(&self) {
        let mut tally = locked(&self.tally);
        for key in locked(&self.held).keys() {
            tally.tried.remove(key);
            tally.not_had.insert(*key);
        }
    }

    /// What the place lists of an album or a book is kept before anything of it comes: the run may end in the middle.
    fn remember(&self, one: &Open, pick: &Pick) -> Result<(), EngineError> {
        let Some(place) = self.elsewhere.catalogues.get(pick.place) else { return Ok(()) };
        let listed = ListedTracks { source: place.name().to_owned(), tracks: pick.tracks.clone() };
        Ok(self.context.library.keep_listed_tracks(&one.wanted.key, &listed)?)
    }

    /// A place, and what it offers.
    fn offered(&self, key: Key) -> Option<(&dyn Catalogue, &RemoteOffer)> {
        let place = self.elsewhere.catalogues.get(key.0)?;
        Some((&**place, self.heard.get(key.0)?.offers.get(key.1)?))
    }

    fn came_before(&self, place: &str, id: &str) -> &[Provenance] {
        self.came_before.get(&(place.to_owned(), id.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What came before, by the place and its name for it.
pub(super) fn came_before(context: &Context) -> Result<CameBefore, EngineError> {
    let mut came_before = CameBefore::new();
    for origin in context.library.provenance()? {
        let name = (origin.source.clone(), origin.remote_id.clone());
        came_before.entry(name).or_default().push(origin);
    }
    Ok(came_before)
}
