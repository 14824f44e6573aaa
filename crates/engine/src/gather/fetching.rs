//! Fetching what was picked: each file once, from the first place that gives it, into the collection, with its
//! provenance. It gets its name there only once it is known to be of use and the library knows where it is from
//! (`arriving`): a run that is killed in between leaves nothing that would pass for the user's own.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use ferrotape_audio::probe;
use ferrotape_domain::{
    Catalogue, ContentId, DISK, Fault, FaultKind, Fetched, Phase, Provenance, RemoteOffer, WantedKind,
};
use ferrotape_store::ListedTracks;

use super::arriving::Arriving;
use super::as_said::{as_they_were, has_its_title, is_as_it_was, place_of_another, too_short};
use super::asking::Heard;
use super::brought::{Brought, came_as, came_broken, how_cut_off, is_of_another, no_use};
use super::choosing::Pick;
use super::newest::make_way;
use super::place::{path_as_it_is_now, path_in_collection};
use super::refusals::{refused, remember};
use super::turns::goes_on;
use super::{Elsewhere, Gathered, Open};
use crate::listed::place as place_of;
use crate::{Context, EngineError, broken, locked};

/// Files fetched at the same time, all places together; each place has a limit of its own as well.
const AT_ONCE: usize = 4;

/// So long what came broken rests before it is fetched again, in seconds.
const RESTS_S: u64 = 24 * 3_600;

/// A file that came and turned out to be broken.
struct Broken {
    content: ContentId,
    how: String,
}

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
    let came_before = came_before(context)?;
    let (done, tally) = (Mutex::default(), Mutex::new(gathered));
    let (new, stand, alone) = (Mutex::default(), Mutex::default(), Mutex::default());
    let fetcher = Fetcher { elsewhere, heard, context, came_before, done, new, stand, alone, tally };
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
    fetcher.take_back();
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
    came_before: HashMap<(String, String), Vec<Provenance>>,
    /// Files that were tried already; albums and recordings may name the same. A file that is being fetched by another
    /// thread is waited for by its lock.
    done: Mutex<HashMap<Key, std::sync::Arc<Mutex<Option<Done>>>>>,
    /// Where files lie that came just now, and which of those that came for a question stand without all its others.
    new: Mutex<HashMap<Key, PathBuf>>,
    stand: Mutex<HashSet<Key>>,
    alone: Mutex<HashSet<Key>>,
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
            for at in &pick.offers {
                match self.fetch_file((pick.place, *at), one.wanted.wanted.duration)? {
                    Ok(there) => {
                        is_new |= there == There::Now;
                        had.extend(self.track_of(one, (pick.place, *at)));
                        locked(&self.stand).insert((pick.place, *at));
                    }
                    Err(_) if self.context.cancel.is_stopped() => return Ok(()),
                    Err(fault) => {
                        whole = false;
                        let part = self.track_of(one, (pick.place, *at));
                        missed.push((part.unwrap_or_else(|| format!("{} {at}", pick.place)), fault));
                    }
                }
            }
            has_one |= whole;
            for key in pick.beside.iter().filter(|_| whole) {
                // What did not come of these is not waited for: the chosen one is here.
                if self.fetch_file(*key, one.wanted.wanted.duration)?.is_ok() {
                    locked(&self.stand).insert(*key);
                }
            }
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

    /// Fetches all that contends for one thing. One of them alone would be taken for it, so where one does not come, none is
    /// to stay.
    fn fetch_together(
        &self,
        pick: &Pick,
        wanted: Option<Duration>,
    ) -> Result<Result<(), Fault>, EngineError> {
        let mut keys: Vec<Key> = pick.keys().collect();
        // What is known to be no use costs nobody the others.
        keys.sort_by_key(|key| !self.is_refused(*key));
        for key in &keys {
            if let Err(fault) = self.fetch_file(*key, wanted)? {
                locked(&self.alone).extend(keys.iter().copied());
                return Ok(Err(fault));
            }
        }
        locked(&self.stand).extend(keys);
        Ok(Ok(()))
    }

    fn is_refused(&self, key: Key) -> bool {
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        place.zip(offer).is_some_and(|(place, offer)| refused(memory, place.name(), offer, now).is_some())
    }

    /// Takes away what came just now for a question of which the rest did not come, and that nothing else is wanted for.
    fn take_back(&self) {
        let (new, stand, alone) = (locked(&self.new), locked(&self.stand), locked(&self.alone));
        let mut tally = locked(&self.tally);
        for key in alone.difference(&stand) {
            if let Some(path) = new.get(key) {
                drop(fs::remove_file(path));
                tally.tried.remove(key);
                tally.not_had.insert(*key);
            }
        }
    }

    /// What the place lists of an album or a book is kept before anything of it comes: the run may end in the middle.
    fn remember(&self, one: &Open, pick: &Pick) -> Result<(), EngineError> {
        let Some(place) = self.elsewhere.catalogues.get(pick.place) else { return Ok(()) };
        let listed = ListedTracks { source: place.name().to_owned(), tracks: pick.tracks.clone() };
        Ok(self.context.library.keep_listed_tracks(&one.wanted.key, &listed)?)
    }

    /// `wanted` is how long what it is fetched for lasts.
    fn fetch_file(&self, key: Key, wanted: Option<Duration>) -> Result<Done, EngineError> {
        let slot = locked(&self.done).entry(key).or_default().clone();
        let mut slot = locked(&slot);
        if let Some(done) = &*slot {
            return Ok(done.clone());
        }
        let place = self.elsewhere.catalogues.get(key.0);
        let offer = self.heard.get(key.0).and_then(|heard| heard.offers.get(key.1));
        let (Some(place), Some(offer)) = (place, offer) else { return Ok(Ok(There::Before)) };
        let (memory, now) = (self.elsewhere.refusals, self.context.now);
        let brought = match refused(memory, place.name(), offer, now) {
            Some(fault) => Err(fault),
            None => self
                .bring(&**place, offer, wanted)
                .map_err(|fault| remember(memory, place.name(), offer, fault, now)),
        };
        let done = match brought {
            Ok(brought) => {
                let (at, content) = (brought.at.clone(), brought.provenance.content.clone());
                let cut_off = brought.cut_off.clone();
                let came_now = brought.bytes.is_some();
                let kept = self.keep(key, brought)?;
                if came_now && kept.is_ok() {
                    locked(&self.new).insert(key, at.clone());
                }
                match (kept, cut_off) {
                    (Err(fault), _) => Err(fault),
                    // It stays, and is asked for again as all that came broken; now it is another place's turn.
                    (Ok(_), Some(how)) => Err(came_broken(place.name(), offer, &how, RESTS_S)),
                    // Only now: a run that ends before leaves both.
                    (Ok(there), None) => {
                        let came = self.came_before(place.name(), &offer.id);
                        make_way(offer, came, (at.as_path(), &content), self.context)?;
                        Ok(there)
                    }
                }
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = &done {
            let mut tally = locked(&self.tally);
            let from = if fault.source == DISK { place.name() } else { fault.source.as_str() };
            let what = (from.to_owned(), offer.file_name.clone(), fault.reason.clone());
            tally.failed.push(what);
            if let Some(place) = tally.places.get_mut(key.0) {
                place.fault.get_or_insert_with(|| fault.clone());
            }
        }
        match &done {
            Ok(_) => locked(&self.tally).tried.insert(key),
            Err(_) => locked(&self.tally).not_had.insert(key),
        };
        *slot = Some(done.clone());
        Ok(done)
    }

    /// Keeps where a file came from, gives it its name, and counts it. A fault tells that it cannot get its name.
    fn keep(&self, key: Key, brought: Brought) -> Result<Done, EngineError> {
        let Brought { at, arriving, bytes, provenance, is_reworded, called, cut_off, .. } = brought;
        let library = self.context.library;
        let there = match bytes.is_none() && self.was_looked_at(&provenance, &at)? {
            true => There::Before,
            false => There::Now,
        };
        match is_reworded {
            true => library.keep_new_words(&provenance)?,
            false => library.keep_provenance(&[provenance])?,
        }
        if let Some(Err(fault)) = arriving.map(|arriving| arriving.settle()) {
            return Ok(Err(fault));
        }
        let mut tally = locked(&self.tally);
        tally.came |= there == There::Now;
        tally.something_else.extend(called.map(|called| (key, called)));
        tally.cut_off.extend(cut_off.map(|how| (at, how)));
        if let (Some(bytes), Some(place)) = (bytes, tally.places.get_mut(key.0)) {
            place.fetched += 1;
            place.bytes += bytes;
        }
        Ok(Ok(there))
    }

    /// Whether the library knew a file, and what it came as, when it was matched.
    fn was_looked_at(&self, origin: &Provenance, at: &Path) -> Result<bool, EngineError> {
        let known = self.came_before(&origin.source, &origin.remote_id);
        if !known.iter().any(|then| then.content == origin.content) {
            return Ok(false);
        }
        Ok(self.context.library.stamp(at)?.is_some())
    }

    fn came_before(&self, place: &str, id: &str) -> &[Provenance] {
        self.came_before.get(&(place.to_owned(), id.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The file in the collection: as it lies there from before, or fetched (then with its size).
    fn bring(
        &self,
        place: &dyn Catalogue,
        offer: &RemoteOffer,
        wanted: Option<Duration>,
    ) -> Result<Brought, Fault> {
        let to = self.path_of(place, offer);
        let broken = self.known_broken(place, offer, &to)?;
        if to.exists() && broken.is_none() {
            return self.found_there(place.name(), offer, &to, wanted);
        }
        let came = |bytes: u64| self.context.advanced(Phase::Fetch, 0, bytes);
        let arriving = Arriving::at(&to);
        let fetched = place.fetch(offer, arriving.path(), &came, self.context.cancel);
        let fetched = fetched.inspect_err(|_| arriving.clear())?;
        let brought = self.judge((place.name(), offer), (&arriving, fetched), wanted, broken.as_ref());
        // It is a copy, and of no use to anybody. What only could not be read now is none of that.
        if brought.as_ref().is_err_and(|fault| fault.kind == FaultKind::Permanent) {
            arriving.throw_away();
        }
        brought
    }

    /// What lies in the collection under its name, perhaps of a run that ended before it could say so.
    fn found_there(
        &self,
        place: &str,
        offer: &RemoteOffer,
        to: &Path,
        wanted: Option<Duration>,
    ) -> Result<Brought, Fault> {
        let unknown = Fetched { bytes: 0, sha256: String::new(), url: None };
        let brought = came_as((place, offer), (to, to), unknown, self.context.now);
        if brought.as_ref().is_err_and(|fault| fault.kind == FaultKind::Permanent) {
            drop(fs::remove_file(to));
        }
        let brought = brought?;
        let mut known = self.came_before(place, &offer.id).iter();
        let is_known = known.any(|then| then.content == brought.provenance.content);
        // Nobody looked at it yet. It stays, and is nobody's: the user is asked before it is taken for anything.
        match too_short(offer, (to, brought.length), wanted).filter(|_| !is_known) {
            Some(reason) => Err(no_use(place, reason)),
            None => Ok(Brought { bytes: None, ..brought }),
        }
    }

    /// Whether what just came is of use.
    fn judge(
        &self,
        (place, offer): (&str, &RemoteOffer),
        (arriving, fetched): (&Arriving, Fetched),
        wanted: Option<Duration>,
        broken: Option<&Broken>,
    ) -> Result<Brought, Fault> {
        let lies = arriving.path();
        let brought = came_as((place, offer), (lies, arriving.to()), fetched, self.context.now)?;
        if let Some(reason) = too_short(offer, (lies, brought.length), wanted) {
            return Err(no_use(place, reason));
        }
        if let Some(broken) = broken.filter(|broken| broken.content == brought.provenance.content) {
            let reason = format!("{} came again as it was: {}", offer.file_name, broken.how);
            return Err(no_use(place, reason));
        }
        let cut_off = how_cut_off(lies);
        let brought = Brought { cut_off, arriving: Some(arriving.clone()), ..brought };
        self.as_before(offer, brought).map_err(|reason| no_use(place, reason))
    }

    /// What came, unless it is what came under its name before and the place only says something else of it now; then that
    /// one copy stays. A feed that gives a new episode by name and the old one's sound has not got to changing it yet.
    fn as_before(&self, offer: &RemoteOffer, brought: Brought) -> Result<Brought, String> {
        let origin = &brought.provenance;
        let mut known = self.came_before(&origin.source, &origin.remote_id).iter();
        let Some(then) = known.find(|then| then.content == origin.content && !is_as_it_was(offer, then))
        else {
            return Ok(brought);
        };
        // It lies where it lay, or under the name that the user gave it.
        let there = self.context.library.files_by_content(&then.content).unwrap_or_default();
        if !there.iter().any(|file| file.path != brought.at && file.path.exists()) {
            return Ok(Brought { is_reworded: true, ..brought });
        }
        if then.is_of_feed() && !has_its_title(offer, then) {
            let before = then.said.title.as_deref().unwrap_or(&offer.file_name);
            return Err(format!("{} is still what came before as “{before}”", offer.file_name));
        }
        brought.arriving.iter().for_each(Arriving::throw_away);
        Ok(Brought { is_reworded: true, arriving: None, cut_off: None, ..brought })
    }

    /// Where the file lies or is to lie: instead of one that is broken, but beside one that is another. An episode lies where
    /// it lay, whatever its file or day is called now.
    fn path_of(&self, place: &dyn Catalogue, offer: &RemoteOffer) -> PathBuf {
        let usual = path_in_collection(&self.elsewhere.collection.root(), place.name(), offer);
        let came = self.came_before(place.name(), &offer.id);
        let same = as_they_were(offer, came);
        let of_feed = same.iter().filter(|then| then.is_of_feed() && !then.file_name.is_empty());
        let there = of_feed.map(|then| usual.with_file_name(&then.file_name)).find(|path| path.exists());
        let usual = match there {
            Some(there) => there,
            None if is_of_another(&usual, came, &same) => place_of_another(&usual, offer),
            None => usual,
        };
        match broken::how(&usual, self.context) {
            Ok(Some(_)) => usual,
            _ => path_as_it_is_now(usual, offer),
        }
    }

    /// What lies in the collection and turned out to be broken: its host may have mended it since. It is asked for again
    /// a day after it came; what then comes as it was is left alone for longer, as all that is no use.
    fn known_broken(
        &self,
        place: &dyn Catalogue,
        offer: &RemoteOffer,
        at: &Path,
    ) -> Result<Option<Broken>, Fault> {
        let Ok(Some(how)) = broken::how(at, self.context) else { return Ok(None) };
        let came = at.metadata().and_then(|found| found.modified()).ok();
        let came = came.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default().as_secs();
        let again = came.saturating_add(RESTS_S);
        let now = u64::try_from(self.context.now).unwrap_or(0);
        if now < again {
            return Err(came_broken(place.name(), offer, &how, again - now));
        }
        Ok(probe(at).ok().map(|probed| Broken { content: probed.content, how }))
    }
}

/// What came before, by the place and its name for it.
fn came_before(context: &Context) -> Result<HashMap<(String, String), Vec<Provenance>>, EngineError> {
    let mut came_before: HashMap<(String, String), Vec<Provenance>> = HashMap::new();
    for origin in context.library.provenance()? {
        let name = (origin.source.clone(), origin.remote_id.clone());
        came_before.entry(name).or_default().push(origin);
    }
    Ok(came_before)
}

/// Keeps again where files in the collection are from that a library before this one, or none, knew about: they lie where
/// what places for everybody list now would be put. What is fetched from a server of the user's own needs no such word.
pub(super) fn recognise(
    elsewhere: &Elsewhere,
    heard: &[Heard],
    context: &Context,
) -> Result<(), EngineError> {
    let root = elsewhere.collection.root();
    let mut there: Vec<(&str, &RemoteOffer, PathBuf)> = Vec::new();
    for (place, heard) in elsewhere.catalogues.iter().zip(heard).filter(|(place, _)| !place.is_own()) {
        for offer in &heard.offers {
            let at = path_in_collection(&root, place.name(), offer);
            if at.is_file() {
                there.push((place.name(), offer, at));
            }
        }
    }
    if there.is_empty() {
        return Ok(());
    }
    let known = came_before(context)?;
    there.retain(|(place, offer, _)| !known.contains_key(&((*place).to_owned(), offer.id.clone())));
    let mut found = Vec::new();
    for (place, offer, at) in there {
        let (at, unknown) = (at.as_path(), Fetched { bytes: 0, sha256: String::new(), url: None });
        let came = came_as((place, offer), (at, at), unknown, context.now).ok();
        // The beginning of a thing is not the thing.
        let came = came.filter(|came| too_short(offer, (at, came.length), None).is_none());
        found.extend(came.map(|came| came.provenance));
    }
    Ok(context.library.keep_provenance(&found)?)
}
